"""A line of an order as its words, each with its place, so that free words stay as they were typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.mail.language.sentences import fold

SEPARATORS = " \t\u00a0\u202f:,.;-–—!"
_AROUND = "()[]{}<>\"'«»“”„‘’*_`"
_WORD = re.compile(r"\S+")
_GLUED = re.compile(  # paid:1, 1:paid, 3.go; a hyphen is left alone: it may be a part of an invoice's number
    r"(?P<word>[^\W\d_]{2,30})[:,=]#?[0-9]{1,3}|(?P<first>#?[0-9]{1,3})[:.,)=][^\W\d_]{2,30}"
)
_OPTION = re.compile(r"^(?:--|[–—])(?=[^\W\d_])")  # `--until`, as behind `sollecito`; telephones write —until
_SPLIT = re.compile(r"[=:](?=[0-9])|(?<=[0-9])[=](?=\S)")


@dataclass(frozen=True, slots=True)
class Token:
    word: str  # folded, without what stands around it
    raw: str  # the same as typed
    start: int  # where it stands in the line
    end: int
    ends: str = ""  # the comma, semicolon or full stop behind it
    option: bool = False  # `--parts`, as behind `sollecito`


def tokens_of(line: str) -> list[Token]:
    """The words of a line; what is made of separators only is left out."""
    found: list[Token] = []
    for match in _WORD.finditer(line):
        start, raw = match.start(), match[0]
        glued = _GLUED.fullmatch(raw.rstrip(SEPARATORS))
        cut = glued.end("word") if glued and glued["word"] else glued.end("first") if glued else 0
        for at, piece in ((start, raw[:cut]), (start + cut + 1, raw[cut + 1 :])) if cut else ((start, raw),):
            found += _tokens(piece, at)
    return found


def _tokens(raw: str, start: int) -> list[Token]:
    """The tokens of what no space divides: `15/12=400` is two."""
    marks = [] if "@" in raw else [mark.start() for mark in _SPLIT.finditer(raw)]
    found: list[Token] = []
    begin = 0
    for end in (*marks, len(raw)):
        piece = raw[begin:end]
        bare = piece.strip(_AROUND).lstrip(":,.;").rstrip(_AROUND + ":,.;!").strip("\ufe0f")
        if bare.strip(SEPARATORS + _AROUND):
            at = start + begin + piece.index(bare)
            ends = next((mark for mark in piece[piece.index(bare) + len(bare) :] if mark in ",;."), "")
            word = _OPTION.sub("", bare) if at else bare
            found.append(Token(fold(word), bare, at, at + len(bare), ends, option=word != bare))
        begin = end + 1
    return found
