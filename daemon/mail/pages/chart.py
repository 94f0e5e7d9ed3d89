"""Charts as inline SVG: shapes coloured by the stylesheet's classes, with a title and a description.

Drawn 340 units wide, as a telephone shows them, so that their words stay as large as the page's.  The figures stand in
a table beside each chart; nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH = 340
_ROW = 36  # of bars: a line of words, and the bar below it
_BAR = 10
_FLOOR, _CEILING = 128, 22  # of columns
_LONGEST = 30  # characters of a name
_HEAD = Markup(
    '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d">'
    '<title id="{id}-t">{title}</title><desc id="{id}-d">{told}</desc>'
)
_LABEL = Markup('<text x="0" y="{y}">{label}</text><text class="figure" x="{width}" y="{y}">{figure}</text>')
_RECT = Markup('<rect class="{tone}" x="{x}" y="{y}" width="{width}" height="{height}" rx="1.5"></rect>')
_LINE = Markup('<line x1="0" y1="{y}" x2="{width}" y2="{y}"></line>')
_COLUMN = Markup('<text class="middle" x="{x}" y="{y}">{text}</text>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row: parts of it follow one another, each a share of the whole width."""

    label: str
    figure: str
    parts: tuple[tuple[float, str], ...]  # percent, class


def bars(name: str, title: str, told: str, rows: Sequence[Bar]) -> Markup:
    """Horizontal bars, a name and a figure above each.

    Args:
        name: of the chart; unique on its page.
        told: what a picture would tell, in words.
    """
    height = len(rows) * _ROW
    drawn = [_HEAD.format(width=_WIDTH, height=height, id=name, title=title, told=told)]
    for row, bar in enumerate(rows):
        y, x = row * _ROW, 0.0
        drawn.append(_LABEL.format(y=y + 13, label=_short(bar.label), width=_WIDTH, figure=bar.figure))
        drawn.append(_RECT.format(tone="trough", x=0, y=y + 19, width=_WIDTH, height=_BAR))
        for share, tone in bar.parts:
            width = min(share * _WIDTH / 100, _WIDTH - x)
            if share > 0:
                width = max(width, 2)  # the smallest can be seen, too
                drawn.append(_RECT.format(tone=tone, x=_round(x), y=y + 19, width=_round(width), height=_BAR))
                x += width
    return Markup("").join([*drawn, Markup("</svg>")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    label: str
    figure: str  # "" : nothing to show
    value: float  # 0 or more


def columns(name: str, title: str, told: str, points: Sequence[Column]) -> Markup:
    """Vertical columns on a common floor, a figure above each."""
    drawn = [_HEAD.format(width=_WIDTH, height=_FLOOR + 20, id=name, title=title, told=told)]
    step = _WIDTH / max(len(points), 1)
    most = max((point.value for point in points), default=0) or 1
    width = min(step * 0.62, 34)
    for index, point in enumerate(points):
        middle = step * (index + 0.5)
        height = point.value / most * (_FLOOR - _CEILING)
        if point.figure:
            height = max(height, 1.5)
            x, y = _round(middle - width / 2), _round(_FLOOR - height)
            drawn.append(_RECT.format(tone="pace", x=x, y=y, width=_round(width), height=_round(height)))
            drawn.append(_COLUMN.format(x=_round(middle), y=_round(_FLOOR - height - 5), text=point.figure))
        drawn.append(_COLUMN.format(x=_round(middle), y=_FLOOR + 15, text=point.label))
    drawn.append(_LINE.format(y=_FLOOR, width=_WIDTH))
    return Markup("").join([*drawn, Markup("</svg>")])


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
