"""Where orders are typed in a shell, a number is an item of the last digest: what is told at once names things."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from daemon.domain.books.owner import CommandTrust
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, Done, execute
from tests.alert_home import Home
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import a_sending, proposed, squeezed, written
from tests.sent_mails import played as played_in
from tests.virtual_time import run_virtually


def ordered(house: OwnerHouse, name: str, target: str) -> Done | Refusal:
    desk = Desk(ledger=house.book.ledger, history=house.book.history, today=house.book.today, at=house.world.now())
    return execute(Command(name=name, target=target), desk)


def test_go_as_the_alert_says_it_follows_what_the_alert_shows(tmp_path: Path) -> None:
    """Item 1 of the digest is a letter that waits for a go."""

    async def life(house: OwnerHouse) -> tuple[str, Done | Refusal]:
        await house.digest()
        own = a_sending(house, Authentication_Results=None, Received=None)
        text = squeezed(house.text(await proposed(house, own, folder="Sent")))
        [name] = re.findall(r"> go (\S+) ignore \1", text)
        done = ordered(house, "go", name)
        assert isinstance(done, Done)
        await house.book.record(lambda _: done.entries)
        await house.followed.write_due()
        return text, done

    text, done = played_in(life, tmp_path, OwnerHouse(owned_books(trust=CommandTrust()), folder=tmp_path))

    assert "DECIDE (each waits for you; type “sollecito” and the order) Acme S.p.A. · 2026-041" in text
    assert done.words == "acme/2026-041 is followed from now on"
    assert written(tmp_path) == [("acme", "2026-041", "1220.00")]


def test_what_a_client_did_is_decided_by_the_invoice_s_number() -> None:
    home = Home()
    books = home.book.ledger
    home.book.use(replace(books, owner=replace(books.owner, commands=CommandTrust())))

    async def life() -> tuple[str, Done | Refusal]:
        await home.hears("We dispute this invoice: four hours are missing.")
        await home.later()
        return squeezed(home.text(home.alerts[-1])), ordered(home, "resume", "acme/acme-2026-1")

    text, done = run_virtually(life())

    assert "> resume acme/acme-2026-1 hold acme/acme-2026-1 --until" in text
    assert isinstance(done, Done)
