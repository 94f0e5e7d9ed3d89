"""The sheets of the open calls, in the words of `sollecito calls`, from the running daemon's own book.

`daemon.wiring.calls` makes them for the command, and reads every language anew for it: seconds, on each morning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daemon.demo.telling import Line
from daemon.domain.reports.call_sheet import call_sheet
from daemon.domain.standing.case import case_of
from daemon.domain.standing.open_calls import open_calls
from daemon.loops.book import Book
from daemon.loops.quotes import Quotes
from daemon.mail.letters.pack import Pack
from daemon.mail.owner.call_words import lines, task
from daemon.mail.owner.digest_speech import Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """Looked at before the telephone is picked up.

    Args:
        pack: the words of the owner's language.
    """

    book: Book
    quotes: Quotes
    pack: Pack

    def open_at(self, now: datetime) -> list[tuple[str, Line]]:
        """The calls to be made today, each with its id."""
        found = []
        zone = self.book.ledger.creditor.timezone
        speech = Speech(pack=self.pack, zone=zone, today=now.astimezone(zone).date())
        for key, client in self.book.ledger.clients.items():
            today = now.astimezone(client.zone).date()
            case = case_of(self.book.ledger, self.book.history, key, today)
            for call in open_calls(case, today):
                sheet = call_sheet(case, call, now, self.quotes.words)
                first, *rest = [task(sheet, speech), *lines(sheet, speech)]
                more = "\n".join([first, *(f"  {line}" for line in rest)])
                text = f"the sheet for the call to {sheet.person}"
                found.append((call.call_id, Line(at=now, client=key, sign="☎", tone="owner", text=text, more=more)))
        return found
