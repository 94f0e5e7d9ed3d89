"""The time-lapse: embedded mail servers, clients who answer, a clock that runs fast.

`run_demo` is all that the others need to know.  It imports the rest only when it is called: a server is installed
without the packages of `sollecito[demo]`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PACKAGES = frozenset({"aiosmtpd", "pymap", "proxyprotocol", "pysasl", "rich"})


class CannotShow(Exception):
    """The packages of `sollecito[demo]` are missing, or the arguments are not good; nothing was done."""


def run_demo(out: Path, seed: int, without: frozenset[str], *, show: bool) -> dict[str, Any]:
    """Play seventy-five days and leave letters, answers, digests and an `index.html` in `out`.

    Args:
        seed: when people answer.
        without: rules that are switched off, by name (`daemon.demo.without.RULES`).
        show: print the timeline and a table; else only the document is returned.

    Returns:
        The `demo` document of DESIGN section 5; what it says of the clients is what `status` and the journal say.

    Raises:
        CannotShow: see there.
    """
    try:
        from daemon.demo.show import play
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package in _PACKAGES:
            raise CannotShow(
                f"{package} is not installed, which the demo needs: pip install 'sollecito[demo]'"
            ) from missing
        raise
    return play(out, seed, without, show=show)
