"""The parts of an order beside the words of its command: what it is about, amounts, days, addresses.

All ways to read them are found; whether there is only one is for `lines` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from daemon.mail.orders.about import About, says_no
from daemon.mail.orders.amounts import amounts_at
from daemon.mail.orders.shapes import Shape, Slot
from daemon.mail.orders.tokens import Token
from daemon.mail.orders.words import LONGEST_DAY, OrderWords

MOST_READINGS = 60  # of one line
_ADDRESS = re.compile(r"[^\s@<>()\",;:]{1,64}@[^\s@<>()\",;:]{1,255}")
_COUNT = re.compile(r"[1-9][0-9]?")


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found so far."""

    targets: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    day: date | None = None
    client: str = ""
    numbers: tuple[str, ...] = ()
    text: str = ""
    everything: bool = False
    count: int | None = None
    every: str = ""
    parts: tuple[tuple[date, Decimal], ...] = ()
    cancel: bool = False


@dataclass(slots=True)
class Filling:
    """Reads the words of a line that are not its command's."""

    tokens: Sequence[Token]
    places: Sequence[int]  # the word's number in the line, for each token: the command's own words part a run
    shape: Shape
    words: OrderWords
    about: About
    days_of: Callable[[str], frozenset[date]]  # the days that a text may mean
    stuck: int = 0  # the furthest word that no reading got beyond
    _fully: dict[int, tuple[tuple[int, date], ...]] = field(default_factory=dict)

    def readings(self) -> list[Parts]:
        """Every way to read all of the words, each once."""
        found: list[Parts] = []
        open_ways = [(0, Parts())]
        seen = {(0, Parts())}
        while open_ways and len(found) < MOST_READINGS and len(seen) < MOST_READINGS * 8:
            at, parts = open_ways.pop()
            self.stuck = max(self.stuck, at)
            if at == len(self.tokens):
                found.append(parts)
                continue
            for way in self._ways(at, parts):
                if way not in seen:
                    seen.add(way)
                    open_ways.append(way)
        return found

    def _ways(self, at: int, parts: Parts) -> Iterator[tuple[int, Parts]]:
        takes = self.shape.takes
        for length, _ in self.words.lists["filler"].at(self.tokens, at):
            yield at + length, parts
        if Slot.TARGET in takes and not parts.everything:
            yield from self._targets(at, parts)
        if Slot.EVERYTHING in takes and not parts.targets:
            for length, _ in self.words.lists["all"].at(self.tokens, at):
                yield at + length, replace(parts, everything=True)
        if Slot.AMOUNT in takes and parts.amount is None:
            for length, amount, currency in self._amounts(at):
                yield at + length, replace(parts, amount=amount, currency=currency)
        if Slot.DAY in takes and parts.day is None:
            for length, day in self.days_at(at):
                yield at + length, replace(parts, day=day)
        if Slot.CLIENT in takes:
            yield from self._clients(at, parts)
        if Slot.VERDICT in takes and not parts.text:
            for verdict in ("sent", "resend"):
                for length, _ in self.words.lists[verdict].at(self.tokens, at):
                    yield at + length, replace(parts, text=verdict)
        if Slot.CURRENCY in takes and not parts.currency:
            for length, currency in self.words.currencies.at(self.tokens, at):
                yield at + length, replace(parts, currency=currency)
        if Slot.ADDRESS in takes and not parts.text and _ADDRESS.fullmatch(self.tokens[at].raw):
            yield at + self._copies(at), replace(parts, text=self.tokens[at].raw)
        if Slot.PLAN in takes:
            yield from self._plan(at, parts)

    def _targets(self, at: int, parts: Parts) -> Iterator[tuple[int, Parts]]:
        """One more, where the command takes several: behind a comma or an "and" at least for what takes amounts."""
        start = at
        if parts.targets:
            joined = bool(self.tokens[at - 1].ends)
            for length, _ in self.words.lists["and"].at(self.tokens, at):
                start, joined = at + length, True
            if Slot.SEVERAL not in self.shape.takes or (not joined and Slot.AMOUNT in self.shape.takes):
                return
        for length, _ in self.words.lists["item"].at(self.tokens, start):
            if says_no(self.tokens[start]):
                continue
            for more, target in self.about.targets(self.tokens, start + length, self.words.endings):
                yield start + length + more, replace(parts, targets=(*parts.targets, target))
        for more, target in self.about.targets(self.tokens, start, self.words.endings):
            if self._together(start, more):
                yield start + more, replace(parts, targets=(*parts.targets, target))
        if Slot.SEVERAL in self.shape.takes and Slot.AMOUNT not in self.shape.takes:
            listed = self.about.listed(self.tokens[start]) if start < len(self.tokens) else ()
            if listed:
                yield start + 1, replace(parts, targets=(*parts.targets, *listed))

    def _clients(self, at: int, parts: Parts) -> Iterator[tuple[int, Parts]]:
        if not parts.client:
            for length, client in self.about.clients(self.tokens, at):
                yield at + length, replace(parts, client=client)
            for length, target in self.about.targets(self.tokens, at, self.words.endings):
                client, slash, number = target.partition("/")
                if slash and number in self.about.invoices.get(client, {}):
                    yield at + length, replace(parts, client=client, numbers=(number,))
            return
        for length, target in self.about.targets(self.tokens, at, self.words.endings):
            number = target.removeprefix(f"{parts.client}/")
            if number in self.about.invoices.get(parts.client, {}):
                yield at + length, replace(parts, numbers=(*parts.numbers, number))

    def _amounts(self, at: int) -> Iterator[tuple[int, Decimal, str]]:
        for length, amount, currency in amounts_at(
            self.tokens, at, self.words, among_items=bool(self.about.items) and not self.shape.takes >= {Slot.PLAN}
        ):
            if self._together(at, length):
                yield length, amount, currency

    def days_at(self, at: int) -> Iterator[tuple[int, date]]:
        """How many words each day has that begins there, with the words before and behind it."""
        if at not in self._fully:
            starts = {at}
            for name in self.shape.before_day:
                starts |= {at + length for length, _ in self.words.lists[name].at(self.tokens, at)}
            self._fully[at] = tuple((length, day) for start in sorted(starts) for length, day in self._bare(at, start))
        yield from self._fully[at]

    def _bare(self, at: int, start: int) -> Iterator[tuple[int, date]]:
        for length in range(min(LONGEST_DAY, len(self.tokens) - start), 0, -1):
            if not self._together(start, length):
                continue
            said = " ".join(token.word + ("," if token.ends == "," else "") for token in self.tokens[start:][:length])
            days = self.days_of(said.rstrip(","))
            if days:
                end = start + length
                for more, _ in self.words.lists["behind"].at(self.tokens, end):
                    end += more
                    break
                for day in days:
                    yield end - at, day
                return

    def _plan(self, at: int, parts: Parts) -> Iterator[tuple[int, Parts]]:
        """ "in 3 parts from 15/12, monthly", or "15/12 400, 15/1 820", or "off"."""
        token, shaped = self.tokens[at], parts.count is not None or parts.day or parts.every
        if parts.count is None and not parts.parts and not parts.cancel:
            behind = at + 1
            if _COUNT.fullmatch(token.word) and behind < len(self.tokens) and not self.tokens[behind].option:
                for length, _ in self.words.lists["parts"].at(self.tokens, behind):
                    yield behind + length, replace(parts, count=int(token.word))
            for length, _ in self.words.lists["parts"].at(self.tokens, at):  # --parts 3
                number = at + length
                if number < len(self.tokens) and _COUNT.fullmatch(self.tokens[number].word):
                    yield number + 1, replace(parts, count=int(self.tokens[number].word))
        if not parts.parts and not parts.cancel:
            if parts.day is None:
                for length, day in self.days_at(at):
                    yield at + length, replace(parts, day=day)
            if not parts.every:
                for length, every in self.words.every.at(self.tokens, at):
                    yield at + length, replace(parts, every=every)
        if not shaped and not parts.cancel:
            if not parts.parts:
                for length, _ in self.words.lists["cancel"].at(self.tokens, at):
                    yield at + length, replace(parts, cancel=True)
            for length, day in self.days_at(at):
                for more, amount, currency in self._amounts(at + length) if at + length < len(self.tokens) else ():
                    if currency in ("", parts.currency) or not parts.parts:
                        found = replace(parts, parts=(*parts.parts, (day, amount)), currency=currency or parts.currency)
                        yield at + length + more, found

    def _copies(self, at: int) -> int:
        """How many words an address takes: "new@acme.example <mailto:new@acme.example>" are two."""
        behind = self.tokens[at + 1].raw.removeprefix("mailto:") if at + 1 < len(self.tokens) else ""
        return 2 if behind.lower() == self.tokens[at].raw.lower() else 1

    def _together(self, start: int, length: int) -> bool:
        """Whether so many words stand side by side in the line."""
        return self.places[start + length - 1] - self.places[start] == length - 1
