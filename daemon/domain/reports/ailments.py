"""What somebody has to look at, as a monitor asks it: read off the `status` document, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def ailments(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The worst first; () when all is well.  Names no client: a monitor's screen hangs on a wall.

    Args:
        document: of `sollecito status`, with `faults`, and `daemon` where it is known whether one runs.
    """
    found = [] if document.get("daemon", True) else ["no daemon is running"]
    found += [str(fault) for fault in document.get("faults", ())]
    doubtful, waiting = len(document["in_doubt"]), len(document["waiting"])
    if doubtful:
        found.append(f"{doubtful} letter{'s' if doubtful > 1 else ''} in doubt")
    if waiting:
        found.append(f"{waiting} letter{'s wait' if waiting > 1 else ' waits'} for your go")
    return tuple(found)
