"""Every line breaks in every way at every word: no letter goes twice, none is lost in silence, no answer is forgotten.

`make faults` tries every case; else a drawn part of them is tried.  SOLLECITO_LINES=all, or the number of the draw.
"""

from __future__ import annotations

import asyncio
import os
from itertools import product
from pathlib import Path
from random import Random
from typing import NamedTuple, get_args

import pytest

from daemon.domain import journal as j
from tests.real.line_house import line_house
from tests.real.servers import MailHouse
from tests.real.struck_line import Blow, Protocol, Side, Stroke, StruckLine

_WANTED = os.environ.get("SOLLECITO_LINES", "1")
EVERY = _WANTED == "all"
_DRAWN = 8  # of each protocol's cases
_A_DAY = 8  # strokes on each line
_WORDS: dict[Protocol, tuple[str, ...]] = {
    "smtp": ("EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT"),
    "imap": (
        "CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "SEARCH", "STATUS", "NOOP", "SIZES", "FETCH", "APPEND",
        "LITERAL", "IDLE", "DONE",
    ),
}  # fmt: skip
_IN_CLEAR = ("STARTTLS", "TLS")  # seen by everybody on the way
_SIDES: dict[str, tuple[Side, ...]] = {
    "CONNECT": ("before",), "GREETING": ("half", "after"), "NEWS": ("half", "after"), "BODY": ("before", "half"),
}  # fmt: skip
_PATIENT = 15  # mails until a stroke has to have fallen
_ON_CONNECT: tuple[Blow, ...] = ("close", "reset", "stall", "delay")


class Case(NamedTuple):
    stroke: Stroke
    starttls: bool

    def __str__(self) -> str:
        return str(self.stroke)


def every_case(protocol: Protocol) -> list[Case]:
    more = {"smtp": ("BODY",), "imap": ("NEWS",)}
    found = []
    for phase in ("CONNECT", "GREETING", *_WORDS[protocol], *more[protocol], *_IN_CLEAR):
        blows = _ON_CONNECT if phase == "CONNECT" else get_args(Blow)
        for side, blow in product(_SIDES.get(phase, get_args(Side)), blows):
            found.append(Case(Stroke(phase=phase, side=side, blow=blow), phase in _IN_CLEAR))
    return found


def tried(protocol: Protocol) -> list[Case]:
    cases = every_case(protocol)
    return cases if EVERY else Random(f"{protocol} {_WANTED}").sample(cases, _DRAWN)


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.loops.listen._FIRST_PAUSE", 0.1)
    monkeypatch.setattr("daemon.loops.listen._LONGEST_PAUSE", 0.5)


async def lived(strokes: dict[Protocol, list[Stroke]], mail: MailHouse, folder: Path, *, starttls: bool = False) -> int:
    """A day on which lines break, and what has to be true at its end; how many strokes fell."""
    async with line_house(mail, folder, starttls=starttls) as lines:
        both: dict[Protocol, StruckLine] = {"smtp": lines.smtp, "imap": lines.imap}
        for protocol, line in both.items():
            line.strokes = strokes.get(protocol, [])
            line.cut()  # so that both are connected anew
        ends = await lines.send()
        await lines.is_heard("Which order is this about?", 1)
        await lines.is_heard("We are still waiting for the number of the order.", 2)
        count = 3
        while lines.imap.strokes and not lines.imap.fell and count < _PATIENT:  # on a busy machine none met an IDLE yet
            await asyncio.sleep(0.5)
            await lines.is_heard(f"And the number of the order, please? {count}", count)
            count += 1
        lines.smtp.strokes = lines.imap.strokes = []
        await lines.is_heard("It is about the order of May, please.", count)

        for client, end in ends.items():
            arrived = lines.arrived(client)
            assert isinstance(end, j.DeliveryAccepted | j.DeliveryInDoubt), "a broken line tells nothing of an address"
            assert arrived <= 1
            assert arrived == 1 or isinstance(end, j.DeliveryInDoubt)
        assert lines.house.entries(j.ContactFailed) == []
        health = lines.house.daemon.health
        await lines.house.until(lambda: health.mailbox_fault is None, "a read to the end")
        assert health.relay_fault is None
        return lines.smtp.fell + lines.imap.fell


@pytest.mark.parametrize("case", tried("smtp"), ids=str)
async def test_F2_F3_F4_F8_F11_whatever_befalls_the_line_to_the_relay(
    case: Case, mail_house: MailHouse, tmp_path: Path
) -> None:
    """Each letter is there once, or in doubt, and those behind it go on."""
    assert await lived({"smtp": [case.stroke]}, mail_house, tmp_path, starttls=case.starttls) == 1


@pytest.mark.parametrize("case", tried("imap"), ids=str)
async def test_F22_F23_F25_F26_F40_whatever_befalls_the_line_to_the_mailbox(
    case: Case, mail_house: MailHouse, tmp_path: Path
) -> None:
    """Letters wait until it was read, and leave then; every answer is heard once."""
    assert await lived({"imap": [case.stroke]}, mail_house, tmp_path, starttls=case.starttls) == 1


@pytest.mark.parametrize("day", range(1, 41 if EVERY else 3))
async def test_F4_F22_F68_a_bad_day_on_which_both_lines_break_again_and_again(
    day: int, mail_house: MailHouse, tmp_path: Path
) -> None:
    dice = Random(day)
    drawn = {p: [c.stroke for c in dice.sample(every_case(p), 40) if not c.starttls][:_A_DAY] for p in _WORDS}

    assert await lived(drawn, mail_house, tmp_path) >= 1
