"""How long a big config takes to load and check, against PyYAML's C loader on the same file in the same run.

    python -m bench.config_load [--invoices N]

The reference only parses; ours parses, types, checks and builds.  Both run with the garbage collector as Python
starts it; a second pair with the collector off is stated beside it.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import yaml

from daemon.adapters.config_yaml import load
from daemon.adapters.yaml_tree import PARSER

BAR = 0.5
ROUNDS = 3
_WORK = ("Manutenzione sito", "Consulenza", "Stampa opuscoli", "Hosting annuale", "Traduzione manuale", "Assistenza")
_HEAD = """\
creditor: {name: Studio Bianchi S.r.l., contact: Giulia Bianchi, email: fatture@bianchi.example, language: it,
           timezone: Europe/Rome, calendar: IT}
owner: {email: giulia@bianchi.example}
smtp: {host: localhost, security: none}
imap: {host: localhost, security: none, username: u, password: {env: IMAP_PASSWORD}}
state: tinydb:///var/lib/sollecito
"""


def client_lines(count: int) -> str:
    return "clients:\n" + "".join(
        f"  client-{n:04}:\n"
        f"    name: Cliente {n} S.r.l.\n"
        f"    contacts:\n"
        f'      - {{name: Anna Verdi, email: anna@c{n:04}.example, phone: "+39 02 5550 {n:04}"}}\n'
        for n in range(count)
    )


def invoice_lines(numbers: range, clients: int) -> str:
    """Invoices as an invoicing program writes them: two lines each, one in five with a payment."""
    dice = random.Random(numbers.start)
    parts = []
    for n in numbers:
        issued = date(2026, 1, 1) + timedelta(days=n % 300)
        parts.append(
            f'- number: "2026-{n:05}"\n'
            f"  client: client-{n % clients:04}\n"
            f"  issued: {issued}\n"
            f"  due: {issued + timedelta(days=30)}\n"
            f"  currency: EUR\n"
            f"  total: {dice.randrange(10_000, 900_000) / 100:.2f}\n"
            f"  reference: Ordine {dice.randrange(10**6)}\n"
            f"  lines:\n"
        )
        for _ in range(2):
            price, quantity = dice.randrange(1000, 9000) / 100, dice.randrange(1, 40)
            work = dice.choice(_WORK)
            parts.append(f"    - {{what: {work}, quantity: {quantity}, unit: ora, price: {price:.2f}, vat: 22}}\n")
        if n % 5 == 0:
            parts.append(f"  payments: [{{on: {issued + timedelta(days=20)}, amount: 10.00}}]\n")
    return "".join(parts)


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(config: Path) -> tuple[list[float], list[float]]:
    """Seconds of each round: ours and the reference, one after the other."""

    def reference() -> None:
        with config.open("rb") as stream:
            yaml.load(stream, Loader=yaml.CSafeLoader)

    def ours() -> None:
        assert load(config).settings is not None

    rounds = [(seconds(ours), seconds(reference)) for _ in range(ROUNDS)]
    return [one for one, _ in rounds], [other for _, other in rounds]


def reload_ratio(folder: Path, invoices: int, clients: int) -> tuple[float, float]:
    """Seconds of a first load of eleven files, and of the reload after the smallest one changed."""
    (folder / "invoices").mkdir()
    config = folder / "several.yaml"
    config.write_text(_HEAD + client_lines(clients) + "invoices: [invoices/*.yaml]\n")
    share = invoices // 10
    for n in range(10):
        (folder / "invoices" / f"{n:02}.yaml").write_text(invoice_lines(range(n * share, (n + 1) * share), clients))
    small = folder / "invoices" / "new.yaml"
    small.write_text(invoice_lines(range(90_000, 90_020), clients))
    past = time.time() - 3600  # a file that was changed just now is always read again
    for path in (config, *(folder / "invoices").iterdir()):
        os.utime(path, (past, past))
    first = seconds(lambda: load(config))
    earlier = load(config)
    small.write_text(invoice_lines(range(90_000, 90_021), clients))
    return first, seconds(lambda: load(config, earlier))


def write_books(config: Path, invoices: int) -> None:
    """A config with so many invoices, five a client, all in one file."""
    clients = max(1, invoices // 5)
    config.write_text(_HEAD + client_lines(clients) + "invoices:\n" + invoice_lines(range(invoices), clients))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--invoices", type=int, default=10_000)
    invoices = arguments.parse_args().invoices
    clients = max(1, invoices // 5)
    with tempfile.TemporaryDirectory() as name:
        config = Path(name, "config.yaml")
        write_books(config, invoices)
        size = config.stat().st_size
        assert load(config).settings is not None  # warm both up: imports, holidays, time zones
        ours, reference = compare(config)
        gc.disable()
        ours_alone, reference_alone = compare(config)
        gc.enable()
        first, again = reload_ratio(Path(name), invoices, clients)
    ratios = [one / other for one, other in zip(ours, reference, strict=True)]
    ratio = median(ratios)
    without = median(ours_alone) / median(reference_alone)
    parser = "libyaml" if PARSER is not yaml.SafeLoader else "pure Python"
    print(f"{invoices} invoices of {clients} clients, {size / 1e6:.1f} MB, {parser}, {ROUNDS} rounds, medians")
    print(f"  load and check               {median(ours):6.2f} s")
    print(f"  yaml.load(CSafeLoader)       {median(reference):6.2f} s    ratio {ratio:.2f} (bar {BAR})")
    print(
        f"  the same two, collector off  {median(ours_alone):6.2f} s, {median(reference_alone):.2f} s    {without:.2f}"
    )
    print(f"  eleven files, first load     {first:6.2f} s")
    print(f"  reload, one small changed    {again:6.3f} s    {again / first:.3f} of it")
    result = {
        "bench": "config_load",
        "ratio": round(ratio, 3),
        "bar": BAR,
        "holds": ratio <= BAR,
        "seconds": round(median(ours), 3),
        "reference_seconds": round(median(reference), 3),
        "spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "ratio_collector_off": round(without, 3),
        "reload_seconds": round(again, 4),
        "reload_ratio": round(again / first, 4),
        "invoices": invoices,
        "megabytes": round(size / 1e6, 2),
        "collector": "on",
    }
    print(json.dumps(result))
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
