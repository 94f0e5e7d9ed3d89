"""The HTML part of the digest: one column for a telephone, inline styles, nothing loaded, light and dark.

As in the letters no background and no text colour is set, so that mail programs can turn it dark; greys and accents
are legible on white and on black.  Every datum is escaped here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from markupsafe import escape

from daemon.mail.owner.digest_chart import chart_html
from daemon.mail.owner.digest_parts import Above, Row, Section, Sheet, Told

Link = Callable[[str], str]  # a command -> the link that gives it

FONT = (
    "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    "font-size:16px;line-height:1.4"
)
MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:14px"
_GREY = "color:#808080"
_HEAD = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
    '<meta name="format-detection" content="telephone=no, date=no, address=no">\n'
    "<title>{title}</title>\n<style>:root{{color-scheme:light dark;supported-color-schemes:light dark}}</style>\n"
    "</head>\n"
    '<body style="margin:0;padding:0">\n'
    '<!--[if mso]><table role="presentation" width="640" align="center"><tr><td><![endif]-->\n'
    f'<div style="max-width:640px;margin:0 auto;padding:16px;{FONT}">\n'
)
_FOOT = "</div>\n<!--[if mso]></td></tr></table><![endif]-->\n</body>\n</html>\n"
_TABLE = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    ' style="border-collapse:collapse">\n'
)
_H1 = '<h1 style="margin:0 0 12px;font-size:19px;line-height:1.3">'
_H2 = '<h2 style="margin:26px 0 6px;font-size:13px;letter-spacing:.04em;text-transform:uppercase;color:#2b8a63">'
_FAULT = 'style="margin:0 0 8px;padding:8px 12px;border-left:4px solid #d9480f;font-weight:600"'
_CODE = f"display:inline-block;margin:4px 6px 0 0;padding:2px 8px;border:1px solid #909090;border-radius:5px;{MONO}"
_QUOTE = (
    'style="margin:0 0 8px;padding:4px 12px;border-left:3px solid #2b8a63;overflow-wrap:anywhere;white-space:pre-wrap"'
)
_BUTTON = "color:#2b8a63;text-decoration:none;padding:6px 10px"  # large enough for a thumb
_ACCENT = "color:#2b8a63"
_RULE = "border-top:1px solid #a0a0a0"


def digest_html(sheet: Sheet) -> str:
    """The digest as HTML, `\\n` line ends."""
    parts = [_HEAD.format(language=_safe(sheet.language), title=_safe(sheet.headline))]
    if sheet.top:
        parts.append(f'<p style="margin:0 0 12px;font-size:11px;{_GREY}">{_safe(sheet.top)}</p>\n')
    parts.append(f"{_H1}{_safe(sheet.headline)}</h1>\n")
    parts += [f"<p {_FAULT}>{_safe(fault)}</p>\n" for fault in sheet.faults]
    if sheet.nothing:
        parts.append(f'<p style="margin:0 0 12px">{_safe(sheet.nothing)}</p>\n')
    link = partial(sheet.buttons.link, f"Re: {sheet.headline}") if sheet.buttons else None
    parts += [_section(section, link) for section in sheet.sections]
    parts += [f"{_H2}{_safe(chart.title)}</h2>\n{chart_html(chart)}" for chart in sheet.charts]
    parts.append(
        f'<p style="margin:24px 0 0;font-size:13px;{_GREY}">{_safe(sheet.foot)}<br>{_safe(sheet.made_by)}</p>\n'
    )
    return "".join([*parts, _FOOT])


def _safe(text: str) -> str:
    return str(escape(text))


def _section(section: Section, link: Link | None) -> str:
    hint = f'<p style="margin:0 0 4px;font-size:13px;{_GREY}">{_safe(section.hint)}</p>\n' if section.hint else ""
    title = f"{_H2}{_safe(section.title)}</h2>\n{hint}"
    if section.entries:
        rows = "".join(f'<li style="margin:0 0 4px">{_safe(entry)}</li>\n' for entry in section.entries)
        return f'{title}<ul style="margin:0;padding:0 0 0 18px;font-size:15px">\n{rows}</ul>\n'
    told = "".join(_told(one, link) for one in section.told)
    if not section.rows:
        return f"{title}{told}"
    above = {one.row: _across(one, link) for one in section.above}
    rows = "".join(above.get(index, "") + _row(row, link) for index, row in enumerate(section.rows))
    after = ""
    if section.after:
        answer = f" {_commands([section.command], None)}" if section.command else ""
        after = f'<p style="margin:8px 0 0;font-size:14px">{_safe(section.after)}{answer}</p>\n'
    return f"{title}{told}{_TABLE}{rows}</table>\n{after}"


def _told(told: Told, link: Link | None) -> str:
    lines = told.quote.replace("\u00a0", " ").split("\n") if told.quote else []  # what is copied out of it is YAML
    quote = "<br>".join(map(_safe, lines))
    after = f'<p style="margin:0 0 12px;font-size:15px;{_GREY}">{_safe(told.after)}</p>\n' if told.after else ""
    return (
        f'<p style="margin:8px 0 6px"><strong>{_safe(told.head)}</strong></p>\n'
        + (f"<blockquote {_QUOTE}>{quote}</blockquote>\n" if quote else "")
        + after
        + (f'<p style="margin:0 0 12px">{_commands(told.commands, link)}</p>\n' if told.commands else "")
    )


def _across(above: Above, link: Link | None) -> str:
    told = f"{_safe(above.text)} {_commands(above.commands, link)}".rstrip()
    return f'<tr><td colspan="2" style="padding:10px 0 6px;font-size:15px">{told}</td></tr>\n'


def _row(row: Row, link: Link | None) -> str:
    name, *facts = row.head or ("",)
    lines = [" ".join([f"<strong>{_safe(name)}</strong>", *(_kept(f"· {fact}") for fact in facts)])]
    if row.phone:
        number = _phone(row.phone, row.link)
        lines.append(f"{_safe(row.who)}, {number}" if row.who else number)
    if row.text:
        lines.append(f'<span style="font-size:15px">{_safe(row.text)}</span>')
    if row.commands:
        lines.append(_commands(row.commands, link))
    return (
        f'<tr><td valign="top" width="34" style="padding:9px 8px 9px 0;{_RULE};{_ACCENT}">'
        f"<strong>{row.item or ''}</strong></td>"
        f'<td valign="top" style="padding:9px 0;{_RULE};overflow-wrap:anywhere">{"<br>".join(lines)}</td></tr>\n'
    )


def _kept(text: str) -> str:
    """A fact that is not broken in two, unless it is longer than a telephone's line."""
    return f'<span style="white-space:nowrap">{_safe(text)}</span>' if len(text) <= 30 else _safe(text)


def _phone(text: str, link: str) -> str:
    """A number as it is written, as a link that dials where it can be dialled."""
    style = "color:#1d6fdf;font-weight:600"
    return f'<a href="{_safe(link)}" style="{style}">{_safe(text)}</a>' if link else _safe(text)


def _commands(commands: Iterable[str], link: Link | None) -> str:
    """Each command in a frame; a press writes the mail that gives it."""
    if link is None:
        return "".join(f'<code style="{_CODE}">{_safe(command)}</code>' for command in commands)
    return "".join(
        f'<a href="{_safe(link(command))}" style="{_CODE};{_BUTTON}">{_safe(command)}</a>' for command in commands
    )
