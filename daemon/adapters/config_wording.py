"""How messages about the config name things: the nearest known word, a text from the file, a row of words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache

from daemon.domain.books.written import shown as shown


@lru_cache(maxsize=512)
def nearest(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean ...?`, or the empty string when nothing known is near."""
    by_fold = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold()[:80], by_fold, n=1, cutoff=0.6)
    return f"; did you mean `{by_fold[found[0]]}`?" if found else ""


def hint(word: str, known: tuple[str, ...]) -> str:
    """The nearest known word, else all of them; the end of a message."""
    return nearest(word, known) or f"; known are {', '.join(known)}"


def listed(words: Iterable[str]) -> str:
    """Words in a row for a message: `a, b or c`."""
    all_words = list(words)
    return " or ".join(part for part in (", ".join(all_words[:-1]), all_words[-1]) if part)
