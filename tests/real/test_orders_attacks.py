"""The owner's mail under attack, over real servers: each attack twenty times, and nothing changes (F48 to F50)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from daemon.domain import journal as j
from tests.dkim_signed import signed
from tests.orders_document import DOCUMENT
from tests.real.attack_list import (
    ATTACKS,
    HEARD,
    HERS,
    ONE_BY_ONE,
    OTHERS,
    TRIED,
    Attack,
    a_token_of_another_creditor,
    one_named,
)
from tests.real.border import Border
from tests.real.clients import imap
from tests.real.owner_scene import OPEN, Scene, bordered, changes, morning, orders, text_of, wait_for_answer
from tests.real.servers import Certificates, MailHouse


@pytest.fixture
async def servers(certificates: Certificates) -> AsyncIterator[tuple[MailHouse, Border]]:
    async with bordered(certificates) as both:
        yield both


@pytest.fixture
async def scene(servers: tuple[MailHouse, Border], tmp_path: Path) -> AsyncIterator[Scene]:
    async with morning(*servers, tmp_path) as found:
        yield found


async def hears(scene: Scene) -> bool:
    """That a real order of hers, sent behind the attack, is carried out: the house was listening all the time."""
    scene.border.silent = False
    scene.send(scene.reply("note acme the attack is over"))
    await scene.settled()
    return any(entry.text == "the attack is over" for entry in scene.house.entries(j.NoteTaken))


@pytest.mark.parametrize("attack", ONE_BY_ONE, ids=one_named)
async def test_an_attack_changes_nothing(
    attack: Attack, scene: Scene, servers: tuple[MailHouse, Border], tmp_path: Path
) -> None:
    if attack is a_token_of_another_creditor:
        (tmp_path / "other").mkdir()
        async with morning(*servers, tmp_path / "other") as other:
            scene.earlier = other.digest
    before = scene.house.entries()
    for number in range(TRIED):
        scene.dice, scene.border.silent = Random(f"{attack.__name__}-{number}"), False
        attack(scene)
    await scene.settled()

    assert changes(before, scene.house.entries(), heard=attack in HEARD) == []
    assert scene.letters() == 0
    assert await hears(scene)


# -- one mail of hers that is carried out, and then comes again ------------------------------------------------------


async def carried_out(scene: Scene) -> bytes:
    """A mail of hers that was carried out; its signature covers no Message-ID, which is left to the signer."""
    raw = signed(bytes(scene.reply("hold acme until 20 November")), domain="example.test", headers=HERS)
    scene.send(raw, sign="")
    await scene.settled()
    assert any(entry.because is j.Because.OWNER for entry in scene.house.entries(j.HoldPlaced))
    return raw


async def nothing_changed(scene: Scene, before: list[j.AnyEntry]) -> None:
    await scene.settled()

    assert changes(before, scene.house.entries()) == []
    assert scene.letters() == 0
    assert await hears(scene)


async def test_replayed(scene: Scene) -> None:
    raw = await carried_out(scene)
    before = scene.house.entries()
    for number in range(TRIED):
        at = raw.index(b"Message-ID: <") + len(b"Message-ID: <")
        again = raw[:at] + b"again-%d." % number + raw[at:]
        scene.send(again, sign="", sender="x@evil.test", to=(scene.desk, scene.house.creditor.address)[number % 2])

    await nothing_changed(scene, before)
    refused = [entry.because for entry in scene.house.entries(j.OrdersRefused)]
    assert refused == ["repeated"] * TRIED


async def test_moved_about(scene: Scene) -> None:
    """Another mail program moves it away and back, into a folder that is watched as well, and copies it."""
    await carried_out(scene)
    before = scene.house.entries()
    for number in range(TRIED):
        with imap(scene.house.mail.dovecot, scene.house.creditor) as line:
            line.select_folder("INBOX")
            [newest] = line.search("ALL")[-1:]
            if number % 4 == 3:
                line.copy([newest], "INBOX")
                continue
            folder = ("Junk", "Sent", "Trash")[number % 3]
            if folder == "Trash" and not line.folder_exists(folder):
                line.create_folder(folder)
            line.move([newest], folder)
            line.select_folder(folder)
            line.move(line.search("ALL")[-1:], "INBOX")

    await nothing_changed(scene, before)


async def test_expired(scene: Scene) -> None:
    """Fourteen days and a minute after the digest; the digests that came meanwhile are not what it answers."""
    await scene.house.at(OPEN + timedelta(days=13, hours=21, minutes=25))
    await scene.house.at(OPEN + timedelta(days=13, hours=21, minutes=27))
    before = scene.house.entries()
    for number in range(TRIED):
        scene.dice = Random(f"expired-{number}")
        scene.send(scene.reply(orders(scene)))
    await scene.settled()
    refused = [entry.because for entry in scene.house.entries(j.OrdersRefused)]

    assert (changes(before, scene.house.entries()), scene.letters()) == ([], 0)
    assert refused == ["expired"] * TRIED


async def test_a_vacation_loop(scene: Scene) -> None:
    """A responder that marks nothing as automatic answers whatever we write: our answers get slower and slower."""
    before, heard = scene.house.entries(), 1
    for number in range(TRIED):
        mails = scene.house.has(scene.house.owner)[heard - 1 :]
        heard += len(mails)
        for mail in mails:
            scene.send(scene.reply("I am away until the end of the month.", mail))
        await scene.settled()
        await scene.house.at(OPEN + timedelta(minutes=number))
    await scene.settled()
    assert 3 <= len(scene.answers()) <= 5

    await nothing_changed(scene, before)


# -- and what is no attack -------------------------------------------------------------------------------------------


async def test_her_own_mail_is_carried_out(scene: Scene) -> None:
    """The same mails without what makes them an attack: letters leave, and she is told what was done."""
    for silent in (True, False):
        scene.border.silent = silent
        scene.send(scene.reply(("go acme", "go beta")[silent]))
        await scene.settled()
        await wait_for_answer(scene, 2 - silent)

    assert scene.letters() == 2
    assert all("DONE" in text_of(answer) for answer in scene.answers())


def test_the_page_lists_the_attacks() -> None:
    """docs/commands.md has a row for each, in this order (`python -m tests.orders_document` writes it)."""
    page = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+) \| (.+) \|$", page.partition("\n| Attack |")[2].partition("\n##")[0], re.MULTILINE)

    assert rows == list(ATTACKS.items())
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(f"async def test_{re.sub(' ', '_', name)}(" in source for name in OTHERS)
