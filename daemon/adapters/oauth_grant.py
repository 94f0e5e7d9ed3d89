"""What a log-in gave us: tokens, and until when.  Apart from `oauth_server`, which brings Authlib."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the owner allowed us, as far as the server told."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float  # seconds since the epoch
    obtained_at: float
    scope: str
