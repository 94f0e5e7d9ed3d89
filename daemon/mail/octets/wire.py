"""Header values and bodies as octets: RFC 5322, RFC 2047, RFC 2231, RFC 2045, and IDNA for domains (F15, F16)."""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_base64, b2a_qp
from email.errors import MessageDefect, MultipartInvariantViolationDefect
from email.message import Message
from functools import lru_cache
from urllib.parse import quote

import idna

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_FORBIDDEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]|=\\?")
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")  # a display name that needs no quotes
_QUOTABLE = re.compile(
    r"[ !#-;=?-\[\]-~]+"
)  # what may stand between quotes without a backslash; no angle brackets either
_LINE = 76  # columns of a header line, where there is a place to fold
_ENCODED = 45  # octets of UTF-8 in one encoded word of 75 characters (RFC 2047 section 2)


class Unsendable(ValueError):
    """This letter cannot be put on the wire as it was meant; nothing was left out or mended."""


def refuse_unsafe(text: str, what: str) -> str:
    """The text itself; `Unsendable` where it holds a control character or `=?` (FIELD 6: that became a header)."""
    if found := _FORBIDDEN.search(text):
        raise Unsendable(f"{what} holds {found[0]!r}, which has no place in a header: {text!r}")
    return text


@lru_cache(maxsize=4096)
def wire_address(address: str) -> str:
    """An address for the envelope and the headers: local part as it is, domain in its ASCII form (RFC 5890).

    Raises:
        Unsendable: it is no plain address, its local part is not ASCII (that needs SMTPUTF8), or its domain is none.
    """
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > 64 or "=?" in local:
        raise Unsendable(f"{address!r} is no address that every server takes")
    return f"{local}@{wire_domain(domain)}"


@lru_cache(maxsize=4096)
def wire_domain(domain: str) -> str:
    """A domain in its ASCII form."""
    ascii_form = domain
    if not domain.isascii():
        try:
            ascii_form = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError as error:
            raise Unsendable(f"{domain!r} is no domain: {error}") from None
    if not _DOMAIN.fullmatch(ascii_form):
        raise Unsendable(f"{domain!r} is no domain")
    return ascii_form


def mailbox(name: str, address: str, what: str) -> str:
    """`Anna Verdi <anna@acme.example>`, the name quoted or encoded where it has to be."""
    wire = wire_address(address)
    if not refuse_unsafe(name, what):
        return wire
    if _PLAIN_WORDS.fullmatch(name):
        return f"{name} <{wire}>"
    if _QUOTABLE.fullmatch(name):
        return f'"{name}" <{wire}>'
    return f"{encoded_words(name, len(what) + 2)} <{wire}>"


def words(text: str, used: int) -> str:
    """Unstructured text, folded behind `used` columns; encoded where it is not ASCII or has no place to fold."""
    if not text.isascii() or any(len(word) > _LINE - 2 for word in text.split(" ")):
        return encoded_words(text, used)
    lines, line = [], ""
    for word in text.split(" "):
        if line and used + len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line, used = word, 1
        else:
            line = f"{line} {word}" if line else word
    return "\r\n ".join([*lines, line])


def encoded_words(text: str, used: int) -> str:
    """RFC 2047 `B` words in UTF-8, a character never cut in two, one word a line."""
    found: list[bytes] = []
    room = max(12, (_LINE - used - 12) // 4 * 3)
    chunk = b""
    for character in text:
        octets = character.encode()
        if len(chunk) + len(octets) > min(room, _ENCODED):
            found.append(chunk)
            chunk, room = b"", _ENCODED
        chunk += octets
    return "\r\n ".join(f"=?utf-8?B?{b64encode(piece).decode()}?=" for piece in [*found, chunk])


def addresses(boxes: list[str]) -> str:
    """Mailboxes, one a line."""
    return ",\r\n ".join(boxes)


def file_name(name: str) -> str:
    """The `filename` of a Content-Disposition: quoted, or by RFC 2231; a path or a control character is refused."""
    refuse_unsafe(name, "the name of an attachment")
    if not name or "/" in name or "\\" in name:
        raise Unsendable(f"{name!r} is no name for an attachment")
    if name.isascii() and len(name) <= 60:
        return 'filename="' + name.replace('"', '\\"') + '"'
    pieces = quote(name, safe="-._~")
    if len(pieces) <= 60:
        return f"filename*=utf-8''{pieces}"
    lines, rest, index = [], f"utf-8''{pieces}", 0
    while rest:  # RFC 2231 section 3: long values in numbered pieces, an escape never cut in two
        cut = min(60, len(rest))
        while cut < len(rest) and "%" in rest[cut - 2 : cut]:
            cut -= 1
        lines.append(f"filename*{index}*={rest[:cut]}")
        rest, index = rest[cut:], index + 1
    return ";\r\n ".join(lines)


def quoted_printable(text: str) -> bytes:
    """A body part in quoted-printable: 7 bit, lines of at most 76, CRLF."""
    return b2a_qp(text.replace("\r\n", "\n").replace("\n", "\r\n").encode(), quotetabs=False, istext=True)


def base64_lines(content: bytes) -> bytes:
    """A file in base64, lines of 76, CRLF."""
    return b"\r\n".join(b2a_base64(content[i : i + 57], newline=False) for i in range(0, len(content), 57))


def faults_in(headers: Message) -> list[MessageDefect]:
    """What the stdlib finds wrong in a header block that was parsed without its body.

    Before 3.11.4 its header parser calls every multipart header a fault, because no part follows it.
    """
    return [defect for defect in headers.defects if not isinstance(defect, MultipartInvariantViolationDefect)]
