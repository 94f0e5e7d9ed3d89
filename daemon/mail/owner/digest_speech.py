"""How the digest speaks: the phrases of the owner's language, with amounts, dates and other people's words in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.mail.letters import amounts
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import clean, filled
from daemon.mail.owner.order_short import in_mail

LONGEST_QUOTE = 140  # characters of somebody else's words
_GAPS = (
    *((f"{end}{mark}.", f"{end}{mark}") for end in ".!?…" for mark in ("”", "»", "\u00a0»", "“")),  # “ ends German
    (" .", "."),
    (" ,", ","),
    (" :", ":"),
    (": .", "."),
    (":.", "."),
    ("\u00a0.", "."),  # French keeps a space before its colon
    ("..", "."),
)
_NAMED = 2  # invoices; of more only the number is told


@dataclass(frozen=True, kw_only=True)
class Speech:
    """One language, for one digest."""

    pack: Pack
    zone: ZoneInfo  # the owner's: the creditor's time zone
    today: date
    short: Mapping[str, str] | None = None  # orders in the owner's words; None: commands are typed in a shell

    @cached_property
    def locale(self) -> str:
        return self.pack.locale

    def say(self, phrase: str, **words: object) -> str:
        """A phrase; where it has two forms, `n` chooses.  Data in it is one line of printable text."""
        return filled(self._phrase(phrase), words)

    def letter(self, name: str) -> str:
        """A letter's name in the owner's language; an own letter that the pack does not know is called as it is."""
        known = self.pack.digest.get(f"letter_{name}")
        return known if isinstance(known, str) else name.replace("-", " ")

    def reason(self, text: str) -> str:
        """A policy's reason for a call; the shipped ones are translated, an own one is left as its author wrote it."""
        known = self.pack.digest.get("reasons")
        found = known.get(text) if isinstance(known, Mapping) else None
        return str(found) if found else text

    def quoted(self, words: str) -> str:
        """Somebody else's words in quotation marks, on one line; "" for none."""
        text = clean(words).replace("”", '"').replace("“", '"').replace("»", ">")
        if len(text) > LONGEST_QUOTE:
            text = text[: LONGEST_QUOTE - 1].rstrip() + "…"
        return self.say("quote", words=text) if text else ""

    def quotes(self, text: str) -> bool:
        """Whether somebody else's words stand in it, in these quotation marks."""
        return self.say("quote", words="|").partition("|")[0] in text

    def money(self, sums: Sequence[Money]) -> str:
        return " + ".join(amounts.money(money.amount, money.currency, self.locale) for money in sums)

    def round(self, amount: Decimal) -> str:
        """Whole units, for the table of the money."""
        return amounts.number(whole(amount), self.locale)

    def day(self, on: date) -> str:
        """`17 Nov`; with the year where it is not this one."""
        pattern = self._phrase("day")
        return amounts.day(on, pattern if on.year == self.today.year else f"{pattern} y", self.locale)

    def weekday(self, on: date) -> str:
        """`Tue 17 Nov`; a language whose days have their weekday anyway says it once."""
        day = self.day(on)
        return day if "E" in self._phrase("day") else f"{amounts.day(on, 'EEE', self.locale)} {day}"

    def time(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%H:%M}"

    def moment(self, at: datetime) -> str:
        """The time of day; with the day where that is not today."""
        local = at.astimezone(self.zone)
        return self.time(at) if local.date() == self.today else f"{self.day(local.date())} {self.time(at)}"

    def numbers(self, numbers: Sequence[str]) -> str:
        if len(numbers) > _NAMED:
            return self.say("invoices", n=len(numbers))
        return ", ".join(map(clean, numbers)) or self.say("everything")

    def sentence(self, text: str) -> str:
        """Without the gaps that an absent quote or date leaves, and with a capital at its head."""
        tidy = " ".join(filter(None, text.split(" ")))
        for gap, mended in _GAPS:
            tidy = tidy.replace(gap, mended)
        first, rest = tidy[:1], tidy[1:]
        if "@" in tidy.partition(" ")[0]:
            return tidy  # an address stays as it is
        return ("İ" if first == "i" and self.pack.language == "tr" else first.upper()) + rest

    @property
    def by_mail(self) -> bool:
        """Whether commands are given by answering."""
        return self.short is not None

    def command(self, typed: str, word: str = "") -> str:
        """A command as it is given: in a shell as it is typed there, in a mail in the owner's words."""
        return typed if self.short is None else in_mail(typed, self.short, word)

    def _phrase(self, name: str) -> str:
        text = self.pack.digest[name]
        if not isinstance(text, str):
            raise TypeError(f"digest.{name} is to be a text")
        return text


def whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_EVEN)


def speech_for_owner(packs: Mapping[str, Pack], ledger: Ledger, today: date) -> Speech:
    """How the owner of these books is spoken to, on a day."""
    creditor = ledger.creditor
    return Speech(pack=packs[creditor.language], zone=creditor.timezone, today=today)
