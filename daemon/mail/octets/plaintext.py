"""HTML to plain text in one pass: enough to read a short business mail, nothing more."""

from __future__ import annotations

import re
from html import unescape

from daemon.mail.octets.html_shown import Shown

MOST_HTML = 400_000  # characters
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})([^<>]{0,4000})>|<![^<>]{0,400}>|<\?[^<>]{0,400}>")
_BREAKS = frozenset(
    ["br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr", "blockquote", "title"]
)
_SILENT = frozenset(["style", "script", "head", "title"])
_QUOTES = ("gmail_quote", "moz-cite-prefix", "divrplyfwdmsg", "yahoo_quoted", "protonmail_quote", "appendonsend")


def text_of_html(html: str) -> str:
    """The words of an HTML body.  A quoted thread (`blockquote`, the wrappers of the big mail programs) is marked
    with `> ` so that `newwords` drops it; what is hidden from people is left out (`html_shown`).  One pass, no tree:
    broken markup costs nothing extra."""
    out: list[str] = []
    silent = ""
    quoted = 0
    marked = False
    shown = Shown()
    pieces = _TAG.split(_without_comments(html[:MOST_HTML]))  # text, then by turns: slash, name, attributes, text
    _add(out, pieces[0], quoted=False)
    for number in range(1, len(pieces), 4):
        slash, name, attributes, run = pieces[number : number + 4]
        name = name.lower() if name else ""
        if name in _SILENT:
            silent = "" if slash else (silent or name)
        elif name == "blockquote":
            quoted = max(0, quoted + (-1 if slash else 1))
        elif name == "body":
            silent = ""
        elif name == "div" and not slash and not marked and any(q in attributes.lower() for q in _QUOTES):
            marked = True  # everything behind it is the old thread
        if not silent and name:
            shown.take(name, attributes, ends=bool(slash))
        if name in _BREAKS:
            out.append("\n")
        if run and not silent and shown.seen:
            _add(out, run, quoted=marked or quoted > 0)
    return "".join(out)


def _without_comments(html: str) -> str:
    first, *others = html.split("<!--")
    return first + "".join([other.partition("-->")[2] for other in others]) if others else html


def _add(out: list[str], run: str, *, quoted: bool) -> None:
    """Add the words of a piece of text; white space counts as one space, and as none at the beginning of a line."""
    words = " ".join(unescape(run).replace("\xa0", " ").split())
    begun = bool(out) and not out[-1].endswith("\n")
    lead = " " if begun and run[:1].isspace() and not out[-1].endswith(" ") else ""
    if words:
        mark = "> " if quoted and not begun else ""
        out.append(mark + lead + words + (" " if run[-1:].isspace() else ""))
    elif lead:
        out.append(" ")
