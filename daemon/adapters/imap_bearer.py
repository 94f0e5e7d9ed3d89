"""The log-in to IMAP by an access token."""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from typing import Any

from imapclient.exceptions import LoginError

from daemon.adapters.imap_refusals import CONTROL, passes, shortened
from daemon.adapters.sasl_bearer import MECHANISMS, BearerLogin, mechanism_of
from daemon.ports import ImapSettings, Unreachable

Login = Callable[[Any], None]  # logs a connected client in


class TokenRefused(Exception):
    """The server does not take a token; `final` is what it means when another one fares no better."""

    def __init__(self, final: Unreachable) -> None:
        super().__init__(str(final))
        self.final = final


def bearer_log_in(client: Any, settings: ImapSettings, token: str) -> None:
    """Log in by XOAUTH2, or OAUTHBEARER where only that is offered.

    Not by `oauth2_login` of imapclient: it answers the challenge that explains a refusal with the token again.

    Raises:
        TokenRefused: the server does not take the token.
        Unreachable: no way to say one, or the server lets nobody in just now.
    """
    user = settings.username
    if CONTROL.search(user):
        raise Unreachable("imap: username holds a control character", ours=True)
    offered = frozenset(name for name in MECHANISMS if client.has_capability(f"AUTH={name}"))
    mechanism = mechanism_of(offered)
    if mechanism is None:
        raise Unreachable(f"imap: auth: {settings.host} takes no token: it offers no XOAUTH2 or OAUTHBEARER", ours=True)
    attempt = BearerLogin(mechanism, user, token, settings.host, settings.port)
    said_it = False

    def say(challenge: bytes) -> bytes:
        nonlocal said_it
        if said_it:
            return attempt.last(challenge)
        said_it = True
        return attempt.first

    try:
        client.sasl_login(mechanism, say)
    except LoginError as refusal:
        if isinstance(refusal.__context__, imaplib.IMAP4.abort):  # imapclient calls a lost line a refusal as well
            raise refusal.__context__ from None
        said = str(refusal).replace(token, "...")
        if passes(said):
            raise Unreachable(f"the server does not let {user} in: {shortened(said)}") from None
        told = f" ({attempt.told})" if attempt.told else ""
        final = Unreachable(
            f"the server does not take our token for {user}: {shortened(said)}{told}; check imap: username,"
            " auth: scopes, and that IMAP is allowed for this mailbox",
            ours=True,
        )
        raise TokenRefused(final) from None
