"""The token that lets the owner order by mail: drawn for each digest, alert and answer of ours, kept as a hash.

It stands in the address that is answered, where plus addresses work, and in our Message-ID, which comes back in
In-Reply-To and References.  Where a button of the HTML part writes a new mail, it stands below the order.  By itself it
opens nothing: who answers has to be the owner, and proven to be (`daemon.mail.whose.authenticity`).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator

from daemon.mail.octets.parse import Mail

OCTETS = 16  # of randomness: 128 bits
_TOKEN = re.compile(r"(?<![a-z0-9])ask-([a-z2-7]{26})(?![a-z2-7])")
_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "in-reply-to", "references", "thread-topic")


def desk_token(drawn: bytes) -> str:
    """`ask-` and 128 bits in lower-case base32; it means the same in upper case, and needs no quoting in an address.

    Raises:
        ValueError: fewer than 16 octets were drawn.
    """
    if len(drawn) < OCTETS:
        raise ValueError(f"a token needs {OCTETS} octets of randomness")
    return f"ask-{base64.b32encode(drawn[:OCTETS]).decode().rstrip('=').lower()}"


def hashed(token: str) -> str:
    """What the journal keeps: SHA-256, hexadecimal.  A token has 128 random bits, so that no salt is needed."""
    return hashlib.sha256(token.lower().encode()).hexdigest()


def desk_tokens(mail: Mail, words: str) -> tuple[str, ...]:
    """The hashes of what looks like our tokens, each once, in the order of the places where we put them.

    Args:
        words: the new words of the mail; what it quotes does not count (F50).
    """
    return tuple(dict.fromkeys(hashed(token) for text in _places(mail, words) for token in _found(text)))


def _found(text: str) -> list[str]:
    lower = text.lower()
    return [f"ask-{token}" for token in _TOKEN.findall(lower)] if "ask-" in lower else []


def _places(mail: Mail, words: str) -> Iterator[str]:
    for name in _FIELDS:
        yield from mail.headers.all(name)[:20]
    yield words[:20_000]
