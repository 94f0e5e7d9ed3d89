"""A real authorization server on the loopback: Authlib's own server side, served by Werkzeug.

Its access tokens are the ones that Dovecot checks (`tests.real.oauth`), so a whole log-in can be tested to its end.
"""

import logging
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import scope_to_list
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from daemon.ports import OAuth, Secret
from tests.canary import MARK
from tests.real import oauth
from tests.real.oauth_grants import Client, Kept, grants

# The provider runs in our process; what Authlib logs as a server is the provider's own affair.
logging.getLogger("authlib.oauth2.rfc6749.grants").setLevel(logging.INFO)
SECRET = f"the secret of a confidential client, {MARK}"
WANTED = ("mail", "offline_access")


@dataclass(slots=True)
class Terms:
    """How the server behaves; a test may change it at any time."""

    lifetime: float = 3600.0  # seconds of an access token, by the token itself
    stated: float | None = None  # seconds that the server says it lives; None: the same
    rotate: bool = True  # each refresh token is good for once (RFC 9700 section 4.14.2)
    grants: tuple[str, ...] = WANTED  # what is granted, whatever is asked for
    deny: bool = False  # the owner presses "Cancel"
    slow: float = 0.0  # seconds before the token endpoint answers
    fault: Response | None = None  # what the token endpoint says instead


@dataclass(slots=True)
class Asked:
    """What came in."""

    grants: list[str] = field(default_factory=list)  # grant types, in order
    logins: list[str] = field(default_factory=list)  # login_hint of each authorization


class OAuthProvider:
    """`with OAuthProvider("fatture@example.test") as provider: ... provider.oauth()`

    Args:
        user: who logs in: the mailbox that the tokens open.
    """

    def __init__(self, user: str) -> None:
        self.user = user
        self.terms = Terms()
        self.asked = Asked()
        self.kept = Kept()
        self._clients = {
            "sollecito": Client("sollecito", None),
            "confidential": Client("confidential", SECRET),
        }

    def __enter__(self) -> Self:
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the server side wants https elsewhere than here
        self._http = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.port: int = self._http.server_port
        threading.Thread(target=self._http.serve_forever, name="oauth provider", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()

    def oauth(self, *, tenant: str = "bianchi", client_id: str = "sollecito", **changes: Any) -> OAuth:
        """The settings of a log-in here."""
        here = f"http://127.0.0.1:{self.port}/{tenant}"
        urls = {f"{name}_url": f"{here}/{name}" for name in ("auth", "token", "device", "revoke")}
        secret = Secret(how="env", where=("OAUTH_SECRET",)) if client_id == "confidential" else None
        stated = {"provider": "custom", "client_id": client_id, "client_secret": secret, "scopes": WANTED, **urls}
        return OAuth(**(stated | changes))

    def revoke_all(self) -> None:
        """The owner removes us from the list of programs, or changes the password (F65)."""
        self.kept.refresh_tokens.clear()

    def type_in(self, user_code: str, *, allow: bool = True) -> None:
        """The owner types a device code in."""
        self.kept.typed_in[user_code] = allow

    @property
    def refreshes(self) -> int:
        return self.asked.grants.count("refresh_token")

    def _app(self) -> Flask:
        app = Flask("oauth provider")
        app.config |= {
            "OAUTH2_ACCESS_TOKEN_GENERATOR": lambda **about: self._access_token(about["scope"]),
            "OAUTH2_REFRESH_TOKEN_GENERATOR": lambda **_about: MARK + secrets.token_urlsafe(32),
        }
        server = AuthorizationServer(app, query_client=self._clients.get, save_token=self._save)
        authorization, refresh, device, ask_device, revocation = grants(self)
        server.register_grant(*authorization)
        server.register_grant(refresh)
        server.register_grant(device)
        server.register_endpoint(ask_device)
        server.register_endpoint(revocation)

        @app.get("/<tenant>/auth")
        def _auth(tenant: str) -> Response:
            self.asked.logins.append(request.args.get("login_hint", ""))
            grant = server.get_authorization_grant(server.create_oauth2_request(request))
            allowed = None if self.terms.deny else self.user
            return server.create_authorization_response(grant_user=allowed, grant=grant)

        @app.post("/<tenant>/token")
        def _token(tenant: str) -> Response:
            self.asked.grants.append(request.form["grant_type"].rpartition(":")[2])
            time.sleep(self.terms.slow)
            if tenant != "bianchi":
                return _no_such_tenant(tenant)
            return self.terms.fault or server.create_token_response()

        @app.post("/<tenant>/device")
        def _device(tenant: str) -> Response:
            return server.create_endpoint_response("device_authorization")

        @app.post("/<tenant>/revoke")
        def _revoke(tenant: str) -> Response:
            return server.create_endpoint_response("revocation")

        return app

    def _access_token(self, scope: str | None) -> str:
        allowed = " ".join(word for word in scope_to_list(scope or "") if word in self.terms.grants)
        return oauth.access_token(self.user, lifetime=self.terms.lifetime, scope=allowed)

    def _save(self, token: dict[str, Any], asked: Any) -> None:
        token["expires_in"] = self.terms.lifetime if self.terms.stated is None else self.terms.stated
        if "scope" in token:
            token["scope"] = " ".join(word for word in scope_to_list(token["scope"]) if word in self.terms.grants)
        if "refresh_token" in token:
            self.kept.refresh_tokens[token["refresh_token"]] = (asked.client.client_id, token.get("scope", ""))


def _no_such_tenant(tenant: str) -> Response:
    """As Microsoft says it: with line breaks and quotes, which RFC 6749 does not allow."""
    said = (
        f"AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing"
        ' into the correct "cloud".\r\nTrace ID: 00000000-aaaa\r\nTimestamp: 2026-11-28 12:00:00Z'
    )
    answer = jsonify({"error": "invalid_request", "error_description": said, "error_codes": [90002]})
    answer.status_code = 400
    return answer
