"""`sollecito run` as a process on a clock that a test sets, and the owner who knows nothing of it but her inbox."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from daemon.domain import journal as j
from tests.dkim_signed import record, signed
from tests.real.border import AUTHSERV_ID, Border, from_outside
from tests.real.owner_scene import quoted, text_of
from tests.real.process_house import NOW, Place, Running, debtor, running, until, with_changes
from tests.real.servers import Account, Certificates, MailHouse

LADDER = {
    **NOW,
    "rest_days": 5,
    "levels": [
        {"letter": "first-reminder", "day": 2, "rest_days": 1},
        {"letter": "second-reminder", "day": 9},
        {"letter": "final-notice", "day": 20, "deadline_days": 10, "approval": True},
    ],
}
_MUTE = ("from daemon.loops.answer import Answerer", "Answerer.answer = lambda self: asyncio.sleep(3600)")


@dataclass
class Month:
    """What the owner can do: read her inbox, and answer.  Letters are counted where they arrive."""

    place: Place
    people: dict[str, Account]  # of the clients, by key
    clock: Path
    written: int = 0
    seen: dict[str, int] = field(default_factory=dict)  # mails of each kind that she has read
    log: Path | None = None  # of the process that runs, or ran last

    @contextmanager
    def daemon(self, *, mute: bool = False) -> Iterator[Running]:
        """The process; `mute`: it never comes to answering, as if it died on the way there."""
        changes = (
            "import asyncio, pathlib",
            "from datetime import datetime",
            "from daemon.adapters.clock import SystemClock",
            f"SystemClock.now = lambda self: datetime.fromisoformat(pathlib.Path({str(self.clock)!r}).read_text())",
            "async def sleep_until(self, moment):",
            "    while self.now() < moment: await asyncio.sleep(0.02)",
            "SystemClock.sleep_until = sleep_until",
            "import daemon.wiring.life",  # the days have passed on the machine, too: no clock was set (F62)
            "daemon.wiring.life.seconds_since_boot = lambda: SystemClock().now().timestamp()",
            *(_MUTE if mute else ()),
        )
        with running(self.place, program=with_changes(*changes)) as child:
            self.log = child.log
            yield child.ready()

    def now(self) -> datetime:
        return datetime.fromisoformat(self.clock.read_text())

    def at(self, day: int, hour: int = 6, minute: int = 31) -> None:
        """Let it be this moment of November 2026 (UTC; the digest comes at 06:30)."""
        moment = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
        assert not self.clock.exists() or moment >= self.now(), "time goes forward"
        new = self.clock.with_suffix(".new")
        new.write_text(moment.isoformat())
        new.rename(self.clock)

    def pass_time(self, **by: float) -> None:
        moment = self.now() + timedelta(**by)
        self.at(moment.day, moment.hour, moment.minute)

    def comes(self, kind: str) -> EmailMessage:
        """The next digest, alert or answer in her inbox."""
        number = self.seen.get(kind, 0)
        log = self.log.read_text if self.log else str
        until(lambda: len(self.mails(kind)) > number, f"{kind} {number + 1}", more=lambda: log()[-3000:])
        self.seen[kind] = number + 1
        return self.mails(kind)[number]

    def mails(self, kind: str) -> list[EmailMessage]:
        return [mail for mail in self.place.has(self.place.owner) if mail["X-Sollecito-Loop"] == kind]

    def says(self, text: str, to: EmailMessage) -> None:
        """She answers a mail, from her telephone, by way of her own server, which signs."""
        self.written += 1
        mail = EmailMessage(policy=SMTP.clone(max_line_length=200))
        mail["From"], mail["To"] = f"Giulia Bianchi <{self.place.owner.address}>", str(to["Reply-To"])
        mail["Subject"], mail["Date"] = (
            f"Re: {to['Subject']}",
            format_datetime(self.now() + timedelta(seconds=self.written)),
        )
        mail["Message-ID"] = f"<{self.written}.{time.monotonic_ns()}@mail.example.test>"
        mail["In-Reply-To"] = mail["References"] = str(to["Message-ID"])
        mail.set_content(f"{text}\n\nGiulia\n\nIl giorno 2 nov 2026 alle 07:31 Sollecito ha scritto:\n{quoted(to)}\n")
        raw = signed(bytes(mail), domain="example.test")
        port = self.place.mail.postfix.plain_port
        from_outside(port, [(raw, self.place.owner.address, str(to["Reply-To"]))])

    def answered(self, text: str, to: EmailMessage) -> str:
        """She orders, and reads what is answered."""
        self.says(text, to)
        return text_of(self.comes("answer"))

    def client_says(self, key: str, text: str) -> None:
        """A client answers the last letter that came."""
        letter = self.place.has(self.people[key])[-1]
        mail = EmailMessage()
        self.written += 1
        mail["From"], mail["To"] = self.people[key].address, self.place.creditor.address
        mail["Subject"], mail["Date"] = f"Re: {letter['Subject']}", format_datetime(self.now())
        mail["Message-ID"] = f"<{self.written}.{time.monotonic_ns()}@client.test>"
        mail["In-Reply-To"] = mail["References"] = str(letter["Message-ID"])
        mail.set_content(text)
        from_outside(
            self.place.mail.postfix.plain_port, [(bytes(mail), self.people[key].address, self.place.creditor.address)]
        )

    def alert(self, kind: type[j.AnyEntry], count: int) -> EmailMessage:
        """The alert about what was just recorded, twenty seconds later."""
        self.place.recorded(kind, count)
        self.pass_time(minutes=1)
        return self.comes("alert")

    def letters(self, **expected: int) -> None:
        """Wait until the clients have so many letters, and see that nobody has more."""
        for key, count in expected.items():
            until(
                lambda key=key, count=count: len(self.place.has(self.people[key])) >= count,
                f"{count} letters for {key}",
            )
        assert {key: len(self.place.has(self.people[key])) for key in expected} == expected


def item(mail: EmailMessage, number: str) -> str:
    """The number of the point in which an invoice stands."""
    found = re.search(rf"^ *(\d+)  [^\n]*{re.escape(number)}", text_of(mail), re.MULTILINE)
    assert found, text_of(mail)
    return found[1]


@contextmanager
def month(certificates: Certificates, folder: Path) -> Iterator[Month]:
    """Five clients with an invoice each, overdue since the thirtieth of October; one address is dead."""
    with (
        Border(("example.test", record())) as border,
        MailHouse(certificates, postfix_settings=border.settings) as mail,
    ):
        people = {key: mail.new_user(key) for key in ("acme", "beta", "luna", "nora", "iris")}
        clients = {
            key: debtor(account, name=f"{key.title()} S.p.A.", policy="month") for key, account in people.items()
        }
        clients["iris"]["contacts"][0]["email"] = mail.unknown_address("iris")
        invoices = [
            {
                "number": f"2026-0{n}1", "client": key, "issued": "2026-10-01", "due": "2026-10-30",
                "currency": "EUR", "total": "1220.00",
            }
            for n, key in enumerate(people, 4)
        ]  # fmt: skip
        with Place(
            mail, mail.new_user("fatture"), mail.new_user("giulia"), "Europe/Rome", first_start="ask",
            reply_token="plus", clients=clients, invoices=invoices, policies={"month": LADDER},
        ) as place:  # fmt: skip
            place.edit(lambda d: d["creditor"].update(language="it"))
            place.edit(
                lambda d: d["owner"].update(
                    digest_at="07:30",
                    digest_on=["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                    commands={"authserv_id": AUTHSERV_ID},
                )
            )
            yield Month(place, people, folder / "now")
