"""How the pages speak: the phrases of `report.yaml`, and those of the digest, in the owner's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.domain.ladder.quiet import Quiet, Why
from daemon.domain.reports.digest_news import Held
from daemon.mail.letters import amounts
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.digest_sheet import held_words
from daemon.mail.owner.digest_speech import Speech

Width = Literal["wide", "abbreviated"]


@dataclass(frozen=True, kw_only=True)
class Words(Speech):
    """A digest's speech that knows more phrases."""

    phrases: Mapping[str, str]  # of `wording`

    def _phrase(self, name: str) -> str:
        return self.phrases[name] if name in self.phrases else super()._phrase(name)

    def full_day(self, on: date | None) -> str:
        """`17 Nov 2026`, also in this year; "" for none."""
        return amounts.day(on, "medium", self.locale) if on else ""

    def month(self, first: date) -> str:
        return amounts.day(first, "LLLL y", self.locale)

    def short_month(self, first: date) -> str:
        return amounts.day(first, "LLL", self.locale).rstrip(".")

    def weekday_name(self, on: date, width: Width) -> str:
        return amounts.day(on, "EEEE" if width == "wide" else "EEEEEE", self.locale)

    def local(self, at: datetime) -> str:
        """The day and the time by the owner's clock."""
        local = at.astimezone(self.zone)
        return f"{self.full_day(local.date())}, {local:%H:%M}"

    def number(self, value: Decimal | int) -> str:
        return amounts.number(Decimal(value), self.locale)

    def amounts(self, sums: Sequence[Money]) -> tuple[str, ...]:
        """One sum a currency, each on a line of its own: they are never added up."""
        return tuple(self.money([money]) for money in sums)

    def late(self, days: int | None) -> str:
        return self.say("days", n=days) if days else ""

    def why(self, quiet: Quiet) -> str:
        """Why nothing goes out.  Some reasons carry more behind a colon: a hold its own, the YAML what it says."""
        text = str(quiet.why)
        for why in sorted(Why, key=lambda why: -len(why)):
            if not text.startswith(why):
                continue
            rest = clean(text[len(why) :].lstrip(": "))
            said = self.say(f"why_{why.name.lower().replace('_', '-')}", date=self.full_day(quiet.until))
            if why is Why.HELD and f"reason_{rest}" in self.pack.digest:
                rest = self.say(f"reason_{rest}")
            more = f": {rest}" if rest and why in (Why.HELD, Why.STATED_HOLD) else ""
            return self.sentence(f"{said}{more}")
        return self.sentence(self.say("needs_go") if text.startswith("waits for your go") else text)

    def held(self, held: Held) -> str:
        """One hold, on a page that names the client already."""
        return self.sentence(held_words(replace(held, name=""), self).strip())

    def reasons_for(self, letter: j.LetterQueued) -> tuple[str, ...]:
        """Why a letter goes out: how late the oldest claim is by then, and what else made it due."""
        found = []
        days = max((letter.on - claim.due_on).days for claim in letter.claims)
        if letter.level:
            distance = "due_ago" if days > 0 else "due_in" if days < 0 else "due_today"
            found.append(self.say(distance, n=abs(days)))
        if letter.promised_on:
            found.append(self.say("promise_broken", date=self.day(letter.promised_on)))
        if letter.broken_plan:
            found.append(self.say("plan_broken"))
        return tuple(found)


def named(text: str) -> str:
    """A name or a number that can be seen, and whose link can: a dash where nothing of it is printable."""
    return clean(text) or "–"
