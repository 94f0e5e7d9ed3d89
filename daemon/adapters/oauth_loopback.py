"""The end of a log-in with a browser: the redirect to 127.0.0.1 that carries the code (RFC 8252 section 7.3)."""

from __future__ import annotations

import hmac
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from daemon.adapters.oauth_faults import LoginFault

_PATIENCE = 10.0  # seconds that a browser may be silent on an open line
_DONE = "Sollecito has been let in. You may close this page and go back to the terminal."
_NOT_DONE = "Sollecito has not been let in. The terminal says why."
_STRANGE = "This address is not the one that Sollecito waits for."


def code_in(address: str, state: str) -> str | None:
    """The code of a redirect; None: it is not the end of this log-in (RFC 6749 sections 4.1.2 and 10.12).

    Raises:
        LoginFault: the owner or the provider said no.
    """
    try:
        told = parse_qs(urlsplit(address).query, keep_blank_values=True)
    except ValueError:
        return None
    given = told.get("state", [""])[0]
    if not hmac.compare_digest(given.encode(), state.encode()):
        return None
    if "error" in told:
        said = " ".join((told["error"][0], *told.get("error_description", []))).split()
        raise LoginFault(f"the log-in was not allowed: {' '.join(said)[:300]}", ours=True, error=told["error"][0])
    return told.get("code", [""])[0] or None


class Loopback:
    """A server on 127.0.0.1 for one redirect; strangers' requests get a 404 and change nothing.

    Args:
        port: 0 takes a free one.
    """

    def __init__(self, state: str, port: int = 0) -> None:
        self._state = state
        self._came = threading.Event()
        self._code: str | None = None
        self._fault: LoginFault | None = None
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _PATIENCE

            def do_GET(self) -> None:  # the name is http.server's
                status, words = loopback._take(self.path)
                body = f"{words}\n".encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "text/plain; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                    self.send_header("Cache-Control", "no-store")
                    self.send_header("Referrer-Policy", "no-referrer")
                    self.end_headers()
                    self.wfile.write(body)
                finally:
                    loopback._tell()  # not before: the process may end at once, and the page with it

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name in http.server
                """Say nothing: the request has the code in it."""

        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        except OSError as wrong:
            raise LoginFault(f"port {port} of 127.0.0.1 cannot be used: {wrong.strerror}", ours=True) from None
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="oauth redirect", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float) -> str | None:
        """The code; None: it has not come within so many seconds.

        Raises:
            LoginFault: the owner or the provider said no.
        """
        if not self._came.wait(seconds):
            return None
        if self._fault is not None:
            raise self._fault
        return self._code

    def take(self, address: str) -> bool:
        """An address that the owner copied from a browser elsewhere; whether it was the right one."""
        right = self._take(address)[0] == 200
        self._tell()
        return right

    def _tell(self) -> None:
        if self._code is not None or self._fault is not None:
            self._came.set()

    def _take(self, address: str) -> tuple[int, str]:
        if self._code is not None or self._fault is not None:
            return 404, _STRANGE
        try:
            code = code_in(address, self._state)
        except LoginFault as fault:
            self._fault = fault
            return 200, _NOT_DONE
        if code is None:
            return 404, _STRANGE
        self._code = code
        return 200, _DONE
