"""A daemon that crashes leaves no image of its memory, which holds passwords and keys."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CRASH = """
import ctypes, faulthandler, os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
if sys.argv[1] == "forbid":
    from daemon.adapters.core_dumps import forbid_core_dumps
    forbid_core_dumps()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE), flush=True)
os.abort()
"""


def _crashed(word: str, folder: Path) -> tuple[str, list[str]]:
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", CRASH, word], cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(root)}
    )
    assert done.returncode == -6, done.stderr
    return done.stdout.strip(), [file.name for file in folder.iterdir()]


def test_no_memory_image_is_written(tmp_path: Path) -> None:
    """Flag and limit are both down; without the call the same crash would be allowed one."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert _crashed("allow", tmp_path / "a")[0] == "1 -1 -1"
    assert _crashed("forbid", tmp_path / "b") == ("0 0 0", [])
