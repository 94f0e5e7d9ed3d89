"""The container image's recipe says what it promises: not root, one volume, a health check, nothing that is missing."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECIPE = (ROOT / "packaging" / "container" / "Containerfile").read_text(encoding="utf-8")
FINAL = RECIPE.split("\nFROM ")[-1]


def _said(instruction: str, text: str = RECIPE) -> list[str]:
    whole = text.replace("\\\n", " ")
    return re.findall(rf"^{instruction} +(.*)$", whole, re.MULTILINE)


def test_it_runs_as_a_user_without_rights_and_keeps_one_volume() -> None:
    assert _said("USER", FINAL) == ["10001"]  # a number: an orchestrator can see that it is not root
    assert _said("VOLUME", FINAL) == ["/data"]
    assert _said("ENTRYPOINT", FINAL) == ['["sollecito"]']


def test_what_it_copies_is_there() -> None:
    copied = [word for line in _said("COPY") if "--from" not in line for word in line.split()[:-1]]

    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    ("answer", "healthy"),
    [("well", True), ("1 letter waits for your go", True), ("no daemon is running", False), ("", False)],
)
def test_only_a_daemon_that_does_not_answer_is_ill(answer: str, healthy: bool, tmp_path: Path) -> None:
    """An orchestrator starts what is ill anew; a letter that waits for its owner is not made better by that."""
    [check] = _said("HEALTHCHECK", FINAL)
    command = json.loads(check[check.index("[") :])
    program = tmp_path / "sollecito"
    program.write_text(f"#!/bin/sh\necho '{answer}'\nexit 1\n")
    program.chmod(0o755)
    done = subprocess.run(command, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=False)

    assert (done.returncode == 0) is healthy
