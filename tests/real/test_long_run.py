"""Weeks and months of one process over real servers, with faults at random: nothing is lost, and nothing grows.

Ten days here; `SOLLECITO_DAYS=200` (as `make faults` sets it) lives so many.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import mean

import pytest

from daemon.domain import journal as j
from tests.real.long_run import Cost, LongRun, letters_sent
from tests.real.servers import MailHouse

DAYS = int(os.environ.get("SOLLECITO_DAYS", "10"))
SEED = 20261187  # whose first ten days have five faults
MOST_LINES = 100  # of log, a day; every letter, mail and command has one
TYPESETTER = 30.0  # MB that it takes within its first dozens of documents, and no more: tests/test_dossier_pdf.py


@pytest.mark.parametrize("seed", [SEED], ids=f"{DAYS}-days-seed-{{}}".format)
def test_F68_F1_F5_F59_F60_in_a_long_life_nothing_is_lost_and_nothing_grows(
    make_mail_house: Callable[..., MailHouse], seed: int
) -> None:
    """Killed, stopped, cut off, without room, without relay, without mailbox: every letter once, every answer once."""
    with LongRun(make_mail_house(), seed, DAYS) as run:
        run.live()
        run.check()
        lines = run.log_lines()
        doubts = len(run.place.entries(j.DeliveryInDoubt))
        faults = ", ".join(f"{fault.value} {count}" for fault, count in sorted(run.faults.items()))

    print(f"{DAYS} days, {run.lives} processes; {faults}; {run.letters} letters, {run.others.answers} answers")
    print(f"{doubts} doubts, {run.others.asked} settled by the owner; at most {max(lines)} lines of log a day")
    assert max(lines) <= MOST_LINES
    for typesets in (False, True):
        costs = [cost for cost in run.costs if cost.age and cost.typesets is typesets]  # its first day fills its caches
        third = len(costs) // 3
        if third:
            when, room = ("after a dossier", TYPESETTER) if typesets else ("before any dossier", 3.0)
            assert_flat(when, costs[:third], costs[-third:], room)


def assert_flat(when: str, first: list[Cost], last: list[Cost], room: float) -> None:
    """The history grows with the journal, a few hundred octets a fact; nothing else does."""
    memory = [[cost.memory / 1e6 for cost in third] for third in (first, last)]
    descriptors = [[cost.descriptors for cost in third] for third in (first, last)]
    for what, thirds in (("MB of memory", memory), ("descriptors", descriptors)):
        told = [f"{min(one):.0f} to {max(one):.0f}, mean {mean(one):.1f}" for one in thirds]
        print(f"{what} {when}: first third {told[0]}; last third {told[1]}")

    assert max(descriptors[1]) <= max(descriptors[0]) + 2
    assert mean(memory[1]) <= mean(memory[0]) * 1.1 + room


def test_a_letter_that_was_to_go_again_and_was_withdrawn_is_none_that_was_sent() -> None:
    """Nor is it lost: the client paid before its hour came."""
    at, on = datetime(2026, 11, 23, 10, tzinfo=UTC), date(2026, 11, 23)
    known = {"at": at, "client": "acme"}

    def doubtful(number: int) -> list[j.AnyEntry]:
        one = {**known, "letter_id": f"acme-{number}", "to": "anna@acme.example"}
        begun = j.DeliveryStarted(on=on, attempt=1, message_id=f"<{number}@b.example>", **one)
        again = j.DoubtSettled(outcome="resend", by="owner", **one)
        return [begun, j.DeliveryInDoubt(reason="the daemon stopped", **one), again]

    withdrawn = j.LetterWithdrawn(letter_id="acme-1", because="paid", **known)
    went = doubtful(2)[0]
    accepted = j.DeliveryAccepted(letter_id="acme-2", to="anna@acme.example", reply="250 Ok", **known)

    sent = letters_sent([*doubtful(1), withdrawn, *doubtful(2), went, accepted])

    assert sent["acme"] == {"<2@b.example>": 1}
