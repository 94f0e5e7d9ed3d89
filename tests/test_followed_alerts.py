"""Invoices that the owner sends by hand take no more than half of the alerts of an hour: clients write, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from daemon.domain.books.owner import Alerts
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import ACME, SAMPLES, TAG, a_sending, played, proposed, squeezed

SIGNED = SAMPLES / "fatturapa" / "signed.xml.p7m"


def house_with(folder: Path, per_hour: int) -> OwnerHouse:
    known = owned_books()
    assert known.owner is not None
    alerts = replace(known, owner=replace(known.owner, alerts=Alerts(per_hour=per_hour)))
    return OwnerHouse(alerts, folder=folder)


def a_client_writes(house: OwnerHouse) -> bytes:
    house.written += 1
    return (
        f"Received: from mail.acme.example by mx.bianchi.example; Mon, 2 Nov 2026 09:00:00 +0000\r\n"
        f"From: Anna <{ACME}>\r\nTo: fatture@bianchi.example\r\nSubject: acme-2026-1\r\n"
        f"Message-ID: <{house.written}@acme.example>\r\n\r\nWhich order is it?\r\n"
    ).encode()


async def told(house: OwnerHouse, minutes: float = 0) -> None:
    """So many minutes of a teller, and one more in which what has come is gathered."""
    end = house.world.now() + timedelta(minutes=minutes, seconds=30)
    while (now := house.world.now()) < end:
        moment = await house.teller.tell()
        await house.world.sleep_until(min(end, moment or end) if (moment or end) > now else end)
    await house.teller.tell()


def test_forty_invoices_in_an_hour_leave_the_alerts_that_answers_of_clients_need(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[list[str], int, str]:
        for number in range(40):
            house.world.deliver(a_sending(house, f"Invoice {TAG.replace('041', f'{number:03}')}"))
            await house.read()
            await told(house, 0.5)
        subjects = [str(mail["Subject"]) for mail in house.box.of("alert")]
        house.world.deliver(a_client_writes(house))
        await house.read()
        await told(house)
        [answer] = house.box.of("alert")[len(subjects) :]
        await told(house, 60)
        return [*subjects, str(answer["Subject"])], len(house.box.of("alert")), house.text(house.box.of("alert")[-1])

    subjects, alerts, last = played(life, tmp_path, house_with(tmp_path, 6))

    assert len(subjects) == 4
    assert subjects[-1] == "Acme S.p.A., acme-2026-1"
    assert alerts == 5  # all the rest together, an hour after the first
    assert last.count("read from the subject:") == 10
    assert "27 more invoices are asked about in the daily mail." in squeezed(last)
    assert "2026-039" not in last


def test_that_a_signature_was_not_verified_is_said_where_it_is_asked_about(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> str:
        return squeezed(house.text(await proposed(house, a_sending(house, "Fattura", SIGNED))))

    assert "# Its signature (.p7m) was not verified." in played(life, tmp_path)


def test_where_one_alert_an_hour_is_wanted_the_digest_asks(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[int, str]:
        house.world.deliver(a_sending(house))
        await house.read()
        await told(house, 90)
        return len(house.box.of("alert")), house.text(await house.digest())

    alerts, digest = played(life, tmp_path, house_with(tmp_path, 1))

    assert alerts == 0
    assert "Follow it?" in digest
