"""An invoice's own policy, or that of good payers, against what its client asks for: worth a notice with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config_builder import GOOD, changed, loaded

SOFT = "soft: {like: standard, levels: [{letter: first-reminder, day: 2}, {letter: second-reminder, day: 9}]}"
LAST = "last: {like: standard, levels: [{letter: first-reminder, day: 2}, {letter: final-notice, day: 9}]}"
COPY = "\n      - {name: Dario, email: d@acme.example, role: cc, from_level: firm-reminder}"


def books(policies: str, *clients: str, invoice: str = "", copy: str = "") -> str:
    """The good config with such policies, more lines beside the client, a policy of the invoice, and a cc contact."""
    said = "".join(f"    {line}\n" for line in clients)
    text = changed("    name: Acme S.p.A.\n", f"    name: Acme S.p.A.\n{said}")
    text = text.replace("anna@acme.example}", f"anna@acme.example}}{copy}")
    return text.replace("total: 100.00", f"total: 100.00{invoice}") + f"policies: {{{policies}}}\n"


def notices(folder: Path, text: str, **files: str) -> list[str]:
    read = loaded(folder, text, **files)
    assert read.settings is not None, read.problems
    return [notice.replace(f"{folder}/", "") for notice in read.settings.notices]


def test_interest_that_no_letter_of_an_invoices_own_policy_would_state_is_told(tmp_path: Path) -> None:
    text = books(SOFT, "extras: {interest: statutory}", invoice=", policy: soft")

    assert notices(tmp_path, text) == [
        "c.yaml:13:108: letters to `acme` under the policy `soft` state no interest and no flat sum: it has no letter"
        " `firm-reminder` with which they could begin"
    ]


@pytest.mark.parametrize(
    "client",
    [
        "extras: {interest: none}",
        "extras: {interest: statutory, from_level: second-reminder}",  # both policies have that one
        "late_payer: true",
    ],
)
def test_where_nothing_is_lacking_nothing_is_said(tmp_path: Path, client: str) -> None:
    assert notices(tmp_path, books(SOFT, client, invoice=", policy: soft")) == []


def test_it_is_told_once_for_each_client_and_policy_however_many_invoices_name_it(tmp_path: Path) -> None:
    text = books(SOFT, "extras: {interest: statutory}").replace("invoices:\n", "invoices:\n  - more.yaml\n")
    more = "".join(
        f'- {{number: "M{n}", client: acme, due: 2026-10-31, currency: EUR, total: 9.00, policy: soft}}\n'
        for n in range(3)
    )
    told = notices(tmp_path, text, more_yaml=more)

    assert len(told) == 1
    assert told[0].startswith("more.yaml:1:85: ")


@pytest.mark.parametrize(("policy", "copied"), [(SOFT, "none"), (LAST, "final-notice")])
def test_copies_that_an_invoices_own_policy_never_begins_are_told(tmp_path: Path, policy: str, copied: str) -> None:
    name = policy.partition(":")[0]

    assert notices(tmp_path, books(policy, invoice=f", policy: {name}", copy=COPY)) == [
        f"c.yaml:13:108: of letters to `acme` under the policy `{name}`, d@acme.example gets a copy of {copied}: it has"
        " no letter `firm-reminder`"
    ]


def test_the_policy_of_good_payers_is_looked_at_too_unless_they_never_get_it(tmp_path: Path) -> None:
    policies = f"{SOFT}, mine: {{like: standard, good_payers: soft}}"
    said = ["extras: {interest: statutory}", "policy: mine"]
    (told,) = notices(tmp_path, books(policies, *said))

    assert told.startswith("c.yaml:8:5: letters to `acme` under the policy `soft` state no interest")
    assert told.endswith("; it is theirs while they pay in time")
    assert notices(tmp_path, books(policies, *said, "late_payer: true")) == []


def test_the_good_config_has_no_notice(tmp_path: Path) -> None:
    assert notices(tmp_path, GOOD) == []
