"""How long one day's plan over books with a year behind them takes, against `json.loads` of their journal's lines.

    python -m bench.plan [--invoices N]

Ours is `forecast` of one day; the journal was replayed and the books made before (`bench.lived_year`).  The reference
parses the lines of the journal, one `bytes` each, and keeps nothing.  Both are timed in turns, in processor time on one
core, with the collector as Python starts it; the best of each counts, as other programs only ever slow them down.
Also: whether the time grows with the invoices and no faster, and how long 365 days of 1,000 invoices take.
The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from bench.lived_year import EACH, TODAY, Year, a_year
from daemon.domain.ladder.forecast import Forecast, forecast

BAR = 1.0
LINEAR_BAR = 1.3  # the time for an invoice among all of them, against among a quarter of them
YEAR_BAR_SECONDS = 10.0  # "in seconds": 365 days of `FEW` invoices
ROUNDS = 5
FEW = 1_000


class Timed(NamedTuple):
    """Seconds of the processor, the best of `ROUNDS`."""

    ours: float
    reference: float
    shown: Forecast


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(year: Year) -> Timed:
    shown: list[Forecast] = []

    def ours() -> None:
        shown[:] = [forecast(year.ledger, year.history, TODAY, TODAY)]

    def reference() -> None:
        for line in year.lines:
            json.loads(line)

    ours()  # warm: the holidays of the years
    rounds = [(seconds(ours), seconds(reference)) for _ in range(ROUNDS)]
    return Timed(min(one for one, _ in rounds), min(other for _, other in rounds), shown[0])


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--invoices", type=int, default=100_000)
    invoices = arguments.parse_args().invoices
    few = a_year(FEW)
    ahead: list[Forecast] = []
    year_ahead = seconds(lambda: ahead.append(forecast(few.ledger, few.history, TODAY, TODAY + timedelta(days=365))))
    part = compare(a_year(invoices // 4))
    year = a_year(invoices)
    whole = compare(year)
    ratio = whole.ours / whole.reference
    growth = (whole.ours / invoices) / (part.ours / (invoices // 4))
    shown, lines, books = whole.shown, len(year.lines), year.ledger.invoices
    paid = sum(bool(invoice.payments) for invoice in books) / len(books)
    holds = {"plan": ratio <= BAR, "linear": growth <= LINEAR_BAR, "year": year_ahead <= YEAR_BAR_SECONDS}
    print(f"{invoices} invoices of {invoices // EACH} clients, {paid:.0%} paid; {lines} entries,", end=" ")
    print(f"{lines / invoices:.1f} an invoice, {sum(map(len, year.lines)) / lines:.0f} bytes each; best of {ROUNDS}")
    print(f"  one day's plan             {whole.ours:7.3f} s    {len(shown.letters)} letters,", end=" ")
    print(f"{len(shown.calls)} calls, {len(shown.handovers)} hand-overs, {len(shown.quiet)} quiet")
    print(f"  json.loads of the journal  {whole.reference:7.3f} s    ratio {ratio:.3f} (bar {BAR})")
    print(f"  an invoice, against among a quarter of them      {growth:.2f} times (bar {LINEAR_BAR})")
    print(f"  365 days of {FEW} invoices {year_ahead:7.2f} s    {len(ahead[0].letters)} letters,", end=" ")
    print(f"{year_ahead / whole.reference:.2f} of json.loads (bar {YEAR_BAR_SECONDS:.0f} s)")
    result = {
        "bench": "plan",
        "ratio": round(ratio, 4),
        "bar": BAR,
        "holds": all(holds.values()),
        "seconds": round(whole.ours, 4),
        "reference_seconds": round(whole.reference, 4),
        "linear": round(growth, 3),
        "linear_bar": LINEAR_BAR,
        "year_seconds": round(year_ahead, 2),
        "year_ratio": round(year_ahead / whole.reference, 3),
        "year_bar_seconds": YEAR_BAR_SECONDS,
        "invoices": invoices,
        "entries": lines,
        "letters": len(shown.letters),
        "calls": len(shown.calls),
        "quiet": len(shown.quiet),
        "collector": "on",
    }
    print(json.dumps(result))
    return 0 if all(holds.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
