"""The digest's calls as tasks for a calendar: read back by the library that a calendar would use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from typing import Any

import pytest
from icalendar import Calendar, Todo

from daemon.domain.reports.digest import Digest
from daemon.mail.owner.digest import call_tasks, compose, render
from tests.builders import a_creditor, a_history, a_ledger
from tests.digest_scene import (
    FRESH,
    NOW,
    OLD,
    PACKS,
    TODAY,
    WORDS,
    a_call,
    a_letter,
    a_reply,
    client,
    digest_of,
    invoice,
    scene_history,
    scene_ledger,
    sent,
)  # fmt: skip

ACME = invoice("acme", "2026-041", "1020.00", 22)
NASTY = "Paid,\r\nEND:VTODO\nBEGIN:VALARM\\n;ATTACH:https://x.example\x00\u2028DUE:20200101"


def tasks_of(digest: Digest, language: str = "en") -> list[Any]:
    made = call_tasks(digest, scene_ledger(language), PACKS[language])
    assert made is not None
    assert all(len(line) <= 75 for line in made.split(b"\r\n")), "RFC 5545 3.1: lines are folded"
    calendar = Calendar.from_ical(made)
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    return [part for part in calendar.walk() if isinstance(part, Todo)]


@pytest.mark.parametrize("language", ["en", "it", "es", "tr", "de", "pt"])
def test_every_call_of_the_digest_is_a_task_that_is_due_today(language: str) -> None:
    digest = digest_of(scene_ledger(language), scene_history())
    tasks = tasks_of(digest, language)

    assert [str(task["uid"]) for task in tasks] == [f"{p.ref}@bianchi.example" for p in digest.call]
    assert {task.decoded("due") for task in tasks} == {TODAY}
    assert {str(task["url"]) for task in tasks} == {"tel:+39-02-5550-2200"}
    assert all(point.numbers[0] in str(task["summary"]) for point, task in zip(digest.call, tasks, strict=True))
    assert all("sollecito called" in str(task["description"]) for task in tasks)


def test_what_a_client_writes_breaks_out_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORDS, "m", NASTY)
    ledger = a_ledger(ACME, clients=(client("acme", "Anna", 'Acme;\r\nURL:x,"'),), creditor=a_creditor(language="en"))
    history = a_history(
        *sent(a_letter(ACME, "first-reminder", date(2026, 11, 2)), OLD),
        a_reply("acme", "2026-041", "anna@acme.example", "paid", "m", FRESH),
        a_call("acme", "2026-041", "bounce", f"mail to anna@acme.example is not delivered {NASTY}"),
    )
    made = call_tasks(digest_of(ledger, history), ledger, PACKS["en"])
    assert made is not None
    [task] = [part for part in Calendar.from_ical(made).walk() if isinstance(part, Todo)]

    assert made.count(b"\nEND:VTODO") == made.count(b"\nDUE") == made.count(b"\nURL") == 1
    assert b"VALARM\r" not in made
    assert b"\x00" not in made
    assert task.decoded("due") == TODAY
    assert "Paid, END:VTODO BEGIN:VALARM\\n;ATTACH" in str(task["description"])
    assert 'Acme; URL:x,"' in str(task["summary"])


def test_a_task_keeps_its_name_from_day_to_day_and_its_later_word_counts() -> None:
    digest = digest_of(scene_ledger(), scene_history())
    [first, *_], [later, *_] = tasks_of(digest), tasks_of(replace(digest, today=date(2026, 11, 18)))

    assert first["uid"] == later["uid"]
    assert first["sequence"] < later["sequence"]


def test_the_digest_carries_one_calendar_and_none_where_nobody_is_to_be_called() -> None:
    ledger = scene_ledger()
    digest = digest_of(ledger, scene_history())
    calendars = [p for p in _parts(digest) if p.get_content_type() == "text/calendar"]

    assert [(p.get_filename(), p.get_param("method")) for p in calendars] == [("calls.ics", "PUBLISH")]
    assert calendars[0].get_payload(decode=True) == call_tasks(digest, ledger, PACKS["en"])
    assert {p.get_content_type() for p in _parts(digest_of(ledger, a_history()))} == {"text/plain", "text/html"}


def _parts(digest: Digest) -> list[Any]:
    ledger = scene_ledger()
    raw = compose(
        render(digest, ledger, PACKS["en"]), ledger, message_id="<d.1@bianchi.example>",
        date=datetime.fromtimestamp(NOW.timestamp(), ledger.creditor.timezone),
        tasks=call_tasks(digest, ledger, PACKS["en"]),
    )  # fmt: skip
    return [part for part in message_from_bytes(raw).walk() if not part.is_multipart()]
