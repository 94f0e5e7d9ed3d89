"""Every line breaks in every way at every word: no letter goes twice, none is lost in silence, no answer is forgotten.

`make faults` tries every case; else a drawn part of them is tried.  SOLLECITO_LINES=all, or the number of the draw.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from random import Random
from typing import NamedTuple, get_args

import pytest

from daemon.domain import journal as j
from tests.real.line_house import line_house
from tests.real.servers import MailHouse
from tests.real.struck_line import Blow, Protocol, Side, Stroke

_DRAWN = 8  # of each protocol's cases
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
    wanted = os.environ.get("SOLLECITO_LINES", "1")
    cases = every_case(protocol)
    return cases if wanted == "all" else Random(f"{protocol} {wanted}").sample(cases, _DRAWN)


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.loops.listen._FIRST_PAUSE", 0.1)
    monkeypatch.setattr("daemon.loops.listen._LONGEST_PAUSE", 0.5)


async def lived(protocol: Protocol, case: Case, mail: MailHouse, folder: Path) -> None:
    """A day on which a line breaks once, and what has to be true at its end."""
    async with line_house(mail, folder, starttls=case.starttls) as lines:
        line = lines.smtp if protocol == "smtp" else lines.imap
        line.stroke = case.stroke
        lines.smtp.cut()  # so that both are connected anew
        lines.imap.cut()
        ends = await lines.send()
        await lines.is_heard("Which order is this about?", 1)
        await lines.is_heard("We are still waiting for the number of the order.", 2)

        assert line.fell, f"{case} never came to be: {line.heard}"
        for client, end in ends.items():
            arrived = lines.arrived(client)
            assert isinstance(end, j.DeliveryAccepted | j.DeliveryInDoubt), "a broken line tells nothing of an address"
            assert arrived <= 1
            assert arrived == 1 or isinstance(end, j.DeliveryInDoubt)
        assert lines.house.entries(j.ContactFailed) == []
        assert lines.house.daemon.health.mailbox_fault is None
        assert lines.house.daemon.health.relay_fault is None


@pytest.mark.parametrize("case", tried("smtp"), ids=str)
async def test_F2_F3_F4_F8_F11_whatever_befalls_the_line_to_the_relay(
    case: Case, mail_house: MailHouse, tmp_path: Path
) -> None:
    """Each letter is there once, or in doubt, and those behind it go on."""
    await lived("smtp", case, mail_house, tmp_path)


@pytest.mark.parametrize("case", tried("imap"), ids=str)
async def test_F22_F23_F25_F26_F40_whatever_befalls_the_line_to_the_mailbox(
    case: Case, mail_house: MailHouse, tmp_path: Path
) -> None:
    """Letters wait until it was read, and leave then; every answer is heard once."""
    await lived("imap", case, mail_house, tmp_path)
