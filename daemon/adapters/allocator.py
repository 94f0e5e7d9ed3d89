"""glibc's allocator, told what kind of process this is."""

from __future__ import annotations

import ctypes

_M_ARENA_MAX = -8  # mallopt(3), as in malloc.h


def share_one_arena() -> None:
    """Let all threads allocate from one arena; call it before the first thread starts.

    glibc gives each thread its own, which grows apart and is never given back; ours only wait for sockets and disks,
    and Python's lock lets one of them run at a time.  Nothing happens where the C library has no `mallopt` (musl,
    macOS).
    """
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    except (AttributeError, OSError):
        return
