"""An invoice that the owner sends by hand, over real servers: proposed, answered with go, and reminded of when due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from daemon.adapters import config_yaml
from daemon.adapters.dkim_signatures import DkimSignatures
from daemon.adapters.followed_file import path_of
from daemon.domain import journal as j
from tests.real.attack_sendings import a_sending
from tests.real.border import AUTHSERV_ID, Border
from tests.real.daemon_house import House, a_client, a_document, daemon_at
from tests.real.owner_scene import MORNING, OPEN, Scene, bordered, text_of, wait_for_answer
from tests.real.servers import Certificates, MailHouse

UBL = Path(__file__).parents[1] / "invoices" / "ubl" / "invoice.xml"  # 2026-101, due on 2 December
REMINDED = datetime(2026, 12, 4, 9, 5, tzinfo=UTC)  # Friday, two days after


@pytest.fixture
async def servers(certificates: Certificates) -> AsyncIterator[tuple[MailHouse, Border]]:
    async with bordered(certificates) as both:
        yield both


@pytest.fixture
async def scene(servers: tuple[MailHouse, Border], tmp_path: Path) -> AsyncIterator[Scene]:
    """A daemon without any invoice; the digest of the morning is not what is answered here."""
    mail, border = servers
    acme, creditor, owner = (mail.new_user(name) for name in ("acme", "fatture", "giulia"))
    document = a_document(
        mail, creditor, owner, tmp_path / "state", clients={"acme": a_client(acme)}, invoices=[], reply_token="plus"
    )
    document["owner"]["commands"] = {"authserv_id": AUTHSERV_ID, "dkim": True}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    async with daemon_at(
        mail, tmp_path, MORNING, creditor=creditor, owner=owner,
        world=lambda world: replace(world, signatures=DkimSignatures(border.look_up)),
    ) as house:  # fmt: skip
        await house.at(OPEN)
        [digest] = await house.inbox(owner, 1)
        yield Scene(house, border, {"acme": acme}, digest)


async def alert_of(house: House) -> str:
    await house.recorded(j.InvoiceProposed)
    await house.at(datetime(2026, 11, 2, 9, 10, tzinfo=UTC))
    await house.recorded(j.AlertSent)
    return text_of((await house.inbox(house.owner, 2))[-1])


async def test_a_ubl_file_in_a_blind_copy_is_followed_after_go_and_reminded_of_when_it_falls_due(
    scene: Scene, tmp_path: Path
) -> None:
    house = scene.house
    acme = scene.clients["acme"]
    mail = a_sending(scene, tag=False, file=UBL, To=f"Anna Verdi <{acme.address}>")
    scene.send(mail, to=acme.address)
    scene.send(mail, to=house.creditor.address)
    text = " ".join((await alert_of(house)).replace("|", " ").split())

    assert "2026-101, read from “invoice.xml”" in text
    assert f"You sent it to {acme.address}: due 2 Dec" in text

    alert = (await house.inbox(house.owner, 2))[-1]
    scene.send(scene.reply("go", alert), to=str(alert["Reply-To"]))
    answer = await wait_for_answer(scene, 1)
    await house.recorded(j.InvoiceFollowed)
    await house.recorded(j.InvoiceSeen)

    assert "followed from now on" in text_of(answer)
    assert "2026-101" in path_of(tmp_path / "state").read_text()
    assert house.status("2026-101")["state"] == "upcoming"

    await house.at(REMINDED)
    sent, reminder = await house.inbox(acme, 2)
    assert sent["Subject"] == "Your invoice"
    assert "2026-101" in text_of(reminder)


async def test_by_a_tag_and_her_signature_as_well_and_the_next_start_reads_it(scene: Scene) -> None:
    house = scene.house
    scene.border.silent = True
    scene.send(a_sending(scene, To=scene.clients["acme"].address), to=house.creditor.address)
    await alert_of(house)
    alert = (await house.inbox(house.owner, 2))[-1]
    scene.send(scene.reply("follow 1", alert), to=str(alert["Reply-To"]))
    await house.recorded(j.InvoiceSeen)
    settings = config_yaml.load(house.config).settings

    assert settings is not None
    assert [(one.client, one.number) for one in settings.ledger.invoices] == [("acme", "2026-099")]


async def test_a_mail_of_three_megabytes_is_read_to_its_end_and_the_reminder_carries_its_pdf(scene: Scene) -> None:
    house = scene.house
    acme = scene.clients["acme"]
    scan = b"%PDF-1.7\n" + bytes(range(256)) * 12_000
    mail = a_sending(scene, tag=False, To=acme.address)
    mail.add_attachment(scan, "application", "pdf", filename="scan.pdf")
    mail.add_attachment(UBL.read_bytes(), "application", "xml", filename="invoice.xml")
    scene.send(mail, to=house.creditor.address)
    text = " ".join((await alert_of(house)).replace("|", " ").split())

    assert "“scan.pdf” is kept: the reminders carry it." in text

    alert = (await house.inbox(house.owner, 2))[-1]
    scene.send(scene.reply("go", alert), to=str(alert["Reply-To"]))
    await house.recorded(j.InvoiceSeen)
    await house.at(REMINDED)
    [reminder] = await house.inbox(acme, 1)

    assert [(part.get_filename(), part.get_content()) for part in reminder.iter_attachments()] == [
        ("2026-101.pdf", scan)
    ]


async def test_a_mail_that_nothing_proves_is_told_in_the_next_digest(scene: Scene) -> None:
    house = scene.house
    scene.border.silent = True
    scene.send(a_sending(scene, To=scene.clients["acme"].address), to=house.creditor.address, sign="")
    await house.recorded(j.SendingUnclear)
    await house.at(datetime(2026, 11, 3, 6, 31, tzinfo=UTC))
    text = " ".join(text_of((await house.inbox(house.owner, 2))[-1]).replace("|", " ").split())

    assert "nothing proves that it is yours (Authentication-Results)" in text
