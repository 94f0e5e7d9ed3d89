"""From nothing to a line that is ready for MAIL: connect, TLS, log in.  Every failure is ours and names its setting."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import socket
import ssl

import aiosmtplib

from daemon.adapters.smtp_bearer import bearer_log_in
from daemon.adapters.smtp_replies import Reply, clean
from daemon.adapters.smtp_session import LOST, SmtpSession, abort_transport
from daemon.adapters.tls import certificate_fault
from daemon.ports import Deferred, Fault, Refused, Security, SmtpSettings

_HOST_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MECHANISMS = ("plain", "login", "cram-md5")  # in our order of preference; the line is encrypted

# What large providers say when the password is right and something else has to be changed (F13).
_HINTS = (
    (
        re.compile(r"5\.7\.139|SmtpClientAuthentication is disabled|SMTP AUTH is disabled", re.IGNORECASE),
        "Microsoft 365: 'Authenticated SMTP' is switched off for this mailbox or for the whole organisation, an"
        " administrator has to switch it on",
    ),
    (
        re.compile(r"application-specific password|5\.7\.9", re.IGNORECASE),
        "the provider wants an app password of its own here, not the account's password",
    ),
    (
        re.compile(r"5\.7\.14|web ?login|via your web browser", re.IGNORECASE),
        "the provider wants you to log in once with a browser and confirm",
    ),
)


async def open_session(
    settings: SmtpSettings,
    password: str | None,
    context: ssl.SSLContext | None,
    *,
    connect_timeout: float,
    reply_timeout: float,
) -> SmtpSession | Deferred | Refused:
    """Connect, secure the line, log in once.

    Args:
        password: None where nobody logs in; with `settings.oauth` an access token.
        context: of `tls.client_context`; None only with `Security.NONE`.
        connect_timeout: seconds for the connection, and for each reply until the log-in is done.

    Returns:
        Deferred(ours=True) for what may pass by itself, Refused(Fault.OURS) for what somebody has to change.
    """
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        use_tls=settings.security is Security.TLS,
        start_tls=False,  # done below, by name: the library's own choice once fell back to clear text
        tls_context=context,
        timeout=connect_timeout,
        local_hostname="localhost",  # replaced below by `_our_name`; None would ask the DNS for our name
    )
    try:
        await client.connect()
        answer = await _secure_and_log_in(client, settings, password, context)
        if answer is None:
            return SmtpSession(client, reply_timeout=reply_timeout)
    except LOST as error:
        answer = Deferred(_reason(error, settings), _code(error), ours=True)
    except BaseException:
        _abort(client)
        raise
    _abort(client)
    return answer


async def _secure_and_log_in(
    client: aiosmtplib.SMTP, settings: SmtpSettings, password: str | None, context: ssl.SSLContext | None
) -> Deferred | Refused | None:
    name = _our_name(client)
    await client.ehlo(hostname=name)
    if settings.security is Security.STARTTLS:
        if not client.supports_extension("starttls"):  # F11: taken out on the way, or never there; both end here
            return Deferred(
                f"{_where(settings)} offers no STARTTLS, so nothing was said to it: if it never does, smtp.security or"
                " smtp.port is wrong; if it used to, somebody on the way takes it out",
                ours=True,
            )
        await client.starttls(tls_context=context, server_hostname=settings.host)
        await client.ehlo(hostname=name)
    elif settings.security is Security.NONE and not _is_loopback(client):
        return Refused(
            Fault.OURS, f"smtp.security: none is for this machine only, and {_where(settings)} is not on it: use tls"
        )
    if settings.username is None:
        return None
    return await _log_in(client, settings, settings.username, password)


async def _log_in(
    client: aiosmtplib.SMTP, settings: SmtpSettings, username: str, password: str | None
) -> Deferred | Refused | None:
    """One mechanism, one attempt: every further one counts towards a lock-out."""
    if password is None:
        return Refused(Fault.OURS, "smtp.username is set and smtp.password is not")
    if settings.oauth is not None:
        return await bearer_log_in(client, settings, username, password)
    offered = client.server_auth_methods
    mechanism = next((name for name in _MECHANISMS if name in offered), None)
    try:
        match mechanism:
            case "plain":
                await client.auth_plain(username, password)
            case "login":
                await client.auth_login(username, password)
            case "cram-md5":
                await client.auth_crammd5(username, password)
            case _:
                what = f"only {', '.join(offered).upper()}" if offered else "no log-in"
                return Refused(
                    Fault.OURS,
                    f"{_where(settings)} offers {what}, and we know PLAIN, LOGIN and CRAM-MD5: see smtp.port and"
                    " smtp.username",
                )
    except aiosmtplib.SMTPAuthenticationError as error:
        return _refused_log_in(Reply(error.code, clean(error.message)), settings)
    return None


def _refused_log_in(reply: Reply, settings: SmtpSettings) -> Deferred | Refused:
    if not 500 <= reply.code <= 599:  # RFC 4954 section 6: 454 is a temporary failure
        return Deferred(f"log-in at {_where(settings)} failed for now: {reply}", reply.code, ours=True)
    hint = next((hint for pattern, hint in _HINTS if pattern.search(reply.text)), "see smtp.username and smtp.password")
    return Refused(Fault.OURS, f"{_where(settings)} refused the log-in of smtp.username: {hint} ({reply})", reply.code)


def _reason(error: BaseException, settings: SmtpSettings) -> str:
    where = _where(settings)
    if (fault := certificate_fault(error)) is not None:  # F12
        return (
            f"the certificate of {where} is not to be trusted ({fault}), so nothing was said to it: see smtp.host, or"
            " smtp.ca_file for an authority of your own; verification is never turned off"
        )
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{where} does not take us: {Reply(error.code, clean(error.message))}"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return f"no TLS with {where}: {clean(str(error))} (does smtp.security fit smtp.port? 465: tls, 587: starttls)"
    if isinstance(error, TimeoutError):
        fits = " (a server on this port may want smtp.security: tls)" if settings.security is not Security.TLS else ""
        return f"{where} does not answer{fits}"
    return f"{where} is out of reach: {_plain(error) or type(error).__name__}"


def _plain(error: BaseException) -> str:
    """What the system says of it, without numbers and without the address, which is told already."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, OSError) and cause.errno:
        return str(cause.strerror) if isinstance(cause, socket.gaierror) else os.strerror(cause.errno)
    return clean(str(error))


def _code(error: BaseException) -> int:
    return max(error.code, 0) if isinstance(error, aiosmtplib.SMTPResponseException) else 0


def _where(settings: SmtpSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _our_name(client: aiosmtplib.SMTP) -> str:
    """RFC 5321 section 4.1.4: our full name, or the address as a literal where we have none."""
    name = socket.gethostname()
    if _HOST_NAME.fullmatch(name):
        return name
    address = ipaddress.ip_address(str(client.get_transport_info("sockname")[0]).partition("%")[0])
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def _is_loopback(client: aiosmtplib.SMTP) -> bool:
    """By the address that we are really connected to, not by its name."""
    return ipaddress.ip_address(str(client.get_transport_info("peername")[0]).partition("%")[0]).is_loopback


def _abort(client: aiosmtplib.SMTP) -> None:
    transport = client.transport
    if isinstance(transport, asyncio.BaseTransport):
        abort_transport(transport)
    client.close()
