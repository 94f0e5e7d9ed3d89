"""The money by age as bars: a table with coloured cells, no picture, so that it survives every mail program.

Every bar has its figure beside it in words: who sees no colours, or hears the mail, misses nothing.
"""

from __future__ import annotations

from markupsafe import escape

from daemon.mail.owner.digest_parts import Bar, Chart

COLOURS = ("#5b9bd5", "#e0b040", "#e08a30", "#d9600f", "#c03530")  # the older, the redder; legible on white and black
_PLAIN = "#2b8a63"
_TABLE = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    ' style="border-collapse:collapse;font-size:14px">\n'
)


def chart_html(chart: Chart) -> str:
    """The bars, and their total where they have one."""
    colours = COLOURS if chart.ages else (_PLAIN,) * len(chart.bars)
    rows = "".join(_row(bar, colour) for bar, colour in zip(chart.bars, colours, strict=True))
    if not chart.label:
        return f"{_TABLE}{rows}</table>\n"
    total = (
        f'<tr><td style="padding:6px 10px 0 0"><strong>{escape(chart.label)}</strong></td><td></td>'
        f'<td align="right" style="padding:6px 0 0 10px;white-space:nowrap"><strong>{escape(chart.total)}</strong>'
        f"{_count(chart.count)}</td></tr>\n"
    )
    return f"{_TABLE}{rows}{total}</table>\n"


def _row(bar: Bar, colour: str) -> str:
    return (
        f'<tr><td style="padding:3px 10px 3px 0;white-space:nowrap">{escape(bar.label)}</td>'
        f'<td width="60%" style="padding:3px 0">{_bar(bar.share, colour) if bar.count != 0 else ""}</td>'
        f'<td align="right" style="padding:3px 0 3px 10px;white-space:nowrap">{escape(bar.figure)}'
        f"{_count(bar.count)}</td></tr>\n"
    )


def _bar(share: int, colour: str) -> str:
    """A cell as wide as its share; also the smallest can be seen."""
    width = max(share, 2)
    rest = f'<td width="{100 - width}%"></td>' if width < 100 else ""
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" aria-hidden="true"><tr>'
        f'<td width="{width}%" height="12" bgcolor="{colour}" style="background-color:{colour};border-radius:2px;'
        f'font-size:1px;line-height:12px">&nbsp;</td>{rest}</tr></table>'
    )


def _count(count: int | None) -> str:
    return "" if count is None else f' <span style="color:#808080">({count})</span>'
