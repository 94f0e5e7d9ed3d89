"""The log-ins by OAuth that a config calls for, and the tokens that SMTP and IMAP take from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from daemon.adapters import secret
from daemon.adapters.oauth_server import OAuthServer
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.oauth_tokens import AccessTokens
from daemon.ports import OAuth, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One log-in."""

    oauth: OAuth
    user: str
    uses: tuple[str, ...]  # smtp, imap


def accounts_of(settings: Settings) -> Sequence[Account]:
    """The log-ins of the config, each once where SMTP and IMAP share it; () where there are only passwords."""
    found: dict[str, Account] = {}
    for use, oauth, user in (
        ("imap", settings.imap.oauth, settings.imap.username),
        ("smtp", settings.smtp.oauth, settings.smtp.username),
    ):
        if oauth is not None:
            known = found.get(oauth.name, Account(oauth=oauth, user=user or "", uses=()))
            found[oauth.name] = Account(oauth=known.oauth, user=known.user, uses=(*known.uses, use))
    return tuple(found.values())


def server_of(oauth: OAuth) -> OAuthServer:
    return OAuthServer(oauth, partial(secret.resolve, oauth.client_secret) if oauth.client_secret else None)


class Tokens:
    """Those of all log-ins; one `AccessTokens` for SMTP and IMAP together where they share the log-in (F66)."""

    def __init__(self, settings: Settings) -> None:
        store = TokenStore(Path(settings.state))
        self._by_name = {
            one.oauth.name: AccessTokens(one.oauth, store, server_of(one.oauth)) for one in accounts_of(settings)
        }
        self._uses = {"mailbox": settings.imap.oauth, "relay": settings.smtp.oauth}

    def current(self, oauth: OAuth) -> Callable[[], str]:
        """What gives a token at each log-in."""
        return self._by_name[oauth.name].current

    def renew(self, oauth: OAuth) -> Callable[[str], str]:
        """What gives another one for a token that was refused."""
        return self._by_name[oauth.name].renewed

    def revoked(self) -> Mapping[str, str]:
        """Why the owner has to log in again, by what is out of reach without it: mailbox, relay (F65)."""
        found = {what: self._by_name[oauth.name].revoked for what, oauth in self._uses.items() if oauth is not None}
        return {what: why for what, why in found.items() if why is not None}
