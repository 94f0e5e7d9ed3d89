"""Each of five rules, switched off, changes how stories end: so the rule makes the end, and not the script."""

from __future__ import annotations

import pytest

from daemon.demo.show import Performance, perform

pytestmark = pytest.mark.xdist_group("demo-without")

DAYS = 28  # long enough for each rule to matter
FIRST, SECOND, FIRM = "first-reminder", "second-reminder", "firm-reminder"
CHANGED = {
    "reply": {
        "calder": ([FIRST, SECOND], "paid"),  # before the promised day
        "esteban": ([FIRST, SECOND], "open"),  # who disputes it
        "marisma": ([FIRST, SECOND], "paid"),
        "tilleul": ([FIRST, SECOND], "paid"),  # no plan was agreed, and all was reminded of
    },
    "bounce": {
        "goodwin": ([FIRST, SECOND], "open"),  # to a dead address; nobody else was asked
        "hazar": ([FIRST, SECOND], "open"),
    },
    "promise": {"demir": ([FIRST], "held"), "reinhardt": ([FIRST], "held")},  # both wait for the owner to decide
    "holiday": {"pinar": ([FIRST], "paid")},  # on the first day of the feast
    "rest": {
        "lumen": ([FIRST, FIRST, SECOND, SECOND], "open"),  # never three invoices in one letter
        "quiros": ([FIRST, SECOND], "paid"),
    },
}


def ends_of(played: Performance) -> dict[str, tuple[list[str], str]]:
    return {row["client"]: (row["letters"], row["state"]) for row in played.rows}


@pytest.fixture(scope="module")
def with_all_rules() -> Performance:
    return perform(1, frozenset(), days=DAYS)


@pytest.mark.parametrize("rule", CHANGED)
def test_without_a_rule_the_stories_that_hang_on_it_end_otherwise(rule: str, with_all_rules: Performance) -> None:
    """Those, and no others."""
    before, after = ends_of(with_all_rules), ends_of(perform(1, frozenset({rule}), days=DAYS))

    assert {client: end for client, end in after.items() if end != before[client]} == CHANGED[rule]


def test_without_bounces_only_an_address_refused_at_the_door_is_called_about() -> None:
    """Hazar's first address is refused in the session, which is no mail; its second, and Goodwin's, by a report."""
    played = perform(1, frozenset({"bounce"}), days=DAYS)
    calls = [line.text for line in played.lines if line.sign == "☎" and "mail to" in line.text]

    assert len(calls) == 1
    assert "muhasebe@hazar.example" in calls[0]
