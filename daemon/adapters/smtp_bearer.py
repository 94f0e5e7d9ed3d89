"""The log-in to SMTP by an access token (RFC 4954, RFC 7628)."""

from __future__ import annotations

import base64
import re

import aiosmtplib

from daemon.adapters.sasl_bearer import MECHANISMS, BearerLogin, mechanism_of
from daemon.adapters.smtp_replies import Reply, clean
from daemon.ports import Deferred, Fault, Refused, SmtpSettings

_SWITCHED_OFF = re.compile(r"5\.7\.139|SmtpClientAuthentication is disabled|SMTP AUTH is disabled", re.IGNORECASE)


async def bearer_log_in(
    client: aiosmtplib.SMTP, settings: SmtpSettings, username: str, token: str
) -> Deferred | Refused | None:
    """Log in by XOAUTH2, or by OAUTHBEARER where only that is offered, which aiosmtplib has not; None: we are in."""
    where = f"{settings.host}:{settings.port}"
    mechanism = mechanism_of(frozenset(name.upper() for name in client.server_auth_methods))
    if mechanism is None:
        return Refused(Fault.OURS, f"smtp.auth: {where} takes no token: it offers no {' or '.join(MECHANISMS)}")
    attempt = BearerLogin(mechanism, username, token, settings.host, settings.port)
    first = base64.b64encode(attempt.first)
    answer = await client.execute_command(b"AUTH", mechanism.encode(), first)
    if answer.code == 334:  # why not; the refusal itself comes when it was answered
        answer = await client.execute_command(base64.b64encode(attempt.last(_decoded(answer.message))))
    reply = Reply(answer.code, clean(answer.message).replace(token, "...").replace(first.decode(), "..."))
    if 200 <= reply.code <= 299:
        return None
    if not 500 <= reply.code <= 599:  # RFC 4954 section 6: 454 is a temporary failure
        return Deferred(f"log-in at {where} failed for now: {reply}", reply.code, ours=True)
    if _SWITCHED_OFF.search(reply.text):
        hint = "Microsoft 365: 'Authenticated SMTP' is switched off for this mailbox or for the whole organisation"
    else:
        hint = "see smtp.username, auth.scopes, and whether this mailbox may send"
    told = f"; {attempt.told}" if attempt.told else ""
    return Refused(Fault.OURS, f"{where} does not take our token for smtp.username: {hint} ({reply}{told})", reply.code)


def _decoded(message: str) -> bytes:
    try:
        return base64.b64decode(message, validate=False)
    except ValueError:
        return b""
