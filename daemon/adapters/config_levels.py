"""The levels of a ladder in the config: their schema, and the order in which they can be climbed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_shape import Checked, Choice, Field, Record
from daemon.adapters.config_wording import hint, listed
from daemon.adapters.yaml_nodes import ListNode, MapNode, Report
from daemon.domain.books.policy import (
    EARLY_LETTERS,
    INSTALMENT_DUE,
    LATE_LETTERS,
    LETTERS,
    SENT_WHEN,
    STOP_WORK,
    CallLevel,
    HandoverLevel,
    LetterLevel,
    Level,
    Since,
)
from daemon.domain.ladder.demand import DEMAND

_LATEST_DAY = 1000
_LEAST_EVERY = 7  # days between two rounds of a repeating level
_FIRMNESS = {"first-reminder": 1, "second-reminder": 2, "firm-reminder": 3, STOP_WORK: 3, "final-notice": 4}
_ON_ITS_DAY = ("due-today", INSTALMENT_DUE)  # they name the due date: counted from the issue they would be wrong


def _letter(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> LetterLevel:
    only = values.pop("only", None)
    since = values.pop("from", Since.DUE)
    values.setdefault("approval", values["letter"] == STOP_WORK)
    return LetterLevel(**values, since=since, only_late_payers=only is not None)


def _call(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> CallLevel:
    return CallLevel(reason=values["call"], day=values["day"])


def _handover(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> HandoverLevel:
    values["to"] = values.pop("handover")
    return HandoverLevel(**values)


_DAY = Field(kinds.whole(-365, _LATEST_DAY), "days after the due date; a negative number: before it", required=True)
LEVEL = Choice(
    "a level",
    {
        "letter": Record(
            "a letter level",
            {
                "letter": Field(kinds.KEY, f"which one: {listed(LETTERS)}", required=True),
                "day": _DAY,
                "from": Field(
                    kinds.words("due", "issued", make=Since), "issued: `day` counts from the date of the invoice"
                ),
                "every": Field(
                    kinds.whole(_LEAST_EVERY, 365), "sent again after so many days, until it is paid; 7 or more"
                ),
                "times": Field(kinds.whole(2, 100), "with `every`: how often it is sent in all; left out, without end"),
                "only": Field(kinds.words("late-payers"), "late-payers: the others do not get this letter"),
                "rest_days": Field(kinds.whole(0, 365), "days since the client's last letter, where not the policy's"),
                "deadline_days": Field(kinds.whole(1, 365), "the deadline that the letter sets, days after its date"),
                "approval": Field(kinds.BOOLEAN, "true: it waits for your go; stop-work does unless false"),
            },
            _letter,
        ),
        "call": Record(
            "a call level",
            {"call": Field(kinds.NAME, "why you are asked to telephone", required=True), "day": _DAY},
            _call,
        ),
        "handover": Record(
            "a hand-over level",
            {
                "handover": Field(kinds.words("legal", "collection"), "to whom the case goes", required=True),
                "after_deadline": Field(
                    kinds.whole(0, 365), "business days after the deadline of the last letter", required=True
                ),
                "approval": Field(kinds.BOOLEAN, "true: it waits for your go"),
            },
            _handover,
        ),
    },
)


def check_levels(read: Checked, letters: Collection[str], report: Report) -> bool:
    """The letters exist, days and firmness ascend, and what ends a ladder comes last; what is wrong is reported.

    Args:
        read: a policy with `levels`.
        letters: names of the letters for which there is a template.
    """
    known = len(report.problems)
    place = read.place("levels")
    assert isinstance(place, ListNode)
    levels: tuple[Level, ...] = read.get("levels")
    nodes = [node for node in place.items if isinstance(node, MapNode)]
    deadline = False
    for number, (level, node) in enumerate(zip(levels, nodes, strict=True)):
        match level:
            case LetterLevel():
                if _check_letter(level, node, letters, report):
                    _check_repeating(level, node, report, last=number == len(levels) - 1)
                deadline = level.deadline_days is not None or deadline
            case HandoverLevel():
                if not deadline:
                    report.wrong(
                        node, "nothing is handed over before a letter set a deadline: give one `deadline_days`"
                    )
                if number < len(levels) - 1:
                    report.wrong(node, "a hand-over is the last level: nothing comes after it")
    before: int | None = None
    for number, level in enumerate(levels):
        if isinstance(level, HandoverLevel):
            continue
        in_order = before is None or _check_order(levels, nodes, before, number, report)
        if not in_order or not _check_firmness(levels, nodes, number, report):
            break  # one in the wrong place makes those after it wrong, too
        before = number
    return len(report.problems) == known


def _check_order(levels: Sequence[Level], nodes: Sequence[MapNode], before: int, here: int, report: Report) -> bool:
    """Whether a level comes after the one before it: those from the issue first, then by day."""
    one, other, node = levels[before], levels[here], nodes[here]
    assert not isinstance(one, HandoverLevel)
    assert not isinstance(other, HandoverLevel)
    line = _line(nodes[before])
    if _since(one) is Since.DUE and _since(other) is Since.ISSUED:
        report.wrong(
            node.entries["from"],
            f"a level that counts from the issue comes before those that count from the due date, and the one in line"
            f" {line} is one of those: put this one at the top",
        )
        return False
    if _since(one) is Since.ISSUED and _since(other) is Since.DUE:
        return True
    same_day = one.day == other.day and isinstance(one, CallLevel) != isinstance(other, CallLevel)
    if one.day < other.day or same_day:  # a call may be on the day of a letter; two letters of one invoice never are
        return True
    report.wrong(
        node.entries["day"],
        f"the levels ascend by day, and this one (day {other.day}) is not after the one in line {line}"
        f" (day {one.day}): put it higher up, or write a later day",
    )
    return False


def _check_firmness(levels: Sequence[Level], nodes: Sequence[MapNode], here: int, report: Report) -> bool:
    """Whether no letter is milder than one before it.  A stop-work notice stands beside the firm ones, in any order."""
    level = levels[here]
    if not isinstance(level, LetterLevel) or level.letter not in _FIRMNESS:
        return True
    firmness = 4 if level.letter == STOP_WORK else _FIRMNESS[level.letter]
    for earlier, node in zip(levels[:here], nodes, strict=False):
        if isinstance(earlier, LetterLevel) and _FIRMNESS.get(earlier.letter, 0) > firmness:
            report.wrong(
                nodes[here].entries["letter"],
                f"`{level.letter}` is milder than `{earlier.letter}` in line {_line(node)}, which comes before it:"
                " a client who was told the last word is not asked again; swap the two",
            )
            return False
    return True


def _since(level: Level) -> Since:
    return level.since if isinstance(level, LetterLevel) else Since.DUE


def _line(node: MapNode) -> int:
    return int(node.start_mark.line) + 1


def _check_letter(level: LetterLevel, node: MapNode, letters: Collection[str], report: Report) -> bool:
    """Whether there is such a letter, and its day fits what it says."""
    name, known = level.letter, len(report.problems)
    if name in SENT_WHEN:
        report.wrong(node.entries["letter"], f"`{name}` is sent when {SENT_WHEN[name]}, it is no level: take it out")
    elif name == DEMAND:
        said = "is for paper, signed by you, and is never mailed: `handover: legal` puts it into a dossier"
        report.wrong(node.entries["letter"], f"`{name}` {said}")
    elif name not in letters:
        report.wrong(node.entries["letter"], f"there is no letter `{name}`{hint(name, tuple(letters))}")
    elif level.since is Since.ISSUED:
        if name in LATE_LETTERS:
            report.wrong(
                node.entries["from"], f"`{name}` says that the invoice is overdue: it counts from the due date"
            )
        elif name in _ON_ITS_DAY:
            report.wrong(node.entries["from"], f"`{name}` names the due date: it counts from that")
        elif level.day < 0:
            report.wrong(node.entries["day"], "before its issue there is no invoice: this day is 0 or later")
    elif name in EARLY_LETTERS:
        if level.day > 0:
            issued = ", or write `from: issued`" if name not in _ON_ITS_DAY else ""
            report.wrong(
                node.entries["day"], f"`{name}` says that nothing is late yet: its day is 0 or negative{issued}"
            )
    elif name in LATE_LETTERS and level.day < 1:
        report.wrong(node.entries["day"], f"`{name}` says that the invoice is overdue: its day is 1 or later")
    return len(report.problems) == known


def _check_repeating(level: LetterLevel, node: MapNode, report: Report, *, last: bool) -> None:
    if level.every is None:
        if level.times is not None:
            report.wrong(
                node.key("times"), "`times` belongs to a level that is sent again: add `every`, as in every: 14"
            )
    elif level.early:
        report.wrong(node.key("every"), "a letter that says nothing is late is not sent again: take `every` out")
    elif level.times is None and not last:
        report.wrong(
            node.key("every"),
            "a level that is sent again without end is the last one: add `times`, as in times: 3, or take out what"
            " comes after it",
        )
