"""Which text of an HTML body a person sees: what mail programs hide was read by nobody, and written by nobody's hand.

Not a browser: what stands in a style sheet, colours and places are not looked at.  Elements end as the HTML living
standard says where a text without their end tags is hidden or not by it.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from enum import IntEnum
from html import unescape

_EMPTY = frozenset(
    ["br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "base", "embed", "source", "track"]
)
_FAR = 100  # open elements above one that is looked for: nobody leaves more of them open
_FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)  # they go on in the next paragraph where they were not ended (13.2.4.3)
_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset",
     "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main",
     "menu", "nav", "ol", "p", "pre", "search", "section", "table", "ul"]
)  # fmt: skip
_CELLS = frozenset(["table", "td", "th", "caption", "template", "object", "button"])  # nothing is ended beyond them
_TABLE = frozenset(["table"])
_LISTS = _CELLS | {"ul", "ol", "menu", "dl"}
_ROWS = frozenset(["thead", "tbody", "tfoot", "tr", "td", "th"])
_SPECIAL = _BLOCKS | _CELLS | _ROWS | {"li", "dt", "dd", "body", "select"}
# which open elements a start tag ends, and beyond which it ends none (13.1.2.4, optional tags)
_ENDS: dict[str, tuple[AbstractSet[str], AbstractSet[str]]] = {
    **dict.fromkeys(_BLOCKS, (frozenset(["p"]), _CELLS)),
    "li": (frozenset(["li"]), _LISTS),
    **dict.fromkeys(["dt", "dd"], (frozenset(["dt", "dd"]), _LISTS)),
    **dict.fromkeys(["option", "optgroup"], (frozenset(["option"]), _SPECIAL)),
    **dict.fromkeys(["td", "th"], (frozenset(["td", "th"]), _TABLE)),
    "tr": (frozenset(["tr"]), _TABLE),
    **dict.fromkeys(["thead", "tbody", "tfoot"], (_ROWS, _TABLE)),
}

_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_NOUGHT = re.compile(r"(?:opacity|max-height)\s*:\s*0(?![.\d]*[1-9])")
_HIDDEN = re.compile(r"(?:^|\s)hidden(?=[\s=]|$)")
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_CSS_COMMENT = re.compile(r"/\*[^*]*+\*/")
_ATTRIBUTE = re.compile(r"([^\s=/\"'<>]++)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?")
_MAY_BE_NO_SIZE = re.compile(r"font(?:-size\s*:\s*|\s*:[^;]*?)(?<![\w.#/-])[.0]")
_SIZE = re.compile(r"(?<![\w-])font(?:-size)?\s*+:([^;]*+)")
_SIZED = re.compile(
    r"(?<![\w.#/-])(?:(?P<none>(?:0+\.?0*|\.0+)(?:[a-z]{1,4}|%)?|0*\.[0-9]+(?:px|pt))|[0-9]*\.?[0-9]+(?:px|pt|pc|cm|mm|in|q|rem|vw|vh)"
    r"|(?:xx?-)?small|medium|(?:xx?x?-)?large|initial)(?=[\s/!]|$)"
)  # no `em`, `%`, `larger`: a part of nothing is nothing; and nobody reads half a pixel


class _Sight(IntEnum):
    """What an element makes of its text; the greater hides more."""

    SEEN = 0
    NO_SIZE = 1  # no letters of its own, but an element in it that states a size has them
    HIDDEN = 2  # with all that is in it


class Shown:
    """The open elements, and whether the text that stands there is seen.

    The work grows with the tags and no faster.
    """

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: list[tuple[str, _Sight | None, _Sight]] = []  # name, what it states, what its text is

    @property
    def seen(self) -> bool:
        return not self._open or self._open[-1][2] is _Sight.SEEN

    def take(self, name: str, attributes: str | None, *, ends: bool) -> None:
        """Take in a start or an end tag; name in lower case.  An end tag that ends nothing is left out."""
        if ends:
            self._take_end(name)
            return
        ended = _ENDS.get(name)
        while ended is not None and self._end(*ended):
            pass
        if name not in _EMPTY:
            self._add(name, _Sight.HIDDEN if name == "template" else self._stated(name, attributes))

    def _take_end(self, name: str) -> None:
        if name in _ROWS or name in _CELLS:
            self._end({name}, _TABLE - {name})
        elif name == "li":
            self._end({name}, _LISTS)
        elif name in _SPECIAL or name in _FORMATTING:
            self._end({name}, _CELLS)
        else:
            self._end({name}, _SPECIAL)

    def _end(self, names: AbstractSet[str], walls: AbstractSet[str]) -> bool:
        """End the innermost open element of the names, with what is open in it; False where there is none."""
        for at in range(len(self._open) - 1, max(-1, len(self._open) - 1 - _FAR), -1):
            name = self._open[at][0]
            if name in names:
                above = self._open[at + 1 :]
                del self._open[at:]
                if name not in _CELLS:
                    for one, stated, _ in above:
                        if one in _FORMATTING:
                            self._add(one, stated)
                return True
            if name in walls:
                break
        return False

    def _add(self, name: str, stated: _Sight | None) -> None:
        around = self._open[-1][2] if self._open else _Sight.SEEN
        sight = around if stated is None or around is _Sight.HIDDEN else stated
        self._open.append((name, stated, sight))

    def _stated(self, name: str, attributes: str | None) -> _Sight | None:
        """What an element says of its own text; None: nothing."""
        if not attributes:
            return None
        plain = (unescape(attributes) if "&" in attributes else attributes).lower()
        if "/*" in plain:
            plain = _CSS_COMMENT.sub("", plain)
        if ("none" in plain or "hid" in plain) and (_HIDES.search(plain) or _HIDDEN.search(_VALUE.sub("", plain))):
            return _Sight.HIDDEN
        if _NOUGHT.search(plain):
            return _Sight.HIDDEN
        small = bool(self._open) and self._open[-1][2] is _Sight.NO_SIZE
        return _size(name, plain) if small or ("font" in plain and _MAY_BE_NO_SIZE.search(plain)) else None


def _size(name: str, attributes: str) -> _Sight | None:
    """Whether the letters have a size of their own, and any at all; of several the last counts (CSS cascade 5)."""
    stated: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(attributes):
        stated.setdefault(attribute[1], (attribute[2] or "").strip("\"'"))
    said = [
        ("!important" in size[1], number, _Sight.NO_SIZE if sized["none"] else _Sight.SEEN)
        for number, size in enumerate(_SIZE.finditer(stated.get("style", "")))
        if (sized := _SIZED.search(size[1]))
    ]
    if said:
        return max(said)[2]
    return _Sight.SEEN if name == "font" and "size" in stated else None
