"""How a token is said to a mail server: XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER (RFC 7628)."""

from __future__ import annotations

import json
import re

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")  # in our order of preference: the first is what the two large ones document
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


class BearerLogin:
    """One attempt with one mechanism.

    Attributes:
        told: what the server said about a token that it refused: "" until then.
    """

    def __init__(self, mechanism: str, user: str, token: str, host: str, port: int) -> None:
        self._bearer = mechanism == "OAUTHBEARER"
        if self._bearer:  # RFC 7628 section 3.1: the GS2 header (RFC 5801 section 4), then key/value pairs
            name = user.replace("=", "=3D").replace(",", "=2C")
            said = f"n,a={name},\1host={host}\1port={port}\1auth=Bearer {token}\1\1"
        else:
            said = f"user={user}\1auth=Bearer {token}\1\1"
        self.first = said.encode()
        self.told = ""

    def last(self, challenge: bytes) -> bytes:
        """Answer the challenge in which a server says why not; only then it gives its final refusal.

        RFC 7628 section 3.2.3 wants a single %x01 there; XOAUTH2 an empty line.
        """
        self.told = told_in(challenge)
        return b"\1" if self._bearer else b""


def mechanism_of(offered: frozenset[str]) -> str | None:
    """The one to use of those that a server offers (upper case); OAUTHBEARER only where it stands alone."""
    return next((name for name in MECHANISMS if name in offered), None)


def told_in(challenge: bytes) -> str:
    """What a refusal says, from `{"status": "401", "schemes": "bearer", "scope": "..."}`; "" if it says nothing."""
    try:
        told = json.loads(challenge)
    except ValueError:
        return ""
    if not isinstance(told, dict):
        return ""
    words = [f"{key} {told[key]}" for key in ("status", "error", "scope") if isinstance(told.get(key), str | int)]
    return _CONTROL.sub(" ", ", ".join(words))[:200]
