"""Policies of the config: their schema, the shipped ones, and `like:`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_extras import EXTRAS
from daemon.adapters.config_levels import LEVEL, check_levels
from daemon.adapters.config_names import KEY_PATTERN, key
from daemon.adapters.config_shape import ByName, Checked, Field, ListOf, Names, Record
from daemon.adapters.config_wording import hint
from daemon.adapters.yaml_nodes import Report
from daemon.adapters.yaml_tree import read_tree
from daemon.domain.books.policy import Group, HabitTerms, HoldTerms, Policy, SendOn, SilenceTerms, Window

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
SILENCE = Record(
    "`silence`",
    {
        "letters": Field(kinds.whole(1, 100), "so many letters about overdue invoices without an answer"),
        "days": Field(kinds.whole(1, 365), "over at least so many days: a call is suggested"),
    },
)
HABIT = Record(
    "`habit`",
    {
        "last": Field(kinds.whole(2, 100), "how many of the client's settled invoices are looked at, the latest ones"),
        "late": Field(kinds.whole(0, 365), "more days late than this, on their average: a habitual late payer"),
    },
)
POLICY = Record(
    "a policy",
    {
        "like": Field(kinds.KEY, "another policy; only what differs is written here"),
        "send_on": Field(kinds.words("business-days", "every-day", make=SendOn), "business-days or every-day"),
        "between": Field(kinds.WINDOW, 'the hours in which letters leave, as in "10:00-17:00"'),
        "window": Field(
            kinds.words("client", "creditor", make=Window), "in whose time `between` is meant: client or creditor"
        ),
        "rest_days": Field(kinds.whole(0, 365), "at least this many days between two letters to one client"),
        "group": Field(kinds.words("client", "invoice", make=Group), "one letter for all of a client's, or for each"),
        "per_day": Field(kinds.whole(1, 100_000), "letters a day; the rest goes the next day"),
        "levels": Field(ListOf(LEVEL, what="levels", empty=False), "the ladder, ascending by day"),
        "tolerance": Field(kinds.NOT_NEGATIVE, "a smaller rest is your question, never a letter"),
        "minimum": Field(kinds.NOT_NEGATIVE, "who owes less than this overdue, in one currency, gets no letter"),
        "approve_first": Field(kinds.BOOLEAN, "true: the first letter to any client waits for your go"),
        "approve_over": Field(kinds.NOT_NEGATIVE, "and so does one that claims at least this, in its currency"),
        "announce": Field(kinds.SPAN, "each letter stands in a digest so long before it leaves: 1d, or 1bd"),
        "thank_you": Field(kinds.BOOLEAN, "true: who pays after a reminder gets a letter of thanks"),
        "habit": Field(HABIT, "when late payment is a client's habit: {last: 5, late: 5}"),
        "silence": Field(SILENCE, "when letters without an answer make a call: {letters: 3, days: 14}"),
        "good_payers": Field(kinds.KEY, "another policy, for clients who have paid in time: gentle"),
        "hold": Field(HOLD_TERMS, "how long the pauses last that an answer causes: 7d is days, 2bd business days"),
        "extras": Field(EXTRAS, "interest and flat sums that letters state: {interest: statutory}; left out, none"),
    },
    partial=True,
)
POLICIES = ByName(POLICY, key, what="policies", pattern=KEY_PATTERN)


_PARTS = ("hold", "habit", "silence")  # records in a policy: each of their keys may come from another layer of `like:`


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
    """What one policy states, what has keys of its own as dicts."""
    return {**read.values, **{part: dict(read.get(part).values) if read.get(part) else {} for part in _PARTS}}


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
        good = "levels" not in read.values or check_levels(read, letters, report)
        good = _check_good_payers(name, read, names, report) and good
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
    values: dict[str, Any] = {part: {} for part in _PARTS}
    for layer in reversed(layers):
        values = {**values, **layer, **{part: {**values[part], **layer[part]} for part in _PARTS}}
    return values


def _policy(name: str, values: dict[str, Any]) -> Policy:
    stated = {key: value for key, value in values.items() if key not in {"like", "between", *_PARTS}}
    if "between" in values:
        stated["opens"], stated["closes"] = values["between"]
    hold, habit = HoldTerms(**values["hold"]), HabitTerms(**values["habit"])
    return Policy(name=name, hold=hold, habit=habit, silence=SilenceTerms(**values["silence"]), **stated)


def _check_good_payers(name: str, read: Checked, names: tuple[str, ...], report: Report) -> bool:
    """Whether the policy for good payers is there, and another one."""
    gentler = read.get("good_payers")
    if gentler is None or (gentler in names and gentler != name):
        return True
    if gentler == name:
        report.wrong(read.place("good_payers"), f"`{name}` is this policy itself: name a gentler one, or take it out")
    else:
        report.wrong(read.place("good_payers"), f"there is no policy `{gentler}`{hint(gentler, names)}")
    return False
