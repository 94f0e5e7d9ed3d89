"""The pictures in docs/pictures are there, small, and described.  `test_demo_album.py` knows whether they are old."""

from __future__ import annotations

import json
import re

from PIL import Image

from tests.pictures import FOLDER, LIST, MOST, ROOT, SHOTS


def test_the_pictures_are_those_of_the_list_and_small() -> None:
    found = {path.name for path in FOLDER.iterdir()} - {LIST.name}

    assert found == {shot.name for shot in SHOTS} == set(json.loads(LIST.read_text(encoding="utf-8")))
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
