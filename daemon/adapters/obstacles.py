"""What mail servers say when a log-in fails, and what the owner can do about it: a table of patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_shape import Field, ListOf, Record, Scalar
from daemon.adapters.known_tables import shipped_table
from daemon.adapters.yaml_nodes import MapNode, Report

_MOST_TEXT = 2_000  # characters of a reply that are looked at: strangers write it


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One known reason why a server does not let us in."""

    id: str
    what: str  # the obstacle, in a few words
    do: str  # what to do about it
    says: re.Pattern[str]
    where: str | None = None  # smtp or imap; None: both
    way: str | None = None  # password or oauth: only for who logs in so; None: both
    host: str | None = None  # only at servers whose name ends so
    source: str
    read_on: Any

    def fits(self, where: str, way: str, host: str, words: str) -> bool:
        at_home = self.host is None or host == self.host or host.endswith(f".{self.host}")
        here = self.where in (None, where) and self.way in (None, way) and at_home
        return here and self.says.search(words[:_MOST_TEXT]) is not None


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as wrong:
        raise ValueError(f"this is no regular expression: {wrong}") from None


def _obstacle(values: dict[str, Any], _node: MapNode, _report: Report, _whole: bool) -> Obstacle:
    return Obstacle(**values)


_TEXT = kinds.line(600)
_ROWS = ListOf(
    Record(
        "an obstacle",
        {
            "id": Field(kinds.KEY, "its name", required=True),
            "where": Field(kinds.words("smtp", "imap"), "left out, both"),
            "way": Field(kinds.words("password", "oauth"), "left out, both"),
            "host": Field(kinds.HOST, "only at servers whose name ends so"),
            "says": Field(Scalar(_pattern, {"type": "string"}), "a regular expression", required=True),
            "what": Field(_TEXT, "the obstacle", required=True),
            "do": Field(_TEXT, "what to do", required=True),
            "source": Field(_TEXT, "where the words were seen", required=True),
            "read_on": Field(kinds.DATE, "when", required=True),
        },
        _obstacle,
    ),
    what="obstacles",
)


@cache
def obstacles() -> tuple[Obstacle, ...]:
    """All that are known, those that are sure before those that are only likely."""
    return shipped_table("obstacles.yaml", _ROWS)


def obstacle_in(where: str, host: str, words: str, *, oauth: bool = False) -> Obstacle | None:
    """The obstacle of which these words tell.

    Args:
        where: smtp or imap.
        host: the server's name, as the config states it.
        words: what it said, or what we say about the connection.
        oauth: whether the log-in is by a token, and not by a password.
    """
    way = "oauth" if oauth else "password"
    return next((known for known in obstacles() if known.fits(where, way, host.lower(), words)), None)
