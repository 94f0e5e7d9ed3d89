"""The open calls as sheets, from the state as it lies there; the lock is not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from daemon.domain.books.directory import Directory
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.target import find_target
from daemon.domain.history import History
from daemon.domain.reports.call_sheet import CallSheet, StoryLine, call_sheet
from daemon.domain.standing.case import case_of
from daemon.domain.standing.open_calls import open_calls
from daemon.mail.owner.call_words import asked, lines, task, when
from daemon.mail.owner.digest_speech import Speech
from daemon.mail.read import Reader
from daemon.ports import Settings
from daemon.wiring.inquiry import CannotTell
from daemon.wiring.storage import look_at
from daemon.wiring.words import packs_of


@dataclass(frozen=True, slots=True)
class Call:
    """One sheet, for people and for scripts."""

    text: str
    document: dict[str, Any]


def calls(settings: Settings, number: str | None, now: datetime | None = None) -> list[Call]:
    """The calls to be made today, in the words of the digest; those about one invoice or client where it is named.

    Raises:
        CannotTell: there is no such invoice, client, call or item.
    """
    moment, ledger, packs = now or datetime.now(UTC), settings.ledger, packs_of(settings)
    pack = packs[ledger.creditor.language]
    reader = Reader({language: each.reading for language, each in packs.items()})
    history = History()
    with look_at(settings.state) as state:
        for entry in state.journal.replay():
            history.take_in(entry)

        def words(mail: str) -> str:
            raw = state.archive.find(f"mail-{mail}.eml")
            return "" if raw is None else reader.read(raw, Directory(), moment.date()).text

        wanted = None if number is None else find_target(number, ledger, history)
        if isinstance(wanted, Refusal):
            raise CannotTell(wanted.because)
        found = []
        for key, client in ledger.clients.items():
            if wanted is not None and wanted.client != key:
                continue
            today = moment.astimezone(client.zone).date()
            case = case_of(ledger, history, key, today)
            speech = Speech(
                pack=pack, zone=ledger.creditor.timezone, today=moment.astimezone(ledger.creditor.timezone).date()
            )
            for call in open_calls(case, today):
                named = wanted is None or wanted.ref == call.call_id or wanted.kind != "call"
                if named and (wanted is None or set(wanted.numbers) & set(call.numbers)):
                    found.append(_call(call_sheet(case, call, moment, words), speech))
    return found


def _call(sheet: CallSheet, speech: Speech) -> Call:
    first, *rest = [task(sheet, speech), *lines(sheet, speech)]
    return Call("\n".join([first, *(f"  {line}" for line in rest)]), _document(sheet, speech))


def _document(sheet: CallSheet, speech: Speech) -> dict[str, Any]:
    call, hours = sheet.call, sheet.hours
    return {
        "call_id": call.call_id,
        "client": sheet.client.key,
        "name": sheet.client.name,
        "invoices": list(sheet.numbers),
        "on": call.on.isoformat(),
        "reason": call.reason,
        "because": call.because,
        "confirmed": call.confirmed,
        "tries": call.tries,
        "contact": sheet.person,
        "phone": sheet.phone,
        "e164": sheet.telephone.e164 if sheet.telephone else None,
        "tel": sheet.telephone.link if sheet.telephone else None,
        "language": sheet.client.language,
        "local_time": hours.local.isoformat(timespec="minutes"),
        "office_hours": hours.there,
        "good_from": hours.good.isoformat(timespec="minutes"),
        "ask": sheet.ask.value,
        "question": asked(sheet, speech),
        "when": when(sheet, speech),
        "so_far": [_told(told) for told in sheet.told],
        "record": {outcome.value: command for outcome, command in sheet.commands.items()},
    }


def _told(told: StoryLine) -> dict[str, Any]:
    """One fact; only the fields that it has."""
    given: dict[str, Any] = {
        "invoices": list(told.numbers),
        "amounts": [{"amount": str(money.amount), "currency": money.currency} for money in told.money],
        "letters": [{"letter": name, "on": on.isoformat()} for name, on in told.letters],
        "letters_in_all": told.count,
        "who": told.who,
        "intent": told.intent,
        "words": told.words,
        "outcome": told.outcome,
        "address": told.address,
        "day": told.day.isoformat() if told.day else None,
    }
    return {
        "about": told.about.value,
        "on": told.on.isoformat(),
        **{key: value for key, value in given.items() if value},
    }
