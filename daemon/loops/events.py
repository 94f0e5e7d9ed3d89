"""The daemon's operational log: one named event each, with stable keys.  No client text, addresses or secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import structlog

from daemon.ports import Problem

_log = structlog.get_logger("sollecito")


def started(creditor: str, invoices: int, clients: int, entries: int) -> None:
    """The daemon is up: what its books hold, and how many entries its journal has."""
    _log.info("started", creditor=creditor, invoices=invoices, clients=clients, journal_entries=entries)


def stopping() -> None:
    """It was told to stop; a letter on its way gets its time."""
    _log.info("stopping")


def first_start(on: date, overdue_wait: bool) -> None:
    """The journal was empty: whether letters that were overdue already wait for the owner."""
    _log.info("first_start", on=on.isoformat(), overdue_letters_wait=overdue_wait)


def letter_queued(client: str, letter_id: str, letter: str, on: date, waits_for: str | None) -> None:
    """A letter was decided on; `waits_for` says whether it needs the owner's go."""
    _log.info("letter_queued", client=client, letter=letter, id=letter_id, on=on.isoformat(), waits_for=waits_for)


def letter_withdrawn(client: str, letter_id: str, because: str) -> None:
    """A queued letter is not sent after all."""
    _log.info("letter_withdrawn", client=client, id=letter_id, because=because)


def letter_accepted(client: str, letter_id: str) -> None:
    """The relay has taken a letter."""
    _log.info("letter_accepted", client=client, id=letter_id)


def letter_not_accepted(client: str, letter_id: str, answer: str, reason: str) -> None:
    """The relay has put off or refused a letter, or the line broke: `answer` says which."""
    _log.warning("letter_not_accepted", client=client, id=letter_id, answer=answer, reason=reason)


def letter_unsendable(client: str, letter_id: str, reason: str) -> None:
    """A letter could not be written, which its template or the config has to change."""
    _log.error("letter_unsendable", client=client, id=letter_id, reason=reason)


def doubt_found(client: str, letter_id: str) -> None:
    """Whether a letter has left cannot be known: it waits for the owner, and is never sent again by itself."""
    _log.warning("doubt_found", client=client, id=letter_id)


def doubt_settled(client: str, letter_id: str) -> None:
    """The mailbox proves what became of a letter in doubt."""
    _log.info("doubt_settled_by_evidence", client=client, id=letter_id)


def sent_copy_missing(letter_id: str, reason: str) -> None:
    """A letter has left, but no copy of it could be put into Sent."""
    _log.warning("sent_copy_missing", id=letter_id, reason=reason)


def letter_recovered(client: str, letter_id: str) -> None:
    """The mailbox has a letter that the journal does not know: an old state was put back, and all letters wait."""
    _log.error("state_is_old", client=client, letter_not_in_journal=letter_id, letters_wait_for="sollecito go restored")


def call_suggested(client: str, call_id: str, because: str) -> None:
    """A client is to be called by telephone."""
    _log.info("call_suggested", client=client, id=call_id, because=because)


def mail_read(folder: str, uid: int, kind: str, client: str | None, intent: str | None) -> None:
    """A mail was read, and what it was taken for."""
    _log.info("mail_read", folder=folder, uid=uid, kind=kind, client=client, intent=intent)


def mailbox_reached(folders: Sequence[str]) -> None:
    """The mailbox is there, again or for the first time; these folders are watched."""
    _log.info("mailbox_reached", folders=list(folders))


def mailbox_unreachable(reason: str, ours: bool, retry_in: float) -> None:
    """The mailbox cannot be read, and letters wait; `setting_to_change`: the config or a log-in is wrong."""
    _log.warning("mailbox_unreachable", reason=reason, setting_to_change=ours, retry_in_seconds=round(retry_in))


def mailbox_slow(seconds: float) -> None:
    """Reading the mailbox takes too long for a letter to leave in time behind it, and letters wait."""
    _log.warning("mailbox_slow", seconds=round(seconds, 1))


def relay_unreachable(reason: str, retry_at: datetime) -> None:
    """The relay takes no letters for now."""
    _log.warning("relay_unreachable", reason=reason, retry_at=retry_at.isoformat())


def disk_trouble(reason: str) -> None:
    """The journal could not be written: nothing is sent until it can."""
    _log.error("disk_trouble", reason=reason)


def dossier_made(client: str, invoices: int, missing: int) -> None:
    """A dossier lies beside the journal; how many pieces are missing."""
    _log.info("dossier_made", client=client, invoices=invoices, missing=missing)


def dossier_not_made(client: str, reason: str) -> None:
    """A dossier could not be written."""
    _log.error("dossier_not_made", client=client, reason=reason)


def sending_not_read(fault: str) -> None:
    """The files of a mail in which the owner sends an invoice could not be read: a fault of ours, or too long."""
    _log.error("sending_not_read", fault=fault)


def invoices_proposed(proposed: int, unclear: int) -> None:
    """The owner sent invoices by hand: how many are proposed to be followed, and how many could not be taken."""
    _log.info("invoices_proposed", proposed=proposed, unclear=unclear)


def sending_unproven(why: str) -> None:
    """A mail in the owner's name sends an invoice, and nothing proves that it is hers; a digest tells of a few."""
    _log.info("sending_unproven", why=why)


def invoice_followed(client: str) -> None:
    """An invoice that the owner said go to stands in the YAML of the state directory."""
    _log.info("invoice_followed", client=client)


def invoice_not_followed(client: str, reason: str) -> None:
    """An invoice that the owner said go to could not be written down; it is tried again."""
    _log.error("invoice_not_followed", client=client, reason=reason)


def config_reloaded(invoices: int, clients: int) -> None:
    """The edited YAML counts from now on."""
    _log.info("config_reloaded", invoices=invoices, clients=clients)


def config_refused(problems: Sequence[Problem]) -> None:
    """The edited YAML has faults: the last good one counts."""
    _log.error("config_refused", count=len(problems), problems=[str(problem) for problem in problems[:20]])


def digest_sent(on: date, items: int) -> None:
    """The owner's daily mail has left."""
    _log.info("digest_sent", on=on.isoformat(), items=items)


def digest_not_sent(reason: str) -> None:
    """The owner's daily mail could not be sent, and is tried again."""
    _log.warning("digest_not_sent", reason=reason)


def team_mail_not_sent(mail: str, reason: str) -> None:
    """A mail to somebody of the team could not be sent."""
    _log.warning("team_mail_not_sent", mail=mail, reason=reason)


def alert_sent(clients: int, faults: int) -> None:
    """The owner was told at once what cannot wait for the digest."""
    _log.info("alert_sent", clients=clients, faults=faults)


def answer_sent(mails: int) -> None:
    """Orders by mail were answered."""
    _log.info("answer_sent", mails=mails)


def told_otherwise(faults: int) -> None:
    """Mail is out of order, and the owner was told on the other way (`alerts.also`)."""
    _log.warning("told_otherwise", faults=faults)


def not_told_otherwise(reason: str) -> None:
    """Nor could the owner be told on the other way."""
    _log.error("not_told_otherwise", reason=reason)


def owner_mail_not_sent(reason: str) -> None:
    """An alert or an answer to the owner could not be sent, and is tried again."""
    _log.warning("owner_mail_not_sent", reason=reason)


def orders_taken(done: int, refused: int, unclear: int) -> None:
    """A mail of the owner was obeyed: how many of its lines were done, refused or not understood."""
    _log.info("orders_taken", done=done, refused=refused, unclear=unclear)


def orders_refused(because: str) -> None:
    """A mail gave orders, and is not proven to be the owner's."""
    _log.warning("orders_refused", because=because)


def command_done(name: str, entries: int) -> None:
    """A command came over the socket and was carried out."""
    _log.info("command_done", command=name, entries=entries)


def bank_read(file: str, entries: int, booked: int, asked: int) -> None:
    """A bank statement was read: what was booked, and about what the owner is asked."""
    _log.info("bank_read", file=file, entries=entries, booked=booked, asked=asked)


def bank_file_refused(file: str, reason: str) -> None:
    """A bank statement could not be read."""
    _log.warning("bank_file_refused", file=file, reason=reason)


def clock_jumped(seconds: float) -> None:
    """The computer's clock has jumped."""
    _log.warning("clock_jumped", seconds=round(seconds))


def loop_stuck(name: str, silent_seconds: float) -> None:
    """A part of the daemon shows no sign of life: systemd's watchdog will start it anew."""
    _log.error("loop_stuck", loop=name, silent_seconds=round(silent_seconds))


def restart_needed() -> None:
    """The config has changed in what counts from the next start on."""
    _log.warning("restart_needed", because="the config changed beyond the books: that takes effect at the next start")


def reaction_failed(folder: str, uid: int, bug: Exception) -> None:
    """A mail made the daemon fail, which is a bug: it was left in the mailbox, and the others were read."""
    _log.error("reaction_failed", folder=folder, uid=uid, exc_info=bug)


def ping_failed(reason: str) -> None:
    """The watchman whom `ping` names could not be shown a sign of life; said once, until it is another reason."""
    _log.warning("ping_failed", reason=reason)


def metrics_unavailable(port: int, reason: str) -> None:
    """The port for metrics is taken: there are none until the next start, and all else goes on."""
    _log.warning("metrics_unavailable", port=port, reason=reason)


def journal_mended(what: str) -> None:
    """What was written half at a crash was cut off the journal; nothing acknowledged was lost."""
    _log.warning("journal_mended", what=what)
