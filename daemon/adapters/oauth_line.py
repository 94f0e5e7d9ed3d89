"""The line to an authorization server: urllib3 with the system's authorities and time-outs of our own.

Not requests or httpx, which bring a list of authorities of their own; ours are the machine's, as for mail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3

from daemon.adapters.tls import client_context

_LONGEST = 262_144  # octets of an answer
_CONNECT, _ANSWER = 10.0, 20.0  # seconds


class NoAnswer(Exception):
    """An HTTP status without an answer of the protocol."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What Authlib looks at in an answer."""

    status_code: int
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)  # ValueError; Authlib knows what it means

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise NoAnswer(f"with HTTP status {self.status_code}")


class Line:
    """The session that Authlib speaks through: one POST, no redirects, no second try."""

    def __init__(self, ca_file: str | None) -> None:
        self._ca_file = ca_file

    def post(
        self,
        url: str,
        data: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
        **_more: object,
    ) -> HttpAnswer:
        sent = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        body = urlencode(data)
        if auth is not None:
            url, sent, body = auth.prepare("POST", url, sent, body)
        with (
            urllib3.PoolManager(ssl_context=client_context(self._ca_file)) as pool,
            pool.request(
                "POST",
                url,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(connect=_CONNECT, read=_ANSWER),
                preload_content=False,
            ) as answer,
        ):
            return HttpAnswer(answer.status, answer.read(_LONGEST))
