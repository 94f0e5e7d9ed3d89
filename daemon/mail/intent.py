"""What a person means: promises with their day, "paid", disputes, and the rest.

Cautious on purpose: a wrong "promise" or "paid" is worse than `unclear`, which holds and shows the owner the words.  A
question, a negation, a condition or a hope is neither a promise nor a payment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daemon.domain.reading import Intent
from daemon.mail.dates import Day
from daemon.mail.phrases import PhraseSet, sentences
from daemon.mail.speech import Speech
from daemon.mail.sums import sums_in

# what wins when a mail says several things: what needs a person first, then what is surest
_ORDER = (
    Intent.DISPUTE, Intent.WRONG_CONTACT, Intent.STOP, Intent.PAID, Intent.PROMISE,
    Intent.CANNOT_PAY, Intent.EXTENSION, Intent.COPY, Intent.QUESTION,
)  # fmt: skip
_FIRM = (Intent.PAID, Intent.PROMISE)
_BREAKS = re.compile(r" [,;:] ")


@dataclass(frozen=True, slots=True)
class Meant:
    """The meaning of a reply; `because` names the words that decided."""

    intent: Intent
    because: str
    promised_on: date | None = None
    amount: Decimal | None = None


def read_intent(words: str, speeches: list[Speech], written: date) -> Meant:
    """The meaning of the new words of a reply.

    `speeches` come with the likeliest language first; the others are asked only when that one finds nothing.
    """
    said = sentences(words)
    for speech in speeches:
        found = _in_language(said, speech, written)
        if found:
            for intent in _ORDER:
                if intent in found:
                    return found[intent]
    if any("?" in sentence for sentence in said):
        return Meant(Intent.QUESTION, "a question mark")
    return Meant(Intent.UNCLEAR, "no words that decide")


def _in_language(said: list[str], speech: Speech, written: date) -> dict[Intent, Meant]:
    found: dict[Intent, Meant] = {}
    for number, sentence in enumerate(said):
        tried: set[Intent] = set()
        for name, match in speech.intents.finditer(sentence):
            intent = Intent(name)
            if intent in found or intent in tried:
                continue
            if intent in _FIRM:
                meant = _firm(intent, match, sentence, said[number + 1 : number + 2], speech, written)
                tried.add(intent)  # what hinders one promise of a sentence hinders all
            else:
                meant = Meant(intent, _quoted(match))
            if meant is not None:
                found[intent] = meant
    return found


def _firm(
    intent: Intent, match: re.Match[str], sentence: str, following: list[str], speech: Speech, written: date
) -> Meant | None:
    """A promise or a payment, when nothing in its sentence takes it back."""
    clause = _clause(match, sentence, speech)
    if sentence.endswith("?") or _hit(speech.negations, clause):
        return None
    plain = speech.harmless.without(sentence) if speech.harmless is not None else sentence
    if _hit(speech.conditions, plain, comma=True) or _hit(speech.hedges, plain):
        return None
    if following and _taken_back(following[0], speech):
        return None
    amounts = sums_in(sentence)
    amount = amounts[0] if len(amounts) == 1 else None
    if intent is Intent.PAID:
        if _hit(speech.future, clause):
            return None
        return Meant(intent, _quoted(match), amount=amount)
    days = speech.dates.find(sentence, written)
    ahead = {day.on for day in days if day.on >= written}
    if not ahead and following and len(following[0].split()) <= 5 and not following[0].endswith("?"):
        days = speech.dates.find(following[0], written)
        ahead = {day.on for day in days if day.on >= written}
    if len(ahead) != 1 or _hit(speech.partial, sentence):
        return None  # no day, several days, or a part: the owner reads it
    on = ahead.pop()
    return Meant(intent, f"{_quoted(match)}, {_day_words(days, on, sentence)}", promised_on=on, amount=amount)


def _taken_back(sentence: str, speech: Speech) -> bool:
    """Whether a short sentence of its own only adds a condition ("We pay Friday. If we get the credit note.")."""
    found = _hit(speech.conditions, sentence, comma=True)
    return found is not None and found.start() == 0 and "," not in sentence and len(sentence.split()) <= 9


def _hit(pattern: PhraseSet | None, sentence: str, *, comma: bool = False) -> re.Match[str] | None:
    """The first match; with `comma`, one that is not a word on its own ("Sí, ..." is a yes, "si ..." an if)."""
    if pattern is None:
        return None
    for match in pattern.finditer(sentence):
        if comma and sentence[match.end() :].lstrip()[:1] in (",", "!", ":") and match.group(0) == "si":
            continue
        return match
    return None


def _clause(match: re.Match[str], sentence: str, speech: Speech) -> str:
    """The clause in which the match stands, without phrases such as "no later than".  Commas end clauses."""
    start, end = 0, len(sentence)
    for mark in _BREAKS.finditer(sentence):
        if mark.end() <= match.start():
            start = mark.end()
        elif mark.start() >= match.end():
            end = mark.start()
            break
    clause = sentence[start:end]
    return speech.harmless.without(clause) if speech.harmless is not None else clause


def _quoted(match: re.Match[str]) -> str:
    return f'"{match.group(0).strip()[:80]}"'


def _day_words(days: list[Day], on: date, sentence: str) -> str:
    for day in days:
        if day.on == on and day.end <= len(sentence):
            return f'"{sentence[day.start : day.end]}" = {on.isoformat()}'
    return on.isoformat()
