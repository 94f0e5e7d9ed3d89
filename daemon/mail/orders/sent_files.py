"""The files attached to a mail in which invoices may be: XML, PDF, and signed ones (.p7m), as octets.

Looked for is what lies in the mail itself: of a mail that is attached to it, as forwarded ones are, no part counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from daemon.mail.octets.headers import decode_words
from daemon.mail.octets.parse import Mail
from daemon.mail.octets.part import MOST_PARTS, Part, params_of

MOST_OCTETS = 10 << 20  # of one mail; few servers take larger ones with a file
_MOST_FILES = 10
_LONGEST_NAME = 80
_SUFFIXES = (".xml", ".pdf", ".p7m")
_TYPES = ("application/xml", "text/xml", "application/pdf", "application/x-pdf")
_OF_MAIL = ("smime.p7m", "smime.p7s")  # the signature of the mail itself (RFC 8551)


class SentFile(NamedTuple):
    name: str  # without folders; may be made up
    content: bytes


def pdf_of(number: str, source: str, files: Sequence[SentFile], *, alone: bool) -> SentFile | None:
    """The PDF of an invoice among the files of its mail: the one it was read from, or the one that bears its number.

    Args:
        source: the file from which it was read; "": the subject.
        alone: no other invoice is in the mail, so that the only PDF is this one's.
    """
    pdfs = [file for file in files if b"%PDF-" in file.content[:1024]]
    own = [file for file in pdfs if file.name == source] or (pdfs if alone and len(pdfs) == 1 else [])
    named = own or [file for file in pdfs if _bare(number) in _bare(file.name)]
    return named[0] if len(named) == 1 else None


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


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
