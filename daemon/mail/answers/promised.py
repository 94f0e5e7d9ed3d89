"""Which of the days that a mail names is the one on which the money is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from daemon.domain.books.reading import Intent
from daemon.mail.language.clauses import Clauses
from daemon.mail.language.dates import Day
from daemon.mail.language.phrase_index import Found
from daemon.mail.language.speech import Speech

_LONGEST_BESIDE = 8  # words of the next sentence that may carry the day
_LONGEST_BARE = 16  # words of an answer that may be nothing but a day
_LONGEST_BEFORE = 4  # and of the sentence before
_MOST_AHEAD = timedelta(days=270)  # "at the end of August", said in October: the one that is past


@dataclass(frozen=True, slots=True)
class Promised:
    """The day, and the words that name it."""

    on: date
    because: str


def day_of(match: Found, clauses: Clauses, speech: Speech, written: date, *, own_clause: bool) -> Promised | None:
    """The day that belongs to the promise in `match`: one of its clause, else the nearest of the sentence.

    Args:
        own_clause: only a day of the clause itself counts.
    """
    back = _back_then(clauses.sentence, speech, written)
    days = [
        day
        for day in _ahead(clauses.sentence, speech, written)
        if not _asked(day, clauses, speech) and not (back and _at_once(day, clauses.sentence, speech))
    ]
    if not days:
        return _promised(back[0], clauses.sentence) if len({day.on for day in back}) == 1 else None
    start, end = clauses.around(match.start, match.end)
    pool = [day for day in days if start <= day.start < end] or ([] if own_clause else days)
    if not pool:
        return None
    arrival = _arrival(days, clauses, speech)
    if arrival is not None and arrival.on >= max(day.on for day in pool):
        return _promised(arrival, clauses.sentence)
    if len({day.on for day in pool}) > 1:
        if _either(pool, clauses.sentence, speech):
            return None
        pool = [min(reversed(pool), key=lambda day: _distance(day, match))]  # of several inside, the last: verbs end
    return _promised(pool[0], clauses.sentence)


def lies_ahead(match: Found, clauses: Clauses, speech: Speech, written: date) -> bool:
    """Whether the clause of the match names a day to come and none that is past: then nothing was paid yet.

    A weekday or a bare "the 3rd" tells nothing: "paid on Friday" is the last one.
    """
    start, end = clauses.around(match.start, match.end)
    days = [d for d in speech.dates.find(clauses.sentence, written) if start <= d.start < end and not d.vague]
    return bool(days) and all(day.on > written for day in days)


def day_beside(said: list[str], number: int, speech: Speech, written: date) -> Promised | None:
    """The day where the promise's own sentence has none: of a short sentence behind it, or of the one it points to."""
    if speech.dates.find(said[number], written):
        return None
    beside: list[tuple[str, bool]] = []  # a sentence, and whether a day set aside in it counts
    if number + 1 < len(said) and len(said[number + 1].split()) <= _LONGEST_BESIDE:
        beside.append((said[number + 1], False))
    if number:
        before = said[number - 1]
        points_back = speech.then is not None and speech.then.search(said[number]) is not None
        if points_back or len(before.split()) <= _LONGEST_BEFORE:
            beside.append((before, points_back))
    for sentence, pointed_at in beside:
        if sentence.endswith("?") or _doubtful(sentence, speech) or _tells_payment(sentence, speech):
            continue
        found = speech.dates.find(sentence, written) if pointed_at else _ahead(sentence, speech, written)
        days = [day for day in found if day.on >= written]
        if len({day.on for day in days}) == 1:
            return _promised(days[0], sentence)
    return None


def only_a_day(said: list[str], speech: Speech, written: date) -> Promised | None:
    """ "Friday." or "ok, tomorrow, sorry": a whole answer that says nothing but when (`filler` words aside)."""
    text = " . ".join(said)
    return _bare_day(text, speech, written) if "?" not in text else None


def day_by_itself(said: list[str], speech: Speech, written: date) -> Promised | None:
    """The day of the one sentence that says nothing but when, in an answer that asks nothing."""
    if any("?" in sentence for sentence in said):
        return None
    short = [sentence for sentence in said if sentence.count(" ") < _LONGEST_BESIDE]
    found = [day for sentence in short if (day := _bare_day(sentence, speech, written)) is not None]
    return found[0] if len(found) == 1 else None


def _bare_day(text: str, speech: Speech, written: date) -> Promised | None:
    if speech.filler is None or len(text.split()) > _LONGEST_BARE:
        return None
    days = _ahead(text, speech, written)
    if len({day.on for day in days}) != 1:
        return None
    rest = text
    for day in reversed(days):
        rest = rest[: day.start] + rest[day.end :]
    return _promised(days[0], text) if speech.only_fills(rest) else None


def _ahead(sentence: str, speech: Speech, written: date) -> list[Day]:
    """The days from the mail's own on, without those that belong to something else ("the invoice due 30 June")."""
    days = [day for day in speech.dates.find(sentence, written) if written <= day.on <= written + _MOST_AHEAD]
    if days and speech.aside is not None:
        others = [found.end for found in speech.aside.finditer(sentence)]
        days = [
            day for day in days if not any(-1 <= day.start - end <= 1 or day.start < end <= day.end for end in others)
        ]
    if days and speech.aside_behind is not None:
        others = [found.start for found in speech.aside_behind.finditer(sentence)]
        days = [day for day in days if not any(0 <= start - day.end <= 1 for start in others)]
    return days


def _back_then(sentence: str, speech: Speech, written: date) -> list[Day]:
    """The day on which somebody is back, where the sentence points to it: "back on the 18th, it goes out that day"."""
    pointing = [found.start for found in speech.then.finditer(sentence)] if speech.then is not None else []
    if not pointing:
        return []
    before = [found.end for found in speech.back.finditer(sentence)] if speech.back is not None else []
    behind = [found.start for found in speech.back_behind.finditer(sentence)] if speech.back_behind is not None else []
    return [
        day
        for day in (speech.dates.find(sentence, written) if before or behind else ())
        if day.on >= written
        and any(day.end <= start for start in pointing)
        and (
            any(-1 <= day.start - end <= 1 or day.start < end <= day.end for end in before)
            or any(0 <= start - day.end <= 1 for start in behind)
        )
    ]


def _at_once(day: Day, sentence: str, speech: Speech) -> bool:
    """Whether the day itself points to the day back: "back on Monday, she'll pay it straight away"."""
    pointing = speech.then.finditer(sentence) if speech.then is not None else ()
    return any(found.start <= day.start and day.end <= found.end for found in pointing)


def _arrival(days: list[Day], clauses: Clauses, speech: Speech) -> Day | None:
    """The one day on which the money is said to arrive: "ordered today, with you on Monday"."""
    if speech.arrives is None or len(days) < 2:
        return None
    found = [
        day
        for day in days
        if speech.arrives.search(clauses.sentence[slice(*clauses.around(day.start, day.end))]) is not None
    ]
    return found[0] if len({day.on for day in found}) == 1 else None


def _asked(day: Day, clauses: Clauses, speech: Speech) -> bool:
    """Whether the day is one until which the creditor is asked to do something: "please send it by Friday"."""
    if speech.asks is None:
        return False
    asked = clauses.sentence[slice(*clauses.around(day.start, day.end))]
    return speech.asks.search(speech.harmless.without(asked) if speech.harmless is not None else asked) is not None


def _doubtful(sentence: str, speech: Speech) -> bool:
    plain = speech.harmless.without(sentence) if speech.harmless is not None else sentence
    return any(
        pattern is not None and pattern.search(plain) is not None
        for pattern in (speech.negations, speech.conditions, speech.hedges, speech.asks)
    )


def _tells_payment(sentence: str, speech: Speech) -> bool:
    """Whether its day is the one of a payment: "Paid half today. The other half will follow." """
    return any(name == Intent.PAID.value for name, _ in speech.intents.finditer(sentence))


def _either(days: list[Day], sentence: str, speech: Speech) -> bool:
    """Whether the sentence leaves open which of them: "Friday or Monday"."""
    between = sentence[min(day.end for day in days) : max(day.start for day in days)]
    return speech.either is not None and speech.either.search(between) is not None


def _distance(day: Day, match: Found) -> int:
    return max(day.start - match.end, match.start - day.end, 0)


def _promised(day: Day, sentence: str) -> Promised:
    return Promised(day.on, f'"{sentence[day.start : day.end]}" = {day.on.isoformat()}')
