"""Numbers and names in what a bank writes: found with other dashes and spaces, without zeros, cut off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"[0-9]+|[^\W0-9_]+")
_GLUE = "-."  # between digits: a longer number, or a date, goes on; a slash parts two numbers as well
STRONG = 5  # signs of a number that cannot well be an amount, a day or a year
_SHORTEST_CUT = 10  # signs of a name that a bank may have cut off
_LEGAL_FORMS = frozenset(
    word
    for words in (
        "spa srl srls sas snc sapa gmbh ag kg ohg ug se mbh co ltd limited plc llp llc inc corp sa sarl sasu eurl sl",
        "slu slne bv nv vof cv lda ltda unipessoal as sti sirketi ticaret ve sanayi und and et y e the de di",
    )
    for word in words.split()
)


class Named(NamedTuple):
    """A number that stands in a text."""

    key: str
    is_strong: bool  # long enough to mean nothing else


def keys_of(number: str) -> tuple[str, ...]:
    """The spellings under which a number or a reference is known: its parts without zeros, and all in one."""
    tokens = _tokens(number)
    if not tokens:
        return ()
    return tuple(dict.fromkeys((" ".join(_bare(token) for token in tokens), "".join(tokens))))


def first_part(key: str) -> str:
    """With which part a number begins that is known by this key."""
    return key.partition(" ")[0]


def named_in(text: str, known: Mapping[str, object], longest: int, firsts: Container[str]) -> Iterator[Named]:
    """Which of the known keys a text holds, the longest first; no sign counts for two of them.

    Args:
        known: by the keys of `keys_of`.
        longest: how many parts the longest known number has.
        firsts: the parts with which known numbers begin; words that begin none are passed over.
    """
    upper = text.upper()
    found = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(upper)]
    hits: list[tuple[int, int, str]] = []
    for start, (_, _, token) in enumerate(found):
        if token not in firsts and token.isalpha():
            continue
        parts, whole = token.lstrip("0") or "0", token
        if parts in known or whole in known:
            hits.append((1, start, parts if parts in known else whole))
        for place, (_, _, more) in enumerate(found[start + 1 : start + longest], start=2):
            parts, whole = f"{parts} {more.lstrip('0') or '0'}", whole + more
            if parts in known:
                hits.append((place, start, parts))
            elif whole in known:
                hits.append((place, start, whole))
    taken = 0  # a bit for each part that belongs to a number already
    if len(hits) > 1:
        hits.sort(key=lambda hit: (-hit[0], hit[1]))
    for length, start, key in hits:
        mask = ((1 << length) - 1) << start
        if taken & mask or _goes_on(upper, found, start, length):
            continue
        taken |= mask
        yield Named(key, len(key.replace(" ", "")) >= STRONG)


def _goes_on(text: str, found: list[tuple[int, int, str]], start: int, length: int) -> bool:
    """Whether it is only a part of a longer number or of a day: `2026-10` in `2026-10-31`, `12/2026` in `5/12/2026`."""
    last = start + length - 1
    return (start > 0 and _joined(text, found[start - 1], found[start])) or (
        last + 1 < len(found) and _joined(text, found[last], found[last + 1])
    )


def _joined(text: str, one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two runs of signs, the second behind the first, are parts of one number or one day."""
    (_, end, before), (begin, _, behind) = one, other
    if begin != end + 1 or not (before.isdigit() and behind.isdigit()):
        return False
    if text[end] == "/":  # a day, a month or a year: not where both are longer than that
        short = sorted((len(before), len(behind)))
        return short[0] <= 2 and short[1] in (1, 2, 4)
    return text[end] in _GLUE


def parts_of(number: str) -> int:
    return len(_tokens(number))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.upper())


def _bare(token: str) -> str:
    return token.lstrip("0") or "0"


@lru_cache(maxsize=65536)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a firm's or a person's name that tell it from others: folded, without the legal form."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ı", "i")).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace(".", "").replace("'", "")
    words = re.findall(r"[^\W_]+", plain)
    return tuple(word for word in words if word not in _LEGAL_FORMS) or tuple(words)


def is_named(words: tuple[str, ...], written: tuple[str, ...]) -> bool:
    """Whether a bank's spelling of a name is that of a client, with more words, in another order, or cut off.

    Args:
        words: of the client's name; `written`: of the bank's.
    """
    if not words or not written:
        return False
    if set(words) <= set(written):
        return len("".join(words)) > 2  # "AB" stands in too many names
    ours, theirs = " ".join(words), " ".join(written)
    return len(theirs) >= _SHORTEST_CUT and ours.startswith(theirs)
