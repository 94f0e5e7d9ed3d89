"""The truth about the watchdog: whichever loop freezes, it is fed no more, and again when the loop goes on."""

from __future__ import annotations

import socket
import time

from tests.real.freezer import IMPATIENT
from tests.real.process_house import Place, debtor, overdue, running, until, with_changes
from tests.real.servers import MailHouse

LOOPS = (
    "plan", "listen", "deliver", "follow", "report", "tell", "answer", "dossier", "bank files", "bank books", "watch",
    "reload", "clock", "metrics", "ping",
)  # fmt: skip
KNOWN_AS = {"bank files": "bank"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port: int = line.getsockname()[1]
        return port


def test_whichever_loop_freezes_the_watchdog_is_fed_no_more_until_it_goes_on(mail_house: MailHouse) -> None:
    """One after the other, in the process that the unit starts; each is held up where it just is."""
    anna, creditor, owner = (mail_house.new_user(name) for name in ("anna", "fatture", "giulia"))
    place = Place(
        mail_house, creditor, owner, clients={"acme": debtor(anna)}, invoices=[overdue()],
        metrics={"port": free_port()}, ping={"url": "http://127.0.0.1:9/alive", "every": "1m"},
    )  # fmt: skip
    frozen, loops = place.folder / "frozen", place.folder / "loops"
    frozen.write_text("")
    (place.folder / "statements").mkdir()
    place.edit(lambda d: d.update(bank={"folder": "statements"}))
    program = with_changes(*IMPATIENT, f"import tests.real.freezer as f; f.install({str(frozen)!r}, {str(loops)!r})")
    with place, running(place, program=program) as daemon:
        daemon.ready()
        unseen = []
        for name in LOOPS:
            fed = daemon.told("WATCHDOG=1")
            until(
                lambda fed=fed: daemon.told("WATCHDOG=1") > fed + 3,
                f"a sign of life before {name} freezes",
            )
            known, before = KNOWN_AS.get(name, name), len(daemon.events("loop_stuck"))
            frozen.write_text(name)
            try:
                stuck = daemon.said("loop_stuck", before + 1, within=6)[before:]
            except AssertionError:
                unseen.append(name)
            else:
                fed = daemon.told("WATCHDOG=1")
                time.sleep(0.5)
                assert {event["loop"] for event in stuck} == {known}
                assert daemon.told("WATCHDOG=1") == fed, "it is fed no more"
            frozen.write_text("")
        assert unseen == []
        assert {KNOWN_AS.get(name, name) for name in LOOPS} == {*loops.read_text().split(), "bank books"}, (
            "each of them was tried"
        )
        assert daemon.process.poll() is None, "the rest lives on until the service manager acts"
        assert daemon.stop() == 0
