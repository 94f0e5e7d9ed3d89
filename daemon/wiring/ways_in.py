"""What SMTP and IMAP log in with: a password, or an access token that can be renewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from daemon.adapters import secret
from daemon.ports import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """For each of the two: what gives the secret at a log-in, and what gives another token for a refused one.

    Attributes:
        revoked: why the owner has to log in again, by what is out of reach without it: mailbox, relay (F65).
    """

    imap: Callable[[], str]
    smtp: Callable[[], str] | None
    renew_imap: Callable[[str], str] | None = None
    renew_smtp: Callable[[str], str] | None = None
    revoked: Callable[[], Mapping[str, str]] = dict


def ways_in(settings: Settings) -> WaysIn:
    """As the config names them; nothing is asked yet."""
    smtp, imap = settings.smtp, settings.imap
    passwords = {"smtp": smtp.password, "imap": imap.password}
    by_password = {use: partial(secret.resolve, where) for use, where in passwords.items() if where}
    if smtp.oauth is None and imap.oauth is None:
        return WaysIn(imap=by_password["imap"], smtp=by_password.get("smtp"))
    from daemon.wiring.accounts import Tokens  # with Authlib: only where it is needed

    tokens = Tokens(settings)
    return WaysIn(
        imap=tokens.current(imap.oauth) if imap.oauth else by_password["imap"],
        smtp=tokens.current(smtp.oauth) if smtp.oauth else by_password.get("smtp"),
        renew_imap=tokens.renew(imap.oauth) if imap.oauth else None,
        renew_smtp=tokens.renew(smtp.oauth) if smtp.oauth else None,
        revoked=tokens.revoked,
    )
