"""Where an old mail begins inside a new one: attribution lines, header blocks, "original message" rules.

The forms are those of Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, web mailers and telephones.  What stands in them
is data of the language packs; where a form is plain enough (an address and a time before a colon, words between dashes)
no language has to be known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.mail.language.sentences import fold

_RULE = re.compile(r"(?:_{10,}|-{20,}|\*{10,}|={10,})")
_BETWEEN_DASHES = re.compile(r"-{3,} ?[^\W\d_][^-]{2,70}-{3,}|-{4,} ?[^\W\d_].{2,200} ?-{3,}")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_DAY = re.compile(r"\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2}")
LONGEST_LABEL = 32  # characters before the colon of "Subject:", with the stars that programs set around it
_DECORATION = " \t-*_"
_LONGEST_ATTRIBUTION = 1000  # characters
_LONGEST = 3  # lines that programs fold an attribution into
_ABOVE = re.compile(r"#{2,}-? ?.{10,90} ?-?#{2,}")  # "##- Please type your reply above this line -##"


@dataclass(frozen=True, slots=True)
class QuoteMarks:
    """The marks of all languages at once, folded."""

    openers: tuple[str, ...]  # "on", "il giorno": an attribution begins with it
    closers: tuple[str, ...]  # "wrote", "ha scritto": and ends with it
    labels: frozenset[str]  # "from", "da", "sent": of a header block that Outlook leaves
    originals: frozenset[str]  # "original message", "forwarded message"

    def attribution(self, lines: list[str], last: int, folded: str) -> int:
        """How many lines an attribution takes that ends with the line `last`: "On 3 Nov 2026, Anna wrote:"; 0: none.

        Args:
            folded: that line, folded and stripped.
        """
        ending = folded.rstrip(_DECORATION)
        if not ending.endswith(":") and not (ending != folded and ending.endswith(self.closers)):
            return 0
        found = 0
        for length in range(1, min(_LONGEST, last + 1) + 1):
            first = lines[last - length + 1].strip()
            if not first or first.startswith(">") or len(first) > 300:
                break
            whole = " ".join(line.strip() for line in lines[last - length + 1 : last + 1])
            if self._attributes(whole, lines, last):
                found = found or length
                if fold(first[:40]).lstrip(_DECORATION).startswith(self.openers):
                    return length
        return found

    def _attributes(self, whole: str, lines: list[str], last: int) -> bool:
        if len(whole) > _LONGEST_ATTRIBUTION:
            return False
        timed = _TIME.search(whole) is not None and _DAY.search(whole) is not None
        addressed = "@" in whole
        if not (timed or addressed):
            return any(map(str.isdigit, whole)) and self._closes(fold(whole[-60:]))
        return (
            (timed and addressed)
            or self._closes(fold(whole[-200:]))
            or next_filled(lines, last + 1).startswith((">", "|"))
        )

    def _closes(self, said: str) -> bool:
        return any([closer in said for closer in self.closers])  # noqa: C419  a list is faster than a generator here

    def header_block(self, lines: list[str], number: int, folded: str) -> bool:
        """Whether a block such as From:, Sent:, To:, Subject: begins at this line."""
        first = self._label(folded)
        if not first:
            return False
        labels = {first}
        for line in lines[number + 1 : number + 9]:
            label = self._label(fold(line.strip()[:120]))
            if label:
                labels.add(label)
        return len(labels) >= 3

    def _label(self, folded: str) -> str:
        name = folded.lstrip("*_> ").partition(":")
        label = name[0].rstrip("*_ ")
        return label if name[1] and label in self.labels else ""

    def original(self, lines: list[str], number: int, folded: str) -> bool:
        """Whether a line such as "-----Original Message-----" stands here, or a rule above a header block."""
        if folded[0] in _DECORATION or folded[0] == "=":
            if _BETWEEN_DASHES.fullmatch(folded):
                return True
            if _RULE.fullmatch(folded):
                below = next((n for n in range(number + 1, min(number + 3, len(lines))) if lines[n].strip()), None)
                return below is not None and self.header_block(lines, below, fold(lines[below].strip()[:200]))
        elif not folded.endswith(":"):
            return False
        return folded.strip(_DECORATION + ">:") in self.originals


def asks_to_write_above(folded: str) -> bool:
    """The line by which ticket systems tell answers from what they quote."""
    return _ABOVE.fullmatch(folded) is not None


def line_to_write_above(words: str) -> str:
    """Such a line, for the head of our own mails: what is quoted without any mark is known by it."""
    return f"##- {words} -##"


def next_filled(lines: list[str], start: int) -> str:
    """The next line with something in it, among the next four; ""."""
    return next((line.lstrip() for line in lines[start : start + 4] if line.strip()), "")
