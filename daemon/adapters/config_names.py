"""Names, addresses and codes as they are written in the config, and what they must not hold.

Whatever goes into a header of a letter is held to be hostile (F16): control characters end a header, and an encoded
word can hide them.  So neither is let in, and the message says which character is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import idna

from daemon.adapters.config_wording import listed, nearest, shown
from daemon.domain.calendar import is_known_region

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322, 3.2.3
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_UNSEEN = {
    "Cc",
    "Zl",
    "Zp",
    "Cs",
    "Co",
    "Cn",
}  # Unicode categories: control, line and paragraph separators, no characters
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they let a name read backwards
KEY_PATTERN = "^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$"


def _no_control(text: str, allowed: str = "") -> None:
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
            _no_control(text)
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


def paragraph(text: str) -> str:
    """Text for the body of a letter: several lines are fine."""
    _no_control(text, "\n\t")
    if len(text) > 2000:
        raise ValueError(f"this is {len(text)} characters long; 2000 is the most")
    return text.strip()


def key(text: str) -> str:
    """A name that the owner gives to a client or a policy, to be typed on the command line."""
    if not _KEY.fullmatch(text):
        raise ValueError(
            f"`{shown(text)}` cannot be such a name: use unaccented letters, digits, - . and _, as in `acme-2`"
        )
    return text


def variable(text: str) -> str:
    """The name of an environment variable (POSIX 8.1)."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text, re.ASCII):
        raise ValueError(f"`{shown(text)}` is not the name of an environment variable, such as SMTP_PASSWORD")
    return text


def email(text: str) -> str:
    """A mail address (RFC 5321 4.1.2), its domain as it goes over the wire (RFC 5891) and in lower case.

    Only what needs no SMTPUTF8 and no quoting: an address that was mangled by a library reached somebody else.
    """
    _no_control(text)
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
    if wire != "localhost" and (len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit()):
        raise ValueError(f"`{shown(domain)}`, the part after the @, is not a domain name such as acme.example")
    return wire


def phone(text: str) -> str:
    line_text(60)(text)
    if sum(sign.isdigit() for sign in text) < 2:
        raise ValueError(f'`{shown(text)}` is not a telephone number: write it in quotes, as in "+39 02 5550 1234"')
    return text


def one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"`{shown(text)}` is not one of {listed(words)}{nearest(text, words)}")
        return text

    return read


def boolean(text: str) -> bool:
    """`true` or `false`; YAML's `yes`, `NO` and `on` are words here, and a word is not a decision."""
    if text not in {"true", "false"}:
        meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
        near = meant.get(text.lower(), text.lower())
        raise ValueError(f"`{shown(text)}`: write {near if near in {'true', 'false'} else 'true or false'} here")
    return text == "true"


def tristate(text: str) -> bool | str:
    """`auto`, `true` or `false`."""
    if text == "auto":
        return text
    try:
        return boolean(text)
    except ValueError:
        raise ValueError(f"`{shown(text)}`: write auto, true or false here") from None


def region(text: str) -> str:
    """A country of ISO 3166, with a subdivision where wanted, whose public holidays are known."""
    if re.fullmatch(r"[A-Z]{2}(?:-\S{1,20})?", text) and is_known_region(text):
        return text
    if text.upper() != text and re.fullmatch(r"[A-Z]{2}(?:-\S{1,20})?", text.upper()) and is_known_region(text.upper()):
        raise ValueError(f"`{shown(text)}`: write it in capitals, {text.upper()}")
    country = text.partition("-")[0]
    if country != text and re.fullmatch("[A-Z]{2}", country) and is_known_region(country):
        raise ValueError(
            f"`{shown(text)}`: {country} is known, but not that part of it; write {country}, or another part"
        )
    raise ValueError(
        f"`{shown(text)}` is not a country whose holidays are known: write its two letters, as in IT or DE-BY"
    )


def zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        near = nearest(text, tuple(sorted(available_timezones())))
        raise ValueError(f"`{shown(text)}` is not a time zone{near or ': write one such as Europe/Rome'}") from None


def host(text: str) -> str:
    """A host name or an IP address, without port or scheme."""
    try:
        return str(ip_address(text))
    except ValueError:
        pass
    if text == "localhost" or (len(text) <= 253 and all(map(_LABEL.fullmatch, text.lower().split(".")))):
        return text.lower()
    where = urlsplit(text).hostname if "://" in text else text.partition(":")[0]
    hint = f": write {where}, and the port under `port`" if where and where != text else ", as in mail.acme.example"
    raise ValueError(f"`{shown(text)}` is not the name of a server{hint}")


def authserv_id(text: str) -> str:
    """The name with which a mail server begins its `Authentication-Results` (RFC 8601 section 2.5), in lower case.

    `*.messagingengine.com` where each of a provider's machines has a name of its own; `m365` where there is none.
    """
    name = text.lower()
    machines = name.removeprefix("*.")
    labels = machines.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or len(name) > 253 or (machines != name and len(labels) < 2):
        alone = re.match(r"(?:authentication-results:)?\s*([a-z0-9.-]+)[\s;]", name)
        how = f"write only the name: {alone[1]}" if alone else "it is a name such as mx.google.com, or m365"
        raise ValueError(f"`{shown(text)}` is not how a mail server names itself: {how}")
    return name


def is_loopback(name: str) -> bool:
    """Whether a connection to this host never leaves the machine."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")  # RFC 6761, 6.3


def link(text: str) -> str:
    """A web address to pay at; `{number}` in it stands for the number of the invoice."""
    _no_control(text)
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or re.search(r"[\s<>\"]", text):
        raise ValueError(f'`{shown(text)}` is not a web address: write it as in "https://pay.example/{{number}}"')
    odd = [found for found in re.findall(r"\{[^}]*\}?|\}", text) if found != "{number}"]
    if odd:
        raise ValueError(f"`{shown(odd[0])}` has no meaning in this link: only {{number}} is filled in")
    return text


def path(text: str) -> str:
    _no_control(text)
    return text


def state(text: str) -> str:
    """The state directory, from `tinydb:///absolute/path`."""
    _no_control(text)
    scheme, mark, where = text.partition("://")
    if mark and scheme in {"postgresql", "postgres", "sqlite", "mysql"}:
        raise ValueError(f"`{scheme}:` is not available yet: write tinydb:///var/lib/sollecito")
    if scheme != "tinydb" or not mark:
        raise ValueError(f"`{shown(text)}` is not a place for the state: write tinydb:///var/lib/sollecito")
    if not where.startswith("/") or where == "/":
        raise ValueError(f"`{shown(text)}`: write three slashes and the whole path, as in tinydb:///var/lib/sollecito")
    if ".." in PurePosixPath(where).parts:
        raise ValueError(f"`{shown(text)}`: write the path without `..`")
    return str(PurePosixPath(where))
