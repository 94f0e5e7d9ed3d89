"""HTML to plain text in one pass: enough to read a short business mail, nothing more."""

from __future__ import annotations

import re
from html import unescape

MOST_HTML = 400_000  # characters
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})([^<>]{0,4000})>|<!--|<![^<>]{0,400}>|<\?[^<>]{0,400}>")
_BREAKS = frozenset(
    ["br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr", "blockquote", "title"]
)
_SILENT = frozenset(["style", "script", "head", "title"])
_QUOTES = ("gmail_quote", "moz-cite-prefix", "divrplyfwdmsg", "yahoo_quoted", "protonmail_quote", "appendonsend")


def text_of_html(html: str) -> str:
    """The words of an HTML body.  A quoted thread (`blockquote`, the wrappers of the big mail programs) is marked
    with `> ` so that `newwords` drops it.  One pass, no tree: broken markup costs nothing extra."""
    out: list[str] = []
    silent = ""
    quoted = 0
    marked = False
    position = 0
    html = html[:MOST_HTML]
    while True:
        found = _TAG.search(html, position)
        run = html[position : found.start() if found else len(html)]
        if run and not silent:
            words = " ".join(unescape(run).replace("\xa0", " ").split())
            lead = " " if run[:1].isspace() and out and not out[-1].endswith(("\n", " ")) else ""
            if words:
                mark = "> " if (quoted or marked) and (not out or out[-1].endswith("\n")) else ""
                out.append(mark + lead + words + (" " if run[-1:].isspace() else ""))
            elif lead:
                out.append(" ")
        if found is None:
            break
        position = found.end()
        if found.group(0) == "<!--":
            end = html.find("-->", position)
            position = len(html) if end < 0 else end + 3
            continue
        name = (found.group(2) or "").lower()
        closing = bool(found.group(1))
        if name in _SILENT:
            silent = "" if closing else (silent or name)
        if name == "blockquote":
            quoted = max(0, quoted + (-1 if closing else 1))
        elif not closing and not marked and name == "div" and any(q in found.group(3).lower() for q in _QUOTES):
            marked = True  # everything behind it is the old thread
        if name == "body":
            silent = ""
        if name in _BREAKS:
            out.append("\n")
    return "".join(out)
