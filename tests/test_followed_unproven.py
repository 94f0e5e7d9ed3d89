"""A mail that looks like an invoice of the owner's, and that nothing proves to be: told in the digest, a few only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from daemon.domain.books.authenticity import Flaw, Signature
from daemon.domain.books.owner import CommandTrust
from daemon.loops.sendings import MOST_UNPROVEN
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import SAMPLES, TAG, UBL, a_sending, played, proposed, squeezed

SIGNED = {"Authentication_Results": None, "DKIM_Signature": "v=1; d=bianchi.example"}


class Dns:
    """Answers, or does not."""

    def __init__(self) -> None:
        self.out = True

    async def verify(self, raw: bytes, domain: str) -> tuple[Signature, ...]:
        return (Signature(domain=domain, flaw=Flaw.LOOK_UP_FAILED if self.out else None, closed=True),)


def signing(folder: Path) -> tuple[OwnerHouse, Dns]:
    house = OwnerHouse(owned_books(trust=CommandTrust(dkim=True)), folder=folder)
    house.signatures = dns = Dns()
    return house, dns


@pytest.mark.parametrize(
    "changes",
    [
        {"Authentication_Results": None},
        {"Authentication_Results": "mx.evil.test; dmarc=pass header.from=bianchi.example"},
        {"Received": None},  # in the inbox nothing says who put it there
    ],
)
def test_it_is_told_in_the_next_digest_and_not_at_once(changes: dict[str, str | None], tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[object, str, str]:
        alert = await proposed(house, a_sending(house, **changes))
        first = squeezed(house.text(await house.digest()))
        await house.world.sleep_until(house.world.now() + timedelta(days=1))
        return alert, first, house.text(await house.digest())

    alert, first, second = played(life, tmp_path)

    assert alert is None
    assert "nothing proves that it is yours (Authentication-Results)" in first
    assert TAG in first
    assert "write the invoice into your YAML" in first
    assert "nothing proves" not in second


def test_an_attachment_in_which_an_invoice_may_be_is_told_and_any_pdf_is_not(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> list[str]:
        for sample in (UBL, SAMPLES / "others" / "facturx.pdf", SAMPLES / "hostile" / "plain.pdf"):
            await proposed(house, a_sending(house, "Your invoice", sample, Authentication_Results=None))
        return [entry.source for entry in house.book.history.proposals.unproven.values()]

    assert played(life, tmp_path) == ["invoice.xml", "facturx.pdf"]


def test_a_stranger_who_writes_many_has_a_few_of_them_told(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[int, str]:
        for number in range(40):
            house.world.deliver(a_sending(house, f"[N{number} 5.00 EUR due 15/12/2026]", Authentication_Results=None))
        await house.read()
        return len(house.book.history.proposals.unproven), squeezed(house.text(await house.digest()))

    told, digest = played(life, tmp_path)

    assert told == MOST_UNPROVEN
    assert digest.count("nothing proves") == MOST_UNPROVEN


def test_a_signature_that_could_not_be_looked_up_is_told_and_looked_up_again(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, int, int, str]:
        await proposed(house, a_sending(house, **SIGNED))
        digest = squeezed(house.text(await house.digest()))
        dns.out = False
        await house.world.sleep_until(house.world.now() + timedelta(minutes=5))
        kept = len(house.world.kept)
        await house.read()
        early = len(house.book.history.proposals.waiting)
        await house.world.sleep_until(house.world.now() + timedelta(minutes=20))
        return digest, kept, early, squeezed(house.text(await proposed(house)))

    house, dns = signing(tmp_path)
    digest, kept, early, alert = played(life, tmp_path, house)

    assert "your signature could not be looked up (DKIM, DNS). It is tried again for a day" in digest
    assert kept
    assert early == 0
    assert "2026-041, read from the subject" in alert


def test_what_is_proven_before_the_digest_is_not_told_as_unproven(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> str:
        await proposed(house, a_sending(house, **SIGNED))
        dns.out = False
        await house.world.sleep_until(house.world.now() + timedelta(minutes=20))
        await house.read()
        return squeezed(house.text(await house.digest()))

    house, dns = signing(tmp_path)
    digest = played(life, tmp_path, house)

    assert "Follow it?" in digest
    assert "looks like an invoice" not in digest


def test_after_a_day_it_is_not_looked_up_any_more(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> int:
        await proposed(house, a_sending(house, **SIGNED))
        dns.out = False
        await house.world.sleep_until(house.world.now() + timedelta(days=1, minutes=1))
        await house.read()
        return len(house.book.history.proposals.known)

    house, dns = signing(tmp_path)

    assert played(life, tmp_path, house) == 0
