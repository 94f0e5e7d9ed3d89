"""The token that ties an answer or a bounce to its letter, wherever a provider left it standing (F17)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache

_PURPOSE = b"sollecito letter 1\0"  # the same key makes nothing else of the same shape
_KEPT = 16  # octets of the MAC: 128 bits, 26 letters of base32
_KEY_ID = re.compile(r"[a-z0-9]{1,8}")
_TOKEN = re.compile(r"sol-[a-z0-9]{1,8}-[a-z2-7]{26}")


@lru_cache(maxsize=4096)
def token(key_id: str, key: bytes, letter_id: str) -> str:
    """The token of one letter: `sol-KEYID-` and 128 bits of HMAC-SHA256 in lower-case base32.

    It means the same in upper case, and it is safe after the `+` of a local part (RFC 5321 4.1.2), in a
    Message-ID (RFC 5322 3.6.4) and as an ENVID (RFC 3461 4.4) without any quoting.

    Raises:
        ValueError: `key_id` is not one to eight of a-z and 0-9, or the key is shorter than 128 bits.
    """
    if not _KEY_ID.fullmatch(key_id):
        raise ValueError(f"key id {key_id!r} is not one to eight of a-z, 0-9")
    if len(key) < _KEPT:
        raise ValueError("a key has at least 16 octets")
    mac = _keyed(key).copy()
    mac.update(_PURPOSE + letter_id.encode())
    return f"sol-{key_id}-{base64.b32encode(mac.digest()[:_KEPT]).decode().rstrip('=').lower()}"


@lru_cache(maxsize=64)
def _keyed(key: bytes) -> hmac.HMAC:
    """To be copied, never updated: setting up the key costs thirty times as much as a copy."""
    return hmac.new(key, digestmod=hashlib.sha256)


def message_id(token: str, domain: str) -> str:
    """The Message-ID of the letter with this token, angle brackets included; the domain in its ASCII form."""
    return f"<{token}@{domain}>"


def find_tokens(text: str) -> tuple[str, ...]:
    """Everything in `text` that looks like a token, lower case, each once, in order of appearance.

    Candidates only: whether one is ours, the look-up of a letter says.  What stands before it does not matter,
    because forwarders glue things to a local part (SRS, VERP, `=2B`).  Time is linear in the length of `text`.
    """
    if "sol-" not in text.lower():  # most headers, without the pattern
        return ()
    return tuple(dict.fromkeys(_TOKEN.findall(text.lower())))
