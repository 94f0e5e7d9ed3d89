"""The new words of a reply: without the quoted thread, the signature and the disclaimer.

One pass over the lines, each looked at a bounded number of times (F39: "On On On" costs nothing).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daemon.mail.answers.quote_words import BUILT_IN
from daemon.mail.answers.quotes import LONGEST_LABEL, QuoteMarks, asks_to_write_above, next_filled
from daemon.mail.answers.signature import SignOffs
from daemon.mail.language.phrases import strings
from daemon.mail.language.sentences import fold, fold_ascii

MOST_LINES = 3000
_MOST_LOOKED = 200  # characters of a line that decide what it is
_FOOTER = 80  # lines from the end in which a disclaimer may begin
_LONGEST_PHONE = 120  # characters of "Sent from my telephone"
_WORD = re.compile(r"[^\s\W][^\s,;:]*")
_MARKS = "*\"'([{<>)]},;:.!-_"  # what stands around a word
_DEVICE = re.compile(
    r"\b(?:iphone|ipad|ipod|galaxy|android|huawei|xiaomi|samsung|blackberry|yahoo|"
    r"outlook (?:for|pour|fur|per|para|voor|ios))"
)  # the last line of a mail, whatever the language of the telephone


@dataclass(frozen=True, slots=True)
class Stripper:
    """What ends the new words, in all languages at once."""

    quotes: QuoteMarks
    signatures: SignOffs
    phones: tuple[str, ...]  # "sent from my"
    begun_phones: frozenset[str]  # their first two characters: no other line needs a closer look
    disclaimers: Mapping[str, tuple[str, ...]]  # "this e-mail is confidential", by their first words

    @classmethod
    def of(cls, packs: Iterable[Mapping[str, object]]) -> Stripper:
        """From the `reading:` sections of all language packs and the built-in marks of other languages."""
        packs = list(packs)
        lists: dict[str, dict[str, None]] = {}
        for quote in (BUILT_IN, *(pack.get("quote") for pack in packs)):
            for key, value in quote.items() if isinstance(quote, Mapping) else ():
                for phrase in strings(value):
                    lists.setdefault(key, {}).setdefault(fold(phrase))

        def all_of(key: str) -> tuple[str, ...]:
            return tuple(lists.get(key, ()))

        quotes = QuoteMarks(
            openers=tuple(opener + " " for opener in all_of("openers")),
            closers=all_of("closers"),
            labels=frozenset(all_of("labels")),
            originals=frozenset(all_of("originals")),
        )
        signatures = SignOffs(
            closings=frozenset(all_of("closings")),
            thanks=frozenset(all_of("thanks")),
            meaningful=frozenset(word for pack in packs for word in _meaningful(pack) if len(word) > 1),
        )
        phones = all_of("phones")
        return cls(
            quotes, signatures, phones, frozenset(phone[:2] for phone in phones), _by_first_word(all_of("disclaimers"))
        )

    def new_words(self, text: str, sender: str = "") -> str:
        """What the writer typed, trimmed; "" when there is nothing new.

        Args:
            sender: the From field, decoded: a name below the text is known by it.
        """
        lines = [line.rstrip() for line in text.replace("\r", "\n").split("\n", MOST_LINES)[:MOST_LINES]]
        kept = _trim(self._without_quote(lines))
        return "\n".join(_trim(self.signatures.without(kept, sender)))

    def _without_quote(self, lines: list[str]) -> list[str]:
        kept: list[str] = []
        said: list[str] = []  # the same lines, folded
        quotes = self.quotes
        for here, folded in enumerate(_folded(lines)):
            if folded:
                first, last = folded[0], folded[-1]
                if first == ">" or (first == "|" and last != "|"):
                    continue
                if folded == "--" and any(said):
                    break
                if last in ":-*":
                    length = quotes.attribution(lines, here, folded)
                    if length:
                        del kept[len(kept) - length + 1 :], said[len(said) - length + 1 :]
                        if not next_filled(lines, here + 1).startswith((">", "|")):
                            break  # quoted without marks: all that follows is old
                        continue
                if 0 < folded.find(":") < LONGEST_LABEL and quotes.header_block(lines, here, folded):
                    break
                if (first in "-_*=" or last == ":") and quotes.original(lines, here, folded):
                    break
                if first == "#" and asks_to_write_above(folded):
                    if any(said):
                        break
                    continue
                if folded[:2] in self.begun_phones and folded.startswith(self.phones) and len(folded) < _LONGEST_PHONE:
                    continue
            kept.append(lines[here])
            said.append(folded)
        kept = _trim(kept[: self._disclaimer(said)])
        return kept[:-1] if _by_telephone(kept) else kept

    def _disclaimer(self, said: list[str]) -> int:
        """The line at which a disclaimer begins; behind the last line when there is none."""
        start = max(0, len(said) - _FOOTER)
        whole = "\n".join(said[start:])
        words = set(whole.split())
        words.update([word.strip(_MARKS) for word in words if not word.isalpha()])
        begun = self.disclaimers.keys() & words
        candidates = [words for first in begun for words in self.disclaimers[first]]
        found = [words for words in candidates if words in whole and _stands_alone(words, whole)]
        if found:
            for number, line in enumerate(said[start:], start):
                if any(words in line for words in found) and any(said[:number]):
                    return number  # behind what they say: "the VAT is wrong, we're registered in Ireland" is none
        return len(said)


def _by_first_word(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        first = _WORD.search(phrase)
        if first is not None:
            found.setdefault(first[0].strip(_MARKS), []).append(phrase)
    return {first: tuple(begun) for first, begun in found.items()}


def _stands_alone(words: str, text: str) -> bool:
    """Whether words stand in a text as words of their own."""
    return re.search(rf"(?<!\w){re.escape(words)}", text) is not None


def _by_telephone(lines: list[str]) -> bool:
    """Whether the last line is a telephone's: its own paragraph, a device and no sentence of a person's."""
    if len(lines) > 1 and lines[-2].strip():
        return False
    last = fold(lines[-1].strip()) if lines else ""
    return (
        len(last) < _LONGEST_PHONE and len(last.split()) <= 8 and "?" not in last and _DEVICE.search(last) is not None
    )


def _meaningful(pack: Mapping[str, object]) -> Iterable[str]:
    """Single words that say something by themselves: days, months, "ok"."""
    dates, words = pack.get("dates"), pack.get("words")
    for key in ("weekdays", "months", "in_days"):
        named = dates.get(key) if isinstance(dates, Mapping) else None
        for value in named.values() if isinstance(named, Mapping) else ():
            yield from map(fold, strings(value))
    for phrase in strings(words.get("filler")) if isinstance(words, Mapping) else ():
        yield from fold(phrase).replace("|", " ").replace("_", " ").replace("[", " ").replace("]", " ").split()


def _folded(lines: list[str]) -> list[str]:
    """The lines as they are compared: folded, without the space around them, cut where they have told enough."""
    folded = fold_ascii("\n".join(lines)).split("\n")
    return [
        (lower if line.isascii() else fold(line)).strip()[:_MOST_LOOKED]
        for lower, line in zip(folded, lines, strict=True)
    ]


def _trim(lines: list[str]) -> list[str]:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]
