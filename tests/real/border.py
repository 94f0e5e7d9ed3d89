"""The border of the owner's mail server: a milter that verifies DKIM and writes `Authentication-Results`.

It works as OpenDKIM and OpenDMARC do: Postfix puts its field right *below* its own `Received`, where the header of the
sender begins; whatever the sender wrote with our server's name stays there (RFC 8601 section 5 wants it removed, and
many do not); who has logged in is not looked at; and a signature of a part of the text (`l=`) passes.
"""

from __future__ import annotations

import smtplib
import socketserver
import struct
import threading
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

import dkim

AUTHSERV_ID = "mail.example.test"  # Postfix's `myhostname`, as the config of the tests names it
_SKIPPED = 0x1 | 0x2 | 0x8 | 0x100 | 0x200  # connect, HELO, RCPT, unknown commands, DATA: nobody asks us
_WITH_SPACE = 0x100000  # the space behind the colon belongs to the value
_ADDS_FIELDS = 0x1
_CONTINUE, _ACCEPT = b"c", b"a"


class Border:
    """The milter on a port of its own, for as long as the `with`."""

    def __init__(self, *keys: tuple[str, bytes]) -> None:
        """`keys`: the domain and the DKIM record of each who signs, under the selector `mail`."""
        self._keys = {f"mail._domainkey.{domain}.": record for domain, record in keys}
        self.silent = False  # as a filter that is down, in a server that lets mail pass then
        border = self

        class Line(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                border.talk(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line)
        self._server.daemon_threads = True
        self.settings = {
            "smtpd_milters": f"inet:127.0.0.1:{self._server.server_address[1]}",
            "milter_default_action": "tempfail",
            "smtpd_authorized_xclient_hosts": "127.0.0.1",
        }

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def look_up(self, name: str) -> tuple[bytes, ...]:
        """The DNS of this world."""
        return (self._keys[name],) if name in self._keys else ()

    def talk(self, line: Any) -> None:
        """One connection of Postfix, to its end."""
        seen: list[bytes] = []
        logged_in = False
        for sign, data in _packets(line):
            match sign:
                case b"O":
                    _say(line, b"O", struct.pack("!III", 6, _ADDS_FIELDS, _SKIPPED | _WITH_SPACE))
                case b"D":
                    logged_in = logged_in or b"{auth_authen}" in data
                case b"M":
                    seen = []
                    _say(line, _CONTINUE)
                case b"L":
                    name, value = data.split(b"\0")[:2]
                    seen.append(name + b":" + value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n")
                    _say(line, _CONTINUE)
                case b"N":
                    seen.append(b"\r\n")
                    _say(line, _CONTINUE)
                case b"B":
                    seen.append(data)
                    _say(line, _CONTINUE)
                case b"E":
                    if not self.silent and not logged_in:
                        field = b"Authentication-Results\0 " + self._results(b"".join([*seen, data])).encode() + b"\0"
                        _say(line, b"i", struct.pack("!I", 1) + field)
                    _say(line, _ACCEPT)
                    logged_in = False
                case b"A":
                    seen, logged_in = [], False
                case b"Q":
                    return

    def _results(self, raw: bytes) -> str:
        mail = message_from_bytes(raw)
        domain = parseaddr(str(mail["From"]))[1].rpartition("@")[2]
        passed: list[str] = []
        said: list[str] = []
        for place, signature in enumerate(mail.get_all("DKIM-Signature") or []):
            try:
                holds = dkim.DKIM(raw).verify(place, dnsfunc=lambda name, timeout: b"".join(self.look_up(_text(name))))
            except Exception:  # whatever dkimpy makes of it, it does not hold
                holds = False
            tags = dict(tag.strip().split("=", 1) for tag in signature.split(";") if "=" in tag)
            if holds:
                passed.append(tags["d"])
                said.append(f"dkim=pass header.d={tags['d']} header.i={tags.get('i', '@' + tags['d'])}")
        said = said or ["dkim=none"]
        return "; ".join([AUTHSERV_ID, *said, f"dmarc={'pass' if domain in passed else 'fail'} header.from={domain}"])


def from_outside(port: int, mails: Iterable[tuple[bytes, str, str]]) -> None:
    """Hand in mails (raw, sender, recipient) as a server of the world does: from an address that is not ours."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
        line.ehlo("out.example.net")
        code, words = line.docmd("XCLIENT", "ADDR=192.0.2.7 NAME=out.example.net")
        assert code == 220, words
        line.ehlo("out.example.net")
        for raw, sender, recipient in mails:
            line.sendmail(sender, [recipient], raw)


def _packets(line: Any) -> Iterator[tuple[bytes, bytes]]:
    """What Postfix says: a letter and its data (sendmail's libmilter, mfdef.h)."""
    while head := _exactly(line, 4):
        whole = _exactly(line, struct.unpack("!I", head)[0])
        yield whole[:1], whole[1:]


def _exactly(line: Any, octets: int) -> bytes:
    got = b""
    while len(got) < octets:
        more = line.recv(octets - len(got))
        if not more:
            return b""
        got += more
    return got


def _say(line: Any, sign: bytes, data: bytes = b"") -> None:
    line.sendall(struct.pack("!I", len(data) + 1) + sign + data)


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name
