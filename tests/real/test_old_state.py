"""F64: an old state is put back, and the mailbox knows what it does not: nothing is sent a second time."""

from __future__ import annotations

import shutil
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.adapters.state_backup import make_backup
from daemon.adapters.state_restore import restore_backup
from daemon.domain import journal as j
from tests.real.daemon_house import a_client, an_invoice, daemon_at
from tests.real.servers import MailHouse
from tests.real.test_story import rome

STAYS = {"invoices": [an_invoice()]}


@pytest.mark.parametrize("again", [rome(11, 9, 12), rome(11, 17)], ids=["the same day", "a week later"])
@pytest.mark.parametrize("restored", [False, True], ids=["put back", "restored"])
async def test_F64_a_letter_that_left_after_the_copy_is_never_sent_again(
    mail_house: MailHouse, tmp_path: Path, again: datetime, restored: bool
) -> None:
    """The second letter lies in Sent: it counts, all waits, and the owner is told at once; also put back by hand."""
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    state, copy = tmp_path / "state", tmp_path / "copy"
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2), creditor=creditor, owner=owner, clients={"acme": a_client(anna)}, **STAYS
    ) as house:
        await house.inbox(anna, 1)
        await house.recorded(j.DeliveryAccepted)
    if restored:
        make_backup(state, tmp_path / "backup.tar.zst", rome(11, 3), "0.1.0", lambda _: None)
    else:
        shutil.copytree(state, copy)
    async with daemon_at(mail_house, tmp_path, rome(11, 9), creditor=creditor, owner=owner) as house:
        await house.at(rome(11, 9, 11))
        await house.inbox(anna, 2)
        await house.recorded(j.DeliveryAccepted, 2)
        await house.until(lambda: len(house.has(creditor, "Sent")) == 2, "the copy in Sent")
    shutil.rmtree(state)
    if restored:
        mark = j.StateRestored(at=again, on=again.date(), backup_at=again, entries=0)
        restore_backup(tmp_path / "backup.tar.zst", state, mark, lambda _: None)
    else:
        copy.rename(state)

    async with daemon_at(mail_house, tmp_path, again, creditor=creditor, owner=owner) as house:
        [lost] = await house.recorded(j.LetterRecovered)
        assert (lost.letter_id, lost.numbers, lost.to) == ("acme-2", ("2026-041",), anna.address.lower())
        assert lost.on == rome(11, 9).date()
        found = [e for e in house.entries(j.LetterQueued) if e.letter_id == "acme-2"][-1]
        assert (found.letter, found.on) == ("second-reminder", rome(11, 9).date())
        assert any("go restored" in fault for fault in house.daemon.desk.status()["faults"])
        await house.until(lambda: any("go restored" in _words(mail) for mail in house.has(owner)), "the alert")
        for day in (18, 23, 24, 25):
            await house.at(rome(11, day))
        assert len(house.has(anna)) == 2, "all waits for the owner's go"

        answer = await house.command("go", target="restored")
        assert answer["ok"], answer
        for day in (26, 27):
            await house.at(rome(11, day))
        letters = await house.inbox(anna, 3)
        assert len({mail["Subject"] for mail in letters}) == 3, "the ladder goes on one level above"
        assert [e.letter for e in house.entries(j.LetterQueued) if e.letter_id != "acme-2"][-1] == "firm-reminder"
        assert (await house.command("go", target="restored"))["ok"] is False


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return " ".join(body.get_content().split()) if body else ""
