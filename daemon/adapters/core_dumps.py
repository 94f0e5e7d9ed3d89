"""No memory images: they would hold the passwords and the keys."""

from __future__ import annotations

import ctypes
import resource
from contextlib import suppress

_PR_SET_DUMPABLE = 4  # prctl(2), as in linux/prctl.h


def forbid_core_dumps() -> None:
    """From here on no crash writes this process's memory anywhere, and nobody but root may look into it.

    The limit alone does not keep the kernel from handing an image to a program (core(5), "Piping core dumps"); the
    dumpable flag does, and keeps processes of the same user from attaching.  Children that are executed have a flag
    of their own, and inherit the limit.  Nothing happens where there is no `prctl` (macOS).
    """
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
