"""The books of the day on which processes are killed: who owes what, and what was sent before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from tests.cli_place import TODAY
from tests.real.process_house import NOW, ROOT, TRUSTED, Place, debtor, overdue
from tests.real.servers import Account, MailHouse

_HANDED = {  # a ladder at whose end stands the lawyer, with the only letter already sent
    **NOW,
    "levels": [
        {"letter": "final-notice", "day": 1, "deadline_days": 1},
        {"handover": "legal", "after_deadline": 0, "approval": False},
    ],
}


def write_books(place: Place, mail: MailHouse, accounts: Mapping[str, Account], *, fresh: bool) -> None:
    """The config with its clients and invoices, an invoice's PDF, and a statement of today.

    Args:
        fresh: without the client whose invoice is to be handed over.
    """
    book = [overdue("2026-101", "asks"), overdue("2026-102", "promises"), overdue("2026-103", "files")]
    book += [overdue("2026-104", "gone"), overdue("2026-041", "pays", days=-40)]
    book += [overdue("2026-105", "tells", days=-40), overdue("2026-106", "held", days=-40)]
    book += [] if fresh else [overdue("2026-107", "hands")]
    (place.folder / "103.pdf").write_bytes(b"%PDF-1.4\n" + b"%" * 150_000)  # is poured in several pieces
    book[2]["pdf"] = "103.pdf"
    contacts = [{"name": "Gina Blu", "email": mail.unknown_address("gone"), "phone": "+39 02 5550 1112"}]
    clients = {key: debtor(account, name=f"Client {key}") for key, account in accounts.items()}
    clients["gone"] = debtor(accounts["asks"], name="Client gone", contacts=contacts)
    clients["hands"]["policy"] = "handed"

    def change(document: dict[str, Any]) -> None:
        document.update(clients=clients, invoices=book, bank={"folder": "statements"})
        document["policies"] = {"now": NOW, "handed": _HANDED}
        document["owner"].update(
            digest_at="00:00", digest_on=["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            commands={"authserv_id": TRUSTED}, alerts={"per_hour": 60},
        )  # fmt: skip
        document["state"] = f"tinydb://{place.state}"

    place.edit(change)
    (place.folder / "statements").mkdir()
    statement = (ROOT / "tests" / "bank" / "camt053-v02.xml").read_text()
    of_today = re.sub(r"2026-11-0\d", TODAY.isoformat(), statement)
    (place.folder / "statements" / "today.xml").write_text(of_today)


async def remember_yesterday(place: Place, hands: Account) -> None:
    """A final notice went to `hands` a week ago; its deadline is over."""
    to, on = hands.address, TODAY - timedelta(days=7)
    at = datetime.combine(on, time(9), UTC)
    claim = j.Claim(
        number="2026-107", instalment=None, level=1, due_on=TODAY - timedelta(days=20), outstanding=Decimal("1220"),
        currency="EUR", paid=Decimal(0), credited=Decimal(0),
    )  # fmt: skip
    known = {"client": "hands", "letter_id": "hands-1"}
    queued = j.LetterQueued(
        at=at, letter="final-notice", level=1, on=on, to=to, to_name="Anna Verdi", language="en", policy="handed",
        claims=(claim,), deadline=on + timedelta(days=1), pay_by=on + timedelta(days=1), why="a test", **known,
    )  # fmt: skip
    started = j.DeliveryStarted(at=at, to=to, on=on, attempt=1, message_id="<a@b.example>", **known)
    with StateDir.open(place.state) as state:
        accepted = j.DeliveryAccepted(at=at, to=to, reply="250 Ok", **known)
        await state.journal.append(0, [j.JournalBegun(at=at, on=on, sends=True), queued, started, accepted])
        state.archive.keep("hands", "letter-hands-1.eml", b"Subject: Final notice\r\n\r\nplease pay\r\n")
