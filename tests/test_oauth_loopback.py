"""The way back from the browser: a server on 127.0.0.1 for one redirect, which strangers cannot use (RFC 8252)."""

import urllib.error

import pytest

from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.oauth_loopback import Loopback, code_in
from tests.real.oauth_desk import browse


def test_a_stranger_who_knocks_neither_ends_nor_enters_a_log_in() -> None:
    """Any page in the owner's browser can call 127.0.0.1; the provider alone knows the state (RFC 6749, 10.12)."""
    with Loopback("s3cret-state") as loopback:
        here = f"http://127.0.0.1:{loopback.port}"
        for knock in ("", "/", "/?code=evil", "/?code=evil&state=guess", "/?error=access_denied", "/?state=%ff&code=x"):
            assert "not the one" in browse(here + knock)
        early = loopback.wait(0.05)
        browse(f"{here}/?code=good&state=s3cret-state")
        browse(f"{here}/?code=late&state=s3cret-state")
        code = loopback.wait(5)

    assert early is None
    assert code == "good"


def test_the_way_back_is_open_to_this_machine_alone_and_closed_afterwards() -> None:
    with Loopback("state") as loopback:
        host, port = loopback._server.server_address[:2]
    assert host == "127.0.0.1"
    with pytest.raises(urllib.error.URLError):
        browse(f"http://127.0.0.1:{port}/")


def test_a_port_that_is_taken_says_so() -> None:
    with (
        Loopback("state") as first,
        pytest.raises(LoginFault, match=rf"port {first.port} of 127\.0\.0\.1 cannot be used"),
    ):
        Loopback("state", first.port)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1:1/?code=c&state=s", "c"),
        ("?state=s&code=c", "c"),
        ("http://127.0.0.1:1/?code=&state=s", None),
        ("http://127.0.0.1:1/?code=c&state=S", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_only_an_address_with_our_state_has_a_code(address: str, code: str | None) -> None:
    assert code_in(address, "s") == code
