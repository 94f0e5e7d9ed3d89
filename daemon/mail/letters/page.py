"""The HTML part: one column, system fonts, inline styles, nothing loaded; a picture comes with the letter.

It sets no background and no text colour of its own, so that Gmail, Outlook and Apple Mail can turn it dark; greys
and the button are legible on white and on black.  Everything is escaped here, once.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import assert_never

from markupsafe import escape

from daemon.mail.letters.prose import PLAIN, STRONG
from daemon.mail.letters.sheet import Element, Facts, Lines, Links, Paragraph, Picture, Table

_FONT = (
    "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.5"
)
_HEAD = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
    '<meta name="format-detection" content="telephone=no, date=no, address=no">\n'
    "<title>{title}</title>\n</head>\n"
    '<body style="margin:0;padding:0">\n'
    '<!--[if mso]><table role="presentation" width="600" align="center"><tr><td><![endif]-->\n'
    f'<div style="max-width:600px;margin:0 auto;padding:24px 16px;{_FONT}">\n'
)
_FOOT = "</div>\n<!--[if mso]></td></tr></table><![endif]-->\n</body>\n</html>\n"
_TABLE = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    f' style="border-collapse:collapse;margin:0 0 20px;{_FONT}">\n'
)
_DATA = _TABLE.replace(' role="presentation"', "")
_P = '<p style="margin:0 0 16px">'
_LABEL = "font-size:14px;color:#767676"
_RULE = "border-bottom:1px solid #b0b0b0"
_BUTTON = (
    "display:inline-block;padding:12px 22px;border-radius:6px;background-color:#1d5fbf;color:#ffffff;"
    "font-weight:600;text-decoration:none"
)
_KEPT_WHOLE = 14  # characters: a short invoice number is not broken at its hyphen, on no phone
_SPECIAL = re.compile("[&<>\"']")
_WEB = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)


def html_part(elements: Sequence[Element], *, language: str, title: str) -> str:
    """The letter as HTML, `\\n` line ends."""
    head = _HEAD.replace("{language}", _safe(language)).replace("{title}", _safe(title))
    return head + "".join(map(_element, elements)) + _FOOT


def by_itself(html: str, pictures: Mapping[str, bytes]) -> str:
    """The HTML part as a page for a browser, which knows no Content-ID: its pictures stand in it (RFC 2397).

    Args:
        pictures: PNG by Content-ID, without the angle brackets.
    """
    for cid, content in pictures.items():
        html = html.replace(f'"cid:{cid}"', f'"data:image/png;base64,{b64encode(content).decode()}"')
    return html


def _safe(text: str) -> str:
    return str(escape(text)) if _SPECIAL.search(text) else text


def _element(element: Element) -> str:
    match element:
        case Paragraph(text):
            return f"{_P}{_emphasised(text)}</p>\n"
        case Lines(lines, heading):
            rows = [_safe(line) for line in lines]
            if heading:
                rows[0] = f'<strong style="font-size:18px">{rows[0]}</strong>'
            return f"{_P}{'<br>'.join(rows)}</p>\n"
        case Facts():
            return _facts(element)
        case Table():
            return _table(element)
        case Links(links):
            return "".join(_link(label, address, one=len(links) == 1) for label, address in links)
        case Picture():
            return _picture(element)
        case _:
            assert_never(element)


def _emphasised(text: str) -> str:
    return _safe(text).replace(STRONG, "<strong>").replace(PLAIN, "</strong>")


def _facts(facts: Facts) -> str:
    side = "right" if facts.figures else "left"
    rows = []
    for index, (label, value) in enumerate(facts.rows):
        last = facts.figures and index == len(facts.rows) - 1
        value = _safe(value if facts.figures else value.replace("\u00a0", " "))  # an IBAN may break between its groups
        shown = f"<strong>{value}</strong>" if last else value
        rows.append(
            f'<tr><td valign="top" style="padding:5px 16px 5px 0;{_LABEL}">{_safe(label)}</td>'
            f'<td valign="top" align="{side}" style="padding:5px 0;overflow-wrap:anywhere">{shown}</td></tr>\n'
        )
    return f"{_TABLE}{''.join(rows)}</table>\n"


def _table(table: Table) -> str:
    columns = len(table.head)
    sides = ["left"] * (columns - table.figures) + ["right"] * table.figures

    def cells(row: Sequence[str], tag: str, style: str) -> str:
        made = []
        for index, (cell, side) in enumerate(zip(row, sides, strict=True)):
            whole = tag == "td" and (side == "right" or (index == 0 and len(cell) <= _KEPT_WHOLE))
            rules = f"padding:6px {0 if index == columns - 1 else 10}px 6px 0;{style}"
            rules += ";white-space:nowrap" if whole else ""
            made.append(f'<{tag} valign="top" align="{side}" style="{rules}">{_safe(cell)}</{tag}>')
        return "".join(made)

    title = f"{_P}{_emphasised(table.title)}</p>\n" if table.title else ""
    body = "".join(f"<tr>{cells(row, 'td', f'font-size:15px;{_RULE}')}</tr>\n" for row in table.rows)
    foot = ""
    if table.foot:
        label, figure = table.foot
        foot = (
            f'<tr><td colspan="{columns - 1}" style="padding:8px 10px 6px 0"><strong>{_safe(label)}</strong></td>'
            f'<td align="right" style="padding:8px 0 6px"><strong>{_safe(figure)}</strong></td></tr>\n'
        )
    return (
        f"{title}{_DATA}<tr>{cells(table.head, 'th', f'font-weight:400;{_LABEL};{_RULE}')}</tr>\n{body}{foot}</table>\n"
    )


def _picture(picture: Picture) -> str:
    """A QR code keeps its white margin in dark mode: without it no camera reads it."""
    side, caption = picture.width, _safe(picture.caption)
    return (
        f'<p style="margin:0 0 4px"><img src="cid:{picture.cid}" width="{side}" height="{side}" alt="{caption}"'
        f' style="display:block;width:{side}px;height:{side}px;background-color:#ffffff;border:0"></p>\n'
        f'<p style="margin:0 0 16px;{_LABEL}">{caption}</p>\n'
    )


def _link(label: str, address: str, *, one: bool) -> str:
    """A button where there is one way to go, else a line each.  What is no web address is shown, never linked."""
    if not _WEB.fullmatch(address):
        return f"{_P}{_safe(label)}: {_safe(address)}</p>\n"
    style = _BUTTON if one else "color:#1d6fdf"
    return f'{_P}<a href="{_safe(address)}" style="{style}">{_safe(label)}</a></p>\n'
