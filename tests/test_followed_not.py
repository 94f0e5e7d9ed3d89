"""What the owner sends and is not proposed to be followed, and what she is told instead; and what is none of hers."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.domain.books.authenticity import Flaw, Signature
from daemon.domain.books.owner import CommandTrust, Member, Right
from daemon.domain.incoming.sending import NotStated, Sending
from daemon.domain.journal.sending_entries import Unclear
from daemon.loops.proofs import MOST_LOOK_UPS
from daemon.ports import Fetched
from tests.loop_house import reader
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import ACME, SAMPLES, TAG, UBL, a_sending, played, proposed, squeezed, written

# -- what is said instead --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("[2026-041 1.220 EUR due 15/12/2026]", "how much, and in which currency?"),
        ("[2026-041 1,220.00 EUR due soon]", "when is it due?"),
        ("[2026-041 1,220.00 EUR due 15/10/2026]", "that day has passed"),
    ],
)
def test_a_tag_that_is_not_understood_is_told_and_proposes_nothing(tag: str, said: str, tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, int]:
        alert = await proposed(house, a_sending(house, f"Invoice {tag}"))
        assert await proposed(house) is None  # once
        return squeezed(house.text(alert)), len(house.book.history.proposals.waiting)

    text, open_ = played(life, tmp_path)

    assert said in text
    assert "[2026-041 1,220.00 EUR due 15/12/2026]" in text
    assert open_ == 0


def test_a_number_that_is_there_already_changes_nothing(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, int]:
        mail = a_sending(house, f"Again {TAG.replace('2026-041', 'acme-2026-1')}")
        return squeezed(house.text(await proposed(house, mail))), len(house.book.history.proposals.waiting)

    text, open_ = played(life, tmp_path)

    assert "acme/acme-2026-1 is in the books already" in text
    assert open_ == 0


def test_a_tag_and_a_file_that_disagree_propose_nothing(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, int]:
        mail = a_sending(house, "Your invoice [2026-101 1,000.00 EUR due 2/12/2026]", UBL)
        return squeezed(house.text(await proposed(house, mail))), len(house.book.history.proposals.waiting)

    text, open_ = played(life, tmp_path)

    assert "one number, and different figures" in text
    assert open_ == 0


def test_a_faulty_invoice_file_is_told_with_its_fault(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> str:
        mail = a_sending(house, "Your invoice", SAMPLES / "hostile" / "no-number.xml")
        return squeezed(house.text(await proposed(house, mail)))

    assert "no-number.xml is not followed: cbc:ID (BT-1): is missing" in played(life, tmp_path)


# -- what is nothing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"Authentication_Results": "mx.bianchi.example; dmarc=fail header.from=bianchi.example"},
        {"From": "anna@acme.example"},
        {"From": "Giulia Bianchi <giulia@evil.test>"},
        {"Subject": f"Fwd: Your invoice {TAG}"},
        {"Resent_From": "anna@acme.example"},
        {"Auto_Submitted": "auto-replied"},
        {"Subject": "Your invoice [Ticket 123] [EXTERNAL]"},
        {"Subject": f"Re: Your invoice {TAG}"},  # an answer of hers in a conversation that a client may have begun
        {"In_Reply_To": "<1@acme.example>"},
    ],
)
def test_a_mail_that_is_not_hers_or_names_no_invoice_proposes_nothing(
    changes: dict[str, str | None], tmp_path: Path
) -> None:
    async def life(house: OwnerHouse) -> tuple[int, int]:
        await proposed(house, a_sending(house, **changes))
        return len(house.book.history.proposals.known), len(house.book.history.proposals.untold)

    assert played(life, tmp_path) == (0, 0)


@pytest.mark.parametrize("on_top", [f"Subject: Your invoice {TAG}", "To: anna@beta.example"])
def test_what_a_stranger_puts_above_the_signed_fields_of_a_mail_of_hers_proposes_nothing(
    on_top: str, tmp_path: Path
) -> None:
    """Her server says that the signature holds: it does, of what stands below (RFC 6376 section 8.15)."""

    async def life(house: OwnerHouse) -> int:
        mail = a_sending(house, f"Your invoice {TAG}")
        await proposed(house, mail.replace(b"From: ", f"{on_top}\r\nFrom: ".encode(), 1))
        return len(house.book.history.proposals.known)

    assert played(life, tmp_path) == 0


def test_who_may_not_approve_proposes_nothing(tmp_path: Path) -> None:
    team = (
        Member(email="marta@bianchi.example", can=frozenset({Right.READ, Right.PAY})),
        Member(email="luca@bianchi.example", can=frozenset({Right.READ, Right.APPROVE})),
    )

    async def life(house: OwnerHouse) -> list[bool]:
        found = []
        for who in team:
            await proposed(house, a_sending(house, From=who.email))
            found.append(bool(house.book.history.proposals.waiting))
        return found

    assert played(life, tmp_path, OwnerHouse(owned_books(team=team), folder=tmp_path)) == [False, True]


def test_the_same_mail_twice_and_the_same_invoice_once_more_are_asked_about_once(tmp_path: Path) -> None:
    """Also in Sent and in the inbox, and where a stranger sends a signed mail of hers again under another id."""

    async def life(house: OwnerHouse) -> tuple[int, EmailMessage | None]:
        mail = a_sending(house)
        await proposed(house, mail, mail)
        again = mail.replace(b"<sent-1@", b"<sent-again@")
        return len(house.book.history.proposals.known), await proposed(house, mail, again)

    assert played(life, tmp_path) == (1, None)


@pytest.mark.parametrize(
    "sample", ["plain.pdf", "order.xml", "entity-bomb.xml", "to-us.xml", "of-somebody-else.xml", "broken.xml"]
)
def test_other_files_are_sent_too_and_are_no_news(sample: str, tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> EmailMessage | None:
        return await proposed(house, a_sending(house, "Our offer", SAMPLES / "hostile" / sample))

    assert played(life, tmp_path) is None


def test_in_an_answer_of_hers_an_attachment_counts_all_the_same(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> list[str]:
        await proposed(house, a_sending(house, f"Re: Your order {TAG}", UBL, In_Reply_To="<1@acme.example>"))
        return [one.number for one in house.book.history.proposals.waiting.values()]

    assert played(life, tmp_path) == ["2026-101"]


def test_a_mail_that_is_not_fetched_whole_is_told_where_a_blind_copy_of_it_was_sent(tmp_path: Path) -> None:
    """Its attachments cannot be read; in Sent, or with us in Cc, such a mail is nothing out of the ordinary."""

    async def life(house: OwnerHouse) -> list[Sending | None]:
        found = []
        for to in (ACME, f"{ACME}, fatture@bianchi.example"):
            content = a_sending(house, "Your invoice", UBL, to=to)
            mail = Fetched(uid=1, size=3_000_000, content=content[:4000], whole=False)
            read = reader().read(mail.content, house.book.directory, house.book.today())
            found.append(await house.sendings.look(mail, read, in_sent=False))
        return found

    told, ordinary = played(life, tmp_path)

    assert told is not None
    assert told.found == (NotStated(source="invoice.xml", because=Unclear.SIZE),)
    assert ordinary is None


class Signed:
    """The DNS has a key for every signature of the domain; how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def verify(self, raw: bytes, domain: str) -> tuple[Signature, ...]:
        self.asked += 1
        flaw = None if b"d=bianchi.example" in raw else Flaw.BROKEN
        return (Signature(domain=domain, flaw=flaw, closed=True),)


def test_a_signature_counts_as_for_orders_and_strangers_cannot_have_it_looked_up_without_end(tmp_path: Path) -> None:
    """Only where the config believes signatures and her server is silent, and only for what may be an invoice."""
    house = OwnerHouse(owned_books(trust=CommandTrust(dkim=True)), folder=tmp_path)
    house.signatures = dns = Signed()

    async def life(house: OwnerHouse) -> tuple[int, int, int]:
        silent = {"Authentication_Results": None, "DKIM_Signature": "v=1; d=bianchi.example"}
        await proposed(house, a_sending(house, "Lunch on Friday?", **silent))
        ordinary = dns.asked
        await proposed(house, a_sending(house, **silent))
        found = len(house.book.history.proposals.known)
        forged = {"Authentication_Results": None, "DKIM_Signature": "v=1; d=evil.test"}
        for number in range(40):
            house.world.deliver(a_sending(house, f"[N{number} 5.00 EUR due 15/12/2026]", **forged))
        await house.read()
        return ordinary, found, len(house.book.history.proposals.known)

    assert played(life, tmp_path, house) == (0, 1, 1)
    assert dns.asked == MOST_LOOK_UPS


def test_an_invoice_of_a_client_who_left_is_not_that_of_who_has_the_address_now(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> str:
        alert = await proposed(house, a_sending(house))
        assert alert is not None
        books = owned_books("beta")
        beta = books.clients["beta"]
        contacts = (replace(beta.contacts[0], email=ACME),)
        house.book.use(replace(books, clients={"beta": replace(beta, contacts=contacts)}))
        answer = await house.order("go 1", alert)
        await house.followed.write_due()
        return squeezed(house.text(answer))

    assert "acme is no longer in the YAML; say whose it is" in played(life, tmp_path)
    assert written(tmp_path) == []


# -- where it lies ---------------------------------------------------------------------------------------------------


def test_a_copy_in_sent_that_came_by_no_server_needs_no_results(tmp_path: Path) -> None:
    """Whoever puts it there has logged in; a rule that files mail into Sent leaves its `Received` in it."""

    async def life(house: OwnerHouse) -> tuple[int, int]:
        filed = a_sending(house, Authentication_Results=None, From="fatture@bianchi.example")
        await proposed(house, filed, folder="Sent")
        moved = len(house.book.history.proposals.waiting)
        own = a_sending(house, Authentication_Results=None, Received=None, From="fatture@bianchi.example")
        await proposed(house, own, folder="Sent")
        return moved, len(house.book.history.proposals.waiting)

    books = owned_books(trust=CommandTrust())
    assert played(life, tmp_path, OwnerHouse(books, folder=tmp_path)) == (0, 1)


def test_it_is_no_word_to_the_client_that_lets_other_letters_rest(tmp_path: Path) -> None:
    """An ordinary mail of hers to a client gives the letters a rest, whatever brackets its subject has; one with a new
    invoice does not."""

    async def life(house: OwnerHouse) -> list[int]:
        found = []
        for subject in (f"Your invoice {TAG}", "Our talk [Project 7 EUR 500]"):
            await proposed(house, a_sending(house, subject))
            found.append(len(house.book.history.of("acme").holds))
        return found

    assert played(life, tmp_path) == [0, 1]
