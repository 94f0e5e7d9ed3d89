"""One part of a mail: its header, its bytes, its children (RFC 2045, RFC 2046), each read only when asked for."""

from __future__ import annotations

import binascii
import re

from daemon.mail.octets.headers import Headers, decode_bytes

MOST_PARTS = 64
MOST_DEPTH = 8
MOST_DECODED = 512 * 1024  # bytes of one part that are decoded
_MOST_HEADER = 128 * 1024
_PARAM = re.compile(r""";\s*([\w*-]{1,40})\s*=\s*(?:"([^"]{0,400})"|([^\s;"]{1,400}))""")
_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,120}")
_EMBEDDED = ("message/rfc822", "message/global", "message/news", "message/rfc2822")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class Part:
    """A mail or one of its parts, as a slice of the bytes."""

    __slots__ = ("_children", "_text", "body", "depth", "headers", "params", "type")

    def __init__(self, data: bytes, depth: int = 0, default: str = "text/plain") -> None:
        if data.startswith(b"\n"):  # no header at all
            block, self.body = b"", data[1:]
        else:
            end = data.find(b"\n\n")
            block, self.body = (data, b"") if end < 0 else (data[:end], data[end + 2 :])
        self.headers = Headers(block[:_MOST_HEADER])
        self.depth = depth
        value = self.headers.first("content-type")
        kind = value.partition(";")[0].strip().lower()
        self.type = kind if _TYPE.fullmatch(kind) else default
        self.params = params_of(value)
        self._children: tuple[Part, ...] | None = None
        self._text: str | None = None

    @property
    def attached(self) -> bool:
        """Whether it is marked as an attachment (RFC 2183)."""
        return self.headers.first("content-disposition")[:10].lower() == "attachment"

    @property
    def children(self) -> tuple[Part, ...]:
        """The parts of a multipart, the mail inside a message/rfc822; () for anything else or when nested too deep."""
        if self._children is None:
            self._children = self._split() if self.depth < MOST_DEPTH else ()
        return self._children

    def _split(self) -> tuple[Part, ...]:
        if self.type in _EMBEDDED:
            return (Part(self.decoded.lstrip(b"\n"), self.depth + 1),)
        boundary = self.params.get("boundary", "")
        if not self.type.startswith("multipart/") or not boundary:
            return ()
        line = b"--" + boundary.strip().encode("utf-8", "surrogateescape")
        default = "message/rfc822" if self.type == "multipart/digest" else "text/plain"
        pieces = (b"\n" + self.body).split(b"\n" + line, MOST_PARTS + 1)[1:]
        parts: list[Part] = []
        for piece in pieces[:MOST_PARTS]:
            if piece.startswith(b"--"):
                break
            tail, _, rest = piece.partition(b"\n")
            if tail.strip():  # a longer boundary that begins like ours
                continue
            parts.append(Part(rest, self.depth + 1, default))
        return tuple(parts)

    @property
    def decoded(self) -> bytes:
        """The body without its transfer encoding (RFC 2045 section 6), as far as it can be undone; LF line ends."""
        return _undone(self.body[:MOST_DECODED], self._how).replace(b"\r\n", b"\n")

    @property
    def octets(self) -> bytes:
        """The same of a file, whole and as it was."""
        return _undone(self.body, self._how)

    @property
    def _how(self) -> str:
        return self.headers.first("content-transfer-encoding").strip().lower()

    @property
    def text(self) -> str:
        """The body as text, LF line ends, whatever its charset claims."""
        if self._text is None:
            self._text = decode_bytes(self.decoded, self.params.get("charset", "")).replace("\r", "\n")
        return self._text


def params_of(value: str) -> dict[str, str]:
    """The parameters of a field such as Content-Type, names in lower case (RFC 2045 section 5.1)."""
    if ";" not in value:
        return {}
    return {name.lower(): quoted or bare for name, quoted, bare in _PARAM.findall(value[:4000])}


def _undone(data: bytes, how: str) -> bytes:
    try:
        if how == "base64":
            clean = _NOT_BASE64.sub(b"", data)
            clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
            return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
        if how == "quoted-printable":
            return binascii.a2b_qp(data)
    except (ValueError, binascii.Error):
        pass
    return data
