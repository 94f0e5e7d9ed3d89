"""The files attached to a mail in which invoices may be: XML, PDF, and signed ones (.p7m), as octets.

Looked for is what lies in the mail itself: of a mail that is attached to it, as forwarded ones are, no part counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from daemon.mail.headers import decode_words
from daemon.mail.parse import Mail
from daemon.mail.part import MOST_PARTS, Part, params_of

MOST_OCTETS = 2 << 20  # of one mail; a larger one is not fetched whole (`daemon.adapters.imap_fetch`)
_MOST_FILES = 10
_LONGEST_NAME = 80
_SUFFIXES = (".xml", ".pdf", ".p7m")
_TYPES = ("application/xml", "text/xml", "application/pdf", "application/x-pdf")
_OF_MAIL = ("smime.p7m", "smime.p7s")  # the signature of the mail itself (RFC 8551)


class SentFile(NamedTuple):
    name: str  # without folders; may be made up
    content: bytes


def sent_files(mail: Mail) -> tuple[SentFile, ...]:
    """The files of a mail that was parsed with `MOST_OCTETS`, in its order; so many as one sends at a time."""
    found: list[SentFile] = []
    for part in _leaves(mail.root):
        name = _name(part)
        if name.lower() in _OF_MAIL or not (name.lower().endswith(_SUFFIXES) or part.type in _TYPES):
            continue
        if len(found) == _MOST_FILES:
            break
        found.append(SentFile(name or f"{len(found) + 1}{_suffix(part)}", part.octets))
    return tuple(found)


def _leaves(root: Part) -> Iterator[Part]:
    waiting, seen = [root], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        if part.type.startswith("multipart/"):
            waiting.extend(reversed(part.children))
        elif not part.type.startswith("message/"):
            yield part


def _name(part: Part) -> str:
    """What the file is called (RFC 2183, RFC 2231); "" where it is not said."""
    disposition = params_of(part.headers.first("content-disposition"))
    extended = disposition.get("filename*") or part.params.get("name*") or ""
    written = disposition.get("filename") or part.params.get("name") or ""
    name = unquote(extended.rpartition("'")[2], errors="replace") if extended else decode_words(written)
    plain = "".join(sign for sign in PurePosixPath(name.replace("\\", "/")).name if sign.isprintable()).strip()
    return plain if len(plain) <= _LONGEST_NAME else plain[-_LONGEST_NAME:]


def _suffix(part: Part) -> str:
    return ".pdf" if part.type.endswith("pdf") else ".xml"
