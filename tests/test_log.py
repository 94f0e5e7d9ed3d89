"""The log's two faces, and what never gets into it."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from daemon.adapters.log import configure


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_event_is_one_json_line_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    configure(stream=out, now=lambda: datetime(2026, 11, 17, 9, 0, tzinfo=UTC))
    structlog.get_logger().info("letter_accepted", invoice="2026-041", client="società")
    lines = out.getvalue().splitlines()

    assert len(lines) == 1
    assert json.loads(lines[0]) == {
        "event": "letter_accepted",
        "invoice": "2026-041",
        "client": "società",
        "level": "info",
        "timestamp": "2026-11-17T09:00:00Z",
    }


def test_on_a_terminal_the_line_is_for_people() -> None:
    out = Terminal()
    configure(stream=out, environ={"NO_COLOR": "1"}, now=lambda: datetime(2026, 11, 17, 9, 0, tzinfo=UTC))
    structlog.get_logger().warning("mailbox_unreachable", reason="timed out")

    assert out.getvalue().split() == [
        "2026-11-17T09:00:00Z", "[warning", "]", "mailbox_unreachable", "reason='timed", "out'"
    ]  # fmt: skip


def test_journald_gets_the_priority_before_the_line(tmp_path: Path) -> None:
    """`journalctl -p warning` shows what needs a person."""
    with (tmp_path / "journal").open("w+") as stream:
        status = os.fstat(stream.fileno())
        configure(stream=stream, environ={"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        structlog.get_logger().info("letter_accepted")
        structlog.get_logger().error("disk_full")
        stream.seek(0)
        lines = stream.read().splitlines()

    assert [line[:4] for line in lines] == ["<6>{", "<3>{"]
    assert json.loads(lines[1][3:])["event"] == "disk_full"


def test_a_library_that_complains_is_heard_in_the_same_form() -> None:
    out = io.StringIO()
    configure(stream=out)
    try:
        raise OSError("gone")
    except OSError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
    event = json.loads(out.getvalue())

    assert event["event"] == "Task exception was never retrieved"
    assert event["level"] == "error"
    assert "OSError: gone" in event["exception"]


def test_protocol_text_of_the_libraries_is_never_logged() -> None:
    """imapclient logs what the server sends, and so clients' words, at debug."""
    out = io.StringIO()
    configure(stream=out, level="debug")
    logging.getLogger("imapclient.imaplib").debug("< * 1 FETCH (BODY[] {12}")
    logging.getLogger("aiosmtplib").info("RCPT TO:<anna@acme.example>")

    assert out.getvalue() == ""


def test_what_is_below_the_level_is_not_written() -> None:
    out = io.StringIO()
    configure(stream=out, level="warning")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("heard")

    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["heard"]
