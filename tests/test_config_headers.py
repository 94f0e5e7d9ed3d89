"""What the config says for a header of a letter: addresses, names and numbers that could be read otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config_builder import changed, invoice_with, loaded, problems


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("x@y.example NOTIFY=NEVER", "has a space in it"),
        ('"x@y.example\\r\\nBcc: z@y.example"', "control character (U+000D) at place 12"),
        ('"x\\0@y.example"', "control character (U+0000)"),
        ('"=?utf-8?q?a?=@y.example"', "would be read as an encoded word"),
        ("ä@y.example", "has letters that most mail servers refuse"),
        ("Anna <anna@acme.example>", "write only the address, anna@acme.example"),
        ("anna", "is not a mail address"),
        ("anna@acme", "not a domain name"),
        ("anna@-acme.example", "not a domain name"),
        ("anna@10.0.0.1", "not a domain name"),
        ("a..b@acme.example", "is not one of a mail address"),
        ('"\\"a b\\"@acme.example"', "has a space in it"),
        ("a@b@acme.example", "is not a mail address"),
        ('"anna@acme.example,beta@acme.example"', "is not a mail address"),
    ],
)
def test_F16_an_address_that_could_be_read_otherwise_is_refused(tmp_path: Path, address: str, said: str) -> None:
    """A library mangled the first of these into another command; the second wrote a header of its own."""
    found = problems(tmp_path, changed("email: anna@acme.example", f"email: {address}"))

    assert len(found) == 1
    assert found[0].startswith("c.yaml:10:29: ")
    assert said in found[0]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"Anna\\r\\nBcc: x@y.example"', "control character (U+000D)"),
        ('"=?utf-8?q?a=0D=0ABcc:_x@y?="', "`=?` would be read as an encoded word"),
        ('"Anna\\u202egpj"', "control character (U+202E)"),
        ('"Anna\\u2028x"', "control character (U+2028)"),
        ('" Anna"', "begins or ends with a space"),
        ("x" * 201, "200 is the most"),
    ],
)
def test_F16_a_name_that_could_break_a_header_is_refused(tmp_path: Path, written: str, said: str) -> None:
    for old, new in (("name: Anna", f"name: {written}"), ("name: Bianchi", f"name: {written}")):
        found = problems(tmp_path, changed(old, new))

        assert len(found) == 1
        assert said in found[0]


def test_F16_a_number_that_goes_into_a_subject_is_held_to_the_same(tmp_path: Path) -> None:
    found = problems(tmp_path, invoice_with(number='"1\\nBcc: x@y.example"'))

    assert "control character (U+000A) at place 2" in found[0]


def test_an_address_with_a_domain_of_any_script_is_kept_as_it_goes_over_the_wire(tmp_path: Path) -> None:
    """RFC 5891: the mail library does not encode domains."""
    settings = loaded(tmp_path, changed("anna@acme.example", "anna@Bücher.example")).settings

    assert settings is not None
    assert settings.ledger.clients["acme"].contacts[0].email == "anna@xn--bcher-kva.example"
