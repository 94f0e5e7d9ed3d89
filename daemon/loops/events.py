"""The daemon's operational log: one named event each, with stable keys.  No client text, addresses or secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import structlog

from daemon.ports import Problem

_log = structlog.get_logger("sollecito")


def started(creditor: str, invoices: int, clients: int, entries: int) -> None:
    _log.info("started", creditor=creditor, invoices=invoices, clients=clients, journal_entries=entries)


def stopping() -> None:
    _log.info("stopping")


def first_start(on: date, overdue_wait: bool) -> None:
    _log.info("first_start", on=on.isoformat(), overdue_letters_wait=overdue_wait)


def letter_queued(client: str, letter_id: str, letter: str, on: date, waits_for: str | None) -> None:
    _log.info("letter_queued", client=client, letter=letter, id=letter_id, on=on.isoformat(), waits_for=waits_for)


def letter_withdrawn(client: str, letter_id: str, because: str) -> None:
    _log.info("letter_withdrawn", client=client, id=letter_id, because=because)


def letter_accepted(client: str, letter_id: str) -> None:
    _log.info("letter_accepted", client=client, id=letter_id)


def letter_not_accepted(client: str, letter_id: str, answer: str, reason: str) -> None:
    _log.warning("letter_not_accepted", client=client, id=letter_id, answer=answer, reason=reason)


def letter_unsendable(client: str, letter_id: str, reason: str) -> None:
    _log.error("letter_unsendable", client=client, id=letter_id, reason=reason)


def doubt_found(client: str, letter_id: str) -> None:
    _log.warning("doubt_found", client=client, id=letter_id)


def doubt_settled(client: str, letter_id: str) -> None:
    _log.info("doubt_settled_by_evidence", client=client, id=letter_id)


def sent_copy_missing(letter_id: str, reason: str) -> None:
    _log.warning("sent_copy_missing", id=letter_id, reason=reason)


def letter_recovered(client: str, letter_id: str) -> None:
    _log.error("state_is_old", client=client, letter_not_in_journal=letter_id, letters_wait_for="sollecito go restored")


def call_suggested(client: str, call_id: str, because: str) -> None:
    _log.info("call_suggested", client=client, id=call_id, because=because)


def mail_read(folder: str, uid: int, kind: str, client: str | None, intent: str | None) -> None:
    _log.info("mail_read", folder=folder, uid=uid, kind=kind, client=client, intent=intent)


def mailbox_reached(folders: Sequence[str]) -> None:
    _log.info("mailbox_reached", folders=list(folders))


def mailbox_unreachable(reason: str, ours: bool, retry_in: float) -> None:
    _log.warning("mailbox_unreachable", reason=reason, setting_to_change=ours, retry_in_seconds=round(retry_in))


def relay_unreachable(reason: str, retry_at: datetime) -> None:
    _log.warning("relay_unreachable", reason=reason, retry_at=retry_at.isoformat())


def disk_trouble(reason: str) -> None:
    _log.error("disk_trouble", reason=reason)


def dossier_made(client: str, invoices: int, missing: int) -> None:
    _log.info("dossier_made", client=client, invoices=invoices, missing=missing)


def dossier_not_made(client: str, reason: str) -> None:
    _log.error("dossier_not_made", client=client, reason=reason)


def config_reloaded(invoices: int, clients: int) -> None:
    _log.info("config_reloaded", invoices=invoices, clients=clients)


def config_refused(problems: Sequence[Problem]) -> None:
    _log.error("config_refused", count=len(problems), problems=[str(problem) for problem in problems[:20]])


def digest_sent(on: date, items: int) -> None:
    _log.info("digest_sent", on=on.isoformat(), items=items)


def digest_not_sent(reason: str) -> None:
    _log.warning("digest_not_sent", reason=reason)


def team_mail_not_sent(mail: str, reason: str) -> None:
    _log.warning("team_mail_not_sent", mail=mail, reason=reason)


def alert_sent(clients: int, faults: int) -> None:
    _log.info("alert_sent", clients=clients, faults=faults)


def answer_sent(mails: int) -> None:
    _log.info("answer_sent", mails=mails)


def told_otherwise(faults: int) -> None:
    _log.warning("told_otherwise", faults=faults)


def not_told_otherwise(reason: str) -> None:
    _log.error("not_told_otherwise", reason=reason)


def owner_mail_not_sent(reason: str) -> None:
    _log.warning("owner_mail_not_sent", reason=reason)


def orders_taken(done: int, refused: int, unclear: int) -> None:
    _log.info("orders_taken", done=done, refused=refused, unclear=unclear)


def orders_refused(because: str) -> None:
    _log.warning("orders_refused", because=because)


def command_done(name: str, entries: int) -> None:
    _log.info("command_done", command=name, entries=entries)


def bank_read(file: str, entries: int, booked: int, asked: int) -> None:
    _log.info("bank_read", file=file, entries=entries, booked=booked, asked=asked)


def bank_file_refused(file: str, reason: str) -> None:
    _log.warning("bank_file_refused", file=file, reason=reason)


def clock_jumped(seconds: float) -> None:
    _log.warning("clock_jumped", seconds=round(seconds))


def loop_stuck(name: str, silent_seconds: float) -> None:
    _log.error("loop_stuck", loop=name, silent_seconds=round(silent_seconds))


def restart_needed() -> None:
    _log.warning("restart_needed", because="smtp, imap, state or templates changed: they take effect at the next start")


def reaction_failed(folder: str, uid: int, bug: Exception) -> None:
    _log.error("reaction_failed", folder=folder, uid=uid, exc_info=bug)


def journal_mended(what: str) -> None:
    _log.warning("journal_mended", what=what)
