"""How the daemon is seen from outside: a page of figures on the loopback, and signs of life for a watchman."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from structlog.testing import capture_logs

from daemon.adapters.config_yaml import load
from daemon.adapters.metrics_page import metrics_page
from daemon.adapters.ping import ping
from daemon.domain.books.outside import Figure
from daemon.loops.ping import Pinger
from tests.cli_place import CliPlace


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _read(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        return str(page.read().decode())


FIGURES = [
    Figure("sollecito_letters", "Letters.", ("state",), {("waiting",): 2.0, ("in_doubt",): 0.0}),
    Figure("sollecito_log_events", "Said.", ("event", "level"), {("started", "info"): 1.0}, grows=True),
]


def test_the_page_says_what_the_figures_are() -> None:
    port = _free_port()
    with metrics_page(port, lambda: FIGURES):
        page = _read(port)

    assert 'sollecito_letters{state="waiting"} 2.0' in page
    assert 'sollecito_log_events_total{event="started",level="info"} 1.0' in page


def test_the_page_is_asked_anew_each_time_and_gone_at_the_end() -> None:
    asked = iter([[FIGURES[0]], [FIGURES[1]]])
    port = _free_port()
    with metrics_page(port, lambda: next(asked)):
        first, second = _read(port), _read(port)

    assert ("sollecito_letters" in first, "sollecito_letters" in second) == (True, False)
    with pytest.raises(OSError):
        _read(port)


def test_no_other_machine_can_read_the_page() -> None:
    """It asks for no password."""
    port = _free_port()
    with metrics_page(port, lambda: FIGURES), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)  # another address of this machine


class _Watchman(BaseHTTPRequestHandler):
    heard: list[tuple[str, str, str]]

    def _hear(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.heard.append((self.command, self.path, body))
        self.send_response(404 if "unknown" in self.path else 200)
        self.end_headers()

    do_GET = do_POST = _hear  # noqa: N815 - http.server's names

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def watchman() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """His address, and what he heard."""
    heard: list[tuple[str, str, str]] = []
    server = HTTPServer(("127.0.0.1", 0), type("Hearing", (_Watchman,), {"heard": heard}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()
    thread.join()


async def test_all_is_well_or_what_ails(watchman: tuple[str, list[tuple[str, str, str]]]) -> None:
    url, heard = watchman

    assert await ping(f"{url}/0a1b", "") is None
    assert await ping(f"{url}/0a1b", "out of order: mailbox") is None
    assert heard == [("GET", "/0a1b", ""), ("POST", "/0a1b/fail", "out of order: mailbox")]


async def test_a_watchman_who_does_not_hear_is_named_without_the_address_that_lets_one_in(
    watchman: tuple[str, list[tuple[str, str, str]]],
) -> None:
    url, _ = watchman

    assert await ping(f"{url}/unknown", "") == "127.0.0.1 answered with HTTP status 404"
    refused = await ping(f"http://127.0.0.1:{_free_port()}/0a1b", "")
    assert refused is not None
    assert "0a1b" not in refused


async def test_signs_are_given_again_and_again_and_a_fault_of_the_watchman_is_said_once() -> None:
    said: list[str] = []

    async def deaf(ails: str) -> str | None:
        said.append(ails)
        return "ping.example is out of reach: ConnectTimeoutError"

    kinds: list[str] = []
    pinger = Pinger(timedelta(seconds=0.01), lambda: kinds, deaf)
    with capture_logs() as logged:
        task = asyncio.create_task(pinger.run())
        while len(said) < 3:
            await asyncio.sleep(0.01)
        kinds += ["mailbox", "relay"]
        while said[-1] == "":
            await asyncio.sleep(0.01)
        task.cancel()

    assert said[-1] == "out of order: mailbox, relay"
    assert [line["event"] for line in logged] == ["ping_failed"]


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"metrics": {"port": 80}}, "1024"),
        ({"metrics": {}}, "port"),
        ({"ping": {"every": "5m"}}, "url"),
        ({"ping": {"url": "http://ping.example/0a1b"}}, "https://"),
    ],
)
def test_a_config_that_cannot_be_meant_is_named(section: dict[str, object], words: str, tmp_path: Path) -> None:
    [problem] = load(CliPlace(tmp_path, **section).config).problems

    assert words in problem.message


def test_a_config_may_leave_both_out(tmp_path: Path) -> None:
    settings = load(CliPlace(tmp_path).config).settings

    assert settings is not None
    assert (settings.metrics_port, settings.ping) == (None, None)
