"""Access tokens for SMTP and IMAP: the kept one while it is good, else a new one, asked for once (F66)."""

from __future__ import annotations

import time
from collections.abc import Callable

from daemon.adapters.oauth_faults import AGAIN, LoginFault
from daemon.adapters.oauth_grant import Grant
from daemon.adapters.oauth_server import OAuthServer
from daemon.adapters.oauth_store import TokenStore
from daemon.ports import DiskTrouble, OAuth

_MARGIN = 60.0  # seconds before its end from which a token is not used for a log-in any more
_ASK_AGAIN = 3600.0  # seconds until a refused refresh token is tried again: it may have been the provider's fault
_RENEW_AGAIN = 600.0  # seconds between two tokens asked for because a mail server refused a good one (F13)


class AccessTokens:
    """The tokens of one log-in, for every thread that needs one; SMTP and IMAP share it.

    Every look goes to the file: what another process got, and what `sollecito login` brought, counts at once.  The lock
    of the store is held from that look until the new tokens are kept, so that whoever comes second finds them there.

    Args:
        now: seconds since the epoch.
        monotonic: seconds, for pauses.

    Attributes:
        revoked: why the owner has to log in again; None while we may go in, as far as we know (F65).
    """

    def __init__(
        self,
        oauth: OAuth,
        store: TokenStore,
        server: OAuthServer,
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = oauth.name
        self._store = store
        self._server = server
        self._now = now
        self._monotonic = monotonic
        self._unsaved: tuple[str, Grant] | None = None  # what could not be kept, and the refresh token it came from
        self._refused: tuple[str, LoginFault, float] | None = None  # a refresh token, why, and until when
        self._renewed_until = float("-inf")  # monotonic: no further renewal before
        self.revoked: str | None = None

    def current(self) -> str:
        """A token that is good for a minute at least, by its own word; asks the provider where there is none.

        Blocks for as long as the provider lets us wait: call it in a thread.

        Raises:
            LoginFault: there is none.
        """
        with self._store.lock():
            grant = self._kept()
            if grant.expires_at - self._now() <= min(_MARGIN, (grant.expires_at - grant.obtained_at) / 2):
                grant = self._refresh(grant)
            self.revoked = None
            return grant.access_token

    def renewed(self, token: str) -> str:
        """Another token than this one, which a mail server has refused although it seemed good.

        Returns:
            The same where it was renewed for that reason lately: then the token is not what is wrong.
        """
        with self._store.lock():
            grant = self._kept()
            if grant.access_token == token and self._monotonic() >= self._renewed_until:
                self._renewed_until = self._monotonic() + _RENEW_AGAIN
                grant = self._refresh(grant)
            return grant.access_token

    def _kept(self) -> Grant:
        grant = self._store.load(self._name)
        if grant is None:
            self.revoked = f"nobody has logged in yet, or somebody has logged out: {AGAIN}"
            raise LoginFault(self.revoked, revoked=True)
        if self._unsaved is not None:
            source, newer = self._unsaved
            if source == grant.refresh_token and newer.obtained_at >= grant.obtained_at:
                return self._keep(source, newer)
            self._unsaved = None  # somebody has logged in meanwhile
        return grant

    def _refresh(self, grant: Grant) -> Grant:
        if self._refused is not None:
            refresh_token, fault, until = self._refused
            if refresh_token == grant.refresh_token and self._monotonic() < until:
                raise fault.with_traceback(None)  # else each time adds its own to the one that is kept
            self._refused = None
        try:
            newer = self._server.refresh(grant.refresh_token)
        except LoginFault as fault:
            if fault.ours:
                self.revoked = str(fault)
            if fault.ours and fault.error:  # the server's own word; what is missing on our side may be there at once
                self._refused = (grant.refresh_token, fault, self._monotonic() + _ASK_AGAIN)
            raise
        return self._keep(grant.refresh_token, newer)

    def _keep(self, source: str, grant: Grant) -> Grant:
        """On a full disk the new refresh token lives on in here, for the old one may count no more."""
        try:
            self._store.save(self._name, grant)
        except DiskTrouble:
            self._unsaved = (source, grant)
        else:
            self._unsaved = None
        return grant
