"""The text part of the digest: 76 columns at most, for a telephone and for a terminal.

A line in which somebody else's words stand begins with `| `, and a command with `> `: where a mail program quotes
without marks, neither is taken for an order of the owner's (`daemon.mail.answers.newwords`).
"""

from __future__ import annotations

from collections.abc import Iterable

from daemon.mail.letters.plain import WIDTH, wrap
from daemon.mail.owner.digest_parts import Chart, Row, Section, Sheet

_INDENT = 4
_SEPARATOR = " · "


def digest_text(sheet: Sheet) -> str:
    """The digest as text, `\\n` line ends, a line end at the end."""
    blocks = [[*wrap(sheet.headline), *(line for fault in sheet.faults for line in _hung(f"!! {fault}", 3))]]
    if sheet.nothing:
        blocks = [[*blocks[0], *wrap(f"{sheet.nothing} {_in_a_line(sheet.charts)}".rstrip())]]
    blocks += [_section(section, sheet.language) for section in sheet.sections]
    if not sheet.nothing and sheet.charts:
        blocks.append([line for chart in sheet.charts for line in _chart(chart, sheet.language)])
    blocks += [wrap(sheet.foot)] if sheet.foot else []
    blocks = [[sheet.top], *blocks] if sheet.top else blocks
    text = "\n\n".join("\n".join(block) for block in blocks) + "\n"
    return text.replace("\u00a0", " ")  # it has kept together what belongs together; a terminal has no use for it


def _capitals(text: str, language: str) -> str:
    return (text.replace("i", "İ") if language == "tr" else text).upper()


def _section(section: Section, language: str) -> list[str]:
    title = _capitals(section.title, language)
    lines = wrap(f"{title} ({section.hint})" if section.hint else title)
    if section.entries:
        return _hung(f"{title}  {'; '.join(section.entries)}", 2)
    for told in section.told:
        lines += ["", *wrap(told.head)]
        for line in told.quote.split("\n") if told.quote else ():
            lines += _theirs(line)
        lines += _under(told.after) if told.after else []
        lines += _under("> " + _kept(told.commands)) if told.commands else []
    above = {one.row: one for one in section.above}
    brief = False
    for index, row in enumerate(section.rows):
        if index in above:
            lines += ["", *wrap(f"{above[index].text} {_kept(above[index].commands)}".rstrip())]
        elif not brief or row.text or row.commands:
            lines.append("")
        brief = not (row.text or row.commands)
        lines += _row(row)
    if section.after:
        lines += ["", *wrap(f"{section.after} {section.command}".rstrip())]
    return lines


def _row(row: Row) -> list[str]:
    item = f"{row.item or '':>2}  ".replace(" ", "\u00a0")  # stays before a head that is folded
    lines = _hung(f"{item}{_SEPARATOR.join(row.head)}", _INDENT)
    if row.phone:
        lines += _under(f"{row.who}, {_kept([row.phone])}" if row.who else row.phone)
    if row.text:
        lines += _theirs(row.text) if row.quotes else _under(row.text)
    if row.commands:
        lines += _under("> " + _kept(row.commands))
    return lines


def _under(text: str) -> list[str]:
    return [" " * _INDENT + line for line in wrap(text, WIDTH - _INDENT)]


def _theirs(text: str) -> list[str]:
    """What other people's words stand in, wherever they may come to the beginning of a line."""
    return [f"{_INDENT * ' '}| {line}".rstrip() for line in wrap(text, WIDTH - _INDENT - 2)]


def _hung(text: str, indent: int) -> list[str]:
    """Lines of which all but the first are indented."""
    first, *rest = wrap(text, WIDTH - indent)
    return [first, *(" " * indent + line for line in rest)]


def _chart(chart: Chart, language: str) -> list[str]:
    cells = [f"{bar.label}\u00a0{_figure(bar.figure, bar.count)}" for bar in chart.bars if bar.count != 0]
    if chart.label:
        cells.append(f"{chart.label}\u00a0{_figure(chart.total, chart.count)}")
    title = _capitals(chart.title, language)
    return wrap(f"{title}  {_kept(cells)}")


def _kept(cells: Iterable[str]) -> str:
    return " | ".join(cell.replace(" ", "\u00a0") for cell in cells)


def _figure(figure: str, count: int | None) -> str:
    return figure if count is None else f"{figure}\u00a0({count})"


def _in_a_line(charts: tuple[Chart, ...]) -> str:
    return " ".join(f"{chart.title}: {chart.total} ({chart.count})." for chart in charts if chart.ages)
