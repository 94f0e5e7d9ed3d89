"""docs/letters.md: what it shows is a good folder of letters, and its tables name every word and block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from daemon.adapters.templates_dir import TemplateFaults, load_packs
from daemon.mail.letters.prose import BLOCKS, WORDS
from tests.cli_place import CliPlace

PAGE = (Path(__file__).parent.parent / "docs" / "letters.md").read_text(encoding="utf-8")
LETTER = re.findall(r"```prose\n(.*?)```", PAGE, re.DOTALL)[0]
FOLDERS, POLICY, PHRASES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder that the page tells of."""
    folder = tmp_path / "my-templates" / "en"
    (folder / "informal").mkdir(parents=True)
    for name in ("first-reminder", "gentle-nudge", "informal/first-reminder"):
        (folder / f"{name}.prose").write_text(LETTER)
    (folder / "language.yaml").write_text(PHRASES)
    return folder


def cells(heading: str) -> set[str]:
    """What the first column of a table names."""
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return {word for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for word in re.findall(r"`([\w-]+)", row)}


def test_the_letter_and_the_phrases_that_it_shows_are_taken(own: Path) -> None:
    pack = load_packs([str(own.parent)])["en"]

    assert pack.letters["gentle-nudge"].parts.count(None) == 3
    assert pack.phrases["closing"] == "Many thanks, and kind regards,"
    assert pack.informal is not None


def test_a_policy_may_name_a_letter_of_ones_own_and_preview_shows_it(own: Path) -> None:
    settings = {**yaml.safe_load(FOLDERS), **yaml.safe_load(POLICY)}
    place = CliPlace(own.parent.parent)
    document = yaml.safe_load(place.config.read_text())
    document["clients"]["beta"]["policy"] = "ours"
    place.edit(**settings, clients=document["clients"])

    assert place.run("check").code == 0
    shown = place.run("preview", "2026-050", "--letter", "gentle-nudge")
    assert "when we may expect" in shown.out
    assert "Many thanks, and kind regards," in shown.out


def test_what_it_says_is_refused_is_refused_in_these_words(own: Path) -> None:
    wrong = LETTER.replace("{{ items }}", "{{ itmes }}").replace("[promise]\n", "")
    (own / "first-reminder.prose").write_text(wrong)
    with pytest.raises(TemplateFaults) as refused:
        load_packs([str(own.parent)])
    said = [str(problem).replace(f"{own.parent.parent}/", "") for problem in refused.value.problems]

    [shown] = re.findall(r"\$ sollecito check\n(.*?)```", PAGE, re.DOTALL)
    for line, problem in zip(shown.splitlines(), said, strict=True):
        assert problem.startswith(line.removesuffix(" ..."))


def test_its_tables_name_every_word_and_every_block() -> None:
    assert cells("Word") - {"one", "many"} == set(WORDS)
    assert cells("Block") - {"terms:"} == set(BLOCKS)
