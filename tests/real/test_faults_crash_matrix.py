"""F68: SIGKILL at every durable step of a day and at random lines; a disk that fails or fills at any of them.

A day of each kind here, chosen by a seed that stands in the test's name; `SOLLECITO_KILLED_DAYS=1000` (as `make faults`
sets it) is enough for every durable step, before and after it, and forty days of twelve random lines.  What struck, and
what became of the doubts, is counted in the JUnit report, which `scripts/faults.py` reads.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import pytest

from daemon.domain import journal as j
from tests.real.crash_day import Day
from tests.real.servers import MailHouse
from tests.small_disk import Limited, Tmpfs

SEED = 20261128
STEPS, FIRST_STEPS = 80, 18  # of a day; of its very first start
LINES = {  # about so many of a day, by the part of its work (`tests.real.killed_at.PARTS`)
    "sending": 2800, "reading": 3600, "commands": 950, "digest": 1900, "records": 9500, "bank and dossier": 1300,
}  # fmt: skip
DAYS_OF_LINES, DAYS_OF_NARROW_DISKS = 40, 10
AT_MOST = int(os.environ.get("SOLLECITO_KILLED_DAYS", "1"))  # days of each kind
Lived = TypeVar("Lived")
Note = Callable[[str, object], None]  # pytest's `record_property`
Kills = tuple[str, ...]  # see `tests.real.killed_at`; one for each process of the day


def some(days: Sequence[Lived]) -> list[Lived]:
    """All of them, or as many as are wanted."""
    return list(days) if len(days) <= AT_MOST else random.Random(SEED).sample(days, AT_MOST)


def at_any_step() -> list[Kills]:
    """At one step, and at another one while it recovers."""
    chance = random.Random(SEED)
    return [
        (f"{first}:{step}", f"{then}:{chance.randint(1, 30)}")
        for step in range(1, STEPS + 1)
        for first, then in (("before", "after"), ("after", "before"))
    ]


def at_any_first_step() -> list[Kills]:
    return [(f"{side}:{step}",) for step in range(1, FIRST_STEPS + 1) for side in ("before", "after")]


def at_any_line(seed: int) -> Kills:
    """Twice in each part, and early in it: the next process goes on where this one ended, and has lines left to run."""
    chance = random.Random(seed)
    parts = chance.sample([*LINES, *LINES], 2 * len(LINES))
    return tuple(f"{part}:{chance.randint(1, LINES[part] // 4)}" for part in parts)


def named(kills: Kills) -> str:
    return f"seed-{SEED}-{'-'.join(kills)}"


@pytest.mark.parametrize("kills", some(at_any_step()), ids=named)
def test_F68_F1_a_day_that_is_killed_at_any_durable_step_is_done_once(
    mail_house: MailHouse, kills: Kills, record_property: Note
) -> None:
    """Letters lost 0, twice 0, answers forgotten 0; what the mailbox proves about a doubt settles it."""
    lived_through(mail_house, kills, record_property)


@pytest.mark.parametrize("kills", some(at_any_first_step()), ids=named)
def test_F68_F59_a_first_start_that_is_killed_at_any_durable_step_is_begun_again(
    mail_house: MailHouse, kills: Kills, record_property: Note
) -> None:
    """A half-made state is no lost one."""
    lived_through(mail_house, kills, record_property, fresh=True)


@pytest.mark.parametrize("seed", some(range(SEED, SEED + DAYS_OF_LINES)), ids="seed-{}".format)
def test_F68_F1_a_day_that_is_killed_at_any_line_is_done_once(
    mail_house: MailHouse, seed: int, record_property: Note
) -> None:
    """Of sending, of reading, of the owner's commands, of the digest: each process but the last is killed at one."""
    assert lived_through(mail_house, at_any_line(seed), record_property) > 0


@pytest.mark.parametrize("step", some(range(1, STEPS + 1)), ids=f"seed-{SEED}-broken-{{}}".format)
def test_F68_F60_after_an_io_error_at_any_step_the_next_process_ends_the_day(
    mail_house: MailHouse, step: int, record_property: Note
) -> None:
    """A failed sync ends the process, for nobody knows what is on the disk; it finds out when it starts again."""
    lived_through(mail_house, (f"broken:{step}",), record_property)


@pytest.mark.parametrize("seed", some(range(SEED, SEED + DAYS_OF_NARROW_DISKS)), ids="seed-{}".format)
def test_F60_F68_a_day_on_a_disk_that_is_full_or_read_only_now_and_then_is_done_once(
    mail_house: MailHouse, seed: int
) -> None:
    """And the process is killed meanwhile, too."""
    chance = random.Random(seed)
    with Day(mail_house, disk=1_500_000) as day:
        with day.disk.read_only():
            assert day.live(may_fail=True)
            assert day.failures == 1, "it says so and ends"
        with short_of_room(day.disk, chance):
            for _ in range(3):
                day.live(f"before:{chance.randint(1, STEPS)}", may_fail=True)
        while day.live(may_fail=True):
            pass
        day.check()


@contextmanager
def short_of_room(disk: Tmpfs | Limited, chance: random.Random) -> Iterator[None]:
    """The disk is full for a second or two, again and again."""
    over = threading.Event()

    def fill() -> None:
        while not over.wait(chance.uniform(0.3, 1.5)):
            disk.fill()
            over.wait(chance.uniform(0.5, 1.5))
            disk.free()

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        yield
    finally:
        over.set()
        filling.join()


def lived_through(mail: MailHouse, kills: Kills, note: Note, *, fresh: bool = False) -> int:
    """Live a day by so many processes, of which each is struck, if it comes so far, and one that ends it.

    Returns:
        How many were struck.
    """
    with Day(mail, fresh=fresh) as day:
        ends = []
        for when in kills:
            if not day.live(when, may_fail=when.startswith("broken")):
                break
            ends.append(day.last_step())
            note("struck", when.partition(":")[0])
        while day.live():
            pass
        day.check()
        doubts = len(day.place.entries(j.DeliveryInDoubt))
        settled = Counter(f"{entry.outcome} by {entry.by}" for entry in day.place.entries(j.DoubtSettled))
    note("doubts", doubts)
    for how in settled.elements():
        note("settled", how)
    print(f"ended at {ends}: {doubts} doubts, {dict(settled)}")
    return len(ends)
