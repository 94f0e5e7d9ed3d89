"""What the owner hears at once about ourselves: each fault once, whatever is restarted, full or out of reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping

import pytest

from daemon.domain import journal as j
from daemon.domain.books.owner import AlertKind, Alerts
from daemon.loops.listen import Listener
from daemon.ports import Batch, Cursor, Problem, Unreachable
from tests.alert_home import MINUTE, Home, played
from tests.fakes import MemoryMailbox
from tests.loop_house import reader


def test_nothing_is_told_twice_not_even_after_a_restart() -> None:
    async def life(home: Home) -> list[int]:
        await home.hears("Which order is it?")
        home.health.mailbox_fault = "login refused"
        await home.later(20)
        told = len(home.alerts)
        home.teller = home.again()
        await home.later(60)
        return [told, len(home.alerts)]

    assert played(life) == [2, 2]


def test_an_outage_is_told_after_a_quarter_of_an_hour_once_and_when_it_is_over() -> None:
    async def life(home: Home) -> list[int]:
        home.health.mailbox_fault, counts = "login refused", []
        for minutes in (14, 2, 120):
            await home.later(minutes)
            counts.append(len(home.alerts))
        home.health.mailbox_fault = None
        await home.later()
        return [*counts, len(home.alerts)]

    assert played(life) == [0, 1, 1, 2]


def test_a_short_outage_is_no_news() -> None:
    async def life(home: Home) -> int:
        for _ in range(5):
            home.health.mailbox_fault = "the line broke"
            await home.later(14)
            home.health.mailbox_fault = None
            await home.later(1)
        return len(home.alerts)

    assert played(life) == 0


def test_that_an_outage_is_over_is_told_after_a_restart_too_once_the_mailbox_was_read() -> None:
    async def life(home: Home) -> list[int]:
        home.health.mailbox_fault = "login refused"
        await home.later(20)
        home.health.mailbox_fault, home.health.read_to_end_at = None, None  # as a new process begins
        home.teller = home.again()
        await home.later(1)
        unread = len(home.alerts)
        await home.read()
        await home.later(1)
        over = len(home.alerts)
        home.health.mailbox_fault = "login refused"
        await home.later(20)
        return [unread, over, len(home.alerts)]

    assert played(life) == [1, 2, 3], "and the next outage is news again"


def test_F35_that_the_mailboxs_thread_had_died_is_told_at_once_and_once_a_day() -> None:
    async def life(home: Home) -> list[str]:
        for minutes in (60, 24 * 60, 60):
            home.health.reader_died = home.world.now()
            await home.later(minutes)
        return [home.text(mail) for mail in home.alerts]

    first, second = played(life)
    for told in (first, second):
        assert "The part that reads the mailbox had died and was replaced" in told


def test_F35_a_listener_whose_thread_has_died_says_so() -> None:
    class Dying(MemoryMailbox):
        async def read(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Batch, None]:
            raise Unreachable("the thread of the mailbox connection had died", died=True)
            yield  # which makes it a generator

    async def life(home: Home) -> int:
        listening = asyncio.ensure_future(Listener(home.book, Dying(home.world), reader(), home.health).run())
        await asyncio.sleep(1)
        listening.cancel()
        await home.later(1)
        return len(home.alerts)

    assert played(life) == 1


def test_a_refused_config_is_told_once_and_the_next_problem_is_another() -> None:
    async def life(home: Home) -> list[int]:
        counts = []
        for line in (12, 12, 14):
            home.health.config_problems = (Problem(file="a.yaml", line=line, column=3, message="`due` is missing"),)
            await home.later(10)
            counts.append(len(home.alerts))
        return counts

    assert played(life) == [1, 1, 2]


def test_a_full_disk_is_told_once_and_recorded_when_it_can_be() -> None:
    """That it was told cannot be recorded meanwhile; told again every five minutes it would bury everything else."""

    async def life(home: Home) -> tuple[int, int, bool, int]:
        home.full, home.health.disk_fault = True, "no space left on device"
        await home.later(120)
        meanwhile, home.full, home.health.disk_fault = len(home.alerts), False, None
        await home.later(10)
        recorded = any(mark.startswith("disk") for mark in home.book.history.owner.marks)
        await home.hears("Which order is it?")
        await home.later(1)
        return meanwhile, len(home.alerts) - 1, recorded, len(home.alerts)

    assert played(life) == (1, 1, True, 2)


def test_answers_and_digests_too_go_once_while_the_disk_is_full() -> None:
    async def life(home: Home) -> tuple[int, int]:
        digest = await home.digest()
        home.world.deliver(home.reply("status", digest))
        await home.read()
        home.full = True
        for _ in range(10):
            await home.answerer.answer()
            await home.reporter.send()
            await home.world.sleep_until(home.world.now() + 10 * MINUTE)
        home.full = False
        assert await home.reporter.send()
        await home.answerer.answer()
        return len(home.box.of("answer")), len(home.box.of("digest")) - 1

    assert played(life) == (1, 1)


def test_while_no_mail_can_leave_it_is_tried_again_and_told_once() -> None:
    async def life(home: Home) -> list[int]:
        home.refuses = "451 later"
        await home.hears("Which order is it?")
        await home.later(12)
        meanwhile = len(home.alerts)
        home.refuses = ""
        await home.later(30)
        return [meanwhile, len([mail for mail in home.alerts if "Acme" in str(mail["Subject"])])]

    assert played(life) == [0, 1]


def test_a_mail_that_was_put_off_is_no_outage_once_what_it_was_about_has_passed() -> None:
    """A greylisted alert says nothing about the relay, and nothing else tries it."""

    async def life(home: Home) -> int:
        home.refuses, home.health.mailbox_fault = "450 4.2.0 greylisted, try again later", "the line broke"
        await home.later(31)
        home.refuses, home.health.mailbox_fault = "", None
        await home.read()
        await home.later(120)
        return len(home.alerts)

    assert played(life) == 0


def test_far_more_letters_than_a_day_may_send_are_told_as_waiting() -> None:
    async def life(home: Home) -> tuple[int, str]:
        queued = [j.decode(line) for line in home.world.lines]
        letter = next(entry for entry in queued if isinstance(entry, j.LetterQueued))
        many = [replace_letter(letter, n) for n in range(40)]
        await home.book.record(lambda _draft: many)
        await home.later(10)
        return len(home.alerts), home.text(home.alerts[-1])

    count, text = played(life)

    assert count == 1
    assert "40 letters wait for your go" in " ".join(text.split())


def replace_letter(letter: j.LetterQueued, number: int) -> j.LetterQueued:
    fields = {name: getattr(letter, name) for name in letter.__struct_fields__}
    return j.LetterQueued(**{**fields, "letter_id": f"acme-{100 + number}", "waits_for": j.Wait.PER_DAY})


@pytest.mark.parametrize("kind", [AlertKind.ANSWER, AlertKind.OUTAGE, AlertKind.CONFIG, AlertKind.DISK])
def test_what_the_config_does_not_want_is_not_told(kind: AlertKind) -> None:
    async def life(home: Home) -> int:
        if kind is AlertKind.ANSWER:
            await home.hears("Which order is it?")
        home.health.mailbox_fault = "login refused" if kind is AlertKind.OUTAGE else None
        home.health.disk_fault = "no space left" if kind is AlertKind.DISK else None
        if kind is AlertKind.CONFIG:
            home.health.config_problems = (Problem(file="a.yaml", line=1, column=1, message="x"),)
        await home.later(60)
        return len(home.alerts)

    assert played(life, Home(alerts=Alerts(kinds=frozenset(AlertKind) - {kind}))) == 0
    assert played(life, Home(alerts=Alerts(kinds=frozenset({kind})))) == 1
