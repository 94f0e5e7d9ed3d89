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
from daemon.mail.clauses import Clauses
from daemon.mail.phrases import PhraseSet
from daemon.mail.promised import day_beside, day_of, only_a_day
from daemon.mail.sentences import sentences
from daemon.mail.speech import PERHAPS, UNLESS, Speech
from daemon.mail.sums import sums_in

# what wins when a mail says several things: what needs a person first, then what is surest
_ORDER = (
    Intent.DISPUTE, Intent.WRONG_CONTACT, Intent.STOP, Intent.PAID, Intent.PROMISE,
    Intent.CANNOT_PAY, Intent.EXTENSION, Intent.COPY, Intent.QUESTION,
)  # fmt: skip
_FIRM = (Intent.PAID, Intent.PROMISE)
_LONGEST_AFTERTHOUGHT = 9  # words of a sentence that only adds a condition


@dataclass(frozen=True, slots=True)
class Meant:
    """The meaning of a reply; `because` names the words that decided."""

    intent: Intent
    because: str
    promised_on: date | None = None
    amount: Decimal | None = None
    part: bool = False  # only a part of what is owed is promised, or was paid


def read_intent(words: str, speeches: list[Speech], written: date) -> Meant:
    """The meaning of the new words of a reply.

    `speeches` come with the likeliest language first; the others are asked only when that one finds nothing.
    """
    said = sentences(words)
    for speech in speeches:
        meant = _in_language(said, speech, written)
        if meant is not None:
            return meant
    if any("?" in sentence for sentence in said):
        return Meant(Intent.QUESTION, "a question mark")
    return Meant(Intent.UNCLEAR, "no words that decide")


def _in_language(said: list[str], speech: Speech, written: date) -> Meant | None:
    """What one language finds: what is said surely before what is said perhaps, each in the order of `_ORDER`."""
    surely: dict[Intent, Meant] = {}
    perhaps: dict[Intent, Meant] = {}
    for number, sentence in enumerate(said):
        matches = list(speech.intents.finditer(sentence))
        if not matches:
            continue
        clauses = Clauses.of(sentence, speech.joints, speech.linked)
        taken_back = [(name[len(UNLESS) :], match) for name, match in matches if name.startswith(UNLESS)]
        for name, match in matches:
            if name.startswith(UNLESS):
                continue
            found, intent = (
                (perhaps, Intent(name[len(PERHAPS) :])) if name.startswith(PERHAPS) else (surely, Intent(name))
            )
            if intent in found or intent in surely:
                continue
            start, end = clauses.around(*match.span())
            if any(taken == intent.value and start <= by.start() < end for taken, by in taken_back):
                continue
            meant = (
                _firm(intent, match, clauses, said, number, speech, written)
                if intent in _FIRM
                else Meant(intent, _quoted(match))
            )
            if meant is not None:
                found[intent] = meant
    for intent in _ORDER:
        if intent in surely:
            return surely[intent]
    alone = only_a_day(said, speech, written)
    if alone is not None:
        return Meant(Intent.PROMISE, f"nothing but a day: {alone.because}", promised_on=alone.on)
    for intent in _ORDER:
        if intent in perhaps:
            return perhaps[intent]
    return None


def _firm(
    intent: Intent, match: re.Match[str], clauses: Clauses, said: list[str], number: int, speech: Speech, written: date
) -> Meant | None:
    """A promise or a payment, when nothing near it takes it back."""
    sentence = clauses.sentence
    clause = _plain(slice(*clauses.around(*match.span())), sentence, speech)
    wide = _plain(slice(*clauses.wide(*match.span())), sentence, speech)
    if sentence.endswith("?") or _hit(speech.negations, clause) or _hit(speech.hedges, wide):
        return None
    part = _hit(speech.partial, sentence) is not None
    sums = sums_in(sentence)
    amount = sums[0] if len(sums) == 1 else None
    if intent is Intent.PAID:
        if _hit(speech.future, clause) or _hit(speech.conditions, clause):
            return None
        return Meant(intent, _quoted(match), amount=amount, part=part)
    if _hit(speech.asks, clause) or _hit(speech.conditions, _plain(slice(None), sentence, speech)):
        return None
    following = said[number + 1] if number + 1 < len(said) else ""
    if _taken_back(following, speech):
        return None
    promised = day_of(match, clauses, speech, written) or day_beside(said, number, speech, written)
    if promised is None:
        return None  # no day, or one that cannot be told: the owner reads it
    return Meant(intent, f"{_quoted(match)}, {promised.because}", promised_on=promised.on, amount=amount, part=part)


def _taken_back(sentence: str, speech: Speech) -> bool:
    """Whether a short sentence of its own only adds a condition ("We pay Friday. If we get the credit note.")."""
    plain = _plain(slice(None), sentence, speech)
    found = _hit(speech.conditions, plain)
    return found is not None and found.start() == 0 and "," not in plain and len(plain.split()) <= _LONGEST_AFTERTHOUGHT


def _hit(pattern: PhraseSet | None, text: str) -> re.Match[str] | None:
    """The first match; "Sí, ..." is a yes, where "si ..." is an if."""
    if pattern is None:
        return None
    for match in pattern.finditer(text):
        if match.group(0) == "si" and text[match.end() :].lstrip()[:1] in (",", "!", ":"):
            continue
        return match
    return None


def _plain(part: slice, sentence: str, speech: Speech) -> str:
    """A stretch of the sentence without phrases such as "no later than", which negate nothing."""
    text = sentence[part]
    return speech.harmless.without(text) if speech.harmless is not None else text.strip()


def _quoted(match: re.Match[str]) -> str:
    return f'"{match.group(0).strip()[:80]}"'
