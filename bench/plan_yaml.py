"""How long one day's plan over many invoices takes, against PyYAML's C loader reading the same invoices.

    python -m bench.plan_yaml [--invoices N]

Ours is `forecast` of one day with an empty state, so that nearly every invoice is in a letter: the very first day of a
daemon; `bench.plan` has a year behind it.  The books are loaded before; the collector runs as Python starts it.
A second figure plans sixty days.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import yaml

from bench.config_load import seconds, write_books
from daemon.adapters.config_yaml import load
from daemon.domain.history import History
from daemon.domain.ladder.forecast import Forecast, forecast

BAR = 0.1
ROUNDS = 3
TODAY = date(2026, 11, 3)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--invoices", type=int, default=10_000)
    invoices = arguments.parse_args().invoices
    clients = max(1, invoices // 5)
    with tempfile.TemporaryDirectory() as name:
        config = Path(name, "config.yaml")
        write_books(config, invoices)
        settings = load(config).settings
        assert settings is not None
        ledger = settings.ledger
        shown: list[Forecast] = []

        def ours(days: int = 0) -> None:
            shown.append(forecast(ledger, History(), TODAY, TODAY + timedelta(days=days)))

        def reference() -> None:
            with config.open("rb") as stream:
                yaml.load(stream, Loader=yaml.CSafeLoader)

        ours()  # warm: the holidays of the years, the books by client
        rounds = [(seconds(ours), seconds(reference)) for _ in range(ROUNDS)]
        ahead = seconds(lambda: ours(60))
    ratios = [one / other for one, other in rounds]
    ratio = median(ratios)
    planned, one_day = shown[-1], shown[0]
    mine, theirs = median(one for one, _ in rounds), median(other for _, other in rounds)
    print(f"{invoices} invoices of {clients} clients, {ROUNDS} rounds, medians")
    print(f"  one day's plan           {mine:6.3f} s    {len(one_day.letters)} letters, {len(one_day.quiet)} quiet")
    print(f"  yaml.load(CSafeLoader)   {theirs:6.2f} s    ratio {ratio:.3f} (bar {BAR})")
    print(f"  sixty days' plan         {ahead:6.2f} s    {len(planned.letters)} letters")
    result = {
        "bench": "plan_yaml",
        "ratio": round(ratio, 4),
        "bar": BAR,
        "holds": ratio <= BAR,
        "seconds": round(mine, 4),
        "reference_seconds": round(theirs, 3),
        "spread": [round(min(ratios), 4), round(max(ratios), 4)],
        "sixty_days_seconds": round(ahead, 2),
        "invoices": invoices,
        "letters": len(one_day.letters),
        "collector": "on",
    }
    print(json.dumps(result))
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
