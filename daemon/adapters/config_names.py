"""Names, addresses and codes as they are written in the config, and what they must not hold.

Whatever goes into a header of a letter is held to be hostile (F16): control characters end a header, and an encoded
word can hide them.  So neither is let in, and the message says which character is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from daemon.adapters.config_wording import listed, nearest, shown
from daemon.domain.books.calendar import is_known_region
from daemon.domain.books.written import LABEL, no_control
from daemon.domain.books.written import email as email
from daemon.domain.books.written import line_text as line_text

_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
KEY_PATTERN = "^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$"
_CURLY = ("“", "”", "„", "«", "‘", "’", "‚")
_NUMBER = line_text(60)


def invoice_number(text: str) -> str:
    """As on the invoice.  The quotes of a text program are no quotes of YAML: they would be printed on the letters."""
    if text[:1] in _CURLY:
        raise ValueError(f"`{shown(text)}`: such quotes are read as a part of it: write straight quotes, or none")
    return _NUMBER(text)


def paragraph(text: str) -> str:
    """Text for the body of a letter: several lines are fine."""
    no_control(text, "\n\t")
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
    if text == "localhost" or (len(text) <= 253 and all(map(LABEL.fullmatch, text.lower().split(".")))):
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
    if not all(map(LABEL.fullmatch, labels)) or len(name) > 253 or (machines != name and len(labels) < 2):
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
    no_control(text)
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or re.search(r"[\s<>\"]", text):
        raise ValueError(f'`{shown(text)}` is not a web address: write it as in "https://pay.example/{{number}}"')
    odd = [found for found in re.findall(r"\{[^}]*\}?|\}", text) if found != "{number}"]
    if odd:
        raise ValueError(f"`{shown(odd[0])}` has no meaning in this link: only {{number}} is filled in")
    return text


def path(text: str) -> str:
    no_control(text)
    return text


def state(text: str) -> str:
    """The state directory, from `tinydb:///absolute/path`."""
    no_control(text)
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
