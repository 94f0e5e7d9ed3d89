"""One mail for all that is due: every invoice attached, To and Cc alike, a copy for the owner (FIELD 2: 6, 15, 20)."""

from __future__ import annotations

from email import message_from_bytes, policy

from daemon.adapters.templates_dir import load_packs
from daemon.domain.books.client import Role
from daemon.domain.history import Status
from daemon.loops.deliver import Deliverer
from daemon.loops.post import Post
from daemon.ports import Accepted, InDoubt, Parcel, Submission
from tests.builders import a_client, a_contact, a_ledger, an_invoice
from tests.fakes import MemoryMailbox
from tests.loop_house import House, token_of
from tests.virtual_time import run_virtually

ACCEPTED = Accepted("2.0.0 queued")
NUMBERS = ("2026-041", "2026-042", "2026-043")


def lived(of_copies: Submission = ACCEPTED) -> tuple[House, list[Parcel]]:
    """An hour with three overdue invoices of a Turkish client, who has a contact for copies."""

    async def life() -> tuple[House, list[Parcel]]:
        contacts = (a_contact("Elif Kaya", "elif@acme.example"), a_contact("Can", "can@acme.example", role=Role.CC))
        invoices = [an_invoice(number, pdf=f"{number}.pdf") for number in NUMBERS]
        client = a_client("acme", language="tr", contacts=contacts)
        house = House(a_ledger(*invoices, clients=(client,), first_start_sends=True))
        house.files = {f"{number}.pdf": f"%PDF-1.7 {number}".encode() for number in NUMBERS}
        house.deliverer = Deliverer(
            house.book, house.relay, MemoryMailbox(house.world), house.listener,
            Post(load_packs(()), token_of, house.read, plus_token=False), house.health,
            stop=house.stop, workers=2, file_sent=True,
        )  # fmt: skip
        parcels: list[Parcel] = []

        async def answer(parcel: Parcel) -> Submission:
            parcels.append(parcel)
            return of_copies if parcel.recipient.startswith("can@") else ACCEPTED

        house.relay.answer = answer
        await house.live(3600.0)
        return house, parcels

    return run_virtually(life())


def test_one_letter_has_every_invoice_attached_and_the_same_mail_goes_to_to_and_cc() -> None:
    _, parcels = lived()
    mail = message_from_bytes(parcels[0].content, policy=policy.default)

    assert [parcel.recipient for parcel in parcels] == ["elif@acme.example", "can@acme.example"]
    assert parcels[0].content == parcels[1].content
    assert (str(mail["To"]), str(mail["Cc"])) == ("Elif Kaya <elif@acme.example>", "Can <can@acme.example>")
    attached = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert attached == {f"{number}.pdf": f"%PDF-1.7 {number}".encode() for number in NUMBERS}
    assert mail["Content-Language"] == "tr", "the client's, not the creditor's"


def test_the_owner_has_a_copy_in_sent_and_beside_the_journal_as_proof() -> None:
    house, parcels = lived()
    kept = [name for name in house.world.kept if name.startswith("letter-")]

    assert [mail.content for mail in house.world.folders["Sent"]] == [parcels[0].content]
    assert [house.world.kept[name] for name in kept] == [parcels[0].content]


def test_F1_a_copy_whose_line_was_lost_stays_in_doubt_though_the_letter_lies_in_sent() -> None:
    """We put it there ourselves, for the first one had it: of the other nothing is known, and the owner is asked."""
    house, parcels = lived(InDoubt("the line was lost after the dot"))
    record = house.book.history.of("acme").letters["acme-1"]

    assert len(house.world.folders["Sent"]) == 1
    assert {to: delivery.status for to, delivery in record.deliveries.items()} == {
        "elif@acme.example": Status.SENT,
        "can@acme.example": Status.IN_DOUBT,
    }
    assert [parcel.recipient for parcel in parcels] == ["elif@acme.example", "can@acme.example"]
