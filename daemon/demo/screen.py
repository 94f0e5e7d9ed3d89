"""The time-lapse on a terminal: day by day who got what and who answered what, and at the end a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from daemon.demo.owner import ZONE
from daemon.demo.telling import Line

_STYLES = {
    "sent": "cyan",
    "heard": "magenta",
    "held": "yellow",
    "money": "green",
    "trouble": "bold red",
    "owner": "blue",
    "quiet": "dim",
}
_STATES = {"paid": "green", "disputed": "yellow", "held": "yellow", "promised": "yellow", "handed-over": "red"}
_NAME = 26  # columns
_IN_A_FILE = 160  # columns


class Screen:
    """Prints as it happens.

    Args:
        names: client -> name.
        show: False prints nothing but, on a terminal, how far it is: stdout belongs to the document then.
    """

    def __init__(self, names: Mapping[str, str], days: int, start: date, *, show: bool) -> None:
        self._names, self._days, self._start, self._show = names, days, start, show
        self._console = Console(stderr=not show, highlight=False)
        if not self._console.is_terminal:
            self._console = Console(stderr=not show, highlight=False, width=_IN_A_FILE)
        self._day: date | None = None
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status("Servers and clients get ready")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()

    def turn_to(self, moment: datetime) -> None:
        """Say what day it is."""
        if self._status is not None:
            day = moment.astimezone(ZONE).date()
            self._status.update(f"{day:%A} {day.day} {day:%B}: day {(day - self._start).days + 1} of {self._days}")

    def print(self, line: Line) -> None:
        if not self._show:
            return
        at = line.at.astimezone(ZONE)
        if at.date() != self._day:
            self._day = at.date()
            self._console.print()
            self._console.print(Text(f"{at:%A} {at.day} {at:%B}", style="bold"))
        text = Text(f"  {at:%H:%M}  ", style="dim")
        text.append(f"{line.sign} ", style=_STYLES[line.tone])
        name = self._names.get(line.client or "", "")
        text.append(f"{name[:_NAME]:<{_NAME}} " if name else "", style="bold" if line.tone != "quiet" else "dim")
        text.append(line.text, style=_STYLES[line.tone])
        self._console.print(text, no_wrap=True, overflow="ellipsis", crop=True)

    def table(self, rows: Sequence[Mapping[str, Any]], told: str) -> None:
        """The ends of all stories."""
        if not self._show:
            return
        table = Table(
            title="How it ended: what `status` says", title_justify="left", title_style="bold", pad_edge=False
        )
        for heading in ("Client", "Story", "Letters", "State", "Call"):
            table.add_column(heading, overflow="fold")
        for row in rows:
            call = row["call"]
            table.add_row(
                Text(row["name"], style="bold"),
                row["story"],
                ", ".join(letter.replace("-", " ") for letter in row["letters"]) or Text("none", style="dim"),
                Text(row["state"], style=_STATES.get(row["state"], "")),
                Text(f"{call['contact']} {call['phone'] or ''}".strip() if call else "", style="red"),
            )
        self._console.print()
        self._console.print(table)
        self._console.print(told)
