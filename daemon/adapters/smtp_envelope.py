"""A parcel, checked and put into the bytes of an SMTP transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from daemon.ports import Fault, Parcel, Refused

# RFC 5321 section 4.1.2: Dot-string; dots in odd places are let through, because a large Japanese carrier gave out such
# addresses.  Quoted local parts are not: nobody's accounts department has one, and they are where injections hide.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.(?!-)[A-Za-z0-9-]{1,63})*")
_LONGEST_ADDRESS = 254  # octets: RFC 5321 section 4.5.3.1.3, less the angle brackets
_LONGEST_ENVID = 100  # characters: RFC 3461 section 4.4
_NOT_XCHAR = re.compile(r"[^!-*,-<>-~]")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes over the wire for one letter."""

    sender: bytes  # b"fatture@bianchi.example", without brackets
    recipient: bytes
    content: bytes  # dot-stuffed, ends with CRLF, without the final dot
    size: int  # octets before the dot-stuffing: SIZE of RFC 1870
    envid: bytes  # xtext, or b""


def seal(parcel: Parcel) -> Envelope | Refused:
    """Check a parcel for the last time before it meets a command line (F15, F16)."""
    if (sender := _mailbox(parcel.sender)) is None:
        return Refused(Fault.OURS, f"creditor.email is not an address that can be sent from: {parcel.sender!a}")
    if (recipient := _mailbox(parcel.recipient)) is None:
        return Refused(Fault.ADDRESS, f"not an address that can be sent to: {parcel.recipient!a}")
    content = parcel.content
    if (wrong := _fault_of_content(content)) is not None:
        return Refused(Fault.MESSAGE, wrong)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    size = len(content)
    if b"\r\n." in content:  # RFC 5321 section 4.5.2
        content = content.replace(b"\r\n.", b"\r\n..")
    if content.startswith(b"."):
        content = b"." + content
    envid = xtext(parcel.envelope_id)
    return Envelope(sender, recipient, content, size, envid if len(envid) <= _LONGEST_ENVID else b"")


def xtext(text: str) -> bytes:
    """RFC 3461 section 4: printable ASCII but "+" and "=", everything else as "+" and two hexadecimal digits."""
    if _NOT_XCHAR.search(text) is None:
        return text.encode("ascii")
    return "".join(
        chr(octet) if 33 <= octet <= 126 and octet not in b"+=" else f"+{octet:02X}" for octet in text.encode()
    ).encode("ascii")


@lru_cache(maxsize=1024)
def _mailbox(address: str) -> bytes | None:
    """The address in ASCII, its domain by IDNA (RFC 5891, mapped as UTS 46 says); None when it is none."""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    if _LOCAL_PART.fullmatch(local) is None or _DOMAIN.fullmatch(domain) is None or domain.isdigit():
        return None
    mailbox = f"{local}@{domain}".encode("ascii")
    return mailbox if len(mailbox) <= _LONGEST_ADDRESS else None


def _fault_of_content(content: bytes) -> str | None:
    if not content:
        return "the letter is empty"
    if not content.isascii() or b"\0" in content:
        return "the letter is not 7-bit text: it should have been encoded when it was built"
    ends = content.count(b"\r\n")
    if content.count(b"\n") != ends or content.count(b"\r") != ends:
        return (
            "the letter has a bare CR or LF, which some servers read as the end of the letter (RFC 5321 section 2.3.8)"
        )
    return None
