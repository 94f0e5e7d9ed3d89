"""A connected, encrypted, logged-in IMAP client, or the reason why there is none."""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import Callable
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from daemon.adapters.imap_bearer import Login, TokenRefused, bearer_log_in
from daemon.adapters.imap_refusals import CONTROL, passes, shortened
from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.tls import certificate_fault, client_context
from daemon.ports import ImapSettings, Security, Unreachable

# What may be sent by LOGIN as it is: imaplib puts no quotes around the name (astring, RFC 3501 section 9).
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$&'+,\-./:;<=>?@\[\]^_`|}~]+")


def connect(
    settings: ImapSettings, password: Callable[[], str], timeout: float, *, renew: Callable[[str], str] | None = None
) -> Any:
    """Connect and log in.

    Args:
        password: asked at every log-in; may run a command, so this is called in the mailbox's thread only.  With
            `settings.oauth` it gives an access token.
        timeout: seconds for the connection and for each read.
        renew: gives another token for one that the server has refused; the same where there is no other.

    Returns:
        An `imapclient.IMAPClient`.  imaplib's and imapclient's own logs, which carry protocol text, are off.

    Raises:
        Unreachable: with `ours` where the config has to be changed.
        OSError, imaplib.IMAP4.error: the line broke or the server said no to something else than the log-in.
    """
    logging.getLogger("imapclient").setLevel(logging.WARNING)
    if settings.oauth is None:
        return _connected(settings, timeout, lambda client: _log_in(client, settings, password))
    return _with_token(settings, password, timeout, renew)


def _with_token(
    settings: ImapSettings, token: Callable[[], str], timeout: float, renew: Callable[[str], str] | None
) -> Any:
    """One token, and once another one where the server refuses the first: it may have been taken back (F27)."""
    try:
        used = token()
        try:
            return _connected(settings, timeout, lambda client: bearer_log_in(client, settings, used))
        except TokenRefused as refusal:
            other = renew(used) if renew is not None else used
            if other == used:
                raise refusal.final from None
        try:
            return _connected(settings, timeout, lambda client: bearer_log_in(client, settings, other))
        except TokenRefused as refusal:
            raise refusal.final from None
    except LoginFault as fault:
        raise Unreachable(f"imap: auth: {fault}", ours=fault.ours) from None


def _connected(settings: ImapSettings, timeout: float, log_in: Login) -> Any:
    client = _open(settings, timeout)
    try:
        log_in(client)
        _introduce(client)
    except BaseException:
        with contextlib.suppress(OSError):
            client.shutdown()
        raise
    return client


def _open(settings: ImapSettings, timeout: float) -> Any:
    context = None if settings.security is Security.NONE else _context(settings)
    try:
        client = IMAPClient(
            settings.host,
            settings.port,
            ssl=settings.security is Security.TLS,
            ssl_context=context,
            timeout=SocketTimeout(connect=timeout, read=timeout),
        )
        client._imap.debug = 0  # else every response is formatted for a log that nobody keeps, password and all
        _notice_dead_lines(client.socket(), timeout)
        if settings.security is Security.STARTTLS:
            _start_tls(client, context, timeout)
    except ssl.SSLCertVerificationError as failure:
        expired = failure.verify_code == 10  # X509_V_ERR_CERT_HAS_EXPIRED: the server's to renew
        raise Unreachable(
            f"imap: host {settings.host}: the certificate is not trusted: {certificate_fault(failure)}"
            + ("" if expired else "; check imap: host, or name the authority in imap: ca_file"),
            ours=not expired,
        ) from None
    except socket.gaierror as failure:
        raise Unreachable(f"imap: host {settings.host}: {failure.strerror}") from None
    if settings.security is Security.NONE and not _is_loopback(client.socket()):
        client.shutdown()
        raise Unreachable(f"imap: security: none is for the loopback only, and {settings.host} is not on it", ours=True)
    return client


def _context(settings: ImapSettings) -> ssl.SSLContext:
    try:
        return client_context(settings.ca_file)
    except OSError as failure:
        raise Unreachable(f"imap: ca_file {settings.ca_file}: {failure}", ours=True) from None


def _start_tls(client: Any, context: ssl.SSLContext | None, timeout: float) -> None:
    """Encrypt, or do not go on: a stripped STARTTLS must not bring us to log in (F11)."""
    if not client.has_capability("STARTTLS"):
        client.shutdown()
        raise Unreachable("imap: security: starttls, but the server offers no STARTTLS; nothing was sent", ours=True)
    client.starttls(ssl_context=context)
    client.socket().settimeout(timeout)


def _notice_dead_lines(line: socket.socket, timeout: float) -> None:
    """Let the kernel find a half-open line too, also while we only listen (F22).  Seconds; milliseconds the last."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 120), ("TCP_KEEPINTVL", 30), ("TCP_USER_TIMEOUT", int(timeout * 1000))):
        if option := getattr(socket, name, None):
            with contextlib.suppress(OSError):
                line.setsockopt(socket.IPPROTO_TCP, option, value)


def _is_loopback(line: socket.socket) -> bool:
    return ipaddress.ip_address(line.getpeername()[0].partition("%")[0]).is_loopback


def _log_in(client: Any, settings: ImapSettings, password: Callable[[], str]) -> None:
    user = settings.username
    try:
        secret = password()
    except Exception as failure:  # a command, a file, the service manager: whatever it is, it is told and tried again
        raise Unreachable(f"imap: password ({settings.password}): {failure}", ours=True) from None
    if CONTROL.search(user) or CONTROL.search(secret):
        raise Unreachable(f"imap: username or password ({settings.password}) holds a control character", ours=True)
    try:
        if _PLAIN_NAME.fullmatch(user) and secret.isascii() and not client.has_capability("LOGINDISABLED"):
            client.login(user, secret)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(user, secret)
        else:
            raise Unreachable("imap: the server offers no log-in that can carry this username and password", ours=True)
    except LoginError as refusal:
        if isinstance(refusal.__context__, imaplib.IMAP4.abort):  # imapclient calls a lost line a refusal as well
            raise refusal.__context__ from None
        said = str(refusal)
        later = passes(said)
        raise Unreachable(
            f"the server does not let {user} in: {shortened(said)}"
            + ("" if later else f"; check imap: username and imap: password ({settings.password})"),
            ours=not later,
        ) from None


def _introduce(client: Any) -> None:
    """Say who we are (RFC 2971); some providers show no mail to a program that does not."""
    if client.has_capability("ID"):
        try:
            client.id_({"name": "Sollecito"})
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:  # it was only a courtesy
            client._imap.untagged_responses.pop("ID", None)
