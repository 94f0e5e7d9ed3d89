"""The nodes of a YAML tree, each with its place, and the report of what is wrong at one."""

from __future__ import annotations

from typing import Protocol

from daemon.ports import Problem


class Mark(Protocol):
    """A place in a file; both count from 0."""

    line: int
    column: int


class MapNode:
    """A mapping: `entries` has the values by key, `keys` the keys themselves with their places, both as written."""

    __slots__ = ("entries", "keys", "start_mark")

    def __init__(self, start_mark: Mark) -> None:
        self.start_mark = start_mark
        self.entries: dict[str, Node] = {}
        self.keys: list[Text] = []

    def key(self, name: str) -> Text:
        """The key called `name`; it must be there."""
        return next(key for key in self.keys if key.value == name)


class ListNode:
    __slots__ = ("items", "start_mark")

    def __init__(self, start_mark: Mark) -> None:
        self.start_mark = start_mark
        self.items: list[Node] = []


class Text:
    """A scalar, which is its own place.  `plain` says that it was written without quotes.

    libyaml's event has both of its ends and five fields more: three times the memory, which a config of a thousand
    clients would need all at once, and the process would keep.
    """

    __slots__ = ("column", "line", "plain", "value")

    def __init__(self, value: str, plain: bool, line: int, column: int) -> None:
        self.value = value
        self.plain = plain
        self.line = line  # both count from 0
        self.column = column

    @property
    def start_mark(self) -> Mark:
        return self


Node = Text | MapNode | ListNode


def is_blank(node: Node) -> bool:
    """Whether nothing was written: `key:` or `key: ~`.  The word `null` is a word, and `""` is a text."""
    return node.__class__ is Text and node.plain and node.value in {"", "~"}


class Report:
    """Collects what is wrong in one file, and what is worth a word.

    Nobody reads more than a thousand problems, and a file may have millions.
    """

    MOST = 1000
    __slots__ = ("file", "notices", "problems")

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.notices: list[str] = []

    @property
    def full(self) -> bool:
        """Whether what is wrong here is no longer listed."""
        return len(self.problems) > self.MOST

    def wrong(self, node: Node, message: str) -> None:
        """Say that `node` is wrong; `message` says what, and what would be right."""
        mark = node.start_mark
        self.wrong_at(mark.line, mark.column, message)

    def wrong_at(self, line: int, column: int, message: str) -> None:
        """Say that something is wrong at a place; both count from 0."""
        if len(self.problems) < self.MOST:
            self.problems.append(Problem(file=self.file, line=line + 1, column=column + 1, message=message))
        elif not self.full:
            self.problems.append(
                Problem(
                    file=self.file,
                    line=line + 1,
                    column=column + 1,
                    message=f"more is wrong from here on: {self.MOST:,} problems are listed",
                )
            )

    def wrong_file(self, message: str) -> None:
        """Say what is wrong with the file as a whole."""
        self.problems.append(Problem(file=self.file, line=0, column=0, message=message))

    def notice(self, node: Node, message: str) -> None:
        mark = node.start_mark
        self.notices.append(f"{self.file}:{mark.line + 1}:{mark.column + 1}: {message}")
