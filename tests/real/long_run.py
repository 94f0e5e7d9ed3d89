"""Many days of one creditor over real servers, with faults at random; and what the process costs meanwhile."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from os import listdir
from pathlib import Path
from time import monotonic, sleep

from daemon.domain import journal as j
from tests.real.lives_by import Clock
from tests.real.long_others import MOMENTS, ROME, Others
from tests.real.process_house import Place, Running, running, slow_line, until
from tests.real.servers import MailHouse
from tests.small_disk import tmpfs

_QUIET = 0.3  # seconds without a new entry: what was to be done at this moment is done
_ROOM = 80 << 20  # octets of the state's disk


class Fault(StrEnum):
    KILL = "SIGKILL"
    STOP = "SIGTERM"
    CUT = "lines cut"
    FULL = "disk full"
    RELAY = "relay down"
    MAILBOX = "mailbox down"


_OFTEN = (1, 1, 3, 3, 3, 3)  # how often each, so that a process lives for some weeks


def fates(chance: random.Random, days: int) -> list[Fault | None]:
    """What befalls each day.  Drawn before anything is: what the others do depends on what has arrived by then."""
    return [chance.choices([*Fault], _OFTEN)[0] if chance.random() < 0.4 else None for _ in range(days)]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one day, in the evening."""

    life: int  # which process
    age: int  # days that it has lived
    memory: int  # octets, resident
    typesets: bool  # has made a dossier: the typesetter stays loaded, with what it has learned of its fonts
    descriptors: int


class LongRun:
    """A place, a clock, a process at a time, and everybody else."""

    def __init__(self, mail: MailHouse, seed: int, days: int) -> None:
        self.mail, self.days = mail, days
        self._fates = fates(random.Random(seed), days)
        self.chance = random.Random(seed)
        self.place = Place(mail, mail.new_user("fatture"), mail.new_user("giulia"), ROME.key)
        self.clock = Clock(self.place.folder / "clock")
        self.others = Others(mail, self.place, self.clock, self.chance, days)
        self.first = self.others.first
        self.costs: list[Cost] = []
        self.faults: Counter[Fault] = Counter()
        self.letters = self.lives = 0  # letters that were sent; processes
        self._born = 0  # day on which this process was started
        self._daemon: Running | None = None
        self._open = ExitStack()

    def __enter__(self) -> LongRun:
        self.place.__enter__()
        self.disk = self._open.enter_context(tmpfs(self.place.folder / "disk", size=_ROOM))
        self.place.state = self.place.folder / "disk" / "state"
        self.smtp = self._open.enter_context(slow_line(self.mail.postfix.starttls_port))
        self.imap = self._open.enter_context(slow_line(self.mail.dovecot.tls_port))
        self.others.keep_books(self.smtp.port, self.imap.port)
        return self

    def __exit__(self, *how: object) -> None:
        self._open.close()
        self.place.__exit__(*how)  # type: ignore[arg-type]  # as they come

    # -- days ---------------------------------------------------------------------------------------------------

    def live(self) -> None:
        self.others.bank_tells(self.first)
        self.clock.set(datetime.combine(self.first, time(5), ROME))
        process = self._start()
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            fault = self._fates.pop(0)
            if day.weekday() == 0:
                self.others.bank_tells(day)
            moments = MOMENTS if day.weekday() < 5 else MOMENTS[:2]
            for moment in moments:
                self.clock.set(datetime.combine(day, moment, ROME))
                if fault is not None and moment == MOMENTS[1]:
                    process = self._befalls(fault, process)
                if moment == MOMENTS[0] and day.weekday() < 5:
                    self._await_digest(day)
                self._settled()
                self.others.do_their_part(moment)
            self._note_cost()
        self._last_evening()
        process.close()

    def _start(self) -> ExitStack:
        """A new process, ready."""
        self.lives += 1
        self._born = len(self.costs)
        process = ExitStack()
        program = ["-m", "tests.real.lives_by", str(self.place.folder / "clock")]
        self._daemon = process.enter_context(running(self.place, program=program)).ready()
        return process

    def _note_cost(self) -> None:
        process = f"/proc/{self.daemon.process.pid}"
        kilobytes = int(re.search(r"VmRSS:\s+(\d+)", Path(f"{process}/status").read_text())[1])  # type: ignore[index]  # proc(5)
        typesets = "typst" in Path(f"{process}/maps").read_text()
        descriptors = len(listdir(f"{process}/fd"))
        age = len(self.costs) - self._born
        self.costs.append(Cost(self.lives, age, kilobytes << 10, typesets, descriptors))

    def _last_evening(self) -> None:
        """Everything works again; the owner settles what is still in doubt."""
        for days in range(1, 8):
            self.clock.set(datetime.combine(self.first + timedelta(days=self.days + days), MOMENTS[1], ROME))
            self._settled()
            self.others.settle_doubts()
        until(lambda: not self.mail.postfix.queued(), "an empty queue")
        until(lambda: len(self._answers()) >= self.others.answers, "every answer")
        self._settled()
        assert self.daemon.stop() == 0
        until(lambda: not self.mail.postfix.queued(), "an empty queue after the last letter")

    def _answers(self) -> Counter[str]:
        return Counter(entry.mail for entry in self.place.entries(j.ReplyReceived))

    @property
    def daemon(self) -> Running:
        assert self._daemon is not None
        return self._daemon

    def _befalls(self, fault: Fault, process: ExitStack) -> ExitStack:
        """Something happens while letters leave; then all is as before, by another process where this one ended."""
        self.faults[fault] += 1
        sleep(self.chance.uniform(0.05, 0.6))
        match fault:
            case Fault.KILL | Fault.STOP:
                if fault is Fault.KILL:
                    self.daemon.kill()
                else:
                    assert self.daemon.stop() == 0
                process.close()
                return self._start()
            case Fault.CUT:
                for line in (self.smtp, self.imap):
                    line.cut_from_outside("reset")
            case Fault.FULL:
                self.disk.fill()
                self._settled()
                self.others.do_their_part(MOMENTS[1])
                self.disk.free()
            case Fault.RELAY:
                self.mail.postfix.stop()
                self._settled()
                self.mail.postfix.restart()
            case Fault.MAILBOX:
                self.mail.dovecot.stop()
                self._settled()
                self.mail.dovecot.restart()
        return process

    def _await_digest(self, day: date) -> None:
        """It comes each business morning; where the relay was still ill from yesterday, after ten minutes or twenty."""
        for minutes in (0, 11, 22, 33):
            if minutes:
                self.clock.set(datetime.combine(day, MOMENTS[0], ROME) + timedelta(minutes=minutes))
            end = monotonic() + 10
            while monotonic() < end:
                lines = self.place.journal_text()[-200_000:].splitlines()
                if any(b'"DigestSent"' in line and f'"on":"{day}"'.encode() in line for line in lines):
                    return
                sleep(0.05)
        raise AssertionError(f"no digest on {day}: {self.daemon.log.read_text()[-4000:]}")

    def _settled(self) -> None:
        """Until the journal has grown no more for a moment."""
        size, since = -1, monotonic()
        while monotonic() - since < _QUIET:
            assert self.daemon.process.poll() is None, self.daemon.log.read_text()[-4000:]
            if (now := (self.place.state / "journal.jsonl").stat().st_size) != size:
                size, since = now, monotonic()
            sleep(0.03)

    # -- what came of it ----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Counted at the receiving end, after the last process has ended."""
        entries = self.place.entries()
        answers = self._answers()
        digests = Counter(entry.on for entry in entries if isinstance(entry, j.DigestSent))
        known = letters_sent(entries)
        for key, account in self.others.clients.items():
            arrived = Counter(str(mail["Message-ID"]) for mail in self.place.has(account))
            sent = known[key]

            assert arrived == sent, f"{key}: lost {sent - arrived}, twice or unknown {arrived - sent}"
            self.letters += sum(sent.values())
        weekdays = [day for n in range(self.days) if (day := self.first + timedelta(days=n)).weekday() < 5]
        assert (len(answers), {*answers.values()}) == (self.others.answers, {1}), (
            "an answer was forgotten, or counts twice"
        )
        assert {day: digests[day] for day in weekdays if digests[day] != 1} == {}, "one digest each business day"

    def log_lines(self) -> list[int]:
        """Of each process, a day."""
        logs = sorted(self.place.folder.glob("log-*"))
        ages = Counter(cost.life for cost in self.costs)
        return [len(log.read_bytes().splitlines()) // max(ages[life], 1) for life, log in enumerate(logs, 1)]


def letters_sent(entries: Sequence[j.AnyEntry]) -> defaultdict[str, Counter[str]]:
    """By client, the Message-IDs of what was sent, as far as the journal knows; nothing may be in doubt any more.

    "Resend" is not sent: what became due for it may have been paid or held meanwhile, and then it is withdrawn.
    """
    begun: dict[str, str] = {}
    ended: dict[str, j.AnyEntry] = {}
    for entry in entries:
        match entry:
            case j.DeliveryStarted():
                begun[entry.letter_id] = entry.message_id
            case j.DeliveryAccepted() | j.DoubtSettled() | j.DeliveryInDoubt():
                ended[entry.letter_id] = entry
    sent: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for letter_id, end in ended.items():
        assert not isinstance(end, j.DeliveryInDoubt), f"{letter_id} is in doubt"
        if isinstance(end, j.DeliveryAccepted) or (isinstance(end, j.DoubtSettled) and end.outcome == "sent"):
            sent[end.client][begun[letter_id]] += 1
    return sent
