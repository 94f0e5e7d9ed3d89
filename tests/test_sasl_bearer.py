"""How a token is said to a mail server, octet by octet (RFC 7628, and Google's page on XOAUTH2)."""

import base64

import pytest

from daemon.adapters.sasl_bearer import BearerLogin, mechanism_of, told_in


def test_xoauth2_is_said_as_google_documents_it() -> None:
    """The example of "OAuth 2.0 Mechanism" in Google's documentation."""
    attempt = BearerLogin(
        "XOAUTH2", "someuser@example.com", "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", "imap.example.com", 993
    )

    assert base64.b64encode(attempt.first) == (
        b"dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB2RjlkZnQ0cW1UYzJOdmIzUmxja0JoZEhSaGRtbHpkR0V1WTI5dENnAQE="
    )
    assert attempt.last(b"") == b""


def test_oauthbearer_is_said_as_the_rfc_shows_it() -> None:
    """RFC 7628 section 4.1."""
    attempt = BearerLogin(
        "OAUTHBEARER", "user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", "server.example.com", 143
    )

    assert base64.b64encode(attempt.first) == (
        b"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52"
        b"YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
    )
    assert base64.b64encode(attempt.last(b"")) == b"AQ=="


def test_a_comma_or_an_equals_sign_in_a_name_cannot_begin_another_field() -> None:
    """RFC 5801 section 4: saslname."""
    attempt = BearerLogin("OAUTHBEARER", "a,b=c@example.com", "t", "h", 1)

    assert attempt.first.startswith(b"n,a=a=2Cb=3Dc@example.com,\1")


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ({"XOAUTH2", "OAUTHBEARER", "PLAIN"}, "XOAUTH2"),
        ({"OAUTHBEARER"}, "OAUTHBEARER"),
        ({"PLAIN", "LOGIN"}, None),
    ],
)
def test_oauthbearer_is_taken_only_where_it_stands_alone(offered: set[str], taken: str | None) -> None:
    assert mechanism_of(frozenset(offered)) == taken


@pytest.mark.parametrize(
    ("challenge", "told"),
    [
        (b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}', "status 400, scope https://mail.google.com/"),
        (b'{"status":"invalid_token","scope":"a\\r\\nb"}', "status invalid_token, scope a b"),
        (b'{"status":{"x":1}}', ""),
        (b'["status"]', ""),
        (b"eyJ", ""),
        (b"\xff\xfe", ""),
        (b"", ""),
    ],
)  # fmt: skip
def test_what_a_refusal_says_is_read_and_strangers_may_write_anything(challenge: bytes, told: str) -> None:
    assert told_in(challenge) == told
