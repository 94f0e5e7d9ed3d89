"""One call to an address of the owner's choice, in which nothing but the answer's status matters."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit


async def web_call(
    method: str, url: str, body: bytes | None, *, patience: float, headers: Mapping[str, str] = {}
) -> str | None:
    """None where the answer says that it was taken (2xx), else why not; it names the host, for the path lets one in.

    No redirect is followed and nothing is tried again: the next call comes by itself.

    Args:
        patience: seconds for all of it, looking up the name and trying each address of it included.
    """
    try:
        async with asyncio.timeout(patience):
            return await asyncio.to_thread(_call, method, url, body, patience, headers)
    except TimeoutError:
        return f"{urlsplit(url).hostname} is out of reach: no answer within {patience:g} seconds"


def _call(method: str, url: str, body: bytes | None, patience: float, headers: Mapping[str, str]) -> str | None:
    import urllib3  # takes megabytes, and few are ever told this way

    from daemon.adapters.tls import client_context

    where = urlsplit(url).hostname
    try:
        with (
            urllib3.PoolManager(ssl_context=client_context()) as pool,
            pool.request(
                method,
                url,
                body=body,
                headers={"User-Agent": "Sollecito", **headers},
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(total=patience),
                preload_content=False,
            ) as answer,
        ):
            status = answer.status
    except (urllib3.exceptions.HTTPError, OSError) as failure:
        return f"{where} is out of reach: {type(failure).__name__}"
    return None if 200 <= status <= 299 else f"{where} answered with HTTP status {status}"
