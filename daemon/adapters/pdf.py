"""Documents as PDF: A4, tagged, with their fonts inside, for archives (PDF/A-2a); set by Typst (docs/decisions/0006).

What a client is called or writes reaches the typesetter as data (JSON in `sys.inputs`) and is never read as markup.  It
sees no file but our own sheet and no network.  The same document gives the same octets.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.mail.dossier.document import Document, Heading, SigningPlace
from daemon.mail.letters.prose import PLAIN, STRONG
from daemon.mail.letters.sheet import Element, Facts, Lines, Links, Paragraph, Picture, Table

if TYPE_CHECKING:
    import typst

_SHEET = Path(__file__).with_name("pdf_sheet.typ")
_LONGEST_WORD = 28  # characters; longer ones may be parted anywhere, so that none runs off the page
_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_MAY_BREAK = "\u200b"
_STRONG = re.compile(f"{STRONG}([^{PLAIN}]*){PLAIN}")
_LEFT_OVER = re.compile(f"[{STRONG}{PLAIN}]")


def typeset(document: Document) -> bytes:
    """The PDF of a document.

    A sign that none of the built-in fonts has (Chinese, say) is taken from a font of the machine; where there is none
    either, the PDF is no PDF/A, and shows an empty box in its place.
    """
    import typst  # 80 MB: only where a dossier is made

    sheet = {"sheet": json.dumps(_as_data(document))}
    at = int(datetime.combine(document.on, time(12), UTC).timestamp())
    tries: tuple[tuple[bool, list[typst.PDFStandard]], ...] = (
        (document.slip is None, ["a-2a"]), (False, ["a-2a"]), (False, ["1.7"]),
    )  # fmt: skip
    for alone, standards in tries:
        try:
            made = _compiler(alone).compile(sys_inputs=sheet, format="pdf", timestamp=at, pdf_standards=standards)
        except typst.TypstError as wrong:
            fault = wrong
        else:
            assert isinstance(made, bytes)
            return made
    raise fault


@cache
def _compiler(alone: bool) -> typst.Compiler:
    """With only the built-in fonts, or with those of the machine besides; both read our sheet and nothing else."""
    import typst

    fonts = typst.Fonts(include_system_fonts=not alone)
    return typst.Compiler(_SHEET, root=_SHEET.parent, font_paths=fonts)


def _as_data(document: Document) -> dict[str, object]:
    return {
        "title": document.title,
        "author": document.author,
        "language": document.language,
        "on": _date(document.on),
        "elements": [_element(element) for element in document.elements],
        "slip": None if document.slip is None else list(document.slip),
    }


def _date(on: date) -> dict[str, int]:
    return {"year": on.year, "month": on.month, "day": on.day}


def _element(element: Element | Heading | SigningPlace) -> dict[str, object]:
    match element:
        case Heading():
            return {"kind": "heading", "text": _broken(element.text)}
        case Paragraph():
            return {"kind": "paragraph", "runs": _runs(element.text)}
        case Lines():
            return {"kind": "lines", "lines": [*map(_broken, element.lines)] or [""], "heading": element.heading}
        case SigningPlace():
            return {"kind": "signing", "lines": [*map(_broken, element.lines)]}
        case Facts():
            return {"kind": "facts", "rows": [[*map(_broken, row)] for row in element.rows], "figures": element.figures}
        case Table():
            return _table(element)
        case Links():
            return {"kind": "links", "links": [[_broken(label), to] for label, to in element.links]}
        case Picture():
            return {"kind": "picture", "content": list(element.content), "caption": element.caption}


def _table(element: Table) -> dict[str, object]:
    """The column with the longest words takes what the others leave."""
    count = len(element.rows[0]) if element.rows else len(element.head)
    texts = max(count - element.figures, 1)
    longest = [max((len(row[at]) for row in element.rows), default=0) for at in range(texts)]
    wide = longest.index(max(longest))
    return {
        "kind": "table",
        "columns": ["wide" if at == wide else "close" for at in range(count)],
        "figures": element.figures,
        "head": [*map(_broken, element.head)],
        "rows": [[*map(_broken, row)] for row in element.rows],
        "foot": list(element.foot) if element.foot else None,
        "title": _runs(element.title) if element.title else "",
    }


def _runs(text: str) -> list[tuple[str, bool]]:
    """Running text with its bold words apart."""
    pieces = _STRONG.split(text)  # what is bold stands at the odd places
    runs = [(_broken(_LEFT_OVER.sub("", piece)), bool(at % 2)) for at, piece in enumerate(pieces) if piece]
    return runs or [("", False)]


def _broken(text: str) -> str:
    """The text with places in its longest words where a line may end."""
    return _WORD.sub(lambda word: _MAY_BREAK.join(_pieces(word[0])), text)


def _pieces(word: str) -> list[str]:
    return [word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD)]
