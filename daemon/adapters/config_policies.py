"""Policies of the config: their schema, the shipped ones, `like:`, and the order of the levels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_extras import EXTRAS
from daemon.adapters.config_names import KEY_PATTERN, key
from daemon.adapters.config_shape import ByName, Checked, Choice, Field, ListOf, Names, Record
from daemon.adapters.config_wording import hint, listed
from daemon.adapters.yaml_nodes import ListNode, MapNode, Node, Report
from daemon.adapters.yaml_tree import read_tree
from daemon.domain.policy import CallLevel, Group, HandoverLevel, HoldTerms, LetterLevel, Level, Policy, SendOn

LETTERS = ("courtesy", "due-today", "first-reminder", "second-reminder", "firm-reminder", "final-notice")
_BEFORE_DUE = frozenset({"courtesy", "due-today"})  # of the letters we ship, those that say nothing is overdue
_LATEST_DAY = 1000


def _letter(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> LetterLevel:
    only = values.pop("only", None)
    return LetterLevel(**values, only_late_payers=only is not None)


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
                "only": Field(kinds.words("late-payers"), "late-payers: the others do not get this letter"),
                "rest_days": Field(kinds.whole(0, 365), "days since the client's last letter, where not the policy's"),
                "deadline_days": Field(kinds.whole(1, 365), "the deadline that the letter sets, days after its date"),
                "approval": Field(kinds.BOOLEAN, "true: it waits for your go"),
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
HOLD_TERMS = Record(
    "`hold`",
    {
        "review": Field(kinds.SPAN, "until you are reminded of a client's answer"),
        "dispute_review": Field(kinds.SPAN, "until you are reminded of a dispute"),
        "owner_review": Field(kinds.SPAN, "until you are reminded after you wrote to the client yourself"),
        "promise_grace": Field(kinds.SPAN, "patience after a promised day"),
        "claims_paid": Field(kinds.SPAN, "patience when a client says it is paid"),
        "max_promise": Field(kinds.SPAN, "the latest promised day that is accepted without you"),
    },
)
POLICY = Record(
    "a policy",
    {
        "like": Field(kinds.KEY, "another policy; only what differs is written here"),
        "send_on": Field(kinds.words("business-days", "every-day", make=SendOn), "business-days or every-day"),
        "between": Field(kinds.WINDOW, 'the hours in which letters leave, as in "10:00-17:00"; the client\'s time'),
        "rest_days": Field(kinds.whole(0, 365), "at least this many days between two letters to one client"),
        "group": Field(kinds.words("client", "invoice", make=Group), "one letter for all of a client's, or for each"),
        "per_day": Field(kinds.whole(1, 100_000), "letters a day; the rest goes the next day"),
        "levels": Field(ListOf(LEVEL, what="levels", empty=False), "the ladder, ascending by day"),
        "tolerance": Field(kinds.NOT_NEGATIVE, "a smaller rest is your question, never a letter"),
        "approve_first": Field(kinds.BOOLEAN, "true: the first letter to any client waits for your go"),
        "hold": Field(HOLD_TERMS, "how long the pauses last that an answer causes: 7d is days, 2bd business days"),
        "extras": Field(EXTRAS, "interest and flat sums that letters state: {interest: statutory}; left out, none"),
    },
    partial=True,
)
POLICIES = ByName(POLICY, key, what="policies", pattern=KEY_PATTERN)


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, dict[str, Any]]:
    """The values of the policies that come with the program, read like the owner's own."""
    source = files("daemon.adapters") / "shipped_policies.yaml"
    report = Report(str(source))
    tree = read_tree(source.read_text("utf-8"), report)
    assert tree is not None, report.problems
    names = POLICIES.read(tree, report)
    assert not report.problems, report.problems
    return {name: _values(read) for name, read in names.values.items()}


def shipped_names() -> tuple[str, ...]:
    return tuple(_shipped())


def _values(read: Checked) -> dict[str, Any]:
    """What one policy states, `hold` as a dict of its own."""
    hold = read.get("hold")
    return {**read.values, "hold": dict(hold.values) if hold else {}}


def policies_from(written: Names | None, letters: Collection[str], report: Report) -> dict[str, Policy]:
    """The shipped policies and the owner's own, which may replace a shipped one by its name.

    Args:
        letters: names of the letters for which there is a template.
        report: takes what is wrong; a policy with a fault is left out.
    """
    own: dict[str, Checked] = written.values if written else {}
    names = tuple({**_shipped(), **own, **dict.fromkeys(written.written if written else ())})
    found = {name: _policy(name, values) for name, values in _shipped().items()}
    for name, read in own.items():
        good = "levels" not in read.values or _check_levels(read, letters, report)
        values = _resolved(name, own, names, report)
        if values is None or not good or not read.whole:
            found.pop(name, None)
        elif "levels" not in values:
            report.wrong(
                read.node, f"`levels` is missing in the policy `{name}`: write the ladder, or `like: standard`"
            )
            found.pop(name, None)
        else:
            found[name] = _policy(name, values)
    return found


def _resolved(name: str, own: Mapping[str, Checked], names: tuple[str, ...], report: Report) -> dict[str, Any] | None:
    """The values of a policy over those of the ones that it is like; None where that has no end or no beginning.

    Only what is wrong at `name` itself is reported; every other policy is asked for itself.
    """
    layers: list[dict[str, Any]] = []
    passed: list[str] = []
    here, like = name, None
    while True:
        passed.append(here)
        layers.append(_values(own[here]))
        like = layers[-1].get("like")
        if like is None:
            break
        if like in own and like not in passed:
            here = like
            continue
        if like in _shipped():  # also `standard: {like: standard}`, which changes the shipped one
            layers.append(_shipped()[like])
            break
        if like == name:
            said = (
                f"`{name}` is like `{here}`, which is like `{name}` again"
                if here != name
                else f"`{name}` is like itself"
            )
            report.wrong(own[name].place("like"), f"{said}: one of them needs levels of its own")
        elif like not in names and here == name:
            report.wrong(own[name].place("like"), f"there is no policy `{like}`{hint(like, names)}")
        return None
    values: dict[str, Any] = {"hold": {}}
    for layer in reversed(layers):
        values = {**values, **layer, "hold": {**values["hold"], **layer["hold"]}}
    return values


def _policy(name: str, values: dict[str, Any]) -> Policy:
    stated = {key: value for key, value in values.items() if key not in {"like", "between", "hold"}}
    if "between" in values:
        stated["opens"], stated["closes"] = values["between"]
    return Policy(name=name, hold=HoldTerms(**values["hold"]), **stated)


def _check_levels(read: Checked, letters: Collection[str], report: Report) -> bool:
    """The letters exist, the days ascend, and a hand-over comes last and after a deadline."""
    known = len(report.problems)
    place = read.place("levels")
    assert isinstance(place, ListNode)
    before: tuple[Level, Node] | None = None
    deadline = False
    for level, node in zip(read.get("levels"), place.items, strict=True):
        assert isinstance(node, MapNode)
        match level:
            case LetterLevel():
                _check_letter(level, node, letters, report)
                deadline = level.deadline_days is not None or deadline
            case HandoverLevel():
                if not deadline:
                    report.wrong(
                        node, "nothing is handed over before a letter set a deadline: give one `deadline_days`"
                    )
                if node is not place.items[-1]:
                    report.wrong(node, "a hand-over is the last level: nothing comes after it")
                continue
        if before and not _follows(before[0], level):
            mark = before[1].start_mark
            report.wrong(
                node.entries["day"],
                f"the levels ascend by day, and this one (day {level.day}) is not after the one in line {mark.line + 1}"
                f" (day {getattr(before[0], 'day', '')}): put it higher up, or write a later day",
            )
        before = level, node
    return len(report.problems) == known


def _follows(one: Level, other: Level) -> bool:
    """A call may be on the day of a letter; two letters of one invoice never are."""
    assert not isinstance(one, HandoverLevel)
    assert not isinstance(other, HandoverLevel)
    same_day = one.day == other.day and isinstance(one, CallLevel) != isinstance(other, CallLevel)
    return one.day < other.day or same_day


def _check_letter(level: LetterLevel, node: MapNode, letters: Collection[str], report: Report) -> None:
    if level.letter not in letters:
        names = tuple(letters)
        report.wrong(
            node.entries["letter"],
            f"there is no letter `{level.letter}`{hint(level.letter, names)}",
        )
    elif level.letter in _BEFORE_DUE:
        if level.day > 0:
            report.wrong(
                node.entries["day"], f"`{level.letter}` says that nothing is late yet: its day is 0 or negative"
            )
    elif level.letter in LETTERS and level.day < 1:
        report.wrong(node.entries["day"], f"`{level.letter}` says that the invoice is overdue: its day is 1 or later")
