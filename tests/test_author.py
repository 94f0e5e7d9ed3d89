"""One From, one address, or nobody: where a mistake would let a stranger command."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.mail.octets.headers import MOST_VALUE
from daemon.mail.whose.author import author_of, fields_of
from tests.authentic_mails import OWNER, mail


@pytest.mark.parametrize(
    "written",
    [
        OWNER,
        f"<{OWNER}>",
        f"Giulia Bianchi <{OWNER}>",
        f'"Bianchi, Giulia" <{OWNER}>',
        f'"a \\"quoted\\" name" <{OWNER}>',
        f"=?utf-8?q?Giulia_Bianchi?= <{OWNER}>",
        f"Giulia B. (Studio) <{OWNER}>",
        f"{OWNER} (Giulia Bianchi)",
        f"Giulia\n <{OWNER}>",
        "Giulia <Giulia@Bianchi.EXAMPLE>",
        f'"{OWNER}" <{OWNER}>',
        f"Giulia è qui <{OWNER}>",
    ],
)
def test_the_owners_address_is_read_in_the_ways_that_mail_programs_write_it(written: str) -> None:
    assert author_of(mail("", written)) == OWNER


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"{OWNER}, mallory@evil.example", ""),
        (f"<{OWNER}>, <mallory@evil.example>", ""),
        (f"<{OWNER}> <mallory@evil.example>", ""),
        (f"{OWNER} <mallory@evil.example>", ""),
        (f'"{OWNER}" <mallory@evil.example>', "mallory@evil.example"),
        ("=?utf-8?q?giulia=40bianchi=2Eexample?= <mallory@evil.example>", "mallory@evil.example"),
        (f"({OWNER}) mallory@evil.example", "mallory@evil.example"),
        (f"mallory@evil.example (x) <{OWNER}>", ""),
        ("giulia@bianchi.example(x).evil.example", ""),
        (f"<@evil.example:{OWNER}>", ""),
        (f"Group: {OWNER};", ""),
        (f"{OWNER}\0.evil.example", ""),
        (f"<{OWNER}", ""),
        (f"{OWNER}>", ""),
        (f"(<{OWNER}>", ""),
        (f"{OWNER} (Giulia", ""),
        (f'"<{OWNER}>', ""),
        ('"giulia@bianchi.example"@evil.example', ""),
        ("giulia @bianchi.example", ""),
        ("giulia@[203.0.113.4]", ""),
        ("giulia@bianchi", ""),
        ("giulia", ""),
        ("", ""),
        (f"=?utf-8?q?<{OWNER}>?=", ""),
        ("giulia@biаnchi.example", "giulia@xn--binchi-4nf.example"),
        ("giulia@ｂianchi.example", ""),
        ("giulia@bianchi。example", ""),
        ("giulia@bücher.example", "giulia@xn--bcher-kva.example"),
        ("giulia@bianchi.example.", OWNER),
    ],
)
def test_F49_who_only_looks_like_the_owner_is_not(written: str, expected: str) -> None:
    assert author_of(mail("", written)) == expected


@pytest.mark.parametrize(
    "header",
    [
        "From: mallory@evil.example\n",
        "from: mallory@evil.example\n",
        "FROM: giulia@bianchi.example\n",
        "From : mallory@evil.example\n",
        "X-Name: x\rFrom: mallory@evil.example\n",
        "no field at all\n",
        " folded onto nothing\n",
        "X-Long: " + "x" * 300_000 + "\n",
    ],
)
def test_two_froms_and_a_header_that_two_servers_may_read_in_two_ways_are_nobodys(header: str) -> None:
    assert author_of(mail(header)) == ""


def test_a_line_of_an_mbox_and_the_body_are_no_fields() -> None:
    raw = b"From giulia@x Tue Nov 17\r\n" + mail("X-A: 1\n", rest="\nFrom: mallory@evil.example\n")

    assert fields_of(raw) == (("x-a", "1"), ("from", f"Giulia Bianchi <{OWNER}>"))


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: mail("", text)))
def test_whatever_a_mail_holds_nothing_is_raised_and_an_author_is_an_address(raw: bytes) -> None:
    author = author_of(raw)

    assert author == "" or (author.isascii() and author.count("@") == 1 and author == author.lower())


@pytest.mark.parametrize("piece", ["(", "()", '"', '""', "a ", "\\", "<", "a@b.c,", "\n a"])
def test_F39_a_long_from_takes_linear_time(piece: str) -> None:
    """As long as one that is read; of a longer one the beginning is looked at, and that is nobody's."""
    begun = time.process_time()
    author_of(mail("", piece * ((MOST_VALUE - 100) // len(piece))))

    assert time.process_time() - begun < 0.3
