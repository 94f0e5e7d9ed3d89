"""Verifying DKIM signatures (RFC 6376, RFC 8301, RFC 8463), more strictly than a mail server has to.

dkimpy does the arithmetic.  What it lets pass and a command by mail must not rest on is refused before: `l=`, SHA-1,
short keys, keys under test, an expired signature within its ten hours of grace.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping

from daemon.adapters.dkim_keys import LookUpFailed, look_up
from daemon.domain.books.authenticity import Flaw, Signature
from daemon.mail.whose.author import fields_of

MOST_OCTETS = 2 * 2**20  # of a mail; an order is a few lines
MOST_SIGNATURES = 3  # of the domain in question: each is a question to its DNS
_ALGORITHMS = ("rsa-sha256", "ed25519-sha256")
_LEAST_BITS = 1024  # RFC 8301 section 3.2; signers are to use 2048, and many do not
_SELECTOR = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63}){0,4}")
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

LookUp = Callable[[str], tuple[bytes, ...]]


class DkimSignatures:
    """`ports.Signatures`.

    Args:
        look_up: the TXT records at a name, or `LookUpFailed`; called in a thread of its own.
        now: seconds since the epoch, for `x=`.
    """

    def __init__(self, look_up: LookUp = look_up, now: Callable[[], float] = time.time) -> None:
        self._look_up = look_up
        self._now = now

    async def verify(self, raw: bytes, domain: str) -> tuple[Signature, ...]:
        """See `ports.Signatures`."""
        return await asyncio.to_thread(self._verify, raw, domain.lower())

    def _verify(self, raw: bytes, domain: str) -> tuple[Signature, ...]:
        fields = fields_of(raw) if len(raw) <= MOST_OCTETS else None
        if fields is None:
            return ()
        found: list[Signature] = []
        asked = 0
        for place, value in enumerate(value for name, value in fields if name == "dkim-signature"):
            tags = _tags(value)
            signer = (tags or {}).get("d", "").lower()
            if tags is None or signer != domain:
                flaw: Flaw | None = Flaw.OTHER_DOMAIN
            elif asked == MOST_SIGNATURES:
                break
            else:
                asked += 1
                flaw = self._flaw(tags) or self._broken(raw, place, tags)
            found.append(Signature(domain=signer, flaw=flaw, closed=_signed(tags or {}).count("from") > 1))
        return tuple(found[:20])

    def _flaw(self, tags: Mapping[str, str]) -> Flaw | None:
        """What is wrong with a signature before anybody is asked."""
        if "l" in tags:
            return Flaw.LENGTH
        if tags.get("a", "").lower() not in _ALGORITHMS:
            return Flaw.WEAK
        if "from" not in _signed(tags):
            return Flaw.FROM_UNSIGNED
        if "x" in tags and (not re.fullmatch("[0-9]{1,12}", tags["x"]) or int(tags["x"]) < self._now()):
            return Flaw.EXPIRED
        return None if _SELECTOR.fullmatch(tags.get("s", "")) else Flaw.BROKEN

    def _broken(self, raw: bytes, place: int, tags: Mapping[str, str]) -> Flaw | None:
        """What is wrong with its key, or with the signature itself."""
        try:
            records = self._look_up(f"{tags['s']}._domainkey.{tags['d']}.")
        except LookUpFailed:
            return Flaw.LOOK_UP_FAILED
        keys = [key for record in records if (key := _tags(record.decode("utf-8", "replace"))) is not None]
        keys = [key for key in keys if key.get("v", "DKIM1") == "DKIM1" and "p" in key]
        if len(keys) != 1 or not keys[0]["p"]:
            return Flaw.NO_KEY  # two: RFC 6376 section 3.6.2.2 leaves open which one counts; empty: revoked
        key = keys[0]
        flags = [flag.strip() for flag in key.get("t", "").split(":")]
        hashes = [name.strip().lower() for name in key.get("h", "sha256").split(":")]
        services = [name.strip().lower() for name in key.get("s", "*").split(":")]
        if "y" in flags:
            return Flaw.TESTING
        if key.get("k", "rsa") != tags["a"].lower().partition("-")[0] or "sha256" not in hashes:
            return Flaw.NO_KEY
        if not {"*", "email"} & set(services):
            return Flaw.NO_KEY
        if "s" in flags and tags.get("i", "").rpartition("@")[2].lower() not in ("", tags["d"].lower()):
            return Flaw.BROKEN
        return _arithmetic(raw, place, key)


def _arithmetic(raw: bytes, place: int, key: Mapping[str, str]) -> Flaw | None:
    """Whether text, header and signature fit the key: what dkimpy says."""
    import dkim  # when first needed, as in dkim_keys

    record = f"v=DKIM1; k={key.get('k', 'rsa')}; p={''.join(key['p'].split())}".encode()
    mail = dkim.DKIM(raw, minkey=0)
    try:
        if not mail.verify(place, dnsfunc=lambda name, timeout: record):
            return Flaw.BROKEN
    except Exception:  # dkimpy has its own exceptions, and stumbles over hostile mails with others
        return Flaw.BROKEN
    return Flaw.WEAK if mail.ktag == b"rsa" and mail.keysize < _LEAST_BITS else None


def _signed(tags: Mapping[str, str]) -> list[str]:
    return [name.strip().lower() for name in tags.get("h", "").split(":")]


def _tags(text: str) -> dict[str, str] | None:
    """`v=1; a=rsa-sha256` by tag, without the white space of folding (RFC 6376 section 3.2); None for no such list."""
    tags: dict[str, str] = {}
    for piece in text.split(";"):
        if not piece.strip():
            continue
        name, mark, value = piece.partition("=")
        name = name.strip()
        if not mark or not _TAG.fullmatch(name) or name in tags:
            return None
        tags[name] = value.strip()
    return tags
