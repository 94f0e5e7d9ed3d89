"""The grants of an `OAuthProvider`: what Authlib leaves to whoever runs a server, kept in dictionaries."""

from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict

_METHODS = ["none", "client_secret_basic", "client_secret_post"]


@dataclass(slots=True)
class Kept:
    """What the server remembers."""

    codes: dict[str, Any] = field(default_factory=dict)
    refresh_tokens: dict[str, tuple[str, str]] = field(default_factory=dict)  # token -> client, scope
    used: set[str] = field(default_factory=set)  # refresh tokens that were good once
    devices: dict[str, Any] = field(default_factory=dict)
    typed_in: dict[str, bool] = field(default_factory=dict)  # user code -> allowed
    polled: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Client(ClientMixin):  # type: ignore[misc]  # Authlib publishes no types
    """A program that was registered."""

    client_id: str
    secret: str | None

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.startswith(("http://127.0.0.1:", "http://localhost:"))  # any port (RFC 8252 section 7.3)

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret is not None and client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") == (self.secret is None)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return True


@dataclass(slots=True)
class _Code(AuthorizationCodeMixin):  # type: ignore[misc]
    code: str
    client_id: str
    redirect_uri: str
    scope: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(slots=True)
class _Refresh(TokenMixin):  # type: ignore[misc]
    token: str
    client_id: str
    scope: str

    def check_client(self, client: Client) -> bool:
        return client.client_id == self.client_id

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


def grants(provider: Any) -> tuple[Any, ...]:
    """Authorization code with PKCE, refresh, device code, its endpoint, revocation."""
    kept: Kept = provider.kept

    class ByCode(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

        def save_authorization_code(self, code: str, request: Any) -> None:
            told = request.payload
            kept.codes[code] = _Code(
                code, told.client_id, told.redirect_uri, told.scope,
                told.data.get("code_challenge"), told.data.get("code_challenge_method"),
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: Client) -> Any:
            found = kept.codes.get(code)
            return found if found is not None and found.client_id == client.client_id else None

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            del kept.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: _Code) -> str:
            return str(provider.user)

    class ByRefresh(RefreshTokenGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

        @property
        def INCLUDE_NEW_REFRESH_TOKEN(self) -> bool:  # Authlib's own name
            return bool(provider.terms.rotate)

        def authenticate_refresh_token(self, refresh_token: str) -> Any:
            found = kept.refresh_tokens.get(refresh_token)
            if found is None and refresh_token in kept.used:
                kept.refresh_tokens.clear()  # RFC 9700 section 4.14.2: used twice means stolen, and all are taken back
            return _Refresh(refresh_token, *found) if found else None

        def authenticate_user(self, refresh_token: _Refresh) -> str:
            return str(provider.user)

        def revoke_old_credential(self, refresh_token: _Refresh) -> None:
            if provider.terms.rotate:
                del kept.refresh_tokens[refresh_token.token]
                kept.used.add(refresh_token.token)

    class ByDevice(DeviceCodeGrant):  # type: ignore[misc]
        def query_device_credential(self, device_code: str) -> Any:
            return kept.devices.get(device_code)

        def query_user_grant(self, user_code: str) -> Any:
            allowed = kept.typed_in.get(user_code)
            return None if allowed is None else (provider.user, allowed)

        def should_slow_down(self, credential: Any) -> bool:
            return False

    class AskDevice(DeviceAuthorizationEndpoint):  # type: ignore[misc]
        INTERVAL = 0.1

        def get_verification_uri(self) -> str:
            return f"http://127.0.0.1:{provider.port}/type-it-in"

        def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
            kept.devices[data["device_code"]] = DeviceCredentialDict(client_id=client_id, scope=scope, **data)

    class Revocation(RevocationEndpoint):  # type: ignore[misc]
        CLIENT_AUTH_METHODS = _METHODS

        def query_token(self, token_string: str, token_type_hint: str | None) -> Any:
            found = kept.refresh_tokens.get(token_string)
            return _Refresh(token_string, *found) if found else None

        def revoke_token(self, token: _Refresh, request: Any) -> None:
            del kept.refresh_tokens[token.token]

    return (ByCode, [CodeChallenge(required=True)]), ByRefresh, ByDevice, AskDevice, Revocation
