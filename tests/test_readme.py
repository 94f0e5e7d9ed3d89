"""What the README shows is true: its config is a good one, its commands and make targets are there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click

from daemon.__main__ import main
from daemon.adapters import config_yaml

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_config_that_it_shows_has_no_problems(tmp_path: Path) -> None:
    """A newcomer copies it."""
    config, invoices = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "invoices").mkdir()
    (tmp_path / "invoices" / "2026.yaml").write_text(invoices)
    (tmp_path / "config.yaml").write_text(config)
    loaded = config_yaml.load(tmp_path / "config.yaml")

    assert [str(problem) for problem in loaded.problems] == []
    assert loaded.settings is not None
    assert len(loaded.settings.ledger.invoices) == 1


def test_the_owner_that_it_shows_takes_the_place_of_the_first_one(tmp_path: Path) -> None:
    config, _invoices = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (owner,) = re.findall(r"```\n(owner:\n.*?)```", README, re.DOTALL)
    changed = re.sub(r"^owner: .*\n", owner, config, flags=re.MULTILINE)
    (tmp_path / "config.yaml").write_text(changed)
    loaded = config_yaml.load(tmp_path / "config.yaml")

    assert [str(problem) for problem in loaded.problems] == []
    assert loaded.settings is not None
    assert not loaded.settings.ledger.owner.commands.nobody
    assert len(loaded.settings.ledger.owner.team) == 1


def test_every_command_is_explained_and_every_explained_one_exists() -> None:
    assert isinstance(main, click.Group)
    table = README.split("## The commands")[1].split("### Exit codes")[0]
    explained = {
        word
        for row in re.findall(r"^\| (`.*?) \|(?! ?What)", table, re.MULTILINE)
        for word in re.findall(r"`([\w-]+)", row)
    }

    assert explained == set(main.commands)


def test_the_options_that_it_names_exist() -> None:
    assert isinstance(main, click.Group)
    known = {option for command in main.commands.values() for found in command.params for option in found.opts}
    table = README.split("## The commands")[1].split("### Exit codes")[0]

    assert set(re.findall(r"--[a-z][a-z-]+", table)) <= known


def test_the_two_commands_come_first_and_make_knows_them() -> None:
    first = re.findall(r"```\n(.*?)```", README, re.DOTALL)[0]
    targets = re.findall(r"^make ([a-z]+)", first, re.MULTILINE)

    assert targets == ["demo", "test"]
    for target in targets:
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


def test_ci_calls_the_readmes_test_command() -> None:
    assert re.search(r"\bmake test\b", (ROOT / ".ci" / "run").read_text())
