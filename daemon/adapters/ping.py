"""A sign of life for a watchman outside, as healthchecks.io and its like take it: when it stays away, they tell."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit, urlunsplit

_PATIENCE = 10.0  # seconds


async def ping(url: str, ails: str) -> str | None:
    """GET the address while all is well, else POST what ails to it with /fail at its end; None: told, else why not."""
    return await asyncio.to_thread(_ping, url, ails)


def _ping(url: str, ails: str) -> str | None:
    import urllib3  # only where it is asked for

    from daemon.adapters.tls import client_context

    parts = urlsplit(url)
    path = parts.path.rstrip("/") + "/fail" if ails else parts.path
    method, body = ("POST", ails.encode()) if ails else ("GET", None)
    try:
        with (
            urllib3.PoolManager(ssl_context=client_context()) as pool,
            pool.request(
                method,
                urlunsplit(parts._replace(path=path)),
                body=body,
                headers={"User-Agent": "Sollecito"},
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(total=_PATIENCE),
                preload_content=False,
            ) as answer,
        ):
            status = answer.status
    except (urllib3.exceptions.HTTPError, OSError) as failure:
        return f"{parts.hostname} is out of reach: {type(failure).__name__}"  # the path is what lets one in
    return None if 200 <= status <= 299 else f"{parts.hostname} answered with HTTP status {status}"
