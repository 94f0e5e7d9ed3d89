"""What makes a promise or a payment less than firm: a negation, a condition, a hope, another invoice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from daemon.mail.language.accents import Accents
from daemon.mail.language.clauses import Clauses
from daemon.mail.language.phrase_index import Found, PhraseSet
from daemon.mail.language.speech import Speech

_LONGEST_AFTERTHOUGHT = 14  # words of a sentence that only adds a condition
_LONGEST_DENIAL = 4  # words
_WORDS_BEFORE = 2  # "But only if you ..."
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Hedges:
    """What stands around the words that promise a payment or report one."""

    speech: Speech
    clauses: Clauses
    match: Found
    accents: Accents

    @property
    def around(self) -> str:
        """The clause of the words, as it stands."""
        return self.clauses.sentence[slice(*self.clauses.around(self.match.start, self.match.end))]

    @property
    def questioned(self) -> bool:
        """Whether their sentence asks something."""
        return self.clauses.sentence.endswith("?")

    @property
    def in_question(self) -> bool:
        """The same, but for a clause behind them that only asks the creditor to look: "I paid, could you check?"."""
        last = self.clauses.bounds[-1]
        behind = self.clauses.around(self.match.start, self.match.end)[1] <= last[0]
        return self.questioned and not (behind and self._hit(self.speech.checks, self.clauses.sentence[slice(*last)]))

    @property
    def taken_back(self) -> bool:
        """A negation in the clause, or a hope in it or in a short one beside it."""
        wide = self.clauses.sentence[slice(*self.clauses.wide(self.match.start, self.match.end))]
        return self._hit(self.speech.negations, self.around) or self._hit(self.speech.hedges, wide)

    @property
    def not_yet(self) -> bool:
        """Whether a payment is still to come or only thought of.

        One word by itself, as "beglichen", may end what a clause before it began.
        """
        said = self.around if " " in self.match.words else self.clauses.sentence[: self.match.end]
        return self._hit(self.speech.future, said) or self._hit(self.speech.conditions, said)

    @property
    def for_others(self) -> bool:
        """Whether the clause names whom or what is paid, and it is none of `ours`: "he paid the brewery"."""
        around = self.around
        named = list(self.speech.objects.finditer(around)) if self.speech.objects is not None else []
        return bool(named) and not any(self._is_ours(found, around[: found.start]) for found in named)

    def _is_ours(self, named: Found, before: str) -> bool:
        led = "".join(before.rsplit(maxsplit=1)[-1:])  # "mit" der Karte
        found = self.speech.ours.finditer(f"{led} {named.words}") if self.speech.ours is not None else ()
        return any(word.end > len(led) for word in found)

    @property
    def only_wished(self) -> bool:
        """Whether they stand behind a colon, and before it that one cannot say so: "I wish I could write: paid"."""
        start = self.clauses.around(self.match.start, self.match.end)[0]
        if not self.clauses.sentence[:start].rstrip().endswith(":"):
            return False
        before = [bound for bound in self.clauses.bounds if bound[1] < start]
        said = self.clauses.sentence[before[-1][0] : start] if before else ""
        return self._hit(self.speech.says, said) and self._doubted(said)

    @property
    def opposed(self) -> bool:
        """Whether a "but" behind them begins a clause with a denial, a hope or a condition: "but I do not know how"."""
        return self._opposed_in(self.clauses, self.match.end)

    def opposed_by(self, following: str) -> bool:
        """The same of a sentence that begins with the "but"."""
        against = self.speech.against
        if against is None or not any(found.start == 0 for found in against.finditer(following)):
            return False
        return self._opposed_in(Clauses.of(following, self.speech.joints, self.speech.linked), 0)

    def _opposed_in(self, clauses: Clauses, start: int) -> bool:
        said = clauses.sentence[start:]
        found = self.speech.against.search(said) if self.speech.against is not None else None
        if found is None:
            return False
        behind = start + found.end
        return self._doubted(clauses.sentence[behind : clauses.around(behind, behind + 1)[1]])

    def retracted(self, following: str) -> bool:
        """Whether what follows leaves nothing of them: "just kidding", "God knows"."""
        return any(
            self._hit(self.speech.retracts, said) for said in (self.clauses.sentence[self.match.end :], following)
        )

    @property
    def supposed(self) -> bool:
        """Whether a complaint is none yet: "if anything is broken", "kırık çıkarsa"; "if you do not mend it" is one."""
        start, end = self.clauses.around(self.match.start, self.match.end)
        clause = self.clauses.sentence[start:end].rstrip()
        complaint, after = self.match.start - start, self.match.end - start
        return any(
            found.end == len(clause)
            or (found.start < after and not self._hit(self.speech.negations, clause[found.end : complaint]))
            for found in _without_yes(self.speech.supposes, clause, self.accents)
        )

    @property
    def asked(self) -> bool:
        """Whether the clause asks something of the creditor."""
        return self._hit(self.speech.asks, self.around)

    @property
    def on_condition(self) -> bool:
        """A condition anywhere in the sentence, unless it belongs to the rest ("half on Friday, the rest if ...")."""
        own = self.clauses.around(self.match.start, self.match.end)
        said = [
            self.clauses.sentence[start:end].strip()
            for start, end in self.clauses.bounds
            if (own[0] <= start < own[1]) or not self._of_the_rest(start, end)
        ]
        return self._hit(self.speech.conditions, " , ".join(said))

    def _of_the_rest(self, start: int, end: int) -> bool:
        partial = self.speech.partial
        return (
            start > self.match.start
            and partial is not None
            and partial.search(self.clauses.sentence[start:end]) is not None
        )

    def of_afterthought(self, sentence: str) -> bool:
        """Whether a short sentence of its own only adds a condition ("We pay Friday. If we get the credit note.").

        In Turkish it ends the sentence.
        """
        plain = self._plain(sentence)
        found = list(_without_yes(self.speech.conditions, plain, self.accents))
        if not any(plain[: one.start].count(" ") <= _WORDS_BEFORE or one.end == len(plain) for one in found):
            return False
        if "," in plain or plain.endswith("?") or len(plain.split()) > _LONGEST_AFTERTHOUGHT:
            return False
        of_the_rest = self.speech.partial is not None and self.speech.partial.search(plain) is not None
        return not of_the_rest

    def withdrawn(self, following: str) -> bool:
        """Whether the next sentence does nothing but deny: "We will pay on Friday. No we won't." """
        plain = self._plain(following)
        denied = next(_without_yes(self.speech.negations, plain, self.accents), None)
        return denied is not None and denied.start == 0 and len(plain.split()) <= _LONGEST_DENIAL

    def after_asking(self, before: str) -> bool:
        """Whether it only follows from what the sentence before asks for: "Can you send it again? Then we pay"."""
        then = self.speech.then
        begun = then is not None and any(found.start == 0 for found in then.finditer(self.clauses.sentence))
        return begun and (before.endswith("?") or self._hit(self.speech.asks, before))

    def _doubted(self, text: str) -> bool:
        speech = self.speech
        return any(self._hit(doubt, text) for doubt in (speech.negations, speech.hedges, speech.conditions))

    def _hit(self, pattern: PhraseSet | None, text: str) -> bool:
        return next(_without_yes(pattern, self._plain(text), self.accents), None) is not None

    def _plain(self, text: str) -> str:
        """The text without phrases such as "no later than", which negate nothing."""
        return self.speech.harmless.without(text) if self.speech.harmless is not None else text.strip()


def _without_yes(pattern: PhraseSet | None, text: str, accents: Accents) -> Iterator[Found]:
    """The matches, but for a "Sí, ..." that is a yes, where "si ..." is an if."""
    for match in pattern.finditer(text, accents) if pattern is not None else ():
        if match.words != "si" or text[match.end :].lstrip()[:1] not in (",", "!", ":"):
            yield match


def of_another_invoice(texts: Iterable[str], about: frozenset[str]) -> bool:
    """Whether one of the texts names invoice numbers in the shape of ours, and none of ours: "2026-094 was paid"."""
    if not about:
        return False
    shapes = {_DIGITS.sub("9", number) for number in about}
    for text in texts:
        named = {word for word in text.split() if _DIGITS.sub("9", word) in shapes}
        if named and not named & about:
            return True
    return False
