"""What a person means: promises with their day, "paid", disputes, and the rest.

Cautious on purpose: a wrong "promise" or "paid" is worse than `unclear`, which holds and shows the owner the words.  A
question, a negation, a condition or a hope is neither a promise nor a payment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from daemon.domain.books.reading import Intent
from daemon.mail.answers.firm import Hedges, of_another_invoice
from daemon.mail.answers.promised import day_beside, day_by_itself, day_of, lies_ahead, only_a_day
from daemon.mail.language.accents import Accents
from daemon.mail.language.clauses import Clauses
from daemon.mail.language.phrase_index import Found
from daemon.mail.language.sentences import MOST_TEXT, sentences
from daemon.mail.language.speech import PERHAPS, UNLESS, Speech, words_in
from daemon.mail.language.sums import sums_in

# what wins when a mail says several things: what needs a person first, then what is surest
_ORDER = (
    Intent.DISPUTE, Intent.WRONG_CONTACT, Intent.STOP, Intent.PAID, Intent.PROMISE,
    Intent.CANNOT_PAY, Intent.EXTENSION, Intent.COPY, Intent.QUESTION, Intent.UNCLEAR,
)  # fmt: skip
_FIRM = (Intent.PAID, Intent.PROMISE)
_FEW_LANGUAGES = 3  # among which the words have told the likeliest; more of them: they told nothing
_MOST_TRIES = 8  # of each of these in one sentence: every try looks through all of it


@dataclass(frozen=True, slots=True)
class Meant:
    """The meaning of a reply; `because` names the words that decided."""

    intent: Intent
    because: str
    promised_on: date | None = None
    amount: Decimal | None = None
    part: bool = False  # only a part of what is owed is promised, or was paid


def read_intent(words: str, speeches: list[Speech], written: date, about: frozenset[str] = frozenset()) -> Meant:
    """The meaning of the new words of a reply.

    `speeches` come with the likeliest language first; the others are asked only when that one finds nothing.

    Args:
        about: the invoice numbers that the mail is about, folded; what is said of another is not said of these.
    """
    said = sentences(words)
    accents = Accents(words[:MOST_TEXT])
    listeners = [
        _Listener(speech.undivided(speech.untagged(said), written), accents, speech, written, about)
        for speech in speeches
    ]
    for place, listener in enumerate(listeners):
        meant = listener.meaning()
        if meant is None:
            continue
        if meant.intent in _FIRM and (len(words) > MOST_TEXT or _denied(meant.intent, place, listeners, words)):
            continue  # what is too long to be read to its end, or another likely language takes back, is not firm
        return meant
    if speeches:
        said = speeches[0].untagged(said)
    if any("?" in sentence for sentence in said):
        return Meant(Intent.QUESTION, "a question mark")
    return Meant(Intent.UNCLEAR, "no words that decide")


def _denied(intent: Intent, place: int, listeners: list[_Listener], text: str) -> bool:
    """Whether the text may be in another language, in which it takes the same back: "no payment" is no German.

    Among few languages only one that is likelier does so; and never one with no word of its own in the text, or with
    fewer than this one has.
    """
    listener = listeners[place]
    others = listeners if len(listeners) > _FEW_LANGUAGES else listeners[:place]
    said = words_in(text)
    return any(
        other is not listener
        and _has_own_words(said, other.speech, listener.speech)
        and other.meaning() is None
        and intent in other.denied
        for other in others
    )


def _has_own_words(said: frozenset[str], speech: Speech, other: Speech) -> bool:
    own = said & (speech.stopwords - other.stopwords)
    return bool(own) and len(own) >= len(said & (other.stopwords - speech.stopwords))


@dataclass(frozen=True, slots=True)
class _Listener:
    """One language on one answer."""

    said: list[str]  # its sentences, `normal`
    accents: Accents
    speech: Speech
    written: date
    about: frozenset[str]
    denied: set[Intent] = field(default_factory=set)  # what was said and taken back
    questioned: set[Intent] = field(default_factory=set)  # what was said in a question: it contests nothing for sure

    def meaning(self) -> Meant | None:
        """What is said surely before what is said perhaps, each in the order of `_ORDER`; None: nothing."""
        surely: dict[Intent, Meant] = {}
        perhaps: dict[Intent, Meant] = {}
        for number, sentence in enumerate(self.said):
            self._hear(sentence, number, surely, perhaps)
        if (Intent.PAID in surely or Intent.PAID in perhaps) and self._still_open(surely):
            surely.pop(Intent.PAID, None)
            perhaps.pop(Intent.PAID, None)
        if Intent.DISPUTE in self.questioned and surely.keys() & {*_FIRM}:
            return perhaps[Intent.DISPUTE]  # what may be a dispute is not told as a payment
        for intent in _ORDER:
            if intent in surely:
                return surely[intent]
        alone = self._alone()
        if alone is not None:
            return alone
        day = day_by_itself(self.said, self.speech, self.written)
        if day is not None:
            perhaps.setdefault(Intent.PROMISE, Meant(Intent.PROMISE, f"a day by itself: {day.because}", day.on))
        return next((perhaps[intent] for intent in _ORDER if intent in perhaps), None)

    def _still_open(self, surely: dict[Intent, Meant]) -> bool:
        """Whether what was paid is another invoice or a part only, of which the rest is promised in the same mail."""
        promise, paid = surely.get(Intent.PROMISE), surely.get(Intent.PAID)
        rest = promise is not None and promise.part and promise.promised_on != self.written  # today's is no rest
        if rest and paid is not None and paid.part:
            return True
        partial = self.speech.partial
        asked = (
            [sentence for sentence in self.said if self._asks_which(sentence)] if paid is not None and paid.part else ()
        )
        if partial is not None and any(partial.search(sentence) is not None for sentence in asked):
            return True  # "is this about the second half or did the first not reach you?"
        unpaid = self.speech.unpaid
        return unpaid is not None and any(unpaid.search(sentence) is not None for sentence in self.said)

    def _asks_which(self, sentence: str) -> bool:
        """Whether it asks which of two it is: it tells of neither how it is, nor whether it is paid."""
        either = self.speech.either
        return sentence.endswith("?") and either is not None and either.search(sentence) is not None

    def _hear(self, sentence: str, number: int, surely: dict[Intent, Meant], perhaps: dict[Intent, Meant]) -> None:
        matches = list(self.speech.intents.finditer(sentence, self.accents))
        if not matches:
            return
        clauses = Clauses.of(sentence, self.speech.joints, self.speech.linked)
        taken_back = [(name[len(UNLESS) :], match.start) for name, match in matches if name.startswith(UNLESS)]
        tries = dict.fromkeys(_FIRM, _MOST_TRIES)
        promising = {match.start for name, match in matches if name == Intent.PROMISE.value}
        for name, match in matches:
            if name.startswith(UNLESS):
                continue
            doubtful = name.startswith(PERHAPS)
            intent = Intent(name[len(PERHAPS) :] if doubtful else name)
            asked = intent is Intent.DISPUTE and not doubtful and sentence.endswith("?")
            if intent is Intent.DISPUTE and self._asks_which(sentence):
                continue  # "for the broken window or for the door?"
            found = perhaps if doubtful or asked else surely
            if asked and intent in found:
                self.questioned.add(intent)
            if intent in found or intent in surely:
                continue
            start, end = clauses.around(match.start, match.end)
            if any(taken == intent.value and start <= at < end for taken, at in taken_back):
                self.denied.add(intent)
                continue
            if intent in _FIRM:
                tries[intent] -= 1
                if tries[intent] < 0:
                    continue  # a sentence that says it so often says nothing for sure
                ahead = intent is Intent.PROMISE or match.start in promising
                meant = self._firm(intent, match, clauses, number, own_clause=doubtful, ahead=ahead)
                if meant is not None and meant.part and intent is Intent.PROMISE and self._proposes(number, surely):
                    self.denied.add(intent)
                    continue
            elif intent is Intent.DISPUTE and Hedges(self.speech, clauses, match, self.accents).supposed:
                self.denied.add(intent)
                continue
            else:
                meant = Meant(intent, _quoted(match))
            if meant is not None:
                found[intent] = meant
                if asked:
                    self.questioned.add(intent)

    def _proposes(self, number: int, surely: dict[Intent, Meant]) -> bool:
        """Whether a part only says how they would pay what they ask for: "In three? 400 now, the rest in June"."""
        return number > 0 and self.said[number - 1].endswith("?") and Intent.EXTENSION in surely

    def _firm(
        self, intent: Intent, match: Found, clauses: Clauses, number: int, *, own_clause: bool, ahead: bool
    ) -> Meant | None:
        """A promise or a payment, when nothing near it takes it back; what is taken back is `denied`.

        Args:
            own_clause: the day has to stand in the clause itself: a hint does not reach further.
            ahead: whether the words promise, or may promise as well: "pagamos" is "we pay" and "we paid".
        """
        sentence = clauses.sentence
        following = self.said[number + 1] if number + 1 < len(self.said) else ""
        if self._taken_back(intent, match, clauses, number, following, ahead=ahead):
            self.denied.add(intent)
            return None
        partial = self.speech.partial
        part = partial is not None and any(partial.search(said) is not None for said in (sentence, following))
        sums = sums_in(sentence)
        amount = sums[0] if len(sums) == 1 else None
        if intent is Intent.PAID:
            return Meant(intent, _quoted(match), amount=amount, part=part)
        day = day_of(match, clauses, self.speech, self.written, own_clause=own_clause)
        if day is None and not own_clause:
            day = day_beside(self.said, number, self.speech, self.written)
        if day is None:
            return None  # no day, or one that cannot be told: the owner reads it
        return Meant(intent, f"{_quoted(match)}, {day.because}", promised_on=day.on, amount=amount, part=part)

    def _taken_back(
        self, intent: Intent, match: Found, clauses: Clauses, number: int, following: str, *, ahead: bool
    ) -> bool:
        """Whether what stands around a promise or a payment says that it is none."""
        sentence = clauses.sentence
        doubts = Hedges(self.speech, clauses, match, self.accents)
        if (
            (doubts.questioned if ahead else doubts.in_question)
            or doubts.taken_back
            or doubts.asked
            or self._of_another((doubts.around, sentence))
            or doubts.for_others
            or doubts.only_wished
            or doubts.retracted(following)
        ):
            return True
        if ahead and doubts.of_afterthought(following):
            return True
        if intent is Intent.PAID:
            return doubts.not_yet or lies_ahead(match, clauses, self.speech, self.written)
        if doubts.on_condition or doubts.opposed or doubts.opposed_by(following) or doubts.withdrawn(following):
            return True
        return number > 0 and doubts.after_asking(self.said[number - 1])

    def _of_another(self, texts: tuple[str, str]) -> bool:
        """Whether one of them names another invoice, and not only beside ours: "together with 2026-038"."""
        beside = self.speech.together
        return of_another_invoice((beside.without(text) for text in texts) if beside is not None else texts, self.about)

    def _alone(self) -> Meant | None:
        """ "Friday." or "Done, thanks.": an answer that says nothing else."""
        day = only_a_day(self.said, self.speech, self.written)
        if day is not None:
            return Meant(Intent.PROMISE, f"nothing but a day: {day.because}", promised_on=day.on)
        done, text = self.speech.done, " . ".join(self.said)
        match = done.search(text, self.accents) if done is not None else None
        later = self.speech.future is not None and self.speech.future.search(text) is not None
        if done is not None and match is not None and not later and self.speech.only_fills(done.without(text)):
            return Meant(Intent.PAID, f"nothing but {_quoted(match)}")
        return None


def _quoted(match: Found) -> str:
    return f'"{match.words.strip()[:80]}"'
