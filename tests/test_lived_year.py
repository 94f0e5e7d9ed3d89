"""The books with a year behind them that `bench.plan` measures: a copied client lives as the one it was copied from."""

from __future__ import annotations

from datetime import timedelta

from bench.lived_year import EACH, TODAY, a_year
from daemon.domain.journal import decode
from daemon.domain.ladder.forecast import Forecast, forecast

LIVED = 4


def plan_of(client: str, shown: Forecast) -> list[str]:
    """Everything that a plan says of a client, the client's own key taken out."""
    mine = [entry for entry in (*shown.letters, *shown.calls, *shown.handovers) if entry.client == client]
    why = [still.quiet for still in shown.quiet if still.client == client]
    return [str(found).replace(client, "") for found in (*mine, *why)]


def test_a_copied_client_is_planned_like_the_one_that_lived() -> None:
    year = a_year(2 * LIVED * EACH, LIVED)
    shown = forecast(year.ledger, year.history, TODAY, TODAY + timedelta(days=60))
    keys = list(year.ledger.clients)
    plans = [[text.replace(year.ledger.clients[key].name, "") for text in plan_of(key, shown)] for key in keys]

    assert all(plans)
    assert plans[:LIVED] == plans[LIVED:]


def test_the_journal_knows_every_invoice_that_is_a_week_old() -> None:
    year = a_year(2 * LIVED * EACH, LIVED)
    seen = {number for history in year.history.clients.values() for number in history.seen}
    week_old = TODAY - timedelta(days=7)

    assert seen >= {i.number for i in year.ledger.invoices if i.issued_on is not None and i.issued_on <= week_old}
    assert len([decode(line) for line in year.lines]) == year.history.count


def test_planning_changes_no_history() -> None:
    """So that a round of the benchmark finds what the one before it found."""
    year = a_year(2 * LIVED * EACH, LIVED)
    first, again = (forecast(year.ledger, year.history, TODAY, TODAY) for _ in range(2))

    assert first == again
