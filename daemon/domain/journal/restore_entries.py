"""Entries about a state that is older than what has happened: restored from a backup, or put back by hand (F64)."""

from __future__ import annotations

from datetime import date, datetime

from daemon.domain.journal.entry import ClientEntry, Entry


class StateRestored(Entry, frozen=True, kw_only=True, gc=False):
    """This state was read back from a backup: what happened after the backup is not in it."""

    on: date
    backup_at: datetime  # UTC: when the backup was made
    entries: int  # how many of the journal it held


class LetterRecovered(ClientEntry, frozen=True, kw_only=True, gc=False):
    """A letter of ours that this journal does not know was seen in the mailbox: the journal is older than it.

    Its token is proof: nobody else can make one.  Where the mail says enough, the letter itself stands behind this
    entry, as queued and sent.
    """

    letter_id: str
    numbers: tuple[str, ...]  # invoices that the mail names; () : none could be read
    to: str  # to whom it went; "": only an answer or a report was seen, which does not say
    mail: str  # digest of the mail in which it was seen
    on: date  # the client's local day on which it was sent, or on which the answer was written


class StateTrusted(Entry, frozen=True, kw_only=True, gc=False):
    """The owner has looked, and lets the letters go on from here."""

    on: date
