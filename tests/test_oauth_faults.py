"""A provider that says no, or nothing that we understand: whose fault it is, and which setting would mend it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Response

from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.oauth_server import OAuthServer
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.oauth_tokens import AccessTokens
from daemon.adapters.secret import NoSecret
from tests.real.oauth_desk import at_its_end, fault_of, grant_of, server_of
from tests.real.oauth_provider import SECRET, OAuthProvider

USER = "fatture@example.test"


@pytest.fixture
def provider() -> Iterator[OAuthProvider]:
    with OAuthProvider(USER) as running:
        yield running


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, b"<html>busy</html>"),
        (429, b"slow down"),
        (400, b'{"error": "temporarily_unavailable"}'),
        (200, b"<html>a captive portal</html>"),
        (200, b"[1, 2]"),
        (200, b"{}"),
        (200, b'{"access_token": "a\\r\\nb", "refresh_token": "r"}'),
        (302, b""),
    ],
)
def test_a_provider_that_is_out_of_order_is_nobodys_fault_and_loses_nothing(
    provider: OAuthProvider, tmp_path: Path, status: int, body: bytes
) -> None:
    tokens = at_its_end(provider, tmp_path)
    before = (tmp_path / "oauth.json").read_text()
    provider.terms.fault = Response(body, status=status, headers={"Location": "http://127.0.0.1:1/"})
    fault = fault_of(tokens)
    kept = (tmp_path / "oauth.json").read_text()
    provider.terms.fault = None

    assert not fault.ours
    assert tokens.revoked is None
    assert kept == before
    assert tokens.current()


def test_a_provider_that_is_out_of_reach_says_so(provider: OAuthProvider, tmp_path: Path) -> None:
    oauth = provider.oauth()
    gone = replace(oauth, token_url="http://127.0.0.1:1/token")
    store = TokenStore(tmp_path)
    with store.lock():
        store.save(gone.name, replace(grant_of(oauth, USER), expires_at=0.0))
    fault = fault_of(AccessTokens(gone, store, server_of(gone)))

    assert str(fault) == "http://127.0.0.1:1/token is out of reach: NewConnectionError"
    assert not fault.ours


def test_the_address_that_was_asked_is_the_one_that_is_told(provider: OAuthProvider) -> None:
    """A wrong device_url is no fault of token_url."""
    gone = replace(provider.oauth(), device_url="http://127.0.0.1:1/device")
    wrong = replace(provider.oauth(client_id="nobody"), token_url="http://127.0.0.1:1/token")
    faults = []
    for oauth in (gone, wrong):
        with pytest.raises(LoginFault) as caught:
            server_of(oauth).begin_device()
        faults.append(str(caught.value))

    assert faults[0] == "http://127.0.0.1:1/device is out of reach: NewConnectionError"
    assert faults[1].startswith(f"{wrong.device_url} refused: see auth.client_id")


def test_the_wrong_tenant_is_told_as_the_setting_that_it_is(provider: OAuthProvider, tmp_path: Path) -> None:
    """Microsoft's words hold line breaks and quotes, which the protocol does not allow; Authlib raises over them."""
    oauth = provider.oauth(tenant="contoso")
    store = TokenStore(tmp_path)
    with store.lock():
        store.save(oauth.name, replace(grant_of(provider.oauth(), USER), expires_at=0.0))
    fault = fault_of(AccessTokens(oauth, store, server_of(oauth)))

    assert "there is no such directory: see auth.tenant" in str(fault)
    assert "\n" not in str(fault)
    assert fault.ours
    assert not fault.revoked


def test_a_confidential_client_says_its_secret_and_a_wrong_one_is_a_setting(
    provider: OAuthProvider, tmp_path: Path
) -> None:
    oauth = provider.oauth(client_id="confidential")
    grant = grant_of(oauth, USER)
    again = server_of(oauth).refresh(grant.refresh_token)
    with pytest.raises(LoginFault, match=r"see auth\.client_id and auth\.client_secret") as caught:
        OAuthServer(oauth, lambda: "wrong").refresh(again.refresh_token)

    assert caught.value.ours
    assert "wrong" not in str(caught.value)


def test_a_secret_that_is_not_there_is_told_and_asked_for_again(provider: OAuthProvider, tmp_path: Path) -> None:
    """No word of the provider's: as soon as it is there, we go on."""
    oauth, store, there = provider.oauth(client_id="confidential"), TokenStore(tmp_path), [False]

    def secret() -> str:
        if not there[0]:
            raise NoSecret("the environment variable OAUTH_SECRET is not set")
        return SECRET

    with store.lock():
        store.save(oauth.name, replace(grant_of(oauth, USER), expires_at=0.0))
    tokens = AccessTokens(oauth, store, OAuthServer(oauth, secret))
    fault = fault_of(tokens)
    there[0] = True

    assert str(fault) == "auth.client_secret: the environment variable OAUTH_SECRET is not set"
    assert fault.ours
    assert tokens.current()


def test_a_refused_secret_is_not_repeated_in_a_fault(provider: OAuthProvider, tmp_path: Path) -> None:
    """A server that echoes what it was told."""
    tokens = at_its_end(provider, tmp_path)
    [refresh_token] = provider.kept.refresh_tokens
    said = json.dumps({"error": "invalid_grant", "error_description": f"no such token: {refresh_token}"})
    provider.terms.fault = Response(said, status=400)

    assert refresh_token not in str(fault_of(tokens))
