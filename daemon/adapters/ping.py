"""A sign of life for a watchman outside, as healthchecks.io and its like take it: when it stays away, they tell."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from daemon.adapters.web_call import web_call

_PATIENCE = 10.0  # seconds


async def ping(url: str, ails: str) -> str | None:
    """GET the address while all is well, else POST what ails to it with /fail at its end; None: told, else why not."""
    if not ails:
        return await web_call("GET", url, None, patience=_PATIENCE)
    parts = urlsplit(url)
    failed = urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
    return await web_call("POST", failed, ails.encode(), patience=_PATIENCE)
