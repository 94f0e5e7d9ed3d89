"""What could smuggle something into a header or an envelope is refused, not mended (F16)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.mail.letters.message import Attachment, Unsendable, read_again
from tests.letter_cases import a_letter, write
from tests.message_cases import octets


@pytest.mark.parametrize(
    "address",
    [
        "x@y NOTIFY=NEVER",
        "x@y.example\r\nRCPT TO:<z@y.example>",
        "x@y.example, z@y.example",
        "x y@y.example",
        "<x@y.example>",
        "=?utf-8?q?x=40y?=@y.example",
        "josé@y.example",
        "x@",
        "@y.example",
        "x@-y.example",
        "x@y..example",
        "x@a_b.example",
        "x" * 65 + "@y.example",
        "",
    ],
)
def test_F16_an_address_that_is_more_than_an_address_is_refused(address: str) -> None:
    with pytest.raises(Unsendable):
        octets(a_letter(to=address))
    with pytest.raises(Unsendable):
        octets(a_letter(cc=(address,)))
    with pytest.raises(Unsendable):
        octets(creditor={"email": address})


@pytest.mark.parametrize(
    "text",
    ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\x00b", "=?utf-8?q?a=0D=0ABcc:_x@y.example?=", "a\u2028b", "\ud800"],
)
def test_F16_a_name_or_subject_that_could_become_a_header_is_refused(text: str) -> None:
    """Not mended: the owner is told, and corrects it."""
    with pytest.raises(Unsendable):
        octets(a_letter(to_name=text), write(a_letter()))
    with pytest.raises(Unsendable):
        octets(creditor={"name": text})
    with pytest.raises(Unsendable):
        octets(creditor={"contact": text})
    with pytest.raises(Unsendable):
        octets(rendered=replace(write(a_letter()), subject=text))
    with pytest.raises(Unsendable):
        octets(attachments=(Attachment(name=f"{text}.pdf", content=b""),))


HEADERS = [("From", "G <f@b.example>"), ("To", "Anna Verdi <anna@acme.example>"), ("Subject", "Hello")]
MEANT = {"From": [("G", "f@b.example")], "To": [("Anna Verdi", "anna@acme.example")]}


def head_of(headers: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Subject", "Hello\r\nBcc: x@y.example"),
        ("Subject", "Hello\nBcc: x@y.example"),
        ("Subject", "Hello\rBcc: x@y.example"),
        ("Subject", "Hello\r\n\r\n<p>a body"),
        ("Subject", "Hello\r\nno header at all"),
        ("Subject", "Hello!"),
        ("Subject", "=?utf-8?q?Hello=0D=0ABcc:_x@y.example?="),
        ("Subject", "Hello" + "\r\n " * 1 + "x" * 1000),
        ("To", "Anna Verdi <anna@acme.example>, x@y.example"),
        ("To", "Anna Verdi <anna@acme.example.evil.example>"),
        ("To", "Anna <anna@acme.example>"),
        ("From", "G <f@b.example>\r\nFrom: x@y.example"),
        ("From", "=?utf-8?q?G_=3Cx=40y.example=3E?= <f@b.example>"),
    ],
)
def test_F16_what_does_not_read_back_as_it_was_meant_is_refused(header: str, value: str) -> None:
    """The last line of defence: suppose the encoder let something through."""
    smuggled = [(name, value if name == header else right) for name, right in HEADERS]
    read_again(head_of(HEADERS), HEADERS, MEANT, "Hello")
    with pytest.raises(Unsendable):
        read_again(head_of(smuggled), smuggled, MEANT, "Hello")


@pytest.mark.parametrize("name", ["../x.pdf", "a\\b.pdf", "", "a\r\nX: y.pdf"])
def test_F16_a_file_name_that_is_a_path_or_a_header_is_refused(name: str) -> None:
    with pytest.raises(Unsendable):
        octets(attachments=(Attachment(name=name, content=b""),))
