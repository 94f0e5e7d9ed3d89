"""QR codes as pictures: modules from segno, PNG and SVG by hand, with the Swiss cross where it belongs."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache

import segno

_BORDER = 4  # modules of quiet zone, ISO/IEC 18004 6.3.8
_SCALE = 4  # pixels a module
_PAPER, _INK = 255, 0
# Any of the eight masks makes a valid code.  Judging all of them takes six times as long, and chooses this one mostly;
# codes that were turned, blurred and shrunk were read as often with each (of 640: 200 to 210; the best of eight: 203).
_MASK = 2

# The Swiss cross, in parts of the code's side: 7 of 46 mm, and its drawing in a square of 19.8 (SIX, style guide).
_CROSS = 7 / 46
_DRAWING = 19.8
_SQUARE = (0.7, 0.7, 19.1, 19.1)  # ink, left, top, right, bottom
_ARMS = ((8.3, 4.4, 11.6, 15.4), (4.4, 8.3, 15.4, 11.6))  # paper


@lru_cache(maxsize=256)
def modules(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The code's modules, True for dark: error correction M, byte mode UTF-8, as both EPC and SIX ask for.

    Raises:
        ValueError: the payload does not go into a code.
    """
    code = segno.make_qr(payload.encode(), error="m", boost_error=False, mask=_MASK)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


@lru_cache(maxsize=256)
def png(payload: str, *, swiss: bool = False) -> bytes:
    """A grey PNG with its quiet zone; `swiss` lays the Swiss cross over the middle."""
    code = modules(payload)
    side = (len(code) + 2 * _BORDER) * _SCALE
    blank, margin = bytes([_PAPER]) * side, bytes([_PAPER]) * (_BORDER * _SCALE)
    module = (bytes([_PAPER]) * _SCALE, bytes([_INK]) * _SCALE)
    lines = [margin + b"".join(module[dark] for dark in row) + margin for row in code]
    quiet = [blank] * _BORDER
    rows = [bytearray(line) for line in (*quiet, *lines, *quiet) for _ in range(_SCALE)]
    if swiss:
        _draw_cross(rows, len(code) * _SCALE)
    return _encode(rows)


def _draw_cross(rows: Sequence[bytearray], code_side: int) -> None:
    side = round(code_side * _CROSS)
    start = (len(rows) - side) // 2

    def at(units: float) -> int:
        return start + round(units / _DRAWING * side)

    _fill(rows, start, start, start + side, start + side, _PAPER)
    for shape, shade in ((_SQUARE, _INK), *((arm, _PAPER) for arm in _ARMS)):
        left, top, right, bottom = map(at, shape)
        _fill(rows, left, top, right, bottom, shade)


def _fill(rows: Sequence[bytearray], left: int, top: int, right: int, bottom: int, shade: int) -> None:
    for row in rows[top:bottom]:
        row[left:right] = bytes([shade]) * (right - left)


def _encode(rows: Sequence[bytearray]) -> bytes:
    """PNG (RFC 2083): 8 bit grey, each line unfiltered."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def svg_path(payload: str) -> tuple[str, int]:
    """The dark modules as one SVG path of unit squares, and the side of the code in modules, without quiet zone."""
    code = modules(payload)
    runs = []
    for y, row in enumerate(code):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = max(end, x + 1)
    return "".join(runs), len(code)


def swiss_cross_svg(left: float, top: float, side: float) -> str:
    """The Swiss cross over the middle of a code, in the unit of its arguments."""
    cross = side * _CROSS
    x0, y0 = left + (side - cross) / 2, top + (side - cross) / 2

    def box(shape: tuple[float, float, float, float], shade: str) -> str:
        x, y, right, bottom = (part / _DRAWING * cross for part in shape)
        size = f'width="{right - x:.3f}" height="{bottom - y:.3f}"'
        return f'<rect x="{x0 + x:.3f}" y="{y0 + y:.3f}" {size} fill="{shade}"/>'

    return "".join(
        (box((0, 0, _DRAWING, _DRAWING), "#fff"), box(_SQUARE, "#000"), *(box(arm, "#fff") for arm in _ARMS))
    )
