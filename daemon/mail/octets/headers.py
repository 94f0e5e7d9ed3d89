"""The header of a mail or part: unfolded fields, decoded on demand, never raising (RFC 5322 section 2.2, RFC 2047)."""

from __future__ import annotations

import binascii
import codecs
import re
from functools import lru_cache

MOST_FIELDS = 400
MOST_VALUE = 16_000  # characters of one field
# a field and its folded lines, also those folded without the space that RFC 5322 section 2.2.3 asks for
_FIELD = re.compile(r"^([!-9;-~]{1,80})[ \t]*:([^\n]*+(?:\n(?:[ \t][^\n]*+|[^:\n]++$))*+)", re.MULTILINE)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\n]+(=\?)")
_ADDRESS = re.compile(
    r"""[^\s<>()\[\],;:"'@：，；（）、。「」《》]{1,64}@[^\s<>()\[\],;:"'@：，；（）、。「」《》]{1,253}"""
)
_HALF = re.compile("[\ud800-\udfff]")
_COMMENT = re.compile(r"\([^()]{0,400}\)")


class Headers:
    """Fields by lower-case name, in the order of the mail."""

    __slots__ = ("_fields",)

    def __init__(self, block: bytes) -> None:
        self._fields: dict[str, list[str]] = {}  # as they stand, folded
        fields = self._fields
        for name, value in _FIELD.findall(block.decode("utf-8", "surrogateescape")):
            known = fields.get(name.lower())
            if known is not None:
                known.append(value)
            elif len(fields) < MOST_FIELDS:
                fields[name.lower()] = [value]

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def first(self, name: str) -> str:
        """The first field of that lower-case name, unfolded, or ""."""
        found = self._fields.get(name)
        return _unfolded(found[0]) if found else ""

    def all(self, name: str) -> list[str]:
        return [_unfolded(value) for value in self._fields.get(name, ())]

    def names(self) -> list[str]:
        return list(self._fields)

    def decoded(self, name: str) -> str:
        """The first field of that name with its encoded words read, control characters as spaces."""
        return decode_words(self.first(name))


def _unfolded(value: str) -> str:
    plain = " ".join([line.strip() for line in value.split("\n")]) if "\n" in value else value.strip()
    return plain[:MOST_VALUE]


def decode_words(value: str) -> str:
    """RFC 2047 encoded words as text; what cannot be decoded stays as it is."""
    if "=?" in value:
        value = _WORD.sub(_decode_word, _BETWEEN.sub(r"\1\2", value))
    if value.isprintable():  # broken surrogates are not
        return value
    if not value.isascii():
        value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(value.split())


def _decode_word(found: re.Match[str]) -> str:
    charset, how, payload = found.groups()
    try:
        data = payload.encode("utf-8", "surrogateescape")
        if how in "bB":
            data = binascii.a2b_base64(data + b"=" * (-len(data) % 4))
        else:
            data = binascii.a2b_qp(data.replace(b"_", b" "), header=True)
    except (ValueError, binascii.Error):
        return found.group(0)
    return decode_bytes(data, charset.partition("*")[0])


@lru_cache(maxsize=256)
def _known_charset(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
        b"".decode(info.name)  # base64 and its like are codecs too, but give no text
    except (LookupError, ValueError, UnicodeError):
        return None
    return info.name


def decode_bytes(data: bytes, charset: str) -> str:
    """Text of `data`; an unknown or wrong charset falls back to UTF-8, then Windows Latin."""
    named = _known_charset(charset.lower()[:40]) if charset else None
    for name in (named, "utf-8"):
        if name is not None and not (name == "ascii" and not data.isascii()):
            try:
                return _without_halves(data.decode(name))
            except (UnicodeError, ValueError, LookupError):
                continue
    try:
        return _without_halves(data.decode(named or "cp1252", "replace"))
    except (UnicodeError, ValueError, LookupError):
        return data.decode("latin-1")


def _without_halves(text: str) -> str:
    """UTF-7 and its like can hold one half of a surrogate pair, which no text has and nothing can encode again."""
    return text if text.isascii() or not _HALF.search(text) else _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def addresses_in(value: str, most: int = 60) -> list[str]:
    """All addresses in a piece of text, lower case, in order, once each; trailing dots are not part of them."""
    if "@" not in value:
        return []
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(value):
        found.setdefault(match.group().rstrip(".>").lower())
        if len(found) >= most:
            break
    return list(found)


def without_comments(value: str) -> str:
    """A structured field without its (unnested) comments."""
    return _COMMENT.sub(" ", value) if "(" in value else value
