"""The token that ties answers to letters (F17)."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.mail.tokens.token import find_tokens, message_id, token

KEY = bytes(range(32))


def test_a_token_keeps_128_bits_and_names_its_key() -> None:
    """26 letters of base32 are 130 bits, of which 128 are the MAC's."""
    made = token("k1", KEY, "acme-3")

    assert re.fullmatch(r"sol-k1-[a-z2-7]{26}", made)


def test_the_same_letter_has_the_same_token_on_every_machine() -> None:
    """Tokens of letters that are out must verify for ever: the scheme is pinned here."""
    assert token("k1", KEY, "acme-3") == "sol-k1-" + PINNED


PINNED = "jur6weytnry2a2c6r3wdnqdkey"


def test_another_letter_key_or_key_id_is_another_token() -> None:
    made = {token("k1", KEY, "acme-3"), token("k1", KEY, "acme-4"), token("k1", KEY[::-1], "acme-3")}

    assert len(made) == 3
    assert token("k2", KEY, "acme-3").startswith("sol-k2-")


@pytest.mark.parametrize(
    ("key_id", "key"), [("", KEY), ("K1", KEY), ("k-1", KEY), ("toolongid", KEY), ("k1", b"short")]
)
def test_a_key_that_would_make_an_unsafe_token_is_refused(key_id: str, key: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        token(key_id, key, "acme-3")


@pytest.mark.parametrize(
    "around",
    [
        "fatture+{}@bianchi.example",
        "<{}@bianchi.example>",
        "FATTURE=2B{}@BIANCHI.EXAMPLE",
        "SRS0=aB3d=XY=bianchi.example=fatture+{}@forwarder.example",
        "bounces+fatture+{}=bianchi.example@list.example",
        "Original-Envelope-Id: {}",
    ],
)
def test_F17_a_token_is_found_in_whatever_case_and_whatever_a_forwarder_glued_to_it(around: str) -> None:
    made = token("k1", KEY, "acme-3")

    for shape in (made, made.upper(), made.title()):
        assert find_tokens(around.format(shape)) == (made,)


def test_every_candidate_is_named_once_in_order() -> None:
    first, second = token("k1", KEY, "acme-3"), token("k2", KEY, "acme-4")

    assert find_tokens(f"{second} x {first.upper()} x {second}") == (second, first)


@given(st.text())
def test_text_without_a_token_has_none(text: str) -> None:
    found = find_tokens(text)

    assert all(candidate.startswith("sol-") and len(candidate) >= 32 for candidate in found)


def test_looking_for_tokens_takes_linear_time() -> None:
    """Strangers write what is searched: near misses must cost no more than a pass over the text."""
    begun = time.process_time()
    find_tokens("sol-" * 500_000)
    find_tokens("sol-k1-" + "a" * 2_000_000)
    find_tokens(("sol-k1-" + "a" * 25 + "!") * 60_000)

    assert time.process_time() - begun < 2


def test_a_message_id_is_the_token_at_the_domain() -> None:
    assert message_id("sol-k1-abc", "bianchi.example") == "<sol-k1-abc@bianchi.example>"
