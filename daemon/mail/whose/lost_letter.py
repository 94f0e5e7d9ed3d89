"""What a mail says about a letter of ours that the journal does not know: its token, and the letter itself (F64)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daemon.mail.letters.message import ID_HEADER
from daemon.mail.octets.headers import addresses_in
from daemon.mail.octets.parse import parse
from daemon.mail.tokens.token import find_tokens

_SEARCHED = 256 * 1024  # octets of a mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A mail that carries the token of a letter."""

    itself: bool  # it is the letter; False: an answer to it, or a report about it
    to: str = ""  # of the letter itself, lower case
    sent_at: datetime | None = None  # its Date, aware
    words: str = ""  # subject and text


def tokens_in(raw: bytes) -> tuple[str, ...]:
    """What looks like a token of ours in a mail as it came; candidates only.  Linear, never raises."""
    if b"sol-" not in raw and b"SOL-" not in raw:
        return ()
    return find_tokens(raw[:_SEARCHED].decode("latin-1"))


def sighting(raw: bytes, token: str) -> Sighting:
    """What the mail says about the letter with this token.  Never raises."""
    mail = parse(raw)
    own = (*mail.headers.all(ID_HEADER.lower()), mail.message_id)
    itself = any(token in find_tokens(value) for value in own)
    to = next(iter(addresses_in(mail.headers.decoded("to"), most=1)), "") if itself else ""
    return Sighting(itself=itself, to=to, sent_at=mail.sent_at, words=f"{mail.subject}\n{mail.text}")
