"""What a dossier holds: its pieces with their sums, what is missing and why, and names that are safe in any archive."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
_LONGEST_NAME = 60  # characters
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})


class Piece(NamedTuple):
    """One file of a dossier."""

    name: str  # with `/` between folders; see `safe_name`
    content: bytes
    what: str  # in English, for the manifest


class Missing(NamedTuple):
    """What the dossier should have and has not."""

    what: str
    because: str


def safe_name(text: str) -> str:
    """A text as a part of a file's name: plain letters, digits, dots and dashes; no folder, and nothing hidden."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain).strip("-.")[:_LONGEST_NAME].rstrip("-.") or "unnamed"


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, with a number before its ending where it is taken; upper and lower case are one."""
    known = {other.lower() for other in taken}
    stem, dot, ending = name.rpartition(".")
    found, count = name, 1
    while found.lower() in known:
        count += 1
        found = f"{stem}-{count}.{ending}" if dot and "/" not in ending else f"{name}-{count}"
    return found


def with_manifest(about: dict[str, Any], pieces: Sequence[Piece], missing: Sequence[Missing]) -> list[Piece]:
    """The pieces, their manifest, and the sums of all of them as `sha256sum -c` reads them.

    Args:
        about: what the manifest says first: whose dossier it is, and of which day.
    """
    manifest = {
        **about,
        "files": [
            {"name": p.name, "what": p.what, "size": len(p.content), "sha256": sha256(p.content).hexdigest()}
            for p in pieces
        ],
        "missing": [m._asdict() for m in missing],
    }
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    listed = [*pieces, Piece(MANIFEST, content, "this list")]
    sums = "".join(f"{sha256(piece.content).hexdigest()}  {piece.name}\n" for piece in listed)
    return [*listed, Piece(SUMS, sums.encode(), "the sums of all files: sha256sum -c SHA256SUMS")]
