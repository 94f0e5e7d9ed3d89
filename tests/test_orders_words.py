"""`commands.yaml`: what is wrong in one is told with its place, and an installation may have words of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.templates_dir import TemplateFaults, load_packs, shipped_folder
from daemon.adapters.templates_orders import check_own_order_packs, load_order_pack
from daemon.domain.commands.errand import Command
from daemon.mail.orders.orders import Order, orders
from tests.order_mails import DIGEST, LANGUAGES, TODAY, command, read


def own(tmp_path: Path, text: str, language: str = "it") -> list[str]:
    """An installation's folder with one file of its own."""
    (tmp_path / language).mkdir()
    (tmp_path / language / "commands.yaml").write_text(text, encoding="utf-8")
    return [str(tmp_path)]


def faults(folders: list[str], tmp_path: Path) -> list[str]:
    with pytest.raises(TemplateFaults) as refused:
        check_own_order_packs(folders)
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in refused.value.problems]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shipped_has_no_fault(language: str) -> None:
    check_own_order_packs([str(shipped_folder())])
    assert load_order_pack((), language).words.language == language


def test_every_fault_is_told_at_once_with_file_and_line(tmp_path: Path) -> None:
    folders = own(
        tmp_path,
        "forms:\n  payed: [saldata]\n  hold: ['* ferma', '[tieni]']\n"
        "answer:\n  done: 'Fatto {n}'\n  why_prosa: x\n"
        "help:\n  paid: {example: pagata 1}\n"
        "numbers:\n  decimal: ';'\n",
    )

    assert faults(folders, tmp_path) == [
        "it/commands.yaml:2:1: forms: there is no `payed`; did you mean `paid`?",
        "it/commands.yaml:3:1: forms: `* ferma` is to begin with a word, not with *",
        "it/commands.yaml:5:1: the phrase `done` knows no {n}",
        "it/commands.yaml:6:1: there is no phrase `why_prosa`; did you mean `why_prose`?",
        "it/commands.yaml:8:1: `paid` has an `example` and says what it `does`",
        "it/commands.yaml:9:1: `decimal` is the mark before the cents: . or ,",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("forms: {paid: [a", "this is no YAML"),
        ("- a", "has sections with names and values"),
        ("phrases: {a: b}", "`phrases` is no section"),
        ("forms: [a]", "`forms` holds names and values"),
        ("forms: {paid: [a], paid: [b]}", "`paid` stands here twice"),
        ("forms: {paid: ['" + "a|b|c|d|e|f|g|h " * 8 + "']}", "has more than 400 spellings"),
        ("words: {courtsey: [ciao]}", "there is no `courtsey`; did you mean `courtesy`?"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (problem,) = faults(own(tmp_path, text), tmp_path)

    assert problem.startswith(("it/commands.yaml:1:1: ", "it/commands.yaml:2:1: "))
    assert told in problem


def test_a_language_of_ones_own_is_whole_or_missing(tmp_path: Path) -> None:
    told = faults(own(tmp_path, "forms: {paid: [zaplacone]}", "pl"), tmp_path)

    assert "pl/commands.yaml:0:0: the section `answer` is missing" in told


def test_without_the_words_of_a_language_orders_are_in_english() -> None:
    pack = load_order_pack((), "pl")
    (order,) = orders("paid 1", pack.words, today=TODAY, about=DIGEST)

    assert isinstance(order, Order)
    assert pack.phrases.answer["done"] == "Done"


def test_an_own_list_takes_the_place_of_ours_and_the_rest_stays(tmp_path: Path) -> None:
    words = load_order_pack(own(tmp_path, "forms:\n  go: [vola]\n"), "it").words
    read = [orders(line, words, today=TODAY, about=DIGEST)[0] for line in ("vola 3", "ferma 8", "spedisci 3")]

    assert [isinstance(one, Order) for one in read] == [True, True, False]


def test_letters_are_loaded_beside_it(tmp_path: Path) -> None:
    """It is no letter, and no fault of the letters."""
    assert "it" in load_packs(own(tmp_path, "forms: {go: [vola]}"))


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("tr", ["3 sil", "3 vazgeç", "3 vazgeçtik", "sil 3", "3 silinsin"]),
        ("pt", ["desiste 3", "desisto de 3"]),
        ("fr", ["abandonne 3", "3 abandonner", "renonce à 3"]),
        ("it", ["rinuncia 3", "rinuncio alla 3"]),
        ("es", ["renuncia a 3"]),
        ("de", ["verzichte auf 3"]),
        ("nl", ["geef 3 op"]),
        ("en", ["give up 3", "drop 3", "delete 3"]),
    ],
)
def test_no_money_is_written_off_by_a_word_that_may_mean_the_letter(language: str, lines: list[str]) -> None:
    """Other programs cancel and delete with it; what is given up for good says money."""
    for line in lines:
        assert not [one for one in read(line, DIGEST, language) if isinstance(one, Order)], line


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("tr", "3 alacaktan vazgeç"), ("tr", "3 zarar yaz"), ("pt", "abate 3"), ("pt", "perdoa 3"),
        ("fr", "passe 3 en perte"), ("it", "stralcia 3"), ("de", "verzichte auf die Forderung 3"),
        ("es", "renuncia a la deuda 3"), ("nl", "boek 3 af"), ("en", "write 3 off"),
    ],
)  # fmt: skip
def test_money_is_written_off_by_a_word_that_says_money(language: str, line: str) -> None:
    assert command(line, DIGEST, language) == Command(name="write-off", target="3")


def test_a_german_preposition_is_no_answering_machine() -> None:
    """AB is one, "ab" is "from": "angerufen 5: ab Montag wieder da"."""
    assert command("angerufen 5: ab Montag wieder da", DIGEST, "de").text == "ab Montag wieder da"
    for line in ("angerufen 5: auf AB gesprochen", "angerufen 5: auf den AB", "angerufen 5: AB besprochen"):
        assert command(line, DIGEST, "de").text.split()[0] == "voicemail"
