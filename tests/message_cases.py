"""A letter put on the wire and read back, for the tests of it."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

from daemon.domain.journal import LetterQueued
from daemon.mail.letters.letter import Rendered
from daemon.mail.letters.message import compose
from daemon.mail.tokens.token import token
from tests.letter_cases import CLIENT, CREDITOR, a_letter, write

TOKEN = token("k1", bytes(range(32)), "acme-3")
DATE = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def sent(letter: LetterQueued | None = None, rendered: Rendered | None = None, **changes: object) -> EmailMessage:
    """Compose, and read back."""
    return read(octets(letter, rendered, **changes))


def octets(letter: LetterQueued | None = None, rendered: Rendered | None = None, **changes: object) -> bytes:
    letter = letter or a_letter()
    creditor = replace(CREDITOR, **changes.pop("creditor", {}))  # type: ignore[arg-type]
    words: dict[str, object] = {
        "token": TOKEN,
        "date": DATE,
        "in_reply_to": None,
        "references": (),
        "attachments": (),
        "reply_to": None,
    }
    return compose(rendered or write(letter), letter, creditor, CLIENT, **{**words, **changes})  # type: ignore[arg-type]


def read(content: bytes) -> EmailMessage:
    mail = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")
