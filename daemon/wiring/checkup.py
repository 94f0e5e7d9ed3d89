"""`check`: is the config right, do the servers let us in, does a plus address arrive?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import Any

from daemon.adapters import config_yaml
from daemon.adapters.json_schema import json_schema as json_schema
from daemon.adapters.secret import NoSecret, remark
from daemon.adapters.templates_dir import TemplateFaults
from daemon.adapters.templates_report import load_report_words
from daemon.domain.standing.day_slips import day_slips
from daemon.domain.standing.rate_gaps import rate_gaps
from daemon.mail.letters.message import LOOP_HEADER
from daemon.ports import Accepted, Deferred, Parcel, Refused, Settings, Unreachable
from daemon.wiring.check_commands import check_commands
from daemon.wiring.check_obstacles import with_advice
from daemon.wiring.parts import World, real_world
from daemon.wiring.settings import load_settings
from daemon.wiring.words import packs_of

_PROBE_SECONDS = 30
_NO_COMMANDS = (
    "commands by mail are off: nothing says by what a mail of the owner's is known"
    " (owner.commands; `check --online` proposes a name)"
)


def check(path: str) -> dict[str, Any]:
    """All problems, or what was understood: {"problems": [...], "notices": [...], ...}."""
    loaded = config_yaml.load(path)
    problems = list(loaded.problems)
    if loaded.settings is not None:
        try:
            packs_of(loaded.settings)
            load_report_words(loaded.settings.templates, loaded.settings.ledger.creditor.language)
        except TemplateFaults as faults:
            problems += faults.problems
    rows = [{"file": p.file, "line": p.line, "column": p.column, "message": p.message} for p in problems]
    if loaded.settings is None or problems:
        return {"problems": rows, "notices": []}
    settings = loaded.settings
    ledger = settings.ledger
    today = datetime.now(ledger.creditor.timezone).date()
    return {
        "problems": [],
        "notices": [
            *settings.notices,
            *_password_files(path, settings),
            *day_slips(ledger, today),
            *rate_gaps(ledger, today),
            *([f"{path}: {_NO_COMMANDS}"] if ledger.owner.commands.nobody else []),
        ],
        "file": settings.file,
        "creditor": ledger.creditor.name,
        "clients": len(ledger.clients),
        "invoices": sum(not invoice.credit for invoice in ledger.invoices),
        "credit_notes": sum(invoice.credit for invoice in ledger.invoices),
        "policies": sorted({client.policy for client in ledger.clients.values()}),
        "languages": sorted({client.language for client in ledger.clients.values()}),
        "smtp": f"{settings.smtp.host}:{settings.smtp.port} ({settings.smtp.security.value})",
        "imap": f"{settings.imap.host}:{settings.imap.port} ({settings.imap.security.value})",
        "state": settings.state,
    }


def _password_files(path: str, settings: Settings) -> list[str]:
    """What is worth a word about the files that hold passwords; each is told once, also where both servers read it."""
    servers = (settings.smtp, settings.imap)
    secrets = [server.password for server in servers] + [s.oauth.client_secret for s in servers if s.oauth]
    remarks = dict.fromkeys(remark(secret) for secret in secrets if secret is not None)
    return [f"{path}: {words}" for words in remarks if words]


async def check_online(path: str) -> list[dict[str, Any]]:
    """Log in to both servers; [{"what", "ok", "words"}], with "obstacle" where it is a known one.

    Nothing is sent to a client.
    """
    settings = load_settings(path)
    return [with_advice(row, settings) for row in await _online(settings)]


async def try_log_in(settings: Settings) -> list[dict[str, Any]]:
    """Log in to both servers and send nothing: rows as of `check_online`."""
    world = real_world(settings)
    try:
        rows, _ = await _logged_in(settings, world)
    finally:
        await _close(world)
    return [with_advice(row, settings) for row in rows]


async def _online(settings: Settings) -> list[dict[str, Any]]:
    world = real_world(settings)
    try:
        rows, folders = await _logged_in(settings, world)
        if folders is None:
            return rows
        if "sent" not in folders and settings.imap.sent is not None:
            rows.append({"what": "imap", "ok": False, "words": "no Sent folder was found: name it as imap.sent"})
        rows.append(await check_commands(settings.ledger.owner.commands, world.mailbox))
        if all(row["ok"] for row in rows if row["what"] != "commands"):
            rows.append(await _plus_address(settings, world))
    except (Unreachable, NoSecret) as trouble:
        rows.append({"what": "imap", "ok": False, "words": str(trouble)})
    finally:
        await _close(world)
    return rows


async def _logged_in(settings: Settings, world: World) -> tuple[list[dict[str, Any]], Mapping[str, str] | None]:
    """A row for each server; and the folders of the mailbox by their roles, None where it is out of reach."""
    smtp, imap = settings.smtp.host, settings.imap.host
    try:
        async with world.relay.line() as line:
            why = line.reason if isinstance(line, Deferred | Refused) else None
    except NoSecret as missing:
        why = str(missing)
    rows = [{"what": "smtp", "ok": why is None, "words": why or f"logged in to {smtp}"}]
    try:
        folders = await world.mailbox.folders()
    except (Unreachable, NoSecret) as trouble:
        return [*rows, {"what": "imap", "ok": False, "words": str(trouble)}], None
    named = ", ".join(f"{role}: {folder}" for role, folder in folders.items())
    return [*rows, {"what": "imap", "ok": True, "words": f"logged in to {imap}; {named}"}], folders


async def _close(world: World) -> None:
    await world.relay.close()
    await world.mailbox.close()


async def _plus_address(settings: Settings, world: World) -> dict[str, Any]:
    """Whether a mail to our own plus address arrives; only then `reply_token: plus` is safe."""
    own = settings.ledger.creditor.email
    local, _, domain = own.rpartition("@")
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = own, f"{local}+sollecito-check@{domain}"
    mail["Subject"], mail["Date"] = "Sollecito: does a plus address arrive?", datetime.now(UTC)
    mail["Message-ID"], mail["Auto-Submitted"] = make_msgid("sollecito-check", domain), "auto-generated"
    mail[LOOP_HEADER] = own
    mail.set_content("A test by `sollecito check --online`. You may delete it.")
    parcel = Parcel(sender=own, recipient=str(mail["To"]), content=mail.as_bytes(), envelope_id="sollecito-check")
    loop = asyncio.get_running_loop()
    async with world.relay.line() as line:
        answer = line if isinstance(line, Deferred | Refused) else await line.submit(parcel, loop.time() + 60)
    arrived, until = False, loop.time() + _PROBE_SECONDS
    while isinstance(answer, Accepted) and not arrived and loop.time() < until:
        arrived = await world.mailbox.find(str(mail["Message-ID"]))
        await asyncio.sleep(0 if arrived else 1)
    if arrived:
        return {"what": "reply_token", "ok": True, "words": "a mail to a plus address arrived: `plus` is safe"}
    reason = getattr(answer, "reason", f"it was accepted and not seen within {_PROBE_SECONDS} seconds")
    return {
        "what": "reply_token",
        "ok": not settings.plus_token,
        "words": f"no mail to a plus address arrived: keep `reply_token: none` ({reason})",
    }
