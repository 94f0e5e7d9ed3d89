"""Interest and flat sums in the config: what a policy or a client says, held against the ladder and the known laws."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_amounts import decimal, positive
from daemon.adapters.config_shape import FAULT, Checked, Field, Names, Record, Scalar
from daemon.adapters.config_wording import hint, nearest, shown
from daemon.adapters.yaml_nodes import MapNode, Node, Report
from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.extras_terms import FROM_LEVEL, Compensation, ExtrasTerms, Interest
from daemon.domain.books.policy import LetterLevel, Policy
from daemon.domain.books.rates import Laws


def compensation(text: str) -> Compensation | Decimal:
    if text in ("none", "statutory"):
        return Compensation(text)
    try:
        decimal(text)
    except ValueError:
        near = nearest(text, ("none", "statutory"))
        said = f"`{shown(text)}` is not none, statutory, or an amount such as 40.00{near}"
        raise ValueError(said) from None
    return positive(text)


def _extras(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    interest = values.get("interest")
    if "rate" in values and interest not in (None, Interest.CONTRACT):
        report.wrong(
            node.key("rate"), f"`rate` belongs to `interest: contract`, not to `{interest}`: take it out, or write that"
        )
        return FAULT
    return ExtrasTerms(**values)


EXTRAS = Record(
    "`extras`",
    {
        "interest": Field(
            kinds.words("none", "statutory", "contract", make=Interest), "none, statutory, or contract with a `rate`"
        ),
        "rate": Field(kinds.PERCENT, "of a contract: percent a year, as in 8.0"),
        "compensation": Field(
            Scalar(compensation, {"type": ["string", "number"], "examples": ["statutory", "40.00"]}),
            "a flat sum for each overdue invoice: none, statutory, or an amount as agreed; never of a consumer",
        ),
        "from_level": Field(kinds.KEY, f"the first letter that prints them; left out, {FROM_LEVEL}"),
        "grace_days": Field(kinds.whole(0, 365), "this many days late cost nothing; later all of them count"),
        "jurisdiction": Field(kinds.KEY, "whose law governs: IT, EU, ...; left out, the country of your calendar"),
    },
    _extras,
)


def check_extras(
    written: Names | None,
    clients_written: Names | None,
    policies: Mapping[str, Policy],
    clients: Mapping[str, Client],
    creditor: Creditor | None,
    laws: Laws,
    report: Report,
) -> None:
    """A rate for every contract, a law for whatever is statutory, and a letter of the ladder that begins with it."""
    country = creditor.calendar.region.partition("-")[0] if creditor else None
    for name, read in (written.values if written else {}).items():
        if name in policies and policies[name].extras.wanted:
            _check(read, policies[name].extras, policies[name], country, laws, report)
    for name, read in (clients_written.values if clients_written else {}).items():
        client = clients.get(name)
        policy = policies.get(client.policy) if client else None
        if client is None or policy is None:
            continue
        terms = client.extras.over(policy.extras)
        if "extras" in read.values:
            _check(read, terms, policy, country, laws, report)
        law = laws.get(terms.jurisdiction or country or "")
        if client.consumer and terms.interest is Interest.STATUTORY and law is not None and law.consumer is None:
            said = f"no rate of {law.jurisdiction} for consumers is known: letters to {name} state no interest"
            report.notice(read.place("consumer"), said)


def _check(read: Checked, terms: ExtrasTerms, policy: Policy, country: str | None, laws: Laws, report: Report) -> None:
    place = read.place("extras")
    if terms.interest is Interest.CONTRACT and terms.rate is None:
        report.wrong(_at(place, "interest"), "`interest: contract` needs its `rate`, percent a year: add `rate: 8.0`")
    jurisdiction = terms.jurisdiction or country
    if terms.needs_law and jurisdiction is not None and jurisdiction not in laws:
        key = next((k for k in ("jurisdiction", "interest", "compensation") if k in _keys(place)), "")
        known = tuple(laws)
        said = f"no law on late payment is known for `{shown(jurisdiction)}`{hint(jurisdiction, known)}"
        report.wrong(
            _at(place, key), f"{said}; write a known one as `jurisdiction`, add yours under `rates:`, or agree a rate"
        )
    first = terms.from_level or FROM_LEVEL
    letters = tuple(level.letter for level in policy.levels if isinstance(level, LetterLevel))
    if terms.wanted and first not in letters:
        said = f"the policy `{policy.name}` has no letter `{first}` with which interest could begin"
        report.wrong(_at(place, "from_level"), f"{said}: write one as `from_level`{hint(first, letters)}")


def _at(place: Node, key: str) -> Node:
    return place.entries.get(key, place) if isinstance(place, MapNode) else place


def _keys(place: Node) -> Collection[str]:
    return place.entries if isinstance(place, MapNode) else ()
