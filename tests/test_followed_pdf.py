"""The PDF that came with an invoice is kept until the go, and then lies where the letters find it."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml

from daemon.adapters.followed_file import path_of
from daemon.domain.incoming.sending import Stated
from daemon.loops.forget import forgetting
from daemon.mail.orders.sent_files import MOST_OCTETS
from daemon.ports import Fetched
from tests.loop_house import reader
from tests.owner_house import OwnerHouse
from tests.sent_mails import SAMPLES, TAG, UBL, a_sending, played, proposed, squeezed

PDF = ("Rechnung.pdf", b"%PDF-1.7\nan invoice for people\n")
FACTURX = SAMPLES / "others" / "facturx.pdf"


def attached(folder: Path) -> dict[str, bytes | None]:
    """By number: the PDF that a letter would attach."""
    path = path_of(folder)
    rows = yaml.load(path.read_text(), yaml.BaseLoader) if path.exists() else []
    return {row["number"]: (path.parent / row["pdf"]).read_bytes() if "pdf" in row else None for row in rows}


async def followed(house: OwnerHouse, mail: bytes, orders: str = "go") -> str:
    alert = await proposed(house, mail)
    assert alert is not None
    await house.book.keeper.finish()
    await house.order(orders, alert)
    await house.followed.write_due()
    return squeezed(house.text(alert))


@pytest.mark.parametrize(
    ("files", "number", "kept"),
    [
        ((UBL, PDF), "2026-101", PDF[1]),
        ((FACTURX,), "2026-301", FACTURX.read_bytes()),
        ((UBL, ("2026-101.pdf", PDF[1]), ("terms.pdf", b"%PDF-1.7 terms")), "2026-101", PDF[1]),
        ((UBL, ("a.pdf", PDF[1]), ("terms.pdf", b"%PDF-1.7 terms")), "2026-101", None),  # which one is it?
        ((UBL, ("a.pdf", b"MZ, and no PDF")), "2026-101", None),
        ((UBL,), "2026-101", None),
    ],
)
def test_the_pdf_that_came_along_is_attached_to_the_letters(
    files: tuple[Path | tuple[str, bytes], ...], number: str, kept: bytes | None, tmp_path: Path
) -> None:
    text = played(lambda house: followed(house, a_sending(house, "Your invoice", *files)), tmp_path)

    assert attached(tmp_path) == {number: kept}
    assert ("is kept: the reminders carry it" in text) == (kept is not None)


def test_with_a_tag_it_is_the_only_one(tmp_path: Path) -> None:
    text = played(lambda house: followed(house, a_sending(house, f"Your invoice {TAG}", PDF)), tmp_path)

    assert "# “Rechnung.pdf” is kept: the reminders carry it." in text
    assert attached(tmp_path) == {"2026-041": PDF[1]}


def test_of_several_invoices_each_gets_the_one_that_bears_its_number(tmp_path: Path) -> None:
    mail_with = (UBL, SAMPLES / "cii" / "invoice.xml", ("Fattura_2026_201.pdf", PDF[1]))
    played(lambda house: followed(house, a_sending(house, "Two", *mail_with), "follow 1\nfollow 2"), tmp_path)

    assert attached(tmp_path) == {"2026-101": None, "2026-201": PDF[1]}


async def waiting(house: OwnerHouse) -> EmailMessage:
    """The PDF of an invoice that is proposed lies in the archive; the alert that asks about it."""
    alert = await proposed(house, a_sending(house, f"Your invoice {TAG}", PDF))
    assert alert is not None
    await house.book.keeper.finish()
    assert PDF[1] in house.world.kept.values()
    return alert


def test_after_the_go_the_archive_has_it_no_more(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> dict[str, bytes]:
        await house.order("go", await waiting(house))
        await house.followed.write_due()
        return house.world.kept

    assert PDF[1] not in played(life, tmp_path).values()


def test_a_client_who_is_forgotten_before_the_go_takes_it_along(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> dict[str, bytes]:
        await waiting(house)
        await forgetting(house.book, lambda change: None)("acme")
        return house.world.kept

    assert PDF[1] not in played(life, tmp_path).values()


def test_a_mail_that_was_fetched_in_part_is_fetched_whole_once_it_is_known_to_be_hers(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> list[tuple[int, list[str], list[str]]]:
        found = []
        for proof in ({}, {"Authentication_Results": None}):
            content = a_sending(house, "Your invoice", ("scan.pdf", b"%PDF-1.7" + b"x" * 3_000_000), UBL, **proof)
            asked: list[int] = []

            async def whole(most: int, content: bytes = content, asked: list[int] = asked) -> bytes:
                asked.append(most)
                return content

            mail = Fetched(uid=1, size=len(content), content=content[:4000], whole=False)
            read = reader().read(mail.content, house.book.directory, house.book.today())
            sending = await house.sendings.look(mail, read, whole, in_sent=False)
            stated = [one for one in (sending.found if sending else ()) if isinstance(one, Stated)]
            found.append((asked, [one.invoice.number for one in stated], [one.pdf for one in stated]))
        return found

    hers, unproven = played(life, tmp_path)

    assert hers == ([MOST_OCTETS], ["2026-101"], ["scan.pdf"])
    assert unproven[0] == []
