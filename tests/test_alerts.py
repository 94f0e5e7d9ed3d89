"""What the owner hears at once, how it is put together, and that nothing is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from daemon.domain import journal as j
from daemon.domain.ledger import Ledger
from daemon.domain.owner import AlertKind, Alerts
from daemon.loops.tell import Teller
from daemon.ports import Deferred, DiskTrouble, Parcel, Problem, Submission
from tests.loop_house import START
from tests.owner_house import DESK, OwnerHouse, owned_books
from tests.virtual_time import run_virtually

MINUTE = timedelta(minutes=1)


class Home(OwnerHouse):
    """A house whose relay and disk a test can take away."""

    refuses = ""  # why the relay takes nothing for the owner
    full = False

    def __init__(self, *keys: str, alerts: Alerts | None = None) -> None:
        super().__init__(with_alerts(alerts or Alerts(), *keys))
        append = self.book._journal.append

        async def full_or_not(after: int, entries: Any) -> int:
            if self.full:
                raise DiskTrouble("no space left on device")
            return await append(after, entries)

        self.book._journal.append = full_or_not  # type: ignore[method-assign]  # the disk, not our code

    async def accept(self, parcel: Parcel) -> Submission:
        return Deferred(self.refuses) if self.refuses else await super().accept(parcel)

    @property
    def alerts(self) -> list[EmailMessage]:
        return self.box.of("alert")

    async def later(self, minutes: float = 1) -> None:
        """Let time pass, and tell what is to be told, as the loop would: at once and at the moments it asks for."""
        end = self.world.now() + minutes * MINUTE
        while True:
            moment = await self.teller.tell()
            if moment is None or moment > end or moment <= self.world.now():
                break
            await self.world.sleep_until(moment)
        await self.world.sleep_until(end)
        await self.teller.tell()

    async def hears(self, text: str, client: str = "acme") -> None:
        """A client's mail comes in."""
        self.written += 1
        at = f"Mon, 02 Nov 2026 10:31:{self.written % 60:02} +0000"
        lines = [
            f"Received: from x (x [192.0.2.9]) by mx.bianchi.example; {at}",
            f"From: Anna <anna@{client}.example>", f"To: {DESK}", f"Subject: {client}-2026-1", f"Date: {at}",
            f"Message-ID: <c{self.written}@{client}.example>", "", text, "",
        ]  # fmt: skip
        self.world.deliver("\r\n".join(lines).encode())
        await self.read()

    def again(self) -> Teller:
        """The same after a restart: what only the process knew is gone."""
        old = self.teller
        return Teller(self.book, old._owner_post, old._packs, old._words, self.health)


def with_alerts(alerts: Alerts, *keys: str) -> Ledger:
    ledger = owned_books(*keys)
    return replace(ledger, owner=replace(ledger.owner, alerts=alerts))


def played(life: Any, home: Home | None = None) -> Any:
    async def all_of_it() -> Any:
        here = home or Home()
        await here.read()
        await here.planner.run_once()
        return await life(here)

    return run_virtually(all_of_it())


def test_an_answer_is_told_at_once_with_its_words_and_the_point_to_decide() -> None:
    async def life(home: Home) -> list[EmailMessage]:
        await home.hears("We dispute this invoice: four hours are missing.")
        await home.later()
        return home.alerts

    [alert] = played(life)
    text = str(alert.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # ours always has one

    assert alert["Subject"] == "Acme S.p.A., acme-2026-1"
    assert "four hours are missing" in text
    assert "DECIDE" in text


def test_what_happens_within_twenty_seconds_is_one_mail() -> None:
    async def life(home: Home) -> list[int]:
        await home.hears("Which order is it?")
        at_once = len(home.alerts) + (await home.teller.tell() is None)
        await home.hears("Sorry, I meant: which project is it?")
        await home.later()
        return [at_once, len(home.alerts)]

    assert played(life) == [0, 1]


def test_news_that_never_pause_are_told_after_two_minutes() -> None:
    """Each would put the mail off for twenty seconds more: a storm of bounces was never told."""

    async def life(home: Home) -> float:
        began = home.world.now()
        for _ in range(100):
            await home.hears("And another thing?")
            await home.teller.tell()
            if home.alerts:
                break
            await home.world.sleep_until(home.world.now() + timedelta(seconds=10))
        return (home.world.now() - began).total_seconds()

    assert 100 <= played(life) <= 140


def test_each_client_has_a_mail_of_its_own_while_there_is_room() -> None:
    async def life(home: Home) -> list[str]:
        for client in ("acme", "beta"):
            await home.hears("Which order is it?", client)
        await home.later()
        return [str(mail["Subject"]) for mail in home.alerts]

    assert played(life, Home("acme", "beta")) == ["Acme S.p.A., acme-2026-1", "Beta S.p.A., beta-2026-1"]


def test_the_last_mail_of_an_hour_tells_all_the_rest() -> None:
    keys = ("acme", "beta", "luna", "nora", "iris")

    async def life(home: Home) -> tuple[list[str], str]:
        for client in keys:
            await home.hears("Which order is it?", client)
        await home.later()
        return [str(mail["Subject"]) for mail in home.alerts], home.text(home.alerts[-1])

    subjects, text = played(life, Home(*keys, alerts=Alerts(per_hour=3)))

    assert subjects == ["News of 5 clients"]
    assert all(key.title() in text for key in keys)


def test_no_more_than_so_many_an_hour_and_the_rest_together_when_there_is_room_again() -> None:
    async def life(home: Home) -> list[int]:
        counts = []
        for _ in range(6):
            await home.hears("And another thing?")
            await home.later(5)
            counts.append(len(home.alerts))
        await home.later(40)
        return [*counts, len(home.alerts)]

    assert played(life, Home(alerts=Alerts(per_hour=2))) == [1, 2, 2, 2, 2, 2, 3]


def test_one_invoice_is_one_thread_and_another_is_another() -> None:
    async def life(home: Home) -> list[str]:
        for client in ("acme", "beta", "acme"):
            await home.hears("And another thing?", client)
            await home.later(5)
        return [str(mail["References"]) for mail in home.alerts]

    first, second, third = played(life, Home("acme", "beta"))

    assert first == third != second


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


def test_what_is_older_than_a_day_is_for_the_digest() -> None:
    async def life(home: Home) -> int:
        await home.hears("Which order is it?")
        await home.world.sleep_until(START + timedelta(days=1, minutes=1))
        await home.later(1)
        return len(home.alerts)

    assert played(life) == 0


def test_what_the_digest_has_told_is_not_told_again() -> None:
    async def life(home: Home) -> int:
        await home.hears("Which order is it?")
        await home.world.sleep_until(home.world.now() + MINUTE)
        await home.digest()
        await home.later(10)
        return len(home.alerts)

    assert played(life) == 0
