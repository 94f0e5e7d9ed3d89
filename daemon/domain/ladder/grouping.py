"""Which of the items that are due share a letter today, and which letter goes first where only one may go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from daemon.domain.books.policy import (
    CONFIRM_RECEIPT,
    FIRM_LETTERS,
    INSTALMENT_DUE,
    LETTERS,
    Group,
    LetterLevel,
    Policy,
)
from daemon.domain.ladder.draft import Due
from daemon.domain.ladder.quiet import Quiet, Why, by_hand_only, kept_back
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case

_DAY = timedelta(days=1)
_ALONE = (CONFIRM_RECEIPT, INSTALMENT_DUE)


@dataclass(frozen=True, slots=True)
class Grouped:
    """The items of today's letters, one list a letter; and those that get none, because another goes first."""

    letters: tuple[list[Due], ...]
    quiet: tuple[Quiet, ...]


def policy_of(case: Case, item: Item) -> Policy:
    """The policy of an item: its invoice's own, else the client's."""
    return case.policy_named(item.invoice.policy or "")


def grouped(case: Case, due: Sequence[Due], today: date, coming: Sequence[Due] = ()) -> Grouped:
    """One letter a currency and policy, or one an invoice where the policy says so.

    Under several policies, the client rests between two letters all the same: today goes the one under the policy
    whose last letter is the longest ago, the firmer one of two that had none yet, so that neither waits for ever.  A
    letter about what is overdue never claims what is not due yet, and one that asks for a receipt, or is about an
    instalment, nothing else: that gets its own, another day.

    Args:
        today: its own letters do not count for the turn: asked again between two of them, the answer is the same.
        coming: what is due by the day on which today's letters leave, and has none today; its policy has its turn, too.
    """
    letters: list[list[Due]] = []
    quiet: list[Quiet] = []
    later = _by_currency_and_policy(case, coming)
    for currency, by_policy in _by_currency_and_policy(case, due).items():
        waiting = {name: some for name, some in later.get(currency, {}).items() if name not in by_policy}
        ranked = list({**by_policy, **waiting}.items())
        if len(ranked) > 1:
            ranked.sort(
                key=lambda pair: (_last_under(case, pair[0], today), -_tone(case.policy_named(pair[0]), pair[1]))
            )
        first = case.policy_named(ranked[0][0])
        for name, group in ((name, group) for name, group in ranked if name in by_policy):
            alone = case.policy_named(name).group is Group.INVOICE
            if name != first.name and not (alone and first.group is Group.INVOICE):
                quiet += [Quiet(d.item.ref, Why.OTHER_POLICY, None) for d in group]
                continue
            for one in _by_invoice(group) if alone else (group,):
                overdue, early = _overdue_first(one)
                overdue, apart = _of_a_kind(overdue)
                overdue, other = _plan_first(overdue)
                letters.append(overdue)
                quiet += [Quiet(d.item.ref, Why.PLAN_FIRST, None) for d in other]
                quiet += [Quiet(d.item.ref, Why.OVERDUE_FIRST, None) for d in early]
                quiet += [Quiet(d.item.ref, Why.OWN_LETTER, None) for d in apart]
    return Grouped(tuple(letters), tuple(quiet))


def _by_currency_and_policy(case: Case, due: Iterable[Due]) -> dict[str, dict[str, list[Due]]]:
    found: dict[str, dict[str, list[Due]]] = {}
    for d in due:
        name = policy_of(case, d.item).name
        found.setdefault(d.item.invoice.currency, {}).setdefault(name, []).append(d)
    return found


def _by_invoice(group: Iterable[Due]) -> Iterable[list[Due]]:
    found: dict[str, list[Due]] = {}
    for d in group:
        found.setdefault(d.item.ref.number, []).append(d)
    return found.values()


def _last_under(case: Case, policy: str, today: date) -> date:
    """The day of the client's last letter under a policy before today; long ago where there was none."""
    before = (r for r in case.letters() if r.left and r.on < today)
    left = (r.on for r in before if (r.queued.policy or case.policy.name) == policy)
    return max(left, default=date.min)


def _of_a_kind(group: list[Due]) -> tuple[list[Due], list[Due]]:
    """Of letters before the due date, those that can be one: a receipt is asked for, an instalment announced, alone."""
    kinds: dict[str, list[Due]] = {}
    for d in group:
        name = d.rung.level.letter if isinstance(d.rung.level, LetterLevel) else ""
        kinds.setdefault(name if name in _ALONE else "", []).append(d)
    first = max(kinds, key=lambda kind: max(d.rung.number for d in kinds[kind]))
    return kinds[first], [d for kind, some in kinds.items() if kind != first for d in some]


def _tone(policy: Policy, group: Iterable[Due]) -> int:
    """How firm the letter of a group would be: the place in the catalogue of our last letter up to its level."""
    highest = max(d.rung.number for d in group)
    letters = (level.letter for level in policy.levels[:highest] if isinstance(level, LetterLevel))
    return max((LETTERS.index(name) for name in letters if name in LETTERS), default=-1)


def _overdue_first(group: list[Due]) -> tuple[list[Due], list[Due]]:
    overdue: list[Due] = []
    early: list[Due] = []
    for d in group:
        level = d.rung.level
        (early if isinstance(level, LetterLevel) and level.early else overdue).append(d)
    return (overdue, early) if overdue else (group, [])


def _plan_first(group: list[Due]) -> tuple[list[Due], list[Due]]:
    """A letter that a plan was broken is about the plan; it lists what else is overdue.  A firm one claims as ever."""
    broken = [d for d in group if d.rung.broken_plan]
    highest = max(group, key=lambda d: d.rung.number).rung.level
    if not broken or (isinstance(highest, LetterLevel) and highest.letter in FIRM_LETTERS):
        return group, []
    return broken, [d for d in group if not d.rung.broken_plan]


# -- the minimum ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worth:
    """What is worth a letter or a call, and the rest with its reason."""

    due: tuple[Due, ...]
    quiet: tuple[Quiet, ...]


def worth_a_letter(case: Case, due: Sequence[Due], today: date) -> Worth:
    """Take out what a letter or call would be about, where the client owes less than the `minimum` of its policy.

    What counts is all that the client owes overdue in the currency and that nothing holds back; for a letter before
    the due date, what is not due yet, too.
    """
    if not due or not any(policy.minimum for policy in (case.policy, *case.policies.values())):
        return Worth(tuple(due), ())
    claimable = [item for item in case.items if _claimable(case, item, today)]
    enough: list[Due] = []
    quiet: list[Quiet] = []
    for d in due:
        minimum = policy_of(case, d.item).minimum
        same = [item for item in claimable if item.invoice.currency == d.item.invoice.currency]
        early = isinstance(d.rung.level, LetterLevel) and d.rung.level.early
        owed = sum((item.outstanding for item in same if early or item.due_on < today), Decimal(0))
        if owed >= minimum:
            enough.append(d)
        else:
            coming = (item for item in same if item.due_on >= today)
            until = None if early else next(_enough_on(owed, minimum, coming), None)
            quiet.append(Quiet(d.item.ref, Why.MINIMUM, until))
    return Worth(tuple(enough), tuple(quiet))


def _claimable(case: Case, item: Item, today: date) -> bool:
    """Whether a letter of today may claim it; also where one that is on its way does already."""
    by_hand = by_hand_only(case, item.invoice)
    return not by_hand and kept_back(case.under(item.invoice.policy), item, today) is None


def _enough_on(owed: Decimal, minimum: Decimal, coming: Iterable[Item]) -> Iterator[date]:
    """The day on which so much more is overdue that a letter is worth it, if nothing is paid."""
    for item in sorted(coming, key=lambda item: item.due_on):
        owed += item.outstanding
        if owed >= minimum:
            yield item.due_on + _DAY
