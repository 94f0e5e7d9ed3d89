"""Listening: IDLE (RFC 2177) until the inbox announces a mail, somebody else needs the line, or the time is up."""

from __future__ import annotations

import imaplib
import select
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from daemon.adapters.imap_session import Session


def idle(session: Session, seconds: float, *, wake: socket.socket, wanted: Callable[[], bool]) -> None:
    """One slice of IDLE in the open folder; the line is ready for commands afterwards.

    imapclient's own `idle_check` loses half a line over TLS, takes a closed line for silence (F23, F26), and does not
    see what came in one packet with `+ idling` (F25).  So the line is read here, by imaplib's reader, whole lines only,
    and only when there is something to read.

    Args:
        seconds: the length of the slice.
        wake: readable when somebody else needs the line.
        wanted: whether somebody does.

    Raises:
        OSError, imaplib.IMAP4.abort: the line is dead, which may be found out only at the end of the slice.
    """
    imap = session.imap
    until = time.monotonic() + seconds
    tag = imap._command("IDLE")
    while imap._get_response() is not None:  # None: the continuation, "+ idling"
        if imap.tagged_commands[tag]:
            _refused(session, tag)
            return
    while not (session.has_news() or wanted()) and (left := until - time.monotonic()) > 0:
        if not _has_input(imap, left, wake):
            continue
        imap._get_response()
        imap._check_bye()
        if imap.tagged_commands[tag]:  # the server has ended it
            break
    if not imap.tagged_commands[tag]:
        imap.send(b"DONE\r\n")
        while not imap.tagged_commands[tag]:
            imap._get_response()
            imap._check_bye()
    typ, _ = imap.tagged_commands.pop(tag)
    if typ != "OK":
        session.can_idle = False


def pause(seconds: float, *, wake: socket.socket, wanted: Callable[[], bool]) -> None:
    """Where there is no IDLE (F29): wait for the next round of polling."""
    until = time.monotonic() + seconds
    while not wanted() and (left := until - time.monotonic()) > 0:
        _poll([wake], left)
        _hush(wake)


def _refused(session: Session, tag: bytes) -> None:
    """The server offers IDLE and does not do it: poll."""
    typ, data = session.imap.tagged_commands.pop(tag)
    session.imap._check_bye()
    if typ == "OK":
        raise imaplib.IMAP4.abort(f"IDLE ended before it began: {data[0]!r}")
    session.can_idle = False


def _has_input(imap: Any, seconds: float, wake: socket.socket) -> bool:
    """Whether a read would find something (also the end of the line) without waiting for the first byte."""
    line: socket.socket = imap.sock
    over_tls = isinstance(line, ssl.SSLSocket)
    if _is_buffered(imap, over_tls):
        return True
    ready = _poll([line, wake], seconds)
    if wake in ready:
        _hush(wake)
    # Over TLS what has come may be no text yet: a ticket, or a part of a record.
    return line in ready and (not over_tls or _is_buffered(imap, over_tls))


def _is_buffered(imap: Any, over_tls: bool) -> bool:
    """Whether something was read before that poll() cannot see: behind "+ idling", or the rest of a TLS record.

    Over TLS also whether the other end has said goodbye: OpenSSL takes that from the socket, and poll() finds nothing.
    """
    line: socket.socket = imap.sock
    patience = line.gettimeout()
    line.settimeout(0)
    try:
        found: bytes = imap.file.peek(1)
    except (ssl.SSLWantReadError, BlockingIOError):
        return False
    finally:
        line.settimeout(patience)
    return over_tls or bool(found)  # b"": over TLS the end of the line; else the end or nothing, which poll() tells


def _poll(sockets: list[socket.socket], seconds: float) -> list[socket.socket]:
    """Those that can be read; poll, because select() knows no file descriptor above 1023."""
    poller = select.poll()
    by_number = {each.fileno(): each for each in sockets}
    for number in by_number:
        poller.register(number, select.POLLIN)
    return [by_number[number] for number, _ in poller.poll(max(seconds, 0) * 1000)]


def _hush(wake: socket.socket) -> None:
    """Take note of the bells rung so far."""
    try:
        while wake.recv(512):
            pass
    except BlockingIOError:
        pass
