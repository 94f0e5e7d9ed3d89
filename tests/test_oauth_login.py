"""`sollecito login` and `logout`, as processes, against a real authorization server on the loopback."""

import json
import os
import re
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import IO, Any

import pytest

from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.oauth_loopback import Loopback
from daemon.adapters.oauth_server import OAuthServer
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.state_dir import StateDir
from daemon.ports import OAuth
from tests.cli_place import ROOT, CliPlace
from tests.real.oauth_desk import browse
from tests.real.oauth_provider import SECRET, OAuthProvider

USER = "fatture@bianchi.example"


@pytest.fixture
def provider() -> Iterator[OAuthProvider]:
    with OAuthProvider(USER) as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, provider: OAuthProvider) -> CliPlace:
    """A config in which both servers log in there."""
    return CliPlace(tmp_path, **servers(provider.oauth()))


def servers(oauth: OAuth, smtp: OAuth | None = None) -> dict[str, Any]:
    def auth(one: OAuth) -> dict[str, Any]:
        known = ("client_id", "auth_url", "token_url", "device_url", "revoke_url")
        secret = {"client_secret": {"env": "OAUTH_SECRET"}} if one.client_secret else {}
        return {"oauth": "custom", "scopes": list(one.scopes), **{key: getattr(one, key) for key in known}, **secret}

    there = {"host": "localhost", "security": "none", "username": USER}
    return {"imap": {**there, "auth": auth(oauth)}, "smtp": {**there, "auth": auth(smtp or oauth)}}


@contextmanager
def running(place: CliPlace, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """The command, while it waits for somebody."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "OAUTH_SECRET": SECRET}
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "daemon", *words]
    with subprocess.Popen(
        command, cwd=place.folder, env=environ, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as one:
        try:
            yield one
        finally:
            one.kill()


def said_until(process: "subprocess.Popen[str]", pattern: str) -> tuple[str, str]:
    """What it prints up to the line that holds the pattern, and what the pattern's group is."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if found := re.search(pattern, line):
            return said, found[1]
    raise AssertionError(f"{pattern} was not said: {said}{process.stderr and process.stderr.read()}")


def end_of(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = process.stdout.read(), process.stderr.read()
    return process.wait(30), out, err


def redirect_of(url: str) -> str:
    """Where the browser is sent at the end, without going there: it runs on another machine."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(
            self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
        ) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(Stay).open(url, timeout=10)
    return str(caught.value.headers["Location"])


def kept(place: CliPlace) -> dict[str, Any]:
    found = json.loads((place.state / "oauth.json").read_text())["logins"]
    assert isinstance(found, dict)
    return found


def test_one_log_in_with_a_browser_serves_both_servers(place: CliPlace, provider: OAuthProvider) -> None:
    """Before the first start: the state directory is made, and for us alone."""
    with running(place, "login", "--no-browser") as process:
        said, url = said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")
        page = browse(url)
        code, out, err = end_of(process)

    assert (code, err) == (0, "")
    assert f"Logging in {USER} for imap and smtp (custom)." in said
    assert "Sollecito has been let in" in page
    assert f"Logged in: {USER}, for imap and smtp." in out
    assert list(kept(place)) == [provider.oauth().name]
    assert stat.S_IMODE(place.state.stat().st_mode) == 0o700
    assert stat.S_IMODE((place.state / "oauth.json").stat().st_mode) == 0o600
    assert provider.asked.logins == [USER]
    assert "code_challenge_method=S256" in url
    assert not [token for token in provider.kept.refresh_tokens if token in said + out]


def test_the_port_can_be_chosen_for_a_tunnel(place: CliPlace, provider: OAuthProvider) -> None:
    with Loopback("x") as free:
        port = free.port
    with running(place, "login", "--no-browser", "--port", str(port)) as process:
        _, url = said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")
        browse(url)
        code, _, _ = end_of(process)

    assert code == 0
    assert f"redirect_uri=http%3A%2F%2F127.0.0.1%3A{port}&" in url


def test_the_last_address_can_be_pasted_where_the_browser_is_elsewhere(
    place: CliPlace, provider: OAuthProvider
) -> None:
    with running(place, "login", "--no-browser") as process:
        _, url = said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")
        there = redirect_of(url)
        assert process.stdin is not None
        process.stdin.write(f"nonsense\n{there}\n")
        process.stdin.flush()
        code, out, err = end_of(process)

    assert code == 0
    assert "That is not the address of the last page" in err
    assert "Logged in" in out


def test_a_device_code_is_typed_in_on_another_machine(place: CliPlace, provider: OAuthProvider) -> None:
    with running(place, "login", "--device") as process:
        said, user_code = said_until(process, r"type in: (\S+)")
        provider.type_in(user_code)
        code, out, err = end_of(process)

    assert (code, err) == (0, "")
    assert f"Open http://127.0.0.1:{provider.port}/type-it-in on any machine" in said
    assert "Logged in" in out
    assert kept(place)


def test_a_confidential_client_logs_in_with_its_secret(tmp_path: Path, provider: OAuthProvider) -> None:
    place = CliPlace(tmp_path, **servers(provider.oauth(client_id="confidential")))
    with running(place, "login", "--no-browser") as process:
        _, url = said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")
        browse(url)
        code, _, err = end_of(process)

    assert (code, err) == (0, "")
    assert SECRET not in url


def test_two_programs_are_two_log_ins(tmp_path: Path, provider: OAuthProvider) -> None:
    two = servers(provider.oauth(), provider.oauth(client_id="confidential"))
    place = CliPlace(tmp_path, **two)
    with running(place, "login", "--no-browser") as process:
        for _ in range(2):
            _, url = said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")
            browse(url)
        code, out, _ = end_of(process)

    assert code == 0
    assert len(kept(place)) == 2
    assert f"Logged in: {USER}, for smtp." in out


@pytest.mark.parametrize("way", [("--no-browser",), ("--device",)])
def test_an_owner_who_says_no_is_told_so_and_the_old_log_in_stands(
    place: CliPlace, provider: OAuthProvider, way: tuple[str, ...]
) -> None:
    log_in(place)
    before = kept(place)
    provider.terms.deny = True
    with running(place, "login", *way) as process:
        if way == ("--device",):
            provider.type_in(said_until(process, r"type in: (\S+)")[1], allow=False)
        else:
            assert "has not been let in" in browse(said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")[1])
        code, _, err = end_of(process)

    assert code == 1
    assert "allowed" in err
    assert kept(place) == before


def log_in(place: CliPlace) -> None:
    with running(place, "login", "--no-browser") as process:
        browse(said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")[1])
        assert end_of(process)[0] == 0


def test_less_than_was_asked_for_is_refused_with_what_is_missing(place: CliPlace, provider: OAuthProvider) -> None:
    """Google lets the owner untick a box."""
    provider.terms.grants = ("offline_access",)
    with running(place, "login", "--no-browser") as process:
        browse(said_until(process, r"(http://127\.0\.0\.1:\d+/bianchi/auth\S+)")[1])
        code, _, err = end_of(process)

    assert code == 1
    assert "not everything was allowed; missing: mail." in err
    assert not (place.state / "oauth.json").exists()


def test_the_daemon_need_not_be_stopped(place: CliPlace) -> None:
    """It holds the state's own lock for weeks."""
    with StateDir.open(place.state):
        log_in(place)
    with StateDir.open(place.state) as state:  # and the directory is still a good one
        assert state.journal.last == 0

    assert kept(place)


def test_a_log_in_before_the_first_start_leaves_a_directory_that_it_takes(place: CliPlace) -> None:
    log_in(place)
    with StateDir.open(place.state) as state:
        assert state.keys.current


def test_logout_forgets_the_tokens_and_takes_them_back_at_the_provider(
    place: CliPlace, provider: OAuthProvider
) -> None:
    log_in(place)
    assert provider.kept.refresh_tokens
    done = place.process("logout")
    again = place.process("logout")

    assert done.code == 0
    assert done.out == f"Forgotten and taken back at the provider: {USER}, for imap and smtp.\n"
    assert kept(place) == {}
    assert provider.kept.refresh_tokens == {}
    assert again.out == "Nobody was logged in.\n"


def test_where_there_are_only_passwords_there_is_nothing_to_log_in_to(tmp_path: Path) -> None:
    done = CliPlace(tmp_path).process("login")

    assert done.code == 1
    assert "the config has no `auth:` in smtp or imap" in done.err


def test_google_gives_no_access_to_mail_by_a_device_code() -> None:
    google = OAuth(provider="google", client_id="c", token_url="https://oauth2.googleapis.com/token")
    with pytest.raises(LoginFault, match="log in without --device"):
        OAuthServer(google).begin_device()


def test_tokens_of_another_program_are_left_alone(place: CliPlace, provider: OAuthProvider) -> None:
    log_in(place)
    other = "another at https://login.example/token"
    store = TokenStore(place.state)
    mine = store.load(provider.oauth().name)
    assert mine is not None
    with store.lock():
        store.save(other, mine)
    place.process("logout")

    assert list(kept(place)) == [other]


def test_who_logs_in_by_passwords_does_not_pay_for_oauth() -> None:
    """Every command starts a little sooner, and the daemon is a little smaller."""
    program = (
        "import sys, daemon.__main__, daemon.wiring.parts; print('authlib' in sys.modules, 'urllib3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "False False\n"
