"""What the tests of OAuth have in common: an owner with a browser, tokens in a directory, logs to be searched."""

import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.adapters.oauth_grant import Grant
from daemon.adapters.oauth_loopback import Loopback
from daemon.adapters.oauth_server import OAuthServer
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.oauth_tokens import AccessTokens
from daemon.ports import OAuth
from tests.real.oauth_provider import SECRET, OAuthProvider

_VERIFIER = "v" * 43


def browse(url: str) -> str:
    """What a browser shows at the end of all redirects."""
    try:
        with urllib.request.urlopen(url, timeout=10) as page:
            return str(page.read().decode())
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode()


def server_of(oauth: OAuth) -> OAuthServer:
    return OAuthServer(oauth, (lambda: SECRET) if oauth.client_secret else None)


def grant_of(oauth: OAuth, user: str) -> Grant:
    """Log in with a browser."""
    server = server_of(oauth)
    with Loopback("a-state") as loopback:
        back = f"http://127.0.0.1:{loopback.port}"
        browse(server.authorization_url(redirect_uri=back, state="a-state", verifier=_VERIFIER, user=user))
        code = loopback.wait(5)
    assert code is not None
    return server.redeem(code, redirect_uri=back, verifier=_VERIFIER)


def logged_in(provider: OAuthProvider, folder: Path, **clocks: Callable[[], float]) -> AccessTokens:
    """Tokens in `folder`, after a log-in; `clocks` as of `AccessTokens`."""
    oauth = provider.oauth()
    store = TokenStore(folder)
    with store.lock():
        store.save(oauth.name, grant_of(oauth, provider.user))
    return AccessTokens(oauth, store, server_of(oauth), **clocks)


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """All that any library says at debug level meanwhile; not the provider, which runs in this process too."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith(("werkzeug", "authlib.oauth2.rfc")):
                lines.append(record.getMessage())

    root, keep = logging.getLogger(), Keep(logging.DEBUG)
    before = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.removeHandler(keep)
