"""The new words of a reply: without the quoted thread, the signature and the disclaimer.

One pass over the lines, each looked at a bounded number of times (F39: "On On On" costs nothing).  What introduces a
quote is data (`reading: quote:` of the language packs); the forms are those of Gmail, Outlook, Apple Mail, Thunderbird,
Yahoo and telephones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daemon.mail.phrases import fold, strings
from daemon.mail.quote_words import BUILT_IN

MOST_LINES = 3000
_MOST_LINE = 1000
_MOST_LOOKED = 200  # characters of a line that decide what it is
_RULE = re.compile(r"^\s*(?:[_]{10,}|[-]{20,}|[*]{10,}|[=]{10,})\s*$")
_POSTSCRIPT = re.compile(r"^\s*p\.?\s?s\.?[ :,-]", re.IGNORECASE)
_NAME_WORD = re.compile(r"^[^\W\d_][\w.'’-]*$")


@dataclass(frozen=True, slots=True)
class Stripper:
    """What ends the new words, in all languages at once, folded."""

    openers: tuple[str, ...]  # "on", "il giorno": an attribution begins with it
    closers: tuple[str, ...]  # "wrote", "ha scritto": and ends with it
    labels: frozenset[str]  # "from", "da", "sent": of a header block that Outlook leaves
    originals: frozenset[str]  # "original message", "forwarded message"
    closings: frozenset[str]  # "best regards"
    thanks: frozenset[str]  # also said at the beginning of a mail
    phones: tuple[str, ...]  # "sent from my"
    disclaimers: tuple[str, ...]  # "this e-mail is confidential"
    beginnings: frozenset[str]  # the first two characters of openers and phones: no other line needs a closer look

    @classmethod
    def of(cls, packs: Iterable[Mapping[str, object]]) -> Stripper:
        """From the `quote:` sections of all language packs and the built-in marks of other languages."""
        lists: dict[str, dict[str, None]] = {}
        for quote in (BUILT_IN, *packs):
            for key, value in quote.items():
                for phrase in strings(value):
                    lists.setdefault(key, {}).setdefault(fold(phrase))
        openers = tuple(o + " " for o in lists.get("openers", ()))
        phones = tuple(lists.get("phones", ()))
        return cls(
            openers=openers,
            closers=tuple(lists.get("closers", ())),
            labels=frozenset(lists.get("labels", ())),
            originals=frozenset(lists.get("originals", ())),
            closings=frozenset(lists.get("closings", ())),
            thanks=frozenset(lists.get("thanks", ())),
            phones=phones,
            disclaimers=tuple(lists.get("disclaimers", ())),
            beginnings=frozenset(phrase[:2] for phrase in (*openers, *phones)),
        )

    def new_words(self, text: str) -> str:
        """What the writer typed, trimmed; "" when there is nothing new."""
        lines = [line[:_MOST_LINE].rstrip() for line in text.replace("\r", "\n").split("\n", MOST_LINES)[:MOST_LINES]]
        kept = self._without_quote(lines)
        return "\n".join(_trim(self._without_signature(_trim(kept))))

    def _without_quote(self, lines: list[str]) -> list[str]:
        kept: list[str] = []
        said: list[str] = []  # the same lines, folded
        number = 0
        for here, folded in enumerate(_folded(lines)):
            if here < number:
                continue  # the rest of an attribution
            number += 1
            if folded:
                if folded[0] in ">|":
                    continue
                if folded == "--":
                    break
                if folded[:2] in self.beginnings or "@" in folded or folded[0].isdigit():
                    length = self._attribution(lines, here, folded)
                    if length:
                        if not _next_filled(lines, here + length).startswith((">", "|")):
                            break  # quoted without marks: all that follows is old
                        number = here + length
                        continue
                    if folded.startswith(self.phones) and len(folded) < 120:
                        continue
                if ":" in folded and (self._header_block(lines, here, folded) or self._is_original(folded)):
                    break
                if folded[0] in "-_*=" and (
                    self._is_original(folded) or (_RULE.match(folded) and self._header_block(lines, here + 1, None))
                ):
                    break
            kept.append(lines[here])
            said.append(folded)
        return kept[: self._disclaimer(said)]

    def _disclaimer(self, said: list[str]) -> int:
        """The line at which a disclaimer begins; behind the last line when there is none."""
        whole = "\n".join(said)
        found = [words for words in self.disclaimers if words in whole]
        if found:
            for number, line in enumerate(said):
                if any(words in line for words in found):
                    return number
        return len(said)

    def _attribution(self, lines: list[str], number: int, folded: str) -> int:
        """How many lines an attribution takes here: "On Tue, 3 Nov 2026, Anna wrote:", which programs fold; 0: none."""
        if not folded.startswith(self.openers) and "@" not in folded and not folded[:1].isdigit():
            return 0
        opened = folded.startswith(self.openers)
        for length in range(1, 4 if opened else 3):
            if number + length > len(lines):
                return 0
            tail = lines[number + length - 1].strip()[-160:]
            if length > 1 and (not tail or tail.startswith(">")):
                return 0
            ending = fold(" ".join(lines[number : number + length])[-240:].strip())
            if ending.endswith(":") and any(closer in ending for closer in self.closers):
                whole = " ".join(lines[number : number + length])
                return length if any(c.isdigit() for c in whole) or "@" in whole else 0
        return 0

    def _header_block(self, lines: list[str], number: int, folded: str | None) -> bool:
        """A block such as From:, Sent:, To:, Subject: at this line."""
        if number >= len(lines):
            return False
        first = folded if folded is not None else fold(lines[number].strip()[:200])
        if not self._label(first):
            return False
        labels = {self._label(first)}
        for line in lines[number + 1 : number + 8]:
            label = self._label(fold(line.strip()[:120]))
            if label:
                labels.add(label)
        return len(labels) >= 3

    def _label(self, folded: str) -> str:
        name = folded.lstrip("*_ ").partition(":")
        label = name[0].rstrip("*_ ")
        return label if name[1] and label in self.labels else ""

    def _is_original(self, folded: str) -> bool:
        if folded[:1] not in "-_*" and not folded.endswith(":"):
            return False
        return _unmarked(folded) in self.originals

    def _without_signature(self, lines: list[str]) -> list[str]:
        """Cut a closing and the name and address below it; a postscript stays."""
        filled = [number for number, line in enumerate(lines) if line and not line.isspace()]
        for number in filled[-16:]:
            if len(lines[number]) > 80:
                continue
            folded = _unmarked(fold(lines[number].strip())).rstrip(" ,.!;")
            formal = folded in self.closings
            if not formal and folded not in self.thanks:
                continue
            below = [lines[n].strip() for n in filled[-16:] if n > number]
            if any(len(line) > 120 for line in below):
                continue
            if below and not _is_name(below[0]) and (not formal or number == filled[0]):
                continue
            if number == filled[0] and not below:
                return lines
            return lines[:number] + [ln for ln in lines[number + 1 :] if _POSTSCRIPT.match(ln)]
        return lines


def _folded(lines: list[str]) -> list[str]:
    """The lines as they are compared: folded, without the space around them, cut where they have told enough."""
    text = "\n".join(lines)
    if text.isascii():
        return [line.strip()[:_MOST_LOOKED] for line in fold(text).split("\n")]
    return [fold(line.strip()[:_MOST_LOOKED]) for line in lines]


def _next_filled(lines: list[str], start: int) -> str:
    return next((line.lstrip() for line in lines[start : start + 4] if line.strip()), "")


def _unmarked(folded: str) -> str:
    """Without the stars, dashes and lines that programs set around their phrases."""
    return folded.lstrip(" \t*_>-").rstrip(" \t*_:-")


def _is_name(line: str) -> bool:
    """Whether a line looks like a signature's name: a few capitalised words and no full stop."""
    words = line.replace(",", " ").split()
    return (
        0 < len(words) <= 5
        and all(_NAME_WORD.match(w) for w in words)
        and all(w[:1].isupper() for w in words if len(w) > 3)
    )


def _trim(lines: list[str]) -> list[str]:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]
