"""Everybody else in the long run: clients, the owner, the bank, and the books.

Twelve clients get an invoice each fortnight.  They answer, promise, pay or say nothing; one more has no mailbox.  The
owner tells of payments, lifts holds and answers digests; the bank sends a statement a week.
"""

from __future__ import annotations

import random
import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daemon.adapters.control_client import NoAnswer, NoDaemon, ask
from daemon.domain import journal as j
from tests.real.lives_by import Clock
from tests.real.process_house import ROOT, TRUSTED, Place, an_answer, an_order, debtor, parsed
from tests.real.servers import MailHouse

ROME = ZoneInfo("Europe/Rome")
CLIENTS, EVERY = 12, 14  # days between two invoices of one client
MOMENTS = (time(7, 31), time(10, 2), time(15, 0))  # after the digest, in the window of letters, after it was open long
GONE = "gone"  # the client whose mailbox does not exist
_LADDER = {
    "send_on": "business-days", "between": "10:00-17:00", "rest_days": 3, "per_day": 100,
    "levels": [
        {"letter": "first-reminder", "day": 2}, {"letter": "second-reminder", "day": 9},
        {"call": "no answer", "day": 16},
        {"letter": "firm-reminder", "day": 23, "deadline_days": 7},
        {"letter": "final-notice", "day": 33, "deadline_days": 7},
        {"handover": "legal", "after_deadline": 3, "approval": False},
    ],
}  # fmt: skip
_SAY = ("Good morning, which order is this about?", "We will pay on Friday.", "We have paid this already.")


class Others:
    """They have a creditor with `place`; `do_their_part` after each moment.

    Args:
        days: for how many the books have invoices.
    """

    def __init__(self, mail: MailHouse, place: Place, clock: Clock, chance: random.Random, days: int) -> None:
        self.mail, self.place, self.clock, self.chance, self.days = mail, place, clock, chance, days
        self.clients = {f"c{n:02}": mail.new_user("debtor") for n in range(CLIENTS)}
        self.first = datetime.now(UTC).astimezone(ROME).date() + timedelta(days=1)
        self.due: dict[str, date] = {}  # by invoice
        self.answers = self.asked = 0  # mails of clients; doubts that the owner settled
        self._seen = dict.fromkeys(self.clients, 0)  # mails of each client that were looked at
        (place.folder / "statements").mkdir()

    def keep_books(self, smtp: int, imap: int) -> None:
        """The config, with invoices for all the days; `smtp`, `imap`: ports."""
        accounts = list(self.clients.items())
        invoices = []
        for place, (key, _) in enumerate([*accounts, (GONE, None)]):
            for number in range(self.days // EVERY + 3):
                due = self.first + timedelta(days=number * EVERY + place - 20)
                name = f"2026-{100 + len(invoices)}"
                self.due[name] = due
                issued = (due - timedelta(days=30)).isoformat()
                invoices.append(
                    {
                        "number": name,
                        "client": key,
                        "issued": issued,
                        "due": due.isoformat(),
                        "currency": "EUR",
                        "total": "1220.00",
                    }
                )
        clients = {key: debtor(account, name=f"Client {key}", policy="months") for key, account in accounts}
        contact = {"name": "Gina Blu", "email": self.mail.unknown_address(GONE), "phone": "+39 02 5550 1112"}
        clients[GONE] = {**clients["c00"], "name": "Client gone", "contacts": [contact]}

        def change(document: dict[str, Any]) -> None:
            document.update(clients=clients, invoices=invoices, policies={"months": _LADDER})
            document.update(bank={"folder": "statements", "fresh_within": "10bd"}, state=f"tinydb://{self.place.state}")
            document["owner"].update(digest_at="07:30", commands={"authserv_id": TRUSTED})
            document["smtp"]["port"], document["imap"]["port"] = smtp, imap

        self.place.edit(change)

    def do_their_part(self, moment: time) -> None:
        """Look into the mailboxes, and write or tell what follows."""
        for key, account in self.clients.items():
            mails = self.mail.dovecot.mails(account.username)
            for raw in mails[self._seen[key] :]:
                if self.chance.random() < 0.3:
                    answer = an_answer(self.place, account, parsed(raw), self.chance.choice(_SAY), self.clock.now())
                    self.mail.dovecot.put(self.place.creditor.username, answer)
                    self.answers += 1
            self._seen[key] = len(mails)
        if moment == MOMENTS[0] and self.chance.random() < 0.2:
            self._order_by_mail()
        if moment == MOMENTS[-1]:
            for _ in range(3):
                number = self.chance.choice(self._overdue())
                self._ask(
                    self.chance.choice(["paid", "paid", "resume", "hold", "called"]), target=number, text="voicemail"
                )
        self.settle_doubts()

    def _overdue(self) -> list[str]:
        today = self.clock.now().astimezone(ROME).date()
        return [number for number, due in self.due.items() if due < today]

    def settle_doubts(self) -> None:
        """The owner asks the client, whose mailbox tells."""
        if self.mail.postfix.queued():
            return
        begun, last = {}, {}
        for entry in self.place.entries(j.DeliveryStarted, j.DeliveryInDoubt, j.DoubtSettled):
            if isinstance(entry, j.DeliveryStarted):
                begun[entry.letter_id] = entry.message_id
            last[entry.letter_id] = entry
        for letter_id, entry in last.items():
            if isinstance(entry, j.DeliveryInDoubt) and self.clock.now() - entry.at > timedelta(hours=1):
                self.asked += 1
                here = entry.client == GONE or begun[letter_id].encode() in b"".join(
                    self.mail.dovecot.mails(self.clients[entry.client].username)
                )
                self._ask("settle", target=letter_id, text="sent" if here else "resend")

    def _order_by_mail(self) -> None:
        digests = [raw for raw in self.mail.dovecot.mails(self.place.owner.username) if b"-Loop: digest" in raw]
        if digests:
            number = self.chance.choice(self._overdue() or [*self.due])
            order = an_order(self.place, parsed(digests[-1]), f"hold {number}", self.clock.now())
            self.mail.dovecot.put(self.place.creditor.username, order)

    def _ask(self, command: str, **args: str) -> None:
        for path in self.place.folder.glob("[!.]*.sock"):
            with suppress(NoAnswer, NoDaemon):
                ask(path, command, args, timeout=10)

    def bank_tells(self, day: date) -> None:
        """A statement of this day, with one payment."""
        sample = (ROOT / "tests" / "bank" / "camt053-v02.xml").read_text()
        head, one = re.split(r"(?=<Ntry>)", sample)[:2]
        text = head + one + sample[sample.rindex("</Ntry>") + len("</Ntry>") :]
        text = text.replace("2026/41 DEL", self.chance.choice([*self.due])).replace("202611", f"{day:%m%d}11")
        text = re.sub(r"2026-11-0\d", day.isoformat(), text)
        (self.place.folder / "statements" / f"{day}.xml").write_text(text)
