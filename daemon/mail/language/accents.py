"""How one text writes the words that folding makes alike: "pagué" (I paid) and "pague" (pay!)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from daemon.mail.language.sentences import fold

STRICT = "="  # before a word of a phrase: it has to be written so; twice: in a text without accents, too
_WORD = re.compile(r"[^\W\d_]+")
#: on vowels only: ñ and ç have keys of their own, on which people press who leave out every accent
_ACCENTED = re.compile("[áàâãäåéèêëíìîïóòôõöúùûü]")


class Accents:
    """The words of one text as they are written there."""

    __slots__ = ("_forms", "_used")

    def __init__(self, text: str) -> None:
        written = unicodedata.normalize("NFC", text.lower())
        self._used = _ACCENTED.search(written) is not None
        self._forms: dict[str, set[str]] = {}  # folded -> as it is written
        for word in _WORD.findall(written) if self._used else ():
            self._forms.setdefault(fold(word), set()).add(word)

    def allow(self, strict: Mapping[str, str], tokens: Iterable[str]) -> bool:
        """Whether none of the tokens is a strict word that the text writes otherwise.

        A text without any accent tells nothing: on telephones people leave them out.

        Args:
            strict: folded -> as it has to be written, behind `STRICT` where it has to in every text.
        """
        return all(self._writes(token, strict[token]) for token in tokens if token in strict)

    def _writes(self, token: str, written: str) -> bool:
        if not self._used:
            return written[:1] != STRICT
        word = written.lstrip(STRICT)
        return word in self._forms.get(token, (word,))


def strict_words(choices: str) -> dict[str, str]:
    """The strict words of one place of a phrase, folded -> as written; not such as it has in any other form, too."""
    words = [word for choice in choices.split("|") for word in choice.split("_")]
    marked = [unicodedata.normalize("NFC", word[1:].lower()) for word in words if word[:1] == STRICT]
    strict = {fold(word.lstrip(STRICT)): word for word in marked}
    for word in words:
        if word[:1] != STRICT:
            strict.pop(fold(word), None)
    return strict
