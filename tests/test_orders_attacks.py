"""Mails that would give orders and must not: nothing changes, and the owner is told (F48 to F50)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from daemon.domain.books.owner import CommandTrust
from daemon.domain.commands.orders import Refused
from tests.owner_house import DESK, OWNER, SERVER, OwnerHouse, facts, kinds_of, owned_books
from tests.virtual_time import run_virtually

ORDERS = (
    "stop acme-2026-1\nhold acme-2026-1\npaid acme-2026-1\nemail acme thief@evil.example\nwrite off acme-2026-1\nyes"
)
FAILED = f"{SERVER}; dmarc=fail header.from=bianchi.example"


def attack(
    text: str = ORDERS, *, house: OwnerHouse | None = None, after: timedelta | None = None, **fields: str | None
):  # type: ignore[no-untyped-def]  # a triple for the tests below
    """What changed, and what the owner was told, after a mail that is almost hers."""

    async def life() -> tuple[list[str], list[str], str]:
        here = house or OwnerHouse()
        await here.read()
        digest = await here.digest()
        before = facts(here)
        if after is not None:
            await here.world.sleep_until(here.world.now() + after)
        answer = await here.order(text, digest, **fields)
        changed = facts(here)[len(before) :]
        refused = [taken.because for taken in _refusals(here)]
        return changed, refused, here.text(answer) if answer is not None else ""

    return run_virtually(life())


def _refusals(house: OwnerHouse):  # type: ignore[no-untyped-def]  # entries of one kind
    from daemon.domain.journal import OrdersRefused, decode

    return [entry for line in house.world.lines if isinstance(entry := decode(line), OrdersRefused)]


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"Authentication-Results": None}, Refused.NOT_AUTHENTIC),
        ({"Authentication-Results": FAILED}, Refused.NOT_AUTHENTIC),
        ({"Authentication-Results": "evil.example; dmarc=pass header.from=bianchi.example"}, Refused.NOT_AUTHENTIC),
        ({"Authentication-Results": f"{SERVER}; spf=pass smtp.mailfrom=bianchi.example"}, Refused.NOT_AUTHENTIC),
        ({"Authentication-Results": f"{SERVER}; dkim=pass header.d=evil.example"}, Refused.NOT_AUTHENTIC),
        (
            {"Authentication-Results": f"{SERVER}; dmarc=fail (dmarc=pass) header.from=bianchi.example"},
            Refused.NOT_AUTHENTIC,
        ),
        ({"From": f"{OWNER}, thief@evil.example"}, Refused.NOT_AUTHENTIC),
        ({"Subject": "Fwd: 2 Nov: 1 letter"}, Refused.FORWARDED),
        ({"Subject": "WG: 2 Nov: 1 letter"}, Refused.FORWARDED),
        ({"Subject": "I: 2 nov: 1 lettera"}, Refused.FORWARDED),
        ({"Resent-From": "thief@evil.example"}, Refused.FORWARDED),
        ({"Cc": "Anna <anna@acme.example>"}, Refused.OTHERS_READ),
        ({"To": f"{DESK}, anna@acme.example"}, Refused.OTHERS_READ),
        ({"To": "anna@acme.example", "Cc": DESK}, Refused.OTHERS_READ),
    ],
)
def test_a_mail_of_the_owner_that_is_not_proven_or_not_for_us_changes_nothing(
    fields: dict[str, str | None], because: Refused
) -> None:
    changed, refused, told = attack(**fields)

    assert changed == []
    assert refused == [because]
    assert "Nothing was changed." in told


def test_f49_an_answer_to_an_old_digest_changes_nothing() -> None:
    changed, refused, told = attack(after=timedelta(days=14, minutes=1))

    assert (changed, refused) == ([], [Refused.EXPIRED])
    assert "14 days" in told


def test_within_fourteen_days_it_still_counts() -> None:
    changed, refused, _ = attack("hold acme-2026-1", after=timedelta(days=13, hours=23))

    assert (len(changed), refused) == (1, [])


def test_f49_the_same_orders_under_another_message_id_are_not_carried_out_again() -> None:
    """A signature need not cover the Message-ID, so a stranger can send an old mail of hers once more."""

    async def life() -> tuple[list[str], list[str]]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        mail = house.reply("hold acme-2026-1", digest)
        house.world.deliver(mail)
        await house.read()
        before = facts(house)
        for copy in range(5):
            house.world.deliver(mail.replace(b"<1@mail", b"<%d@evil" % copy))
        await house.read()
        return facts(house)[len(before) :], [taken.because for taken in _refusals(house)]

    assert run_virtually(life()) == ([], [Refused.REPEATED] * 5)


def test_f49_a_client_who_holds_the_token_cannot_order_and_is_heard_as_a_client() -> None:
    """The owner once had her in Cc.  What she writes holds letters, as any mail of hers does, and no more."""
    changed, refused, told = attack(
        "paid acme-2026-1\nwrite off acme-2026-1", From="Anna Acme <anna@acme.example>",
        **{"Authentication-Results": f"{SERVER}; dmarc=pass header.from=acme.example"},
    )  # fmt: skip

    kinds = set(kinds_of(changed))
    assert kinds == {"ReplyReceived", "HoldPlaced"}
    assert refused == [Refused.STRANGER]
    assert "anna@acme.example" in told


def test_f49_a_stranger_with_the_token_changes_nothing() -> None:
    changed, refused, told = attack(
        From="x@evil.example", **{"Authentication-Results": f"{SERVER}; dmarc=pass header.from=evil.example"}
    )

    kinds = set(kinds_of(changed))
    assert kinds <= {"MailUnmatched"}
    assert refused == [Refused.STRANGER]
    assert told


def test_a_token_that_nobody_issued_opens_nothing() -> None:
    token = "ask-" + "a" * 26
    changed, refused, _ = attack(
        **{"In-Reply-To": f"<{token}@bianchi.example>", "References": f"<{token}@bianchi.example>"}
    )

    assert (changed, refused) == ([], [Refused.UNKNOWN])


def test_the_owner_without_any_token_orders_nothing_and_is_told_what_to_answer() -> None:
    changed, refused, told = attack("paid acme-2026-1", **{"In-Reply-To": None, "References": None})

    assert (changed, refused) == ([], [Refused.NO_TOKEN])
    assert "answer the digest" in told


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Luca, could you look at this one?", {}),
        ("paid acme-2026-1", {"Authentication-Results": FAILED}),
        ("paid acme-2026-1", {"Authentication-Results": None}),
        ("paid acme-2026-1", {"Cc": "Anna <anna@acme.example>"}),
        ("paid acme-2026-1", {"From": "x@evil.example"}),
        ("paid acme-2026-1", {"Auto-Submitted": "auto-replied"}),
    ],
)
def test_without_a_token_only_the_owner_gets_an_answer_and_only_to_an_order(
    text: str, fields: dict[str, str | None]
) -> None:
    """Whoever could make us answer could use up the mails of an hour; and she writes there for other reasons."""
    _, refused, told = attack(text, **{"In-Reply-To": None, "References": None, **fields})

    assert (refused, told) == ([], "")


def test_f50_only_new_lines_are_orders_not_the_digest_below_them() -> None:
    changed, refused, told = attack("\n\n")

    assert (changed, refused, told) == ([], [], "")


def test_f50_orders_that_are_quoted_above_an_answer_are_none() -> None:
    changed, refused, told = attack("> stop acme-2026-1\n> paid acme-2026-1\n")

    assert (changed, refused, told) == ([], [], "")


def test_an_automatic_answer_to_a_digest_orders_nothing() -> None:
    """Her absence notice quotes nothing and says "paid leave until Friday"."""
    changed, refused, told = attack("paid acme-2026-1", **{"Auto-Submitted": "auto-replied"})

    assert not [line for line in changed if '"MailUnmatched"' not in line]  # it is shown, as a stranger's would be
    assert (refused, told) == ([], "")


def test_orders_below_what_was_signed_are_not_hers() -> None:
    """Her server lets a signature of a part pass (`l=`, RFC 6376 section 8.2); anybody can write below it."""
    changed, refused, _ = attack(**{"DKIM-Signature": "v=1; a=rsa-sha256; d=bianchi.example; l=12; h=from; b=abc"})

    assert (changed, refused) == ([], [Refused.NOT_AUTHENTIC])


def test_where_the_config_believes_nobody_the_owner_is_told_what_to_set() -> None:
    house = OwnerHouse(owned_books(trust=CommandTrust()))
    changed, refused, told = attack(house=house)

    assert changed == []
    assert refused == [Refused.OFF]
    assert "owner: commands:" in told


@pytest.mark.parametrize("plus", [False, True])
def test_a_creditor_whose_own_address_has_a_plus_is_answered_too(plus: bool) -> None:
    async def life() -> list[str]:
        books = owned_books()
        desk = "giulia+fatture@bianchi.example"
        house = OwnerHouse(replace(books, creditor=replace(books.creditor, email=desk)), plus=plus)
        await house.read()
        digest = await house.digest()
        told = [house.text(await house.order("note acme-2026-1 at last", digest, To=str(digest["Reply-To"] or desk)))]
        other = {"To": "giulia@bianchi.example, giulia+fatturex@bianchi.example"}
        return [*told, house.text(await house.order("note acme-2026-1 at last", digest, **other))]

    done, refused = run_virtually(life())

    assert "at last" in done
    assert "Nothing was changed." not in done
    assert "went to other people too" in refused


def test_the_token_is_not_in_the_journal() -> None:
    async def life() -> tuple[EmailMessage, bytes]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        await house.order("status", digest)
        return digest, b"\n".join(house.world.lines)

    digest, lines = run_virtually(life())
    token = str(digest["Message-ID"]).strip("<>").partition("@")[0].removeprefix("ask-")

    assert len(token) == 26
    assert token.encode() not in lines.lower()
