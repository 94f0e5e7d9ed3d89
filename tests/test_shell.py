"""What a shell and `man` know of the commands: made from the commands themselves, and tried in the shells."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from daemon.__main__ import main

ROOT = Path(__file__).parent.parent
INVITE = "is missing: run scripts/install-debian-packages"


def _path(folder: Path) -> dict[str, str]:
    """An environment in which `sollecito` is this checkout's."""
    program = folder / "bin" / "sollecito"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from daemon.__main__ import main\nmain(prog_name='sollecito')\n"
    )
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(folder)}


def _completed(shell: str, folder: Path, typed: str) -> list[str]:
    """What the shell itself offers after a TAB."""
    assert shutil.which(shell), f"{shell} {INVITE}"
    environ = _path(folder)
    script = folder / "_sollecito"
    script.write_text(_run(["sollecito", "completion", shell], folder, environ))
    match shell:
        case "bash":
            words = [*typed.split(" ")]
            asked = (
                f"source {script}; COMP_WORDS=({' '.join(words[:-1])} '{words[-1]}'); COMP_CWORD={len(words) - 1}; "
                "_sollecito_completion sollecito 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\""
            )
            return _run(["bash", "--norc", "-c", asked], folder, environ).split()
        case "fish":
            asked = f"source {script}; complete --do-complete '{typed}'"
            return [line.split("\t")[0] for line in _run(["fish", "-c", asked], folder, environ).splitlines()]
        case "zsh":
            # compadd and _describe outside of a widget have nothing to add to: hear what they are given
            words = typed.split(" ")
            asked = (
                "compdef() { :; }; compadd() { print -l -- ${(P)@[-1]}; }; _describe() { print -l -- ${(P)3%%:*}; }; "
                f"source {script}; words=({' '.join(words[:-1])} '{words[-1]}'); CURRENT={len(words)}; "
                "rehash; _sollecito_completion"
            )
            said = _run(["zsh", "-f", "-c", asked], folder, environ)
            return [line.split(":")[0] for line in said.splitlines()]
    raise AssertionError(shell)


def _run(command: list[str], folder: Path, environ: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("typed", "offered"),
    [("sollecito pre", {"preview"}), ("sollecito preview --le", {"--level", "--letter"})],
    ids=["command", "option"],
)
def test_the_shell_completes_commands_and_options(shell: str, typed: str, offered: set[str], tmp_path: Path) -> None:
    assert set(_completed(shell, tmp_path, typed)) == offered


def test_options_are_completed_and_files_where_a_file_is_meant(tmp_path: Path) -> None:
    """Completion by program switches off that of files: who types `check con` and TAB wants his config."""
    environ = {**_path(tmp_path), "_SOLLECITO_COMPLETE": "bash_complete"}

    def offered(words: str, current: int) -> str:
        return _run(["sollecito"], tmp_path, {**environ, "COMP_WORDS": words, "COMP_CWORD": str(current)}).strip()

    assert offered("sollecito preview --le", 2).split() == ["plain,--level", "plain,--letter"]
    assert offered("sollecito check con", 2) == "file,con"
    assert offered("sollecito plan -c con", 3) == "file,con"


def _page() -> str:
    return _run([sys.executable, str(ROOT / "scripts" / "man_page.py")], ROOT, dict(os.environ))


def test_the_manual_page_names_every_command_and_its_options() -> None:
    assert isinstance(main, click.Group)
    page = _page().replace(r"\-", "-")

    for name, command in main.commands.items():
        _, found, behind = page.partition(f'\n.SS "{name} ')
        own = re.split(r"^\.S[SH] ", behind, maxsplit=1, flags=re.MULTILINE)[0]
        options = {
            word for head in re.findall(r"^\\fB(.+)\\fR$", own, re.MULTILINE) for word in re.split("[ ,/]+", head)
        }
        assert found
        assert {opt for param in command.params if isinstance(param, click.Option) for opt in param.opts} <= options


def test_man_shows_the_page_and_has_nothing_to_say_about_it(tmp_path: Path) -> None:
    assert shutil.which("man"), f"man {INVITE}"
    (tmp_path / "sollecito.1").write_text(_page())
    environ = {**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8", "MANROFFOPT": "", "MAN_KEEP_FORMATTING": ""}
    done = subprocess.run(
        ["man", "--warnings", "-l", "sollecito.1"], cwd=tmp_path, env=environ, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "\n       Example:\n         sollecito check config.yaml\n         sollecito check --online\n" in done.stdout
