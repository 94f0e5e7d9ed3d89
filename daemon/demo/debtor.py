"""A client of the creditor: mailboxes, and what they do when mail comes.  They know nothing of the daemon."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from email.message import EmailMessage
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from daemon.demo.answers import answer, parsed, text_of
from daemon.demo.bank import Bank, Transfer
from daemon.demo.correspondent import Correspondent
from daemon.demo.story import Act, Manners, Story
from daemon.ports import Clock

_PAYS_AT = time(11)
Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Debtor:
    """One client.

    Args:
        people: their mailboxes; the first letter may reach any of them.
        owed: what they owe, by invoice.
        spawn: runs a coroutine beside the caller.
    """

    def __init__(
        self,
        story: Story,
        people: Sequence[Correspondent],
        owed: dict[str, Decimal],
        *,
        clock: Clock,
        bank: Bank,
        language: str,
        zone: ZoneInfo,
        manners: Mapping[str, Manners],
        random: Random,
        spawn: Spawn,
    ) -> None:
        self.people = people
        self._story = story
        self._owed = owed
        self._clock = clock
        self._bank = bank
        self._language = language
        self._zone = zone
        self._manners = manners[language]
        self._spawn = spawn
        self._letters = self._notes = 0
        # Drawn beforehand, so that nothing depends on who comes first.
        self._todo = [(act, timedelta(hours=random.uniform(*act.after))) for act in story.acts]

    def begin(self) -> None:
        """Watch every mailbox, and the calendar."""
        for person in self.people:
            self._spawn(self._watch(person))
        for act, after in self._todo:
            if act.on.day is not None:
                start = datetime.combine(act.on.day, time(), self._zone)
                self._spawn(self._do_at(start + after, act, None, None))

    async def _watch(self, person: Correspondent) -> None:
        while True:
            for content in await person.next_mails():
                self._take_in(person, parsed(content))

    def _take_in(self, person: Correspondent, mail: EmailMessage) -> None:
        by_machine = "Auto-Submitted" in mail
        self._letters += by_machine
        self._notes += not by_machine
        text = text_of(mail)
        named = sum(number in text for number in self._owed)
        for act, after in list(self._todo):
            on = act.on
            due = (
                (by_machine and on.letter == self._letters)
                or (by_machine and on.naming is not None and named >= on.naming)
                or (not by_machine and on.note == self._notes)
            )
            if due:
                self._todo.remove((act, after))
                self._spawn(self._do_at(self._clock.now() + after, act, person, mail))

    async def _do_at(self, moment: datetime, act: Act, person: Correspondent | None, mail: EmailMessage | None) -> None:
        await self._clock.sleep_until(moment)
        if act.pay is not None:
            self._pay(act.pay)
        if act.bounces:
            self._bank.transfers.append(
                Transfer(number=act.bounces, amount=Decimal(0), on=self._today(), returned=True)
            )
        if not act.reply or person is None or mail is None:
            return
        now = self._clock.now().astimezone(self._zone)
        promised = _weekday(now.date() + timedelta(days=act.promise)) if act.promise else None
        day = format_date(promised, self._manners.day, locale=self._language) if promised else ""
        made = answer(
            mail,
            act.reply.replace("{day}", day),
            name=person.name,
            address=person.address,
            message_id=person.message_id(),
            at=now,
            manners=self._manners,
            language=self._language,
            mailer=act.mailer,
            subject=act.subject,
            auto=act.auto,
        )
        await person.send(made)
        if promised and act.keeps:
            await self._clock.sleep_until(datetime.combine(promised, _PAYS_AT, self._zone))
            self._pay("all")

    def _pay(self, what: str | Mapping[str, Decimal]) -> None:
        today = self._today()
        amounts = dict(self._owed) if isinstance(what, str) else what
        for number, amount in amounts.items():
            paid = min(Decimal(amount), self._owed[number])
            if paid > 0:
                self._owed[number] -= paid
                self._bank.transfers.append(Transfer(number=number, amount=paid, on=today))

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()


def _weekday(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
