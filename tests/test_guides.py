"""The pages under docs/: their links lead somewhere, and what they type is a command with options that exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from daemon.__main__ import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TYPED = re.compile(r"(?:^ *|\$ |&& |-- |/)sollecito ([a-z][a-z-]+)((?: [^\n#|]*)?)", re.MULTILINE)


def heading(text: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower().replace("`", "")).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {heading(found) for found in re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)}


def options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {
        "-h",
        "--help",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_it_types_exists(page: Path) -> None:
    assert isinstance(main, click.Group)
    blocks = re.findall(r"```(?:\w*)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for name, words in (found for block in blocks for found in _TYPED.findall(block)):
        assert name in main.commands, name
        given = set(re.findall(r"(?:^|\s)(--?[a-z][a-z-]*)", words))
        assert given <= options(main.commands[name]), f"sollecito {name}{words}"
