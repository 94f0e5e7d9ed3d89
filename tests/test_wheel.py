"""What `pip install` of the built wheel gives: everything the program needs, far from the checkout.

One wheel and one empty virtual environment for all tests here; the packages come from pip's own cache or index.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.xdist_group("wheel")


def _run(command: list[str | Path], folder: Path, seconds: float) -> str:
    """Run it in `folder` with nothing of the checkout in its environment; its stdout."""
    environ = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "SOLLECITO"))
    }
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, (
        f"{command} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    )
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as a release is built: in an environment of its own, by what `[build-system]` names."""
    folder = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], folder, 300)
    (built,) = folder.glob("sollecito-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a fresh environment with `sollecito[demo]`, and nothing else, in it."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel}[demo]"]
    _run(pip, folder.parent, 300)
    return folder / "bin"


def test_templates_unit_and_example_are_in_the_wheel(wheel: Path) -> None:
    """A package without them starts, and fails at the first letter."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"daemon/{path.relative_to(ROOT)}"
        for folder in ("templates", "systemd")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    } | {"daemon/config.example.yaml", "daemon/__main__.py", "daemon/adapters/pages/style.css"}

    assert wanted - inside == set()
    assert not [name for name in inside if name.startswith(("tests/", "bench/"))]


def test_every_language_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    languages = {name.split("/")[2] for name in inside if name.startswith("daemon/templates/")}

    assert languages >= {"en", "it", "es", "tr"}


def test_the_command_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    shown = _run([installed / "sollecito", "--help"], tmp_path, 60)

    for command in ("check", "plan", "preview", "run", "status", "history", "read", "paid", "demo"):
        assert command in shown


def test_the_installed_demo_tells_its_stories(installed: Path, tmp_path: Path) -> None:
    """DESIGN 5: one JSON document on stdout, nothing else; made from an empty folder, with what was installed."""
    told = json.loads(_run([installed / "sollecito", "demo", "--json", "--seed", "1"], tmp_path, 180))

    assert told.keys() >= {"days", "clients", "digests", "out"}
    assert len(told["clients"]) >= 10
    assert all(client.keys() >= {"client", "story", "letters", "state", "call"} for client in told["clients"])
