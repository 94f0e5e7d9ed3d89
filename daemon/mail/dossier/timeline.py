"""What happened, in words: as a document, and as JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.money import Money
from daemon.domain.standing.timeline import Fact, Moment
from daemon.mail.dossier.document import Document, Heading
from daemon.mail.dossier.speech import DossierSpeech, letterhead
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import Lines, Paragraph, Table, clean

_LONGEST = 300  # characters of what a server, or anybody else, said


def in_words(moment: Moment, pack: Pack) -> str:
    """One moment as a sentence of the pack's language."""
    speech = DossierSpeech(pack)
    kind = moment.kind if speech.knows(moment.kind) else "other"
    words = {name: _word(name, fact, speech) for name, fact in moment.facts.items()}
    return speech.say(kind, **{"name": moment.kind, **words})


def _word(name: str, fact: Fact, speech: DossierSpeech) -> str:
    match fact:
        case None:
            return ""
        case Money():
            return speech.money(fact.amount, fact.currency)
        case date():
            return speech.short_day(fact)
        case tuple():
            return "; ".join(f"{speech.short_day(on)} {speech.money(m.amount, m.currency)}" for on, m in fact)
    text = str(fact)
    if name == "letter":
        return speech.letter(text)
    if name == "intent" and speech.knows(f"intent_{text}"):
        return speech.say(f"intent_{text}")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def timeline_document(
    moments: Sequence[Moment],
    files: Mapping[str, str],
    creditor: Creditor,
    client: Client,
    pack: Pack,
    on: date,
) -> Document:
    """Day and time, and what happened, a line each.

    Args:
        files: where the mail of a moment is in the dossier, by its name in the archive.
    """
    speech = DossierSpeech(pack)
    title = speech.say("timeline")
    rows = tuple((_when(moment, creditor.timezone, speech), _told(moment, files, pack)) for moment in moments)
    until = speech.say("timeline_until", client=client.name, date=speech.long_day(on))
    return Document(
        title=f"{title} – {clean(client.name)}",
        author=clean(creditor.name),
        language=pack.language,
        on=on,
        elements=(
            Lines(letterhead(creditor, client, pack)[0].lines, heading=True),
            Heading(title),
            Paragraph(until),
            Table((), rows, figures=0),
        ),
    )


def _when(moment: Moment, zone: ZoneInfo, speech: DossierSpeech) -> str:
    day = speech.short_day(moment.on).replace(" ", "\u00a0")
    return day if moment.at is None else f"{day}\u00a0 {moment.at.astimezone(zone):%H:%M}"


def _told(moment: Moment, files: Mapping[str, str], pack: Pack) -> str:
    words = in_words(moment, pack)
    file = files.get(moment.mail or "")
    return f"{words} [{DossierSpeech(pack).say('file', name=file)}]" if file else words


def timeline_json(moments: Sequence[Moment], files: Mapping[str, str], pack: Pack) -> list[dict[str, Any]]:
    """The same as JSON values: amounts are strings with their currency, times are UTC with Z."""
    return [
        {
            "on": moment.on.isoformat(),
            "at": _utc(moment.at) if moment.at else None,
            "kind": moment.kind,
            "words": in_words(moment, pack),
            "file": files.get(moment.mail or ""),
            **{name: _plain(fact) for name, fact in moment.facts.items()},
        }
        for moment in moments
    ]


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _plain(fact: Fact) -> object:
    match fact:
        case Money():
            return {"amount": str(fact.amount), "currency": fact.currency}
        case date():
            return fact.isoformat()
        case tuple():
            return [{"due": on.isoformat(), "amount": str(m.amount), "currency": m.currency} for on, m in fact]
        case _:
            return fact
