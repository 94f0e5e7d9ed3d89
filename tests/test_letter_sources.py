"""The sources of the letters: what a translator may write, and that every fault is found when they are loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.adapters.templates_dir import TemplateFaults, load_packs, shipped_folder
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import Owner
from daemon.domain.books.policy import LATE_LETTERS, LetterLevel, Policy
from daemon.mail.letters.kinds import BROKEN, DEMAND, LADDER, SHIPPED_LETTERS, kind_of
from daemon.mail.letters.pack import Prose, unwritten
from daemon.mail.letters.prose import ProseFault, fill_in, read_prose
from tests.letter_cases import CLIENT, CREDITOR, LANGUAGES, a_letter, packs

GOOD = """\
# a comment
Subject: Hello: {{ items }}

{{ greeting }}

{{ n("one", "many") }} by {{ pay_by }}.

[promise]
[invoices]
[attached]
[also-open]
[ways-to-pay]
[signature]
"""


def faults(source: str, name: str = "first-reminder") -> list[ProseFault]:
    read = read_prose(name, source)
    assert not isinstance(read, Prose)
    return list(read)


def test_a_prose_is_cut_into_paragraphs_and_blocks() -> None:
    prose = read_prose("first-reminder", GOOD)

    assert isinstance(prose, Prose)
    assert prose.parts == (None, None, "promise", "invoices", "attached", "also-open", "ways-to-pay", "signature")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("{{ pay_by }}", "{{ payby }}", 6, "payby"),
        ("{{ pay_by }}", "{% if pay_by %}", 6, "if"),
        ("{{ pay_by }}", "{{ pay_by.year }}", 6, "no more"),
        ("{{ pay_by }}", "{{ pay_by }}{% for a in items %}{% endfor %}", 6, "no more"),
        ("{{ pay_by }}", "{{ pay_by | fancy }}", 6, "fancy"),
        ("{{ pay_by }}", "soon", 0, "pay_by"),
        ("{{ greeting }}", "Hello", 0, "greeting"),
        ("[invoices]", "[invoice]", 9, "no block"),
        ("[invoices]", "", 0, "[invoices] is missing"),
        ("[invoices]", "[invoices]\n[invoices]", 10, "twice"),
        ("Subject: Hello: {{ items }}", "Hello", 2, "subject"),
        ("{{ n(", "{{ 1 / 0 }}{{ n(", 0, "cannot be filled in"),
        ('n("one", "many")', 'n("one")', 0, "cannot be filled in"),
        ('n("one", "many")', '"" if several else n(1, greeting + 1)', 0, "cannot be filled in"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    """At the start of the daemon, not on the morning the letter is due."""
    found = faults(GOOD.replace(old, new))

    assert any(fault.line == line and words in fault.message for fault in found)


def test_a_firm_letter_without_its_terms_is_refused() -> None:
    assert [fault.message for fault in faults(GOOD, "final-notice")] == [
        "[terms] is missing; every such letter needs it"
    ]


def test_an_empty_source_is_refused() -> None:
    assert faults("")


def test_a_prose_cannot_reach_beyond_its_words() -> None:
    """Sandboxed, and without attributes in the first place."""
    found = faults(GOOD.replace("{{ pay_by }}", "{{ pay_by }}{{ ().__class__.__mro__ }}{{ self }}{{ range(9) }}"))

    assert len(found) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHIPPED_LETTERS)
def test_every_shipped_letter_uses_the_blocks_of_its_kind_and_no_others(name: str, language: str) -> None:
    """One that is late has room for interest, too; the owner's own letters may do without."""
    wanted = kind_of(name).blocks | ({"extras"} if name in (*LATE_LETTERS, *BROKEN) else set())
    pack = packs()[language]
    for wording in (pack.letters[name], *((pack.informal.letters[name],) if pack.informal else ())):
        assert {part for part in wording.parts if part} == wanted


def test_own_letters_and_phrases_come_before_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "stop-work.prose").write_text(GOOD + "[terms]\n")
    (tmp_path / "it" / "first-reminder.prose").write_text(GOOD)
    (tmp_path / "it" / "language.yaml").write_text("letters:\n  closing: A presto,\nreading:\n  own: [no, 012]\n")
    found = load_packs([str(tmp_path)])

    assert found["it"].phrases["closing"] == "A presto,"
    assert found["it"].phrases["label_due"] == "Scadenza"
    assert fill_in(found["it"].letters["first-reminder"], WORDS)[0] == "Hello: x"
    assert set(found["it"].letters) == {*SHIPPED_LETTERS, DEMAND}
    assert found["it"].reading["own"] == ["no", "012"]
    assert found["en"].phrases["closing"] == packs()["en"].phrases["closing"]


WORDS = {"items": "x", "greeting": "y", "pay_by": "z", "n": lambda one, many: one}


def test_every_fault_of_a_folder_is_told_at_once_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "it"
    folder.mkdir()
    (folder / "first-reminder.prose").write_text(GOOD.replace("pay_by", "payby"))
    (folder / "final-notice.prose").write_text(GOOD)
    (folder / "language.yaml").write_text(
        "letters:\n  closng: x\n  greeting: 'Hi {nome}'\n  locale: xx_QQ\nletterz: {}\n"
    )
    with pytest.raises(TemplateFaults) as refused:
        load_packs([str(tmp_path)])
    told = [str(problem).removeprefix(f"{folder}/") for problem in refused.value.problems]

    assert "first-reminder.prose:6:1: {{ payby }} is no word" in " ".join(told)
    assert "final-notice.prose:0:0: [terms] is missing" in " ".join(told)
    assert "language.yaml:2:1: there is no phrase `closng`; did you mean `closing`?" in told
    assert "language.yaml:3:1: the phrase `greeting` knows no {nome}" in told
    assert "language.yaml:3:1: the phrase `greeting` has to say {name}" in told
    assert any(line.startswith("language.yaml:4:1: `locale: xx_QQ`") for line in told)
    assert any(line.startswith("language.yaml:5:1: `letterz` is no section") for line in told)


def test_words_of_the_owners_own_that_no_mail_could_be_read_with_are_a_fault(tmp_path: Path) -> None:
    """Else each answer in that language would be a mail that nobody can read, and nothing would say why."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "language.yaml").write_text("reading:\n  dates: {months: {Jan: [january]}}\n")
    with pytest.raises(TemplateFaults) as refused:
        load_packs([str(tmp_path)])

    assert "language.yaml:1:1: `reading`: it cannot be used" in str(refused.value.problems[0])


def test_one_list_of_how_answers_are_read_leaves_all_others_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "language.yaml").write_text("reading:\n  intents:\n    stop: [basta now]\n")
    shipped, own = (load_packs(folders)["en"].reading for folders in ([], [str(tmp_path)]))
    before, now = shipped["intents"], own["intents"]
    assert isinstance(before, dict)
    assert isinstance(now, dict)

    assert now == {**before, "stop": ["basta now"]}
    assert {**own, "intents": before} == shipped


def test_a_new_language_has_to_be_whole(tmp_path: Path) -> None:
    (tmp_path / "pl").mkdir()
    (tmp_path / "pl" / "courtesy.prose").write_text(GOOD)
    with pytest.raises(TemplateFaults) as refused:
        load_packs([str(tmp_path)])
    told = " ".join(map(str, refused.value.problems))

    assert "the letter `courtesy` is missing" not in told
    assert all(f"the letter `{name}` is missing" in told for name in LADDER if name != "courtesy")
    assert "the phrase `label_due` is missing" in told


@pytest.mark.parametrize(
    "broken", ["letters: {a: 1", "letters: text", "- a", "letters: {closing: [a]}", "letters: {closing: }"]
)
def test_a_broken_language_file_is_refused(tmp_path: Path, broken: str) -> None:
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "language.yaml").write_text(broken)
    with pytest.raises(TemplateFaults) as refused:
        load_packs([str(tmp_path)])

    assert str(tmp_path / "it" / "language.yaml") in str(refused.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateFaults, match="no such folder"):
        load_packs([str(tmp_path / "none")])


def test_the_shipped_folder_is_beside_the_package() -> None:
    assert (shipped_folder() / "en" / "first-reminder.prose").is_file()
    assert a_letter().letter in packs()["en"].letters


def test_a_file_that_is_no_letter_is_named_and_an_editors_leavings_are_not(tmp_path: Path) -> None:
    (tmp_path / "it").mkdir()
    for name in ("stop-work.txt", ".first-reminder.prose.swp", "first-reminder.prose~", "_note.prose"):
        (tmp_path / "it" / name).write_text("x")
    with pytest.raises(TemplateFaults) as refused:
        load_packs([str(tmp_path)])

    assert [str(problem) for problem in refused.value.problems] == [
        f"{tmp_path}/it/stop-work.txt:0:0: this is no letter: its name is to end in .prose"
    ]


def test_a_letter_that_a_clients_language_lacks_is_known_before_it_is_due() -> None:
    """A level with a letter of the owner's own, and a client whose language nobody writes."""
    levels = (LetterLevel(letter="first-reminder", day=2), LetterLevel(letter="last-call", day=9))
    spanish, polish = replace(CLIENT, language="es"), replace(CLIENT, key="beta", language="pl")
    ledger = Ledger(
        creditor=CREDITOR,
        owner=Owner(email="giulia@bianchi.example"),
        policies={"standard": Policy(name="standard", levels=levels)},
        clients={"acme": spanish, "beta": polish},
        invoices=(),
    )

    assert unwritten(packs(), ledger) == (("es", "last-call"), ("pl", "first-reminder"), ("pl", "last-call"))
