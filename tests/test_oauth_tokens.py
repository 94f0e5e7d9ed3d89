"""Access tokens: kept, refreshed once whoever asks, and never lost; against a real authorization server."""

import errno
import json
import multiprocessing
import os
import stat
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.adapters import oauth_store
from daemon.adapters.oauth_server import OAuthServer
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.oauth_tokens import AccessTokens
from daemon.ports import OAuth
from tests.real.oauth_desk import at_its_end, fault_of, grant_of, logged_in, server_of
from tests.real.oauth_provider import OAuthProvider

USER = "fatture@example.test"


class Clock:
    """Both of ours at once."""

    def __init__(self) -> None:
        self.time = 1_796_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def provider() -> Iterator[OAuthProvider]:
    with OAuthProvider(USER) as running:
        yield running


def test_a_token_is_used_until_a_minute_before_its_end(provider: OAuthProvider, tmp_path: Path) -> None:
    clock = Clock()
    oauth, store = provider.oauth(), TokenStore(tmp_path)
    server = OAuthServer(oauth, now=clock)
    with store.lock():
        store.save(oauth.name, replace(grant_of(oauth, USER), obtained_at=clock.time, expires_at=clock.time + 3600))
    tokens = AccessTokens(oauth, store, server, now=clock, monotonic=clock)
    first = tokens.current()
    clock.time += 3539
    almost = tokens.current()
    clock.time += 2
    second = tokens.current()

    assert first == almost
    assert second != first
    assert provider.refreshes == 1


def test_F66_threads_that_need_a_token_at_once_cause_one_refresh(provider: OAuthProvider, tmp_path: Path) -> None:
    """The provider rotates: a refresh token that is used twice would lock us out of everything."""
    provider.terms.slow = 0.1
    tokens = at_its_end(provider, tmp_path)
    other = AccessTokens(provider.oauth(), TokenStore(tmp_path), server_of(provider.oauth()))
    with ThreadPoolExecutor(12) as pool:
        got = {f.result() for f in [pool.submit((tokens, other)[n % 2].current) for n in range(12)]}

    assert len(got) == 1
    assert provider.refreshes == 1
    assert len(provider.kept.refresh_tokens) == 1


def _one_process(oauth: OAuth, folder: Path, told: "multiprocessing.Queue[str]") -> None:
    told.put(AccessTokens(oauth, TokenStore(folder), server_of(oauth)).current())


def test_F66_processes_that_need_a_token_at_once_cause_one_refresh(provider: OAuthProvider, tmp_path: Path) -> None:
    """The daemon and `check --online`."""
    provider.terms.slow = 0.2
    at_its_end(provider, tmp_path)
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[str] = context.Queue()
    processes = [context.Process(target=_one_process, args=(provider.oauth(), tmp_path, told)) for _ in range(3)]
    for process in processes:
        process.start()
    got = {told.get(timeout=30) for _ in processes}
    for process in processes:
        process.join()

    assert len(got) == 1
    assert provider.refreshes == 1


def test_a_rotated_refresh_token_is_kept_and_the_next_one_asked_with_it(
    provider: OAuthProvider, tmp_path: Path
) -> None:
    tokens = at_its_end(provider, tmp_path)
    for _ in range(3):
        provider.terms.stated = 0.001
        tokens.current()
    [kept] = json.loads((tmp_path / "oauth.json").read_text())["logins"].values()

    assert provider.refreshes == 3
    assert set(provider.kept.refresh_tokens) == {kept["refresh_token"]}


def test_a_server_that_does_not_rotate_leaves_the_old_refresh_token(provider: OAuthProvider, tmp_path: Path) -> None:
    """As Google: no refresh token comes with a refreshed access token."""
    provider.terms.rotate = False
    tokens = at_its_end(provider, tmp_path)
    before = TokenStore(tmp_path).load(provider.oauth().name)
    tokens.current()
    after = TokenStore(tmp_path).load(provider.oauth().name)

    assert before is not None
    assert after is not None
    assert after.refresh_token == before.refresh_token
    assert after.access_token != before.access_token


def test_the_tokens_are_for_us_alone_and_are_not_used_when_others_may_read_them(
    provider: OAuthProvider, tmp_path: Path
) -> None:
    tokens = logged_in(provider, tmp_path)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    (tmp_path / "oauth.json").chmod(0o640)
    fault = fault_of(tokens)

    assert modes == {0o600}
    assert f"Run: chmod 600 {tmp_path}/oauth.json" in str(fault)
    assert fault.ours


def test_F65_a_revoked_log_in_is_asked_about_once_an_hour(provider: OAuthProvider, tmp_path: Path) -> None:
    clock = Clock()
    tokens = at_its_end(provider, tmp_path)
    tokens._monotonic = clock
    provider.revoke_all()
    faults = [fault_of(tokens) for _ in range(5)]
    asked = provider.refreshes
    clock.time += 3601
    fault_of(tokens)

    assert asked == 1
    assert provider.refreshes == 2
    assert all(fault.revoked and fault.ours for fault in faults)
    assert "run `sollecito login`" in str(tokens.revoked)


def test_a_refusal_that_is_told_again_grows_no_longer(provider: OAuthProvider, tmp_path: Path) -> None:
    """It is kept for an hour, and a daemon asks every few seconds."""
    tokens = at_its_end(provider, tmp_path)
    provider.revoke_all()
    fault_of(tokens)
    depths = [len(traceback.extract_tb(fault_of(tokens).__traceback__)) for _ in range(5)]

    assert provider.refreshes == 1
    assert len(set(depths)) == 1


def test_a_new_log_in_ends_the_revocation_at_once(provider: OAuthProvider, tmp_path: Path) -> None:
    tokens = at_its_end(provider, tmp_path)
    provider.revoke_all()
    fault_of(tokens)
    logged_in(provider, tmp_path)

    assert tokens.current()
    assert tokens.revoked is None


def test_nobody_has_logged_in_says_what_to_do(provider: OAuthProvider, tmp_path: Path) -> None:
    """With a state directory and before there is one."""
    oauth = provider.oauth()
    for folder in (tmp_path, tmp_path / "not-yet"):
        fault = fault_of(AccessTokens(oauth, TokenStore(folder), server_of(oauth)))
        assert "run `sollecito login`" in str(fault)
        assert fault.ours


def test_F60_on_a_full_disk_the_new_refresh_token_lives_on_until_there_is_room(
    provider: OAuthProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one counts no more: whoever lost the new one would be locked out."""
    tokens = at_its_end(provider, tmp_path)
    before = (tmp_path / "oauth.json").read_text()

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(oauth_store, "write_private", full)
        first = tokens.current()
        again = tokens.current()
    unchanged = (tmp_path / "oauth.json").read_text()
    later = tokens.current()
    kept = TokenStore(tmp_path).load(provider.oauth().name)

    assert first == again == later
    assert unchanged == before
    assert kept is not None
    assert kept.access_token == first
    assert provider.refreshes == 1


def test_a_garbled_file_says_what_to_do_and_not_what_is_in_it(provider: OAuthProvider, tmp_path: Path) -> None:
    tokens = logged_in(provider, tmp_path)
    whole = (tmp_path / "oauth.json").read_bytes()
    (tmp_path / "oauth.json").write_bytes(whole[:-20])
    fault = fault_of(tokens)

    assert str(fault) == f"{tmp_path}/oauth.json is garbled: remove it and run `sollecito login`"
    assert fault.__cause__ is None


def test_a_file_is_whole_whenever_it_is_looked_at(provider: OAuthProvider, tmp_path: Path) -> None:
    """It is replaced by a rename."""
    oauth, store = provider.oauth(), TokenStore(tmp_path)
    grant = grant_of(oauth, USER)
    with store.lock():
        store.save(oauth.name, grant)
    done = threading.Event()

    def write() -> None:
        for number in range(60):
            with store.lock():
                store.save(oauth.name, replace(grant, access_token="x" * (number * 97 % 4000 + 1)))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = 0
    while not done.is_set():
        assert store.load(oauth.name) is not None
        seen += 1
    writer.join()

    assert seen > 60
