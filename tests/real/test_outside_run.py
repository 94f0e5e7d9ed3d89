"""The running daemon as it is seen from outside: its page of figures, before and while its mailbox is out of reach."""

from __future__ import annotations

import socket
from collections.abc import Callable
from urllib.request import urlopen

import pytest

from tests.real.process_house import Place, debtor, overdue, running, until
from tests.real.servers import MailHouse

MakeHouse = Callable[..., MailHouse]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _page(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        return str(page.read().decode())


def test_figures_follow_what_happens(make_mail_house: MakeHouse, port: int) -> None:
    mail = make_mail_house()
    anna = mail.new_user("anna")
    books = {"clients": {"acme": debtor(anna)}, "invoices": [overdue()], "metrics": {"port": port}}
    with Place(mail, mail.new_user("fatture"), mail.new_user("giulia"), **books) as place, running(place) as daemon:
        daemon.ready().said("letter_accepted")
        well = _page(port)
        mail.dovecot.stop()
        until(lambda: 'sollecito_fault{of="mailbox"} 1.0' in _page(port), "the fault on the page")

    assert 'sollecito_fault{of="mailbox"} 0.0' in well
    assert 'sollecito_log_events_total{event="letter_accepted",level="info"} 1.0' in well
    assert "sollecito_invoices 1.0" in well
    assert "acme" not in well
    assert anna.address not in well


def test_a_port_that_is_taken_costs_the_figures_and_not_the_letters(mail_house: MailHouse) -> None:
    anna = mail_house.new_user("anna")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        books = {
            "clients": {"acme": debtor(anna)},
            "invoices": [overdue()],
            "metrics": {"port": taken.getsockname()[1]},
        }
        with (
            Place(mail_house, mail_house.new_user("fatture"), mail_house.new_user("giulia"), **books) as place,
            running(place) as daemon,
        ):
            daemon.ready().said("letter_accepted")
            said = daemon.events("metrics_unavailable")

    assert [line["reason"] for line in said] == ["Address already in use"]
