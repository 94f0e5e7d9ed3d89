"""What a server's refusal to let us in says: whether it passes by itself, and in how many words it is told."""

from __future__ import annotations

import re

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TRY_LATER = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")  # RFC 5530: not the password
_TOO_MANY = re.compile(r"too many|connection limit|not connected|temporar|try again|maximum number", re.IGNORECASE)


def passes(said: str) -> bool:
    """Whether it is about now and not about who we are (F28)."""
    return any(code in said.upper() for code in _TRY_LATER) or _TOO_MANY.search(said) is not None


def shortened(text: str) -> str:
    """What a server said, fit for one line of a log or a digest."""
    return CONTROL.sub(" ", text)[:300]
