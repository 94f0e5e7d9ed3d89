"""The calls of a digest as tasks for the owner's calendar (RFC 5545), one file for all of them.

Clients' words stand in the descriptions: `icalendar` escapes them (section 3.3.11), and `clean` has taken out what is
not text, so nothing in them ends a property or begins another.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from daemon.domain.books.ledger import Ledger
from daemon.domain.reports.call_sheet import CallSheet
from daemon.domain.reports.digest import Digest
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.call_words import lines, task
from daemon.mail.owner.digest_speech import Speech

if TYPE_CHECKING:
    from icalendar import Todo  # a tenth of a second to import: only where there is a call

FILE_NAME = "calls.ics"
METHOD = "PUBLISH"  # RFC 5546: to be taken note of, no answer wanted


def call_tasks(digest: Digest, ledger: Ledger, pack: Pack) -> bytes | None:
    """A VTODO for each call of the digest, due today; None where there is none.

    A task keeps its UID from day to day, so that a calendar replaces it and does not add another.
    """
    sheets = [point.sheet for point in digest.call if point.sheet is not None]
    if not sheets:
        return None
    from icalendar import Calendar

    speech = Speech(pack=pack, zone=ledger.creditor.timezone, today=digest.today)
    calendar = Calendar()
    calendar.add("prodid", "-//Sollecito//calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", METHOD)
    domain = ledger.creditor.email.rpartition("@")[2]
    for sheet in sheets:
        calendar.add_component(_task(sheet, speech, digest.now, domain))
    return bytes(calendar.to_ical())


def _task(sheet: CallSheet, speech: Speech, now: datetime, domain: str) -> Todo:
    from icalendar import Todo

    todo = Todo()
    todo.add("uid", f"{sheet.call.call_id}@{domain}")
    todo.add("dtstamp", now)
    todo.add("sequence", max((speech.today - sheet.call.on).days, 0))
    todo.add("summary", clean(task(sheet, speech)))
    todo.add("description", "\n".join(clean(line) for line in lines(sheet, speech)))
    todo.add("due", speech.today)
    todo.add("status", "NEEDS-ACTION")
    if sheet.telephone is not None:
        todo.add("url", sheet.telephone.link)
    return todo
