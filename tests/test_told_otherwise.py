"""The owner's second way: what no mail can tell is told by a command or an address (F65)."""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TypeVar

import pytest

from daemon.adapters import other_way
from daemon.adapters.other_way import tell_otherwise
from daemon.domain import journal as j
from daemon.domain.books.owner import Alerts
from daemon.loops.tell import Teller
from daemon.ports import Deferred, OtherWay, Parcel, Problem, Submission
from tests.owner_house import OwnerHouse, owned_books
from tests.virtual_time import run_virtually

T = TypeVar("T")
WAY = OtherWay(command=("tell-me",))
REVOKED = "the log-in counts no more, run `sollecito login`"


class Outage(OwnerHouse):
    """An owner's house whose relay and log-in a test can break."""

    def __init__(self, also: OtherWay | None = WAY) -> None:
        books = owned_books()
        super().__init__(replace(books, owner=replace(books.owner, alerts=Alerts(also=also))))
        self.shut = False
        self.revoked: dict[str, str] = {}
        self.told: list[str] = []
        self.fault: str | None = None  # of the second way
        known = self.teller
        self.teller = Teller(
            self.book, known._owner_post, known._packs, known._words, self.health, self.other, lambda: self.revoked
        )

    async def other(self, way: OtherWay, text: str) -> str | None:
        assert way == WAY
        if self.fault is None:
            self.told.append(" ".join(text.split()))
        return self.fault

    async def accept(self, parcel: Parcel) -> Submission:
        if self.shut:
            return Deferred("smtp.example:587 is out of reach", ours=True)
        return await super().accept(parcel)

    async def after(self, **time: float) -> None:
        """Let time pass, and the teller look."""
        await asyncio.sleep(timedelta(**time).total_seconds())
        await self.teller.tell()


def played(life: Callable[[Outage], Awaitable[T]], house: Outage) -> T:
    async def all_of_it() -> T:
        await house.read()  # the folders' ends are known
        return await life(house)

    return run_virtually(all_of_it())


def a_dispute() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "anna@acme.example", "fatture@bianchi.example", "acme-2026-1"
    mail["Date"], mail["Message-ID"] = "Mon, 02 Nov 2026 10:31:00 +0100", "<1@acme.example>"
    mail.set_content("We dispute this invoice acme-2026-1: four hours are missing.")
    return bytes(mail)


def test_F65_a_revoked_log_in_is_told_at_once_and_once_by_the_other_way() -> None:
    async def life(house: Outage) -> Outage:
        house.shut, house.revoked = True, {"mailbox": REVOKED, "relay": REVOKED}
        for _ in range(4):
            await house.after(minutes=6)
        return house

    house = played(life, Outage())

    [text] = house.told
    assert REVOKED in text
    assert house.box.of("alert") == []


def test_F65_the_mails_of_an_hour_being_used_up_keep_nothing_from_the_other_way() -> None:
    async def life(house: Outage) -> tuple[int, int]:
        now, per_hour = house.world.now(), house.book.ledger.owner.alerts.per_hour
        sent = j.AlertSent(at=now, on=house.book.today(), clients=(), marks=(), items=(), about="", token="")
        await house.book.record(lambda _draft: [sent] * per_hour)
        house.shut, house.fault = True, "it failed"
        house.revoked = {"mailbox": REVOKED, "relay": REVOKED}
        moment = await house.teller.tell()
        assert moment is not None
        house.fault = None
        await house.after(seconds=(moment - now).total_seconds())
        await house.after(minutes=10)
        return len(house.told), round((moment - now).total_seconds() / 60)

    assert played(life, Outage()) == (1, 5)


def test_a_revoked_mailbox_is_told_by_mail_while_mail_can_leave() -> None:
    async def life(house: Outage) -> Outage:
        house.revoked = {"mailbox": REVOKED}
        await house.after(seconds=1)
        return house

    house = played(life, Outage())

    [alert] = house.box.of("alert")
    assert REVOKED in " ".join(house.text(alert).split())
    assert house.told == []


def test_a_relay_that_is_out_of_reach_is_told_when_it_has_lasted_and_its_end_by_mail() -> None:
    async def life(house: Outage) -> tuple[Outage, int]:
        house.shut = True
        house.health.relay_fault = "smtp.example:587 is out of reach"
        await house.after(minutes=1)
        await house.after(minutes=13)
        early = len(house.told)
        await house.after(minutes=3)
        await house.after(minutes=6)
        house.shut, house.health.relay_fault = False, None
        await house.after(minutes=6)
        await house.after(minutes=6)
        return house, early

    house, early = played(life, Outage())

    assert early == 0
    assert len(house.told) == 1
    assert "Mail server out of reach" in house.told[0]
    assert "reach" in house.text(house.box.of("alert")[-1])


def test_what_could_wait_for_mail_does_while_the_relay_is_out_for_a_moment() -> None:
    async def life(house: Outage) -> tuple[list[str], Outage]:
        house.shut = True
        house.health.config_problems = (Problem(file="c.yaml", line=3, column=1, message="`smtpp` is not a key"),)
        await house.after(minutes=1)
        await house.after(minutes=6)
        early = list(house.told)
        house.shut = False
        await house.after(minutes=6)
        return early, house

    early, house = played(life, Outage())

    assert early == house.told == []
    assert "c.yaml:3:1" in house.text(house.box.of("alert")[0])


def test_an_outage_that_only_the_owners_mail_meets_is_told_too_and_not_what_clients_wrote() -> None:
    """No letter is due, so nothing else tries the relay.  Whoever runs the other way is no party to the answers."""

    async def life(house: Outage) -> Outage:
        await house.digest()
        house.shut = True
        house.world.deliver(a_dispute())
        await house.read()
        for _ in range(5):
            await house.after(minutes=6)
        return house

    house = played(life, Outage())

    [text] = house.told
    assert "smtp.example:587 is out of reach" in text
    assert "four hours" not in text
    assert "acme" not in text.lower()


def test_a_way_that_fails_is_tried_again_and_none_is_no_fault() -> None:
    async def life(house: Outage) -> Outage:
        house.shut, house.revoked, house.fault = True, {"relay": REVOKED}, "it failed"
        await house.after(minutes=1)
        house.fault = None
        await house.after(minutes=6)
        return house

    async def without(house: Outage) -> Outage:
        house.shut, house.revoked = True, {"relay": REVOKED}
        await house.after(minutes=1)
        return house

    assert len(played(life, Outage()).told) == 1
    assert played(without, Outage(also=None)).told == []


# -- the command and the address ------------------------------------------------------------------------------------


def _python(program: str) -> OtherWay:
    return OtherWay(command=(sys.executable, "-c", program))


async def test_a_command_gets_the_text_on_its_standard_input(tmp_path: Path) -> None:
    there = tmp_path / "told"
    way = _python(f"import sys; open({str(there)!r}, 'w').write(sys.stdin.read())")

    assert await tell_otherwise(way, "Out of reach: è così\n") is None
    assert there.read_text() == "Out of reach: è così\n"


async def test_a_command_that_fails_hangs_or_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_way, "_PATIENCE", 0.5)

    assert "failed (exit status 3)" in str(await tell_otherwise(_python("raise SystemExit(3)"), "x"))
    assert "did not end within" in str(await tell_otherwise(_python("import time; time.sleep(60)"), "x"))
    assert "cannot be run" in str(await tell_otherwise(OtherWay(command=("/gone/tell",)), "x"))


@contextmanager
def pinged(status: int) -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """A server that takes texts, as healthchecks and ntfy do."""
    came: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_port, came
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "said"), [(200, None), (204, None), (302, "HTTP status 302"), (500, "HTTP status 500")]
)
async def test_an_address_gets_the_text_by_post_and_a_fault_does_not_tell_its_path(
    status: int, said: str | None
) -> None:
    with pinged(status) as (port, came):
        answer = await tell_otherwise(OtherWay(url=f"http://127.0.0.1:{port}/s3cret"), "Out of reach: è così")

    assert came == [("/s3cret", "Out of reach: è così".encode())]
    assert answer is None if said is None else said in str(answer)
    assert "s3cret" not in str(answer)


async def test_an_address_that_is_out_of_reach_says_so() -> None:
    with pinged(200) as (port, _):
        pass
    answer = await tell_otherwise(OtherWay(url=f"http://127.0.0.1:{port}/s3cret"), "x")

    assert "127.0.0.1 is out of reach" in str(answer)
    assert "s3cret" not in str(answer)
