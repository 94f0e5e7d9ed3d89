"""One creditor's config for the benches of the whole paths: its clients in four languages, an invoice for each.

What two benches need lies here; it is no bench.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import yaml

LANGUAGES = ("en", "es", "it", "tr")
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)  # a Wednesday, no holiday where our clients are
OVERDUE = 10  # days: the first reminder's day has come, the second one's has not


@dataclass(frozen=True, slots=True)
class StandingClock:
    """`ports.Clock` at one moment: the time of day is no part of what is measured."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    async def sleep_until(self, moment: datetime) -> None:
        raise AssertionError(f"a bench does not wait for {moment}")


def client_key(index: int) -> str:
    return f"client-{index:05}"


def client_address(index: int) -> str:
    return f"conta@client{index:05}.example"


def invoice_number(index: int) -> str:
    return f"2026-{index:05}"


def write_config(
    folder: Path,
    clients: int,
    *,
    smtp: Mapping[str, object],
    imap: Mapping[str, object],
    address: str,
    due_on: date | None = None,
    extra: Mapping[str, object] | None = None,
) -> Path:
    """`config.yaml` in `folder`, the state beside it.

    Args:
        due_on: of every invoice; default: so long ago that each client gets the first reminder at `NOON`.
    """
    due = due_on or NOON.date() - timedelta(days=OVERDUE)
    document: dict[str, object] = {
        "creditor": {
            "name": "Studio Bianchi S.r.l.",
            "contact": "Giulia Bianchi",
            "email": address,
            "phone": "+39 02 5550 1234",
            "address": "Via Roma 1, 20121 Milano",
            "tax_id": "IT01234567890",
            "language": "it",
            "timezone": "Europe/Rome",
            "calendar": "IT",
            "payment": {"iban": "IT60X0542811101000000123456", "link": "https://pay.example/{number}"},
        },
        "owner": {"email": "giulia@bianchi.example", "digest_at": "07:30"},
        "smtp": {**smtp},
        "imap": {**imap},
        "first_start": "send",
        "state": f"tinydb://{folder / 'state'}",
        "policies": {
            "wide": {"like": "standard", "send_on": "every-day", "between": "00:00-23:59", "per_day": 100_000}
        },
        "clients": {client_key(index): _client(index) for index in range(clients)},
        "invoices": [_invoice(index, due) for index in range(clients)],
        **(extra or {}),
    }
    config = folder / "config.yaml"
    config.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True))
    return config


def _client(index: int) -> dict[str, object]:
    return {
        "name": f"Client {index} S.p.A.",
        "language": LANGUAGES[index % len(LANGUAGES)],
        "policy": "wide",
        "address": f"Corso Italia {index}, 10121 Torino",
        "contacts": [{"name": f"José Verdi {index}", "email": client_address(index), "phone": "+39 02 5550 1111"}],
    }


def _invoice(index: int, due: date) -> dict[str, object]:
    price = f"{100 + index % 900}.50"
    return {
        "number": invoice_number(index),
        "client": client_key(index),
        "issued": str(due - timedelta(days=30)),
        "due": str(due),
        "currency": "EUR",
        "total": f"{(100 + index % 900) * 10 + 5}.00",
        "lines": [{"what": f"Maintenance {index}", "quantity": 10, "unit": "h", "price": price, "vat": 22}],
    }
