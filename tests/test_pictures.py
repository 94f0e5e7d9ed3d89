"""The pictures in docs/pictures show what the program shows now: told by content, not by the times of files."""

from __future__ import annotations

import json
import re

import pytest
from PIL import Image

from tests.pictures import FOLDER, LIST, MOST, ROOT, SHOTS, Shot, sum_of

TOLD = json.loads(LIST.read_text(encoding="utf-8"))


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_no_picture_is_older_than_what_it_shows(shot: Shot) -> None:
    assert TOLD[shot.name] == {"sources": list(shot.sources), "sha256": sum_of(shot)}, (
        f"docs/pictures/{shot.name} is out of date: run `make pictures`, look at it, and commit it"
    )


def test_every_source_is_there() -> None:
    for shot in SHOTS:
        for pattern in shot.sources:
            assert list(ROOT.glob(pattern)), f"{shot.name}: {pattern}"


def test_the_pictures_are_those_of_the_list_and_small() -> None:
    found = {path.name for path in FOLDER.iterdir()} - {LIST.name}

    assert found == {shot.name for shot in SHOTS} == set(TOLD)
    for name in found:
        assert (FOLDER / name).stat().st_size < MOST, name
        with Image.open(FOLDER / name) as picture:
            assert picture.format == "PNG"


def test_the_readme_shows_pictures_that_are_there_and_says_in_words_what_they_show() -> None:
    shown = re.findall(r"!\[(.*?)\]\((docs/pictures/.*?)\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert len(shown) >= 2
    for words, path in shown:
        assert (ROOT / path).is_file(), path
        assert len(words) > 20
