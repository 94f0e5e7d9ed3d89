"""The owner sends an invoice by hand, with a blind copy to the desk: it is proposed, and followed when she says go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from daemon.adapters.followed_file import path_of
from daemon.domain import journal as j
from daemon.domain.books.owner import Member, Right
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.journal import decode, encode
from daemon.loops.followed import NotWritten
from daemon.loops.forget import without_person
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import ACME, SAMPLES, TAG, UBL, a_sending, played, proposed, squeezed, written

# -- what is proposed ------------------------------------------------------------------------------------------------


def test_a_tag_in_the_subject_is_proposed_with_all_its_figures(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, str]:
        alert = await proposed(house, a_sending(house))
        return str(alert and alert["Subject"]), squeezed(house.text(alert))

    subject, text = played(life, tmp_path)

    assert subject == "2026-041: follow it?"
    assert "2026-041, read from the subject: number: 2026-041 due: 2026-12-15 currency: EUR total: 1220.00" in text
    assert "You sent it to anna@acme.example: due 15 Dec, read from the subject. Follow it?" in text
    assert "> follow 1" in text
    assert "ignore 1" in text


@pytest.mark.parametrize(
    ("sample", "number", "owed"),
    [
        (UBL, "2026-101", "1,220.00"),
        (SAMPLES / "others" / "facturx.pdf", "2026-301", "1,190.00"),
        (SAMPLES / "cii" / "invoice.xml", "2026-201", "2,292.00"),
    ],
)
def test_an_attachment_that_import_reads_is_proposed_with_its_lines(
    sample: Path, number: str, owed: str, tmp_path: Path
) -> None:
    async def life(house: OwnerHouse) -> str:
        return squeezed(house.text(await proposed(house, a_sending(house, "Your invoice", sample))))

    text = played(life, tmp_path)

    assert f"{number}, read from “{sample.name}”" in text
    assert "lines: - {what:" in text
    assert f"· {number} · €{owed}" in text


def test_another_seller_and_another_account_are_told(tmp_path: Path) -> None:
    """A partner's invoice that she sends on: without a tax number only the name says so."""
    sample = UBL.read_text()
    for ours, other in (
        ("<cbc:CompanyID>IT01234567890</cbc:CompanyID>", ""),
        ("Studio Bianchi S.r.l.", "Verdi Srl"),
        ("IT60X0542811101000000123456", "DE02120300000000202051"),
    ):
        assert ours in sample
        sample = sample.replace(ours, other)

    async def life(house: OwnerHouse) -> tuple[str, str]:
        partners = a_sending(house, "Our partner's invoice", ("verdi.xml", sample.encode()))
        own = a_sending(house, "Your invoice", SAMPLES / "cii" / "invoice.xml")
        return squeezed(house.text(await proposed(house, partners))), squeezed(house.text(await proposed(house, own)))

    partners, own = played(life, tmp_path)

    assert "# It is issued by “Verdi Srl”: is it yours?" in partners
    assert "# It is to be paid to DE02120300000000202051; the config does not name this account." in partners
    assert "is it yours?" not in own
    assert "does not name this account" not in own


def test_go_makes_it_tracked_and_the_answer_says_so(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, list[str], list[str]]:
        alert = await proposed(house, a_sending(house, "Your invoice", UBL))
        assert alert is not None
        answer = await house.order("go", alert)
        await house.followed.write_due()
        await house.planner.run_once()
        numbers = [invoice.number for invoice in house.book.ledger.by_client["acme"]]
        return house.text(answer), numbers, list(house.book.history.of("acme").seen)

    answer, numbers, seen = played(life, tmp_path)

    assert "2026-101: followed from now on." in squeezed(answer)
    assert numbers == seen == ["acme-2026-1", "2026-101"]
    assert written(tmp_path) == [("acme", "2026-101", "1220.00")]
    assert path_of(tmp_path).read_text().startswith("# Invoices that you sent by hand")


def test_the_digest_asks_again_until_it_is_answered(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, str, str]:
        await proposed(house, a_sending(house))
        digest = await house.digest()
        item = house.item(digest, "2026-041")
        answer = await house.order(f"ignore {item}", digest)
        await house.world.sleep_until(house.world.now() + timedelta(days=1))
        return house.text(digest), house.text(answer), house.text(await house.digest())

    first, answer, second = played(life, tmp_path)

    assert "Follow it?" in first
    assert "2026-041: not followed." in answer
    assert "Follow it?" not in second
    assert written(tmp_path) == []


def test_several_invoices_of_one_mail_are_asked_about_one_by_one(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> str:
        batch = SAMPLES / "fatturapa" / "batch.xml"
        alert = await proposed(house, a_sending(house, f"Invoices {TAG}", batch, UBL))
        assert alert is not None
        await house.order("follow 2\nignore 1", alert)
        await house.followed.write_due()
        return squeezed(house.text(alert))

    text = played(life, tmp_path)

    assert "batch.xml is not followed" in text  # one of its three has a day that is none
    assert len(written(tmp_path)) == 1


def test_an_invoice_that_is_sent_again_with_other_figures_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, str]:
        first = await proposed(house, a_sending(house))
        assert first is not None
        corrected = TAG.replace("1,220.00", "1,420.00")
        second = await proposed(house, a_sending(house, f"Corrected {corrected}"))
        assert second is not None
        late = await house.order("go", first)
        await house.order("go", second)
        await house.followed.write_due()
        return squeezed(house.text(late)), house.text(await house.digest())

    late, digest = played(life, tmp_path)

    assert "the same invoice was sent again" in late
    assert "Follow it?" not in digest
    assert written(tmp_path) == [("acme", "2026-041", "1420.00")]


def test_two_orders_of_one_mail_do_not_both_follow_one_number(tmp_path: Path) -> None:
    """It went to Acme first and to both then: which figures count is not for us to say."""

    async def life(house: OwnerHouse) -> str:
        other = a_sending(house, f"Your invoice {TAG.replace('1,220.00', '5.00')}", to=f"{ACME}, anna@beta.example")
        alert = await proposed(house, a_sending(house), other)
        assert alert is not None
        answer = await house.order("follow 1\nassign 2 acme", alert)
        await house.followed.write_due()
        return squeezed(house.text(answer))

    answer = played(life, tmp_path, OwnerHouse(owned_books("acme", "beta"), folder=tmp_path))

    assert "acme has an invoice 2026-041 already" in answer
    assert written(tmp_path) == [("acme", "2026-041", "1220.00")]


# -- whose it is -----------------------------------------------------------------------------------------------------


def test_an_invoice_to_several_clients_is_asked_about(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, str, str]:
        alert = await proposed(house, a_sending(house, to="anna@acme.example, anna@beta.example"))
        assert alert is not None
        unsaid = await house.order("go 1", alert)
        said = await house.order("assign 1 beta", alert)
        await house.followed.write_due()
        return squeezed(house.text(alert)), squeezed(house.text(unsaid)), squeezed(house.text(said))

    alert, unsaid, said = played(life, tmp_path, OwnerHouse(owned_books("acme", "beta"), folder=tmp_path))

    assert "Whose is it?" in alert
    assert "assign 1 acme" in alert
    assert "it may be of" in unsaid or "may be of acme or of beta" in unsaid
    assert "followed from now on" in said
    assert written(tmp_path) == [("beta", "2026-041", "1220.00")]


def test_a_stranger_is_shown_as_the_yaml_that_would_add_one(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, str]:
        alert = await proposed(house, a_sending(house, "Your invoice", UBL, to="kasse@neu.example"))
        assert alert is not None
        return squeezed(house.text(alert)), squeezed(house.text(await house.order("go", alert)))

    alert, refused = played(life, tmp_path)

    assert "No client has this address" in alert
    assert "as it would stand under “clients:” in the config" in alert
    assert "contacts:" in alert
    assert "add one under `clients:`" in refused
    assert written(tmp_path) == []


def test_a_client_who_comes_into_the_config_meanwhile_needs_no_assigning(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> None:
        alert = await proposed(house, a_sending(house, to="anna@beta.example"))
        assert alert is not None
        house.book.use(owned_books("acme", "beta"))
        await house.order("go", alert)
        await house.followed.write_due()

    played(life, tmp_path)

    assert written(tmp_path) == [("beta", "2026-041", "1220.00")]


def test_only_who_may_approve_says_go(tmp_path: Path) -> None:
    """Who may hold may put it away; to follow it means to write to a client one day."""
    marta = Member(email="marta@bianchi.example", can=frozenset({Right.READ, Right.HOLD, Right.PAY}))

    async def life(house: OwnerHouse) -> tuple[str, str]:
        alert = await proposed(house, a_sending(house))
        assert alert is not None
        refused = await house.order("go", alert, From=marta.email)
        return house.text(refused), house.text(await house.order("ignore", alert, From=marta.email))

    refused, done = played(life, tmp_path, OwnerHouse(owned_books(team=(marta,)), folder=tmp_path))

    assert "have not the right" in squeezed(refused)
    assert "not followed" in done
    assert written(tmp_path) == []


def test_a_client_who_is_forgotten_leaves_nothing_of_it_in_the_journal(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[int, list[str]]:
        await proposed(house, a_sending(house))
        desk = Desk(ledger=house.book.ledger, history=house.book.history, today=house.book.today, at=house.world.now())
        found = execute(Command(name="forget", target="acme"), desk)
        assert isinstance(found, Done)
        await house.book.record(lambda _: found.entries)
        kept = [without_person(decode(line), "acme") for line in house.world.lines]
        texts = [encode(one).decode() for one in kept if isinstance(one, j.InvoiceProposed)]
        return len(house.book.history.proposals.waiting), texts

    waiting, [text] = played(life, tmp_path)

    assert waiting == 0
    assert "anna@" not in text
    assert "2026-041" in text


# -- crashes ---------------------------------------------------------------------------------------------------------


def test_what_was_written_and_not_recorded_is_written_once(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[int, list[j.InvoiceFollowed]]:
        alert = await proposed(house, a_sending(house))
        assert alert is not None
        await house.order("go", alert)
        [(entry, client)] = house.book.history.proposals.going.values()
        house.write(client, entry.number, entry.yaml)  # and then the power failed
        await house.followed.write_due()
        await house.followed.write_due()
        lines = [line for line in house.world.lines if b'"InvoiceFollowed"' in line]
        return len(lines), list(house.book.history.proposals.going)

    assert played(life, tmp_path) == (1, [])
    assert written(tmp_path) == [("acme", "2026-041", "1220.00")]


def test_a_file_that_cannot_be_added_to_is_left_and_tried_again(tmp_path: Path) -> None:
    path_of(tmp_path).parent.mkdir()
    path_of(tmp_path).write_text("- {number: 1, client: acme, du: 2026-12-01}\n")

    async def life(house: OwnerHouse) -> tuple[bool, bool]:
        alert = await proposed(house, a_sending(house))
        assert alert is not None
        await house.order("go", alert)
        with pytest.raises(NotWritten):
            house.write("acme", "1", ())
        first = await house.followed.write_due()
        told = squeezed(house.text(await house.digest()))
        assert "!! An invoice that you sent is not followed: acme/2026-041: " in told
        path_of(tmp_path).write_text("[]\n")
        return first, await house.followed.write_due() and house.health.followed_fault is None

    assert played(life, tmp_path) == (False, True)
    assert written(tmp_path) == [("acme", "2026-041", "1220.00")]
