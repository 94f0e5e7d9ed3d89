"""What the tests of OAuth have in common: an owner with a browser, tokens in a directory, logs to be searched."""

import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemon.adapters.oauth_faults import LoginFault
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


def at_its_end(provider: OAuthProvider, folder: Path) -> AccessTokens:
    """Logged in, with an access token that is good for no log-in any more."""
    provider.terms.stated = 0.001
    tokens = logged_in(provider, folder)
    provider.terms.stated = None
    return tokens


def fault_of(tokens: AccessTokens) -> LoginFault:
    with pytest.raises(LoginFault) as caught:
        tokens.current()
    return caught.value


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """All that any library says at debug level meanwhile; not the provider, which runs in this process too."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith(("werkzeug", "authlib.oauth2.rfc")):
                lines.append(record.getMessage())

    root, keep = logging.getLogger(), Keep(logging.DEBUG)
    loggers = [root, *map(logging.getLogger, ("urllib3", "authlib", "imapclient", "aiosmtplib", "asyncio"))]
    before = [one.level for one in loggers]  # `log.configure` makes some of them silent
    root.addHandler(keep)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(keep)
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)
