"""Commands that look and change nothing: plan, preview, status, history, read.  They do not take the state's lock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from daemon.adapters import config_yaml
from daemon.adapters.control import socket_path
from daemon.adapters.control_client import NoDaemon, ask
from daemon.adapters.json_schema import json_schema as json_schema
from daemon.adapters.templates_dir import load_packs
from daemon.domain import journal as j
from daemon.domain.books.directory import Directory
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.target import find_target
from daemon.domain.history import ClientHistory, History
from daemon.domain.ladder.forecast import forecast, start_of
from daemon.domain.ladder.plan_document import plan_document
from daemon.domain.ladder.sample_letter import sample_letter
from daemon.domain.reports.status import status_document
from daemon.domain.standing.case import case_of
from daemon.loops.post import Post
from daemon.loops.whoiswho import WhoIsWho
from daemon.mail.letters.page import by_itself
from daemon.mail.read import Reader, as_json
from daemon.mail.tokens.keys import Keys
from daemon.ports import Settings
from daemon.wiring.settings import ConfigRefused
from daemon.wiring.storage import look_at
from daemon.wiring.words import packs_of

_AHEAD = timedelta(days=30)

_STATE = re.compile(r"^state:\s*[\"']?tinydb://([^\s\"'#]+)", re.MULTILINE)


class CannotTell(Exception):
    """What was asked for is not there; the message says what is."""


def plan(settings: Settings, as_of: date | None, until: date | None) -> dict[str, Any]:
    """The `plan` document, from the config and the state as it lies there."""
    today = as_of or datetime.now(settings.ledger.creditor.timezone).date()
    last = until or today + _AHEAD
    if last < today:
        raise CannotTell(f"--until {last} lies before {today}")
    return plan_document(forecast(settings.ledger, known_history(settings)[0], today, last), last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One letter as it would be sent."""

    name: str  # good as a file name
    to: str
    subject: str
    text: str
    html: str
    raw: bytes


def preview(settings: Settings, text: str | None, level: int | None, name: str = "") -> list[Preview]:
    """The letter about an invoice or a client: the next one, that of a level, or the one of that name.

    Without a number each client's next letter.
    """
    ledger = settings.ledger
    history, _ = known_history(settings)
    today = datetime.now(ledger.creditor.timezone).date()
    if text is None:
        found = forecast(ledger, history, today, today + timedelta(days=120)).letters
        first = {letter.client: letter for letter in reversed(found)}
        letters = sorted(first.values(), key=lambda letter: letter.on)
    else:
        letters = [_letter_about(settings, history, text, level, name, today)]
    # Never the letter's own token: mailed about, it would be taken for a letter that the journal lacks (F64).
    post = Post(packs_of(settings), _no_token, lambda path: Path(path).read_bytes(), plus_token=settings.plus_token)
    return [_preview(post, letter, name or letter.letter, settings, history) for letter in letters]


def _no_token(letter_id: str) -> str:
    return f"preview-{letter_id}"


def _letter_about(
    settings: Settings, history: History, text: str, level: int | None, name: str, today: date
) -> j.LetterQueued:
    target = find_target(text, settings.ledger, history)
    if isinstance(target, Refusal) or target.client is None:
        raise CannotTell(target.because if isinstance(target, Refusal) else f"{text} is a mail, not an invoice")
    case = case_of(settings.ledger, history, target.client, today)
    if level is None and not name:
        ahead = forecast(settings.ledger, history, today, today + timedelta(days=366)).letters
        for letter in ahead:
            if letter.client == target.client and any(c.number in target.numbers for c in letter.claims):
                return letter
        raise CannotTell(f"no letter about {text} lies ahead; --level or --letter shows one all the same")
    sample = sample_letter(case, target.numbers, level, name, today, start_of(today))
    if isinstance(sample, Refusal):
        raise CannotTell(f"{text}: {sample.because}")
    return sample


def _preview(post: Post, letter: j.LetterQueued, shown: str, settings: Settings, history: History) -> Preview:
    known = history.clients.get(letter.client) or ClientHistory(letter.client)
    rendered, raw = post.write(letter, settings.ledger, known, datetime.now(UTC))
    return Preview(
        name=f"{letter.client}-{shown}-{letter.claims[0].number}".replace("/", "_"),
        to=letter.to,
        subject=rendered.subject,
        text=rendered.text,
        html=by_itself(rendered.html, {picture.cid: picture.content for picture in rendered.pictures}),
        raw=raw,
    )


def status(path: str) -> dict[str, Any]:
    """From the running daemon, also while the YAML is broken; else from the state as it lies there."""
    loaded = config_yaml.load(path)
    try:
        found = dict(ask(socket_path(Path(_state_of(path, loaded.settings))), "status", {})["status"])
    except NoDaemon:
        pass
    else:
        found["faults"] = list(dict.fromkeys([*found["faults"], *(str(p) for p in loaded.problems)]))
        return {**found, "daemon": True}
    if loaded.settings is None or loaded.problems:
        raise ConfigRefused(loaded.problems)
    settings = loaded.settings
    history, _ = known_history(settings)
    now = datetime.now(UTC)
    zones = {key: client.zone for key, client in settings.ledger.clients.items()}
    document = status_document(settings.ledger, history, lambda key: now.astimezone(zones[key]).date(), None)
    old = history.old.words
    return {**document, "faults": [f"state: {old}"] if old else [], "daemon": False}


def _state_of(path: str, settings: Settings | None) -> str:
    """Where the state lies, also where the config cannot be read as a whole just now."""
    if settings is not None:
        return settings.state
    here = Path(path)
    text = here.read_text(errors="replace") if here.is_file() else ""
    stated = _STATE.search(text)
    return stated[1] if stated else "/var/lib/sollecito"


def entries_about(settings: Settings, text: str) -> list[dict[str, Any]]:
    """Every entry about one invoice, with those of the letters that claim it, or about a client; oldest first.

    Returns:
        JSON values.
    """
    whole = text in settings.ledger.clients and text not in settings.ledger.by_number
    client, slash, number = (text, "", "") if whole else text.partition("/")
    if not whole and (not slash or client not in settings.ledger.clients):
        client, number = "", text
    found: list[dict[str, Any]] = []
    letters: set[str] = set()
    holds: set[tuple[str, str]] = set()
    owners = {client} if client else {invoice.client for invoice in settings.ledger.by_number.get(number, ())}
    for entry in _replay(settings):
        if not isinstance(entry, j.ClientEntry) or (client and entry.client != client):
            continue
        named = number in _numbers(entry) or whole
        if isinstance(entry, j.HoldPlaced | j.NoteTaken) and not entry.numbers:  # all of the client's
            named = entry.client in owners
        if isinstance(entry, j.ContactTold | j.ContactStated):
            named = entry.client in owners
        if named and isinstance(entry, j.LetterQueued):
            letters.add(entry.letter_id)
        if named and isinstance(entry, j.HoldPlaced):
            holds.add((entry.client, entry.hold_id))
        lifted = isinstance(entry, j.HoldLifted) and (entry.client, entry.hold_id) in holds
        if named or lifted or (isinstance(entry, j.LetterEntry) and entry.letter_id in letters):
            found.append(msgspec.json.decode(j.encode(entry)))
    if not found and number not in settings.ledger.by_number:
        target = find_target(text, settings.ledger, known_history(settings)[0])
        raise CannotTell(target.because if isinstance(target, Refusal) else f"nothing is recorded about {text}")
    return found


def _numbers(entry: j.ClientEntry) -> Sequence[str]:
    if isinstance(entry, j.LetterQueued):
        return [claim.number for claim in (*entry.claims, *entry.also_open)]
    one: str | None = getattr(entry, "number", None)
    return (one,) if one is not None else getattr(entry, "numbers", ())


def known_history(settings: Settings) -> tuple[History, Keys | None]:
    """The state as it is now, looked at without the lock."""
    history = History()
    with look_at(settings.state) as state:
        for entry in state.journal.replay():
            history.take_in(entry)
        return history, state.keys


def _replay(settings: Settings) -> Iterator[j.AnyEntry]:
    with look_at(settings.state) as state:
        yield from state.journal.replay()


def read_mails(path: str, stdin: bytes | None, config: str | None) -> Iterator[dict[str, Any]]:
    """What the daemon makes of one mail or of a folder of them; with a config also whom each is about."""
    settings = config_yaml.load(config).settings if config else None
    packs = load_packs(settings.templates if settings else ())
    reader = Reader({language: pack.reading for language, pack in packs.items()})
    directory = _directory(settings)
    today = datetime.now(UTC).date()
    for name, raw in _mails(path, stdin):
        yield as_json(reader.read(raw, directory, today), name)


def _mails(path: str, stdin: bytes | None) -> Iterator[tuple[str, bytes]]:
    if stdin is not None:
        yield "-", stdin
        return
    here = Path(path)
    if not here.exists():
        raise CannotTell(f"{path}: no such file or folder")
    files = (
        sorted(p for p in here.rglob("*") if p.is_file() and not p.name.startswith(".")) if here.is_dir() else [here]
    )
    for file in files:
        yield str(file), file.read_bytes()


def _directory(settings: Settings | None) -> Directory:
    if settings is None:
        return Directory()
    history, keys = known_history(settings)
    return WhoIsWho(settings.ledger, history, keys.token_of if keys else str).directory
