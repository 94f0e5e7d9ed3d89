"""Take each guard out in turn, in a copy of the tree, and see its tests fail: `make guards`.

A test that still passes without the guard proves nothing.  `--fault 48` looks at one fault only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TREE))

from tests.guards import Guard, guards  # noqa: E402  the tree is on the path only now

SECONDS = 300.0  # that a test may take without its guard: some wait for what never comes
MODEL_STEPS = "1500"  # of the model test, which then makes no effort to find the shortest life
_NOT_COPIED = (".git", ".venv", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__", "demo-out")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fault", type=int, action="append", help="only this one; may be given several times")
    wanted = options.parse_args().fault
    chosen = [guard for guard in guards() if not wanted or guard.fault in wanted]
    held = True
    with tempfile.TemporaryDirectory(prefix="guards-") as place:
        copy = Path(place) / "tree"
        shutil.copytree(TREE, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        print(f"{'fault':>5}  {'seen to fail':<14}  {'s':>5}  guard")
        for guard in chosen:
            began = time.monotonic()
            answer = without(guard, copy)
            held = held and answer == "yes"
            print(
                f"{'F' + str(guard.fault):>5}  {answer:<14}  {time.monotonic() - began:5.0f}  {guard.what}", flush=True
            )
    print("Each guard's tests fail without it." if held else "Some tests do not need their guard.")
    return 0 if held else 1


def without(guard: Guard, copy: Path) -> str:
    """`yes` where each of the tests passes with the guard and fails without it; else what happened instead."""
    file = copy / guard.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(guard.text) != 1:
        return "text not found"
    if _run(guard.tests, copy) != 0:
        return "fails with it"
    file.write_text(whole.replace(guard.text, guard.instead), encoding="utf-8")
    try:
        codes = {_run((test,), copy) for test in guard.tests}
    finally:
        file.write_text(whole, encoding="utf-8")
    if codes <= {1, None}:
        return "yes"
    return "NO, it passes" if 0 in codes else f"pytest: {codes}"


def _run(tests: tuple[str, ...], copy: Path) -> int | None:
    """pytest's exit code: 0 all passed, 1 one failed; None: it came to no end."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *(f"tests/{test}" for test in tests)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "SOLLECITO_MODEL_STEPS": MODEL_STEPS}
    try:
        done = subprocess.run(  # noqa: S603  our own tests
            command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
