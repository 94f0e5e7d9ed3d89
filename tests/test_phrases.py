"""What a phrase of a language pack finds, and what it does not."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from bench.reading import ROOT, packs
from daemon.adapters.config_main import LANGUAGES
from daemon.mail.language.dates import DateReader
from daemon.mail.language.lexicon import Lexicon
from daemon.mail.language.phrase_index import PhraseIndex, phrase_set
from daemon.mail.language.phrases import section_of, vocabulary_of
from daemon.mail.language.sentences import normal

LEXICON = Lexicon(vocabulary_of({"pay": ["pay", "settle up"], "sum": ["1~", "<pay>"], "numbered": ["the_<sum>"]}))


def found(phrase: str, text: str) -> list[str]:
    phrases = phrase_set([phrase], LEXICON)
    return [match.words for match in phrases.finditer(normal(text))] if phrases is not None else []


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("we pay", "Tomorrow we pay.", ["we pay"]),
        ("we pay", "we will pay", []),
        ("we pay|settle", "we settle, we pay", ["we settle", "we pay"]),
        ("we [will] pay", "we pay, we will pay", ["we pay", "we will pay"]),
        ("[soon] we pay", "soon we pay", ["soon we pay"]),
        ("[soon|now] [then] we pay", "then we pay", ["then we pay"]),
        ("we pay [you]", "we pay", ["we pay"]),
        ("we * pay", "we will then at last pay", ["we will then at last pay"]),
        ("we * pay", "we will then at long last pay", []),
        ("we ** pay", "we will then at long last pay", ["we will then at long last pay"]),
        ("we * pay", "we, who pay", []),
        ("we * pay [it]", "we do pay it and pay", ["we do pay it"]),
        ("all_of_it|all paid", "all of it paid, all paid", ["all of it paid", "all paid"]),
        ("pay~ it", "paying it", ["paying it"]),
        ("~n't pay", "they don't pay", ["don't pay"]),
        ("~ay~ it", "repaying it", ["repaying it"]),
        ("pay~ it|back_soon", "payed back soon", ["payed back soon"]),
        ("open_any~ now", "open anything now", ["open anything now"]),
        ("dear ~", "dear anna, dear", ["dear anna"]),
        ("will <pay>", "will settle up", ["will settle up"]),
        ("<numbered>", "the settle up and the 15th", ["the settle up", "the 15th"]),
        ("will <nobody>", "will pay", []),
        ("PAGUÉ", "Pague", ["pague"]),
        ("* pay *", "we pay now", ["pay"]),
    ],
)
def test_a_phrase_finds_what_its_grammar_says(phrase: str, text: str, words: list[str]) -> None:
    assert found(phrase, text) == words


def test_a_number_is_one_word_whatever_its_marks() -> None:
    assert found("we pay <sum>", "we pay 1.860,00 then") == ["we pay 1.860,00"]
    assert found("<sum> then", "we pay 1,860 then") == ["1,860 then"]
    assert found("we pay 1", "we pay 1,5") == []


@pytest.mark.parametrize("phrase", ["", "*", "[we]", "[we] [pay]", " ** "])
def test_a_phrase_of_which_no_word_has_to_be_there_finds_nothing(phrase: str) -> None:
    assert found(phrase, "we pay") == []


def test_each_name_is_found_once_at_a_place_the_longest_of_its_phrases() -> None:
    index = PhraseIndex({"promise": ["we pay", "we pay on friday"], "paid": ["we pay"]}, LEXICON)

    assert [(name, match.words) for name, match in index.finditer("so we pay on friday")] == [
        ("promise", "we pay on friday"),
        ("paid", "we pay"),
    ]


def test_a_match_tells_where_it_stands() -> None:
    phrases = phrase_set(["we pay"], LEXICON)
    assert phrases is not None
    match = phrases.search("yes , we pay now")

    assert match is not None
    assert (match.start, match.end) == (6, 12)
    assert phrases.without("yes , we pay now") == "yes , now"


DAYS = DateReader(
    {
        "months": {"3": ["march"]},
        "weekdays": {"4": ["friday"]},
        "numbers": {"3": ["three"]},
        "phrases": {
            "month_end_of": ["end-{month}"],
            "days": ["in {n}d"],
            "week_number": ["w{n}"],
            "weekday": ["~day {weekday}", "{weekday}"],
        },
    }
)
WRITTEN = date(2026, 2, 11)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("end-march", date(2026, 3, 31)),
        ("in threed", date(2026, 2, 14)),
        ("w9", date(2026, 2, 27)),
        ("someday friday", date(2026, 2, 13)),
        ("d'friday", None),
        ("3 march", date(2026, 3, 3)),
        ("l'3 march", date(2026, 3, 3)),
        ("2026-03-04", date(2026, 3, 4)),
        ("end of it", None),
    ],
)
def test_a_day_is_found_by_the_only_word_that_tells_of_it(text: str, day: date | None) -> None:
    """No pattern is tried on a text that has none of its words; that must never cost a day."""
    assert [found.on for found in DAYS.find(normal(text), WRITTEN)] == ([day] if day else [])


@pytest.mark.parametrize("phrase", ["in a few days", "in [{n}] days"])
def test_a_phrase_for_days_says_where_the_number_stands_from_which_they_are_reckoned(phrase: str) -> None:
    """Else it finds a day that nobody can reckon, when a mail has it."""
    with pytest.raises(ValueError, match="does not say where"):
        DateReader({"phrases": {"days": [phrase]}})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_to_name_a_day_in_the_packs_can_be_reckoned(language: str) -> None:
    """In mails of clients and in orders of the owner."""
    orders = yaml.safe_load((ROOT / "templates" / language / "commands.yaml").read_text(encoding="utf-8"))

    DateReader(section_of(packs()[language], "dates"))
    DateReader(section_of(orders, "dates"))


@pytest.mark.parametrize(
    ("language", "said", "on"),
    [
        ("fr", "nous payons dans une dizaine de jours", date(2026, 11, 28)),
        ("nl", "eerste werkdag van de maand", date(2026, 12, 1)),
        ("fr", "à la fin d'avril", date(2027, 4, 30)),
        ("fr", "début d'août", date(2027, 8, 1)),
        ("fr", "avant la fin du mois d’octobre", date(2027, 10, 31)),
    ],
)
def test_a_number_in_words_and_a_month_behind_an_elision_are_found(language: str, said: str, on: date) -> None:
    dates = DateReader(section_of(packs()[language], "dates"))

    assert [day.on for day in dates.find(normal(said), date(2026, 11, 18))] == [on]
