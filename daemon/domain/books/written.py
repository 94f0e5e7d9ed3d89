"""What people write into the config or behind a command and what goes into a letter's headers: what must not be in it.

It is held to be hostile (F16): control characters end a header, and an encoded word can hide them.  So neither is let
in, and the message says which character is meant.  Each reader returns the text, or raises `ValueError` with what is
wrong and what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import idna

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")  # of a host name, in lower case (RFC 1123, 2.1)
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322, 3.2.3
_UNSEEN = {
    "Cc",
    "Zl",
    "Zp",
    "Cs",
    "Co",
    "Cn",
}  # Unicode categories: control, line and paragraph separators, no characters
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they let a name read backwards

YEARS = range(1990, 2101)  # of a day that anybody means; sums with it stay in every calendar


def shown(text: str) -> str:
    """Somebody's text as a message may quote it: one line, not too long."""
    quoted = text if text.isprintable() else ascii(text)[1:-1]
    return quoted if len(quoted) <= 60 else quoted[:57] + "..."


def wrong_with_day(day: date) -> str | None:
    """What is wrong with a day that somebody told; None: nothing."""
    if day.year in YEARS:
        return None
    return f"{day}: the year is to be between {YEARS[0]} and {YEARS[-1]}"


def no_control(text: str, allowed: str = "") -> None:
    """Refuse what is not seen and yet does something; `allowed` may be there all the same."""
    for number, sign in enumerate(text, start=1):
        if sign in _TURNING or (unicodedata.category(sign) in _UNSEEN and sign not in allowed):
            raise ValueError(
                f"there is a control character (U+{ord(sign):04X}) at place {number} of this text: take it out"
                + (" and write it on one line" if sign in "\r\n" else "")
            )


def line_text(most: int = 200) -> Callable[[str], str]:
    """A reader of one line that may stand in a header of a letter."""

    def read(text: str) -> str:
        if text.isascii() and text.isprintable():
            pass
        else:
            no_control(text)
        if "=?" in text:
            raise ValueError("`=?` would be read as an encoded word in a letter's header: take it out")
        if not text.strip():
            raise ValueError("nothing is written between the quotes")
        if text != text.strip():
            raise ValueError(f"`{shown(text)}` begins or ends with a space: take it out")
        if len(text) > most:
            raise ValueError(f"this is {len(text)} characters long; {most} is the most")
        return text

    return read


def email(text: str) -> str:
    """A mail address (RFC 5321 4.1.2), its domain as it goes over the wire (RFC 5891) and in lower case.

    Only what needs no SMTPUTF8 and no quoting: an address that was mangled by a library reached somebody else.
    """
    no_control(text)
    if found := re.fullmatch(r".*<([^<>\s]+@[^<>\s]+)>\s*", text):
        raise ValueError(f"write only the address, {shown(found[1])}; the name has a key of its own")
    if any(sign.isspace() for sign in text):
        raise ValueError(
            f"`{shown(text)}` has a space in it: write one address and nothing else, as in anna@acme.example"
        )
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or "@" in local:
        raise ValueError(f"`{shown(text)}` is not a mail address: write it as in anna@acme.example")
    if "=?" in local:
        raise ValueError(f"`{shown(text)}` has `=?` in it, which would be read as an encoded word: not an address")
    if not local.isascii():
        raise ValueError(
            f"`{shown(local)}`, the part before the @, has letters that most mail servers refuse: only plain ones go"
        )
    if not _ATOM.fullmatch(local) or len(local) > 64:
        raise ValueError(f"`{shown(local)}`, the part before the @, is not one of a mail address that can be used here")
    wire = _wire_domain(domain)
    if len(local) + 1 + len(wire) > 254:
        raise ValueError("the address is too long: 254 characters is the most")
    return f"{local}@{wire}"


def _wire_domain(domain: str) -> str:
    wire = domain.lower()
    if not wire.isascii():
        try:
            wire = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise ValueError(f"`{shown(domain)}`, the part after the @, is not a domain name") from None
    labels = wire.split(".")
    if wire != "localhost" and (len(labels) < 2 or not all(map(LABEL.fullmatch, labels)) or labels[-1].isdigit()):
        raise ValueError(f"`{shown(domain)}`, the part after the @, is not a domain name such as acme.example")
    return wire


def is_email(text: str) -> bool:
    """Whether it is an address as `email` would return it."""
    try:
        return email(text) == text
    except ValueError:
        return False
