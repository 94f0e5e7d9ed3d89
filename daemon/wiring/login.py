"""`login` and `logout`: what the owner allows at the provider, and the tokens that come of it."""

from __future__ import annotations

import secrets
import time
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.oauth_grant import Grant
from daemon.adapters.oauth_loopback import Loopback
from daemon.adapters.oauth_server import OAuthServer, SlowDown
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.state_dir import refuse_for_another
from daemon.ports import Settings
from daemon.wiring.accounts import Account, accounts_of, server_of

_PATIENCE = 600.0  # seconds for a person and a browser
_VERIFIER = 48  # random octets: 64 signs (RFC 7636 section 4.1 wants 43 to 128)
_SLOWER = 5.0  # seconds more between two questions, when told to slow down (RFC 8628 section 3.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the owner wants to log in."""

    device: bool = False  # by a code that is typed in elsewhere
    browser: bool = True  # whether to open one
    port: int = 0  # of 127.0.0.1; 0 takes a free one
    patience: float = _PATIENCE
    say: Callable[[str], None] = print
    pasted: Callable[[Callable[[str], bool]], None] | None = None  # starts to read lines; gives each to the function


def log_in(settings: Settings, asked: Asked) -> Sequence[Account]:
    """Log in to each account of the config, and keep what comes of it.

    Raises:
        LoginFault: it came to nothing; what was kept before still stands.
    """
    directory = _directory(settings)
    store = TokenStore(directory)
    accounts = accounts_of(settings)
    if not accounts:
        raise LoginFault("the config has no `auth:` in smtp or imap: nothing to log in to (docs/oauth.md)", ours=True)
    for account in accounts:
        server = server_of(account.oauth)
        asked.say(f"Logging in {account.user} for {' and '.join(account.uses)} ({account.oauth.provider}).")
        grant = _by_device(server, asked) if asked.device else _by_browser(server, account, asked)
        with store.lock():
            store.save(account.oauth.name, grant)
    return accounts


def log_out(settings: Settings) -> Sequence[tuple[Account, bool]]:
    """Forget the tokens; with each account, whether the provider has taken them back as well."""
    store = TokenStore(_directory(settings))
    done = []
    for account in accounts_of(settings):
        with store.lock():
            grant = store.load(account.oauth.name)
            if grant is None:
                continue
            store.forget(account.oauth.name)
        done.append((account, server_of(account.oauth).revoke(grant.refresh_token)))
    return tuple(done)


def _directory(settings: Settings) -> Path:
    """The state directory, made where there is none yet: one may log in before the first start."""
    directory = Path(settings.state)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
    except OSError as wrong:
        raise LoginFault(f"{directory}: {wrong.strerror}", ours=True) from None
    refuse_for_another(directory)
    return directory


def _by_browser(server: OAuthServer, account: Account, asked: Asked) -> Grant:
    """Authorization code with PKCE (RFC 8252, RFC 7636)."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(_VERIFIER)
    with Loopback(state, asked.port) as loopback:
        # Microsoft takes any port of `localhost`, and no other name for this machine, without an edited manifest.
        name = "localhost" if account.oauth.provider == "microsoft" else "127.0.0.1"
        redirect_uri = f"http://{name}:{loopback.port}"
        url = server.authorization_url(redirect_uri=redirect_uri, state=state, verifier=verifier, user=account.user)
        if not (asked.browser and webbrowser.open(url)):
            asked.say(
                f"Open this page in a browser, log in as {account.user} and allow it:\n\n  {url}\n\n"
                f"It ends at {redirect_uri}, which has to be this machine. With the browser on another one,\n"
                f"first run there `ssh -L {loopback.port}:127.0.0.1:{loopback.port} THIS-MACHINE`; or let the last page"
                " fail, copy\nits address and paste it here:"
            )
            if asked.pasted is not None:
                asked.pasted(loopback.take)
        else:
            asked.say(f"Your browser asks you to log in as {account.user} and to allow it. Waiting ...")
        code = loopback.wait(asked.patience)
    if code is None:
        raise LoginFault(f"nobody came back from the browser within {asked.patience:.0f} seconds", ours=True)
    return server.redeem(code, redirect_uri=redirect_uri, verifier=verifier)


def _by_device(server: OAuthServer, asked: Asked) -> Grant:
    """A code that is typed in on another machine (RFC 8628)."""
    device = server.begin_device()
    also = f"\n(or at once: {device.directly})" if device.directly else ""
    asked.say(f"Open {device.where} on any machine and type in: {device.user_code}{also}\nWaiting ...")
    until = time.monotonic() + min(device.seconds, asked.patience)
    interval = device.interval
    while time.monotonic() < until:
        time.sleep(interval)
        try:
            if (grant := server.poll_device(device)) is not None:
                return grant
        except SlowDown:
            interval += _SLOWER
        except LoginFault as fault:
            if fault.ours:
                raise
            interval *= 2  # RFC 8628 section 3.5: after a time-out of the line, less often
    raise LoginFault("the code was not typed in in time: run it again", ours=True, error="expired_token")
