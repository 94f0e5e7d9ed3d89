"""What lies in a signed file (.p7m: CMS, RFC 5652 section 5; CAdES).  The signature is not verified.

Who signed an invoice of our own is no question of ours: what is in it goes through the same checks as any other file.
BER as well as DER, also as base64, also signed twice.
"""

from __future__ import annotations

import base64
import re

from asn1crypto import cms

from daemon.adapters.import_xml import MOST_OCTETS, Unreadable

_MOST_WRAPPINGS = 3
#: Without space around it, which would match twice; `++` gives nothing back, so that it is read once.
_BASE64 = re.compile(rb"(?:-----BEGIN [A-Z0-9 ]++-----)?([A-Za-z0-9+/=\s]++)(?:-----END [A-Z0-9 ]++-----)?")


def is_signed(content: bytes) -> bool:
    """Whether it begins as a CMS does: a SEQUENCE with the object id 1.2.840.113549.1.7.2."""
    return content[:1] == b"\x30" and b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" in content[:30]


def unwrapped(content: bytes) -> bytes:
    """The document in a signed file.

    Raises:
        Unreadable: it is none, or the document is not in it.
    """
    if len(content) > MOST_OCTETS:
        raise Unreadable(f"larger than {MOST_OCTETS // 1024 // 1024} MB: no invoice is")
    for _ in range(_MOST_WRAPPINGS):
        if not is_signed(content):
            content = _from_base64(content)
        content = _one_wrapping(content)
        if not is_signed(content):
            return content
    raise Unreadable(f"it is signed more than {_MOST_WRAPPINGS} times over")


def _from_base64(content: bytes) -> bytes:
    found = _BASE64.fullmatch(content.strip())
    try:
        decoded = base64.b64decode(found[1]) if found else b""
    except ValueError:
        decoded = b""
    if not is_signed(decoded):
        raise Unreadable("this is no signed file (CMS SignedData), whatever its name says")
    return decoded


def _one_wrapping(content: bytes) -> bytes:
    try:
        held = cms.ContentInfo.load(content)["content"]["encap_content_info"]["content"]
        document = bytes(held.native or b"")
    except Exception as error:  # a decoder on hostile octets raises whatever it likes; nothing was done by then
        raise Unreadable(f"this signed file is damaged ({type(error).__name__})") from None
    if not document:
        raise Unreadable("the signature lies apart: there is no document in it; name the .xml")
    return document
