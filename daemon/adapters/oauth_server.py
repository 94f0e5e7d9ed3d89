"""What an authorization server says, asked through Authlib: codes, device codes, refreshed tokens (RFC 6749).

Authlib knows the protocol, `oauth_line` the way there.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3
from authlib.oauth2.client import OAuth2Client

from daemon.adapters.oauth_faults import LoginFault, refused
from daemon.adapters.oauth_grant import Grant
from daemon.adapters.oauth_line import Line, NoAnswer
from daemon.adapters.secret import NoSecret
from daemon.adapters.tls import certificate_fault
from daemon.ports import OAuth

_USUAL_LIFE = 3600  # seconds of a token whose life nobody states (RFC 6749 section 5.1 recommends to state it)
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"  # RFC 8628 section 3.4
_NOT_ECHOED = frozenset({"offline_access", "openid", "profile", "email"})  # Microsoft takes them and does not list them


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """A code that the owner types in on another machine (RFC 8628 section 3.2)."""

    device_code: str = field(repr=False)
    user_code: str
    where: str  # the page that asks for it
    directly: str | None  # the same with the code in it
    seconds: float  # until it is void
    interval: float  # seconds between two questions


class SlowDown(Exception):
    """Asked too often: five seconds more between two questions from now on (RFC 8628 section 3.5)."""


class OAuthServer:
    """The endpoints of one provider.

    Args:
        client_secret: asked at each call; None for a public client.
        now: seconds since the epoch.
    """

    def __init__(
        self, oauth: OAuth, client_secret: Callable[[], str] | None = None, *, now: Callable[[], float] = time.time
    ) -> None:
        self._oauth = oauth
        self._client_secret = client_secret
        self._now = now

    def authorization_url(self, *, redirect_uri: str, state: str, verifier: str, user: str) -> str:
        """The page on which the owner allows us in, with PKCE (RFC 7636, S256)."""
        if self._oauth.auth_url is None:
            raise LoginFault("auth.auth_url is not set: log in with --device", ours=True)
        more = {"login_hint": user}
        if self._oauth.provider == "google":  # else a second log-in gets no refresh token
            more |= {"access_type": "offline", "prompt": "consent"}
        url, _ = self._client(with_secret=False, redirect_uri=redirect_uri).create_authorization_url(
            self._oauth.auth_url, state=state, code_verifier=verifier, **more
        )
        return str(url)

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> Grant:
        """Tokens for the code that the browser brought back."""
        client = self._client(redirect_uri=redirect_uri)
        told = self._ask(
            self._oauth.token_url,
            lambda url: client.fetch_token(url, grant_type="authorization_code", code=code, code_verifier=verifier),
            code,
        )
        return self._grant(told)

    def refresh(self, refresh_token: str) -> Grant:
        """New tokens; the refresh token in them is the old one where the server does not rotate it.

        Raises:
            LoginFault: `revoked` where the owner has to log in again.
        """
        # RFC 6749 section 6: without a scope it is the one that was granted; Microsoft wants it repeated.
        client = self._client(with_scope=self._oauth.provider == "microsoft")
        told = self._ask(
            self._oauth.token_url,
            lambda url: client.refresh_token(url, refresh_token),
            refresh_token,
            refreshing=True,
        )
        return self._grant({"refresh_token": refresh_token, **told}, refreshed=True)

    def begin_device(self) -> DeviceCode:
        """Ask for a device code."""
        if self._oauth.device_url is None:
            why = (
                "Google gives no access to mail by a device code"
                if self._oauth.provider == "google"
                else "auth.device_url is not set"
            )
            raise LoginFault(f"{why}: log in without --device", ours=True)
        client = self._client()
        told = self._ask(
            self._oauth.device_url,
            lambda url: client.parse_response_token(
                client.session.post(
                    url,
                    data={"scope": client.scope},
                    auth=client.client_auth(client.token_endpoint_auth_method),
                )
            ),
        )
        try:
            return DeviceCode(
                device_code=str(told["device_code"]),
                user_code=_line(told["user_code"]),
                where=_line(told.get("verification_uri") or told["verification_url"]),
                directly=_line(told["verification_uri_complete"]) if told.get("verification_uri_complete") else None,
                seconds=float(told.get("expires_in", 900)),
                interval=float(told.get("interval", 5)),
            )
        except (KeyError, TypeError, ValueError):
            raise LoginFault(f"{self._oauth.device_url} gave no device code") from None

    def poll_device(self, device: DeviceCode) -> Grant | None:
        """Tokens when the owner has typed the code in; None: not yet.

        Raises:
            SlowDown: ask less often.
        """
        client = self._client()
        try:
            told = self._ask(
                self._oauth.token_url,
                lambda url: client.fetch_token(url, grant_type=_DEVICE_GRANT, device_code=device.device_code),
                device.device_code,
            )
        except LoginFault as fault:
            if fault.error == "authorization_pending":
                return None
            if fault.error == "slow_down":
                raise SlowDown from None
            raise
        return self._grant(told)

    def revoke(self, refresh_token: str) -> bool:
        """Take the grant back at the server (RFC 7009); False where it offers no way, or says no."""
        if self._oauth.revoke_url is None:
            return False
        client = self._client()
        try:
            answer = client.revoke_token(self._oauth.revoke_url, refresh_token, "refresh_token")
        except urllib3.exceptions.HTTPError:
            return False
        return bool(answer.status_code == 200)

    def _client(self, *, with_scope: bool = True, with_secret: bool = True, **more: Any) -> Any:
        oauth = self._oauth
        secret = None
        if self._client_secret is not None and with_secret:
            try:
                secret = self._client_secret()
            except NoSecret as missing:
                raise LoginFault(f"auth.client_secret: {missing}", ours=True) from None
        # RFC 6749 section 2.3.1: every server takes Basic; Google's and Microsoft's own programs send it in the body.
        named = "client_secret_basic" if oauth.provider == "custom" else "client_secret_post"
        return _Client(
            Line(oauth.ca_file),
            oauth.client_id,
            secret,
            token_endpoint_auth_method=named if secret else "none",
            revocation_endpoint_auth_method=named if secret else "none",
            scope=" ".join(oauth.scopes) if with_scope else None,
            code_challenge_method="S256",
            **more,
        )

    def _ask(
        self, where: str, question: Callable[[str], Any], *secrets: str, refreshing: bool = False
    ) -> Mapping[str, Any]:
        """What is answered at an address, or a `LoginFault` in which none of `secrets` stands, whatever is repeated."""
        try:
            told = question(where)
        except _Refusal as refusal:
            said = _without(refusal.description, secrets)
            raise refused(where, refusal.error, said, refreshing=refreshing) from None
        except urllib3.exceptions.HTTPError as failure:
            wrong = certificate_fault(failure) or certificate_fault(getattr(failure, "reason", None))
            said = f"its certificate is not trusted ({wrong})" if wrong else type(failure).__name__
            raise LoginFault(f"{where} is out of reach: {said}") from None
        except NoAnswer as failure:
            raise LoginFault(f"{where} answered {failure}") from None
        except (OSError, ValueError) as failure:  # a file of authorities; an answer that is none: its text is not kept
            raise LoginFault(f"{where} gave no answer that we understand: {type(failure).__name__}") from None
        if not isinstance(told, Mapping):
            raise LoginFault(f"{where} gave no answer that we understand")
        return told

    def _grant(self, told: Mapping[str, Any], *, refreshed: bool = False) -> Grant:
        oauth, now = self._oauth, self._now()
        try:
            access, refresh = told["access_token"], told.get("refresh_token")
            life = float(told.get("expires_in") or _USUAL_LIFE)
            scope = str(told.get("scope") or " ".join(oauth.scopes))
        except (KeyError, TypeError, ValueError):
            raise LoginFault(f"{oauth.token_url} gave no token") from None
        if not isinstance(access, str) or _UNFIT.search(access):
            raise LoginFault(f"{oauth.token_url} gave a token that no mail server could be told")
        if not isinstance(refresh, str) or not refresh:
            raise LoginFault(
                f"{oauth.token_url} gave no refresh token, so we would be out within the hour: auth.scopes may need"
                " offline_access",
                ours=True,
            )
        granted = {word.lower().rstrip("/") for word in scope.split()}
        missing = [word for word in oauth.scopes if word.lower().rstrip("/") not in granted | _NOT_ECHOED]
        if missing and not refreshed:
            raise LoginFault(
                f"not everything was allowed; missing: {' '.join(missing)}. Log in again and allow it, or see"
                " auth.scopes",
                ours=True,
            )
        return Grant(access_token=access, refresh_token=refresh, expires_at=now + life, obtained_at=now, scope=scope)


class _Refusal(Exception):
    """An error of RFC 6749 section 5.2.  Authlib's own raises ValueError over Microsoft's line breaks and quotes."""

    def __init__(self, error: object = None, description: object = None, **_more: object) -> None:
        super().__init__(error)
        self.error = _line(error or "")
        self.description = _line(description or "")


class _Client(OAuth2Client):  # type: ignore[misc]  # Authlib publishes no types
    oauth_error_class = _Refusal


_UNFIT = re.compile(r"[^\x21-\x7e]")  # RFC 6750 section 2.1 allows fewer signs; these would end the line
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


def _line(text: object) -> str:
    """What a server said, fit for one line."""
    return _CONTROL.sub(" ", str(text)).strip()[:300]


def _without(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, "...") if secret else text
    return text
