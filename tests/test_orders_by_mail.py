"""The owner answers a digest or an alert: what is done, what is asked back, what is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from daemon.domain import journal as j
from daemon.domain.books.owner import Member, Right
from daemon.domain.history import Status
from tests.owner_house import DESK, OwnerHouse, facts, kinds_of, owned_books
from tests.virtual_time import run_virtually

T = TypeVar("T")


def played(life: Callable[[OwnerHouse], Awaitable[T]], house: OwnerHouse | None = None) -> T:
    async def all_of_it() -> T:
        here = house or OwnerHouse()
        await here.read()  # the folders' ends are known
        return await life(here)

    return run_virtually(all_of_it())


def holds(house: OwnerHouse, key: str = "acme") -> list[j.HoldPlaced]:
    return list(house.book.history.of(key).holds)


def test_an_answer_to_the_digest_holds_an_invoice_and_says_until_when() -> None:
    async def life(house: OwnerHouse) -> tuple[list[j.HoldPlaced], str]:
        digest = await house.digest()
        answer = await house.order("hold acme-2026-1 until 24 November", digest)
        return holds(house), house.text(answer)

    placed, answer = played(life)

    assert [(hold.because, str(hold.until)) for hold in placed] == [(j.Because.OWNER, "2026-11-24")]
    assert "hold acme-2026-1 until 24 November" in answer
    assert "held by you until 24 Nov" in answer


def test_a_letter_is_stopped_by_the_number_of_its_item() -> None:
    async def life(house: OwnerHouse) -> tuple[list[Status], str]:
        digest = await house.digest()
        item = house.item(digest, "acme-2026-1")
        answer = await house.order(f"stop {item}", digest)
        return [status for _, status in house.letters()], house.text(answer)

    letters, answer = played(life)

    assert letters == [Status.WITHDRAWN]
    assert "the letter does not go" in answer


def test_paid_is_asked_back_and_recorded_when_the_owner_says_yes() -> None:
    """It cannot be undone by mail; and nobody is reminded while we wait for the yes."""

    async def life(house: OwnerHouse) -> tuple[list[str], list[str], list[str], str, str]:
        digest = await house.digest()
        before = facts(house)
        asked = await house.order("paid acme-2026-1", digest)
        held = [hold.because.value for hold in holds(house)]
        meanwhile = [line for line in facts(house)[len(before) :] if "PaymentRecorded" in line]
        assert asked is not None
        done = await house.order("yes", asked)
        paid = [line for line in facts(house) if "PaymentRecorded" in line]
        return held, meanwhile, paid, house.text(asked), house.text(done)

    held, meanwhile, paid, asked, done = played(life)

    assert held == ["claims-paid"]
    assert meanwhile == []
    assert len(paid) == 1
    assert "PLEASE CONFIRM" in asked
    assert "paid" in done
    assert "PLEASE CONFIRM" not in done


def test_a_no_calls_it_off_and_lets_the_letters_go_on() -> None:
    async def life(house: OwnerHouse) -> tuple[list[j.HoldPlaced], list[str]]:
        digest = await house.digest()
        asked = await house.order("paid acme-2026-1", digest)
        assert asked is not None
        await house.order("no", asked)
        return holds(house), [line for line in facts(house) if "PaymentRecorded" in line]

    held, paid = played(life)

    assert (held, paid) == ([], [])


def test_a_yes_counts_once() -> None:
    async def life(house: OwnerHouse) -> tuple[int, str]:
        digest = await house.digest()
        asked = await house.order("paid acme-2026-1 10.00", digest)
        assert asked is not None
        await house.order("yes", asked)
        again = await house.order("yes", asked)
        return sum("PaymentRecorded" in line for line in facts(house)), house.text(again)

    paid, again = played(life)

    assert paid == 1
    assert "answered before" in again


def test_several_orders_are_carried_out_one_after_the_other() -> None:
    """A line that is not understood changes nothing, and does not keep the others from it."""

    async def life(house: OwnerHouse) -> tuple[list[str], str]:
        digest = await house.digest()
        answer = await house.order(
            "Good morning,\n\nhold acme-2026-1\nresume acme-2026-1\nnote beta-2026-1 ask Rossi\nfrobnicate 3\n",
            digest,
        )
        kinds = kinds_of(facts(house)[-3:])
        return kinds, house.text(answer)

    kinds, answer = played(life, OwnerHouse(owned_books("acme", "beta")))

    assert kinds == ["HoldPlaced", "HoldLifted", "NoteTaken"]
    assert "NOT UNDERSTOOD" in answer
    assert "frobnicate 3" in answer


def test_thanks_alone_are_no_order_and_get_no_answer() -> None:
    async def life(house: OwnerHouse) -> object:
        return await house.order("Thank you!\n\nGiulia", await house.digest())

    assert played(life) is None


def test_status_and_help_are_answered_and_change_nothing() -> None:
    async def life(house: OwnerHouse) -> tuple[bool, str]:
        digest = await house.digest()
        before = facts(house)
        answer = await house.order("status acme-2026-1\nhelp", digest)
        return facts(house) == before, house.text(answer)

    unchanged, answer = played(life)

    assert unchanged
    assert "acme acme-2026-1" in answer
    assert "write off 3" in answer


def test_an_order_in_answer_to_an_alert_needs_no_number() -> None:
    async def life(house: OwnerHouse) -> tuple[str, str, list[j.HoldPlaced]]:
        await house.digest()
        house.world.deliver(client_mail("We dispute this invoice acme-2026-1: four hours are missing."))
        await house.read()
        await pass_time(house, 30)
        await house.teller.tell()
        [alert] = house.box.of("alert")
        answer = await house.order("hold until 24 November", alert)
        return house.text(alert), house.text(answer), holds(house)

    alert, answer, placed = played(life)

    assert "four hours are missing" in alert
    assert "acme-2026-1" in answer
    assert [str(hold.until) for hold in placed if hold.because is j.Because.OWNER] == ["2026-11-24"]


def test_without_plus_addresses_the_button_carries_the_token_below_the_order() -> None:
    """A new mail has no References; what the button wrote is enough."""

    async def life(house: OwnerHouse) -> list[j.HoldPlaced]:
        digest = await house.digest()
        token = digest["Message-ID"].strip("<>").partition("@")[0]
        await house.order(f"hold acme-2026-1\n\n[{token}]", digest, **{"In-Reply-To": None, "References": None})
        return holds(house)

    assert len(played(life)) == 1


def test_with_plus_addresses_the_token_is_in_the_address_in_any_case() -> None:
    async def life(house: OwnerHouse) -> tuple[list[j.HoldPlaced], str]:
        digest = await house.digest()
        loud = str(digest["Reply-To"]).upper()
        await house.order("hold acme-2026-1", digest, To=loud, **{"In-Reply-To": None, "References": None})
        return holds(house), str(digest["Reply-To"])

    placed, address = played(life, OwnerHouse(plus=True))

    assert address.startswith("fatture+ask-")
    assert len(placed) == 1


def test_a_member_of_the_team_may_do_what_the_config_says_and_no_more() -> None:
    team = (Member(email="luca@bianchi.example", can=frozenset({Right.READ, Right.HOLD})),)

    async def life(house: OwnerHouse) -> tuple[list[str], str, int]:
        digest = await house.digest()
        sender = {"From": "Luca <luca@bianchi.example>"}
        answer = await house.order("paid acme-2026-1\nhold acme-2026-1", digest, **sender)
        copies = house.box.of("digest")
        return [hold.because.value for hold in holds(house)], house.text(answer), len(copies)

    held, answer, copies = played(life, OwnerHouse(owned_books(team=team)))

    assert held == ["owner"]
    assert "can:" in answer
    assert copies == 2  # hers and his


def test_the_copy_in_sent_is_not_carried_out_before_the_mail_itself() -> None:
    """Where the owner writes from the creditor's own mailbox, it lies in Sent as well, and proves nothing there."""

    async def life(house: OwnerHouse) -> tuple[int, int]:
        digest = await house.digest()
        mail = house.reply("hold acme-2026-1", digest)
        bare = house.reply("hold acme-2026-1", digest, Received=None, **{"Authentication-Results": None})
        bare = bare.replace(b"<2@mail", b"<1@mail")
        house.world.deliver(bare, "Sent")
        await house.read()
        before = len(holds(house))
        house.world.deliver(mail)
        await house.read()
        return before, len(holds(house))

    assert played(life) == (0, 1)


@pytest.mark.parametrize("language", ["it", "es", "tr", "de", "fr", "pt", "nl"])
def test_the_answer_is_in_the_owners_language(language: str) -> None:
    ledger = owned_books()
    ledger = replace(ledger, creditor=replace(ledger.creditor, language=language))

    async def life(house: OwnerHouse) -> tuple[str, str]:
        digest = await house.digest()
        answer = await house.order("hold acme-2026-1 24/11\npaid acme-2026-1 10,00\nxyzzy", digest)
        return house.text(digest), house.text(answer)

    digest, answer = played(life, OwnerHouse(ledger))

    english = ("DONE", "NOT UNDERSTOOD", "PLEASE", "held by you", "recorded")
    assert not [word for word in english if word in answer], answer
    assert "sollecito" not in digest.partition("\n\n")[2].partition("\n")[0]


async def pass_time(house: OwnerHouse, seconds: float) -> None:
    await house.world.sleep_until(house.world.now() + timedelta(seconds=seconds))


def client_mail(text: str, sender: str = "Anna Acme <anna@acme.example>") -> bytes:
    lines = [
        "Received: from acme.example (acme.example [192.0.2.9]) by mx.bianchi.example; Mon, 02 Nov 2026 10:31:00 +0000",
        f"From: {sender}", f"To: {DESK}", "Subject: your reminder", "Date: Mon, 02 Nov 2026 10:31:00 +0000",
        "Message-ID: <c1@acme.example>", "Content-Type: text/plain; charset=utf-8", "", text, "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def test_an_order_that_lacks_something_is_shown_as_an_example_and_no_other_is_put_into_her_mouth() -> None:
    """ "Did you mean: go 3?" would be answered with a yes, and item 3 is somebody's letter."""

    async def life(house: OwnerHouse) -> str:
        return house.text(await house.order("go 99\nstatsu acme-2026-1", await house.digest()))

    answer = " ".join(played(life).split())

    assert "For example: go 3" in answer
    assert "Did you mean: go" not in answer


def test_a_new_address_is_told_without_the_calls_that_it_settles() -> None:
    async def life(house: OwnerHouse) -> str:
        await house.digest()
        call = j.CallSuggested(
            at=house.world.now(), client="acme", call_id="acme-c1", numbers=("acme-2026-1",), reason="bounce",
            because="mail to anna@acme.example is not delivered", contact="Anna", phone=None, on=house.book.today(),
        )  # fmt: skip
        await house.book.record(lambda _draft: (call,))
        digest = await house.digest()
        return house.text(await house.order("email acme new@acme.example", digest))

    answer = played(life)

    assert "new@acme.example" in answer
    assert "not needed" not in answer
