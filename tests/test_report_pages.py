"""`sollecito report`: pages that tell what the digest and `plan` tell, lead to each other, and are for the owner."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.report_pages import FOLDER
from daemon.adapters.templates_dir import TemplateFaults, shipped_folder
from daemon.adapters.templates_report import load_report_words
from daemon.domain import journal as j
from daemon.domain.ladder.forecast import forecast
from daemon.domain.ladder.quiet import Why
from daemon.domain.reports.report_recorded import Recorded
from daemon.domain.standing.timeline import entries_about
from daemon.mail.owner.digest_wording import WORDING as OF_THE_DIGEST
from daemon.mail.pages import wording as report_wording
from daemon.mail.pages.mail import INLINE, block
from daemon.mail.pages.names import client_page, invoice_page, mail_page
from daemon.ports import Settings
from daemon.wiring.inquiry import known_history
from daemon.wiring.report import Condition
from tests.builders import a_creditor, a_ledger
from tests.digest_scene import LANGUAGES, NOW, TODAY, WORDS, client, invoice, scene_entries
from tests.report_place import HOSTILE_NUMBERS, LONG, a_hostile_place, a_mail, pages, seen, settings_with, the_scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return the_scene(tmp_path_factory.mktemp("scene") / "creditor")


@pytest.fixture(scope="module")
def site(scene: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "report"
    pages(scene, out)
    return out


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    pages(a_hostile_place(folder / "creditor"), folder / "report")
    return folder / "report"


def text(page: Path) -> str:
    """What a person reads, in one line."""
    return " ".join(seen(page).text.split())


# -- what they tell -----------------------------------------------------------------------------------------------


def test_every_client_and_every_invoice_has_a_page_and_every_page_is_led_to(scene: Settings, site: Path) -> None:
    wanted = {client_page(key) for key in scene.ledger.clients}
    wanted |= {invoice_page(i.client, i.number) for i in scene.ledger.invoices}
    found = {path.name for path in site.iterdir()}
    led_to = {link.partition("#")[0] for name in found for link in seen(site / name).links}

    assert found == wanted | {"index.html", "ahead.html", "calls.html", "clients.html"}
    assert found <= led_to | {"index.html"}


@pytest.mark.parametrize("which", ["site", "hostile"])
def test_every_link_leads_to_a_page_or_a_place_on_one(which: str, request: pytest.FixtureRequest) -> None:
    out: Path = request.getfixturevalue(which)
    ids = {path.name: seen(path).ids for path in out.iterdir()}
    for path in out.iterdir():
        for link in seen(path).links:
            if link.startswith(("tel:", "data:,")):
                continue
            file, _, place = link.partition("#")

            assert (file or path.name) in ids, f"{path.name}: {link}"
            assert not place or place in ids[file or path.name], f"{path.name}: {link}"


def test_the_overview_asks_what_the_digest_asks(site: Path) -> None:
    told = text(site / "index.html")

    assert "17 Nov: " in told
    for words in ("Acme", "Has the money come?", "Final notice to Eva Rosa", "Hand over to a lawyer?", "Eta", "+39 02"):
        assert words in told


def test_a_command_bears_the_number_of_the_last_digest_or_is_not_offered(scene: Settings, tmp_path: Path) -> None:
    """A page that counted anew would let `go 3` release another letter than the mail on the telephone says."""
    item = j.DigestItem(item=41, client="delta", numbers=("2026-019",), kind="letter", ref="delta-1")
    sent = j.DigestSent(at=NOW - timedelta(hours=1), on=TODAY, items=(item,), message_id="<d@bianchi.example>")
    told = settings_with(tmp_path / "creditor", scene.ledger, [*scene_entries(), sent], {})
    pages(told, tmp_path / "report")
    offered = re.findall(r"<code>(.*?)</code>", (tmp_path / "report" / "index.html").read_text())

    told_without = text(tmp_path / "report" / "index.html")

    assert offered == ["sollecito go 41", "sollecito stop 41"]
    assert "1 letter in doubt Open" in told_without  # and no number of a point
    assert "nothing to answer." in told_without


@pytest.mark.parametrize(("days", "dark"), [(-5, False), (5, True)])
def test_the_dark_part_of_a_bar_is_explained_where_there_is_one(tmp_path: Path, days: int, dark: bool) -> None:
    ledger = a_ledger(
        invoice("acme", "A-1", "100.00", days),
        clients=(client("acme", "Anna Verdi"),),
        creditor=a_creditor(language="en"),
    )
    pages(settings_with(tmp_path / "creditor", ledger, [], {}), tmp_path / "report")
    told = text(tmp_path / "report" / "index.html")

    assert "Open by client, EUR" in told
    assert ("The dark part of a bar is overdue." in told) is dark


def test_money_is_told_by_currency_and_never_summed_across(site: Path) -> None:
    told = text(site / "index.html")

    assert "Open by age, EUR" in told
    assert "Open by age, USD" in told
    assert "US$450.00 is open, US$450.00 of it overdue." in told
    assert "€25,247.50 is open, €25,187.50 of it overdue." in told


def test_everything_that_is_open_goes_out_or_has_a_reason_why_not(scene: Settings, site: Path) -> None:
    """The same as `plan`, in the owner's words."""
    told = seen(site / "ahead.html")
    ahead = forecast(scene.ledger, known_history(scene)[0], TODAY, TODAY + timedelta(days=60))
    named = {invoice_page(letter.client, claim.number) for letter in ahead.letters for claim in letter.claims}
    named |= {invoice_page(s.client, s.quiet.ref.number) for s in ahead.quiet if s.quiet.why != Why.PAID}

    assert named == {link for link in told.links if link.startswith("invoice-")}
    assert {f"d-{letter.on}" for letter in ahead.letters} <= set(told.ids)


def test_an_invoices_page_shows_its_letters_and_answers_word_for_word(site: Path) -> None:
    told = text(site / invoice_page("rossi", "2026-038"))

    assert "Letter sent: first reminder" in told
    assert "vi ricordiamo la fattura 2026-038." in told
    assert WORDS["m-rossi"] in told
    assert "Held: dispute" in told


def test_a_mail_that_is_not_kept_any_more_is_said_to_be_gone(site: Path) -> None:
    assert "No copy is kept." in text(site / invoice_page("gamma", "2026-027"))


def test_a_long_mail_has_a_page_of_its_own_with_all_of_it(scene: Settings, tmp_path: Path) -> None:
    words = f"{'word ' * 2_000}the end"
    told = settings_with(tmp_path / "c", scene.ledger, scene_entries(), {"mail-m-rossi.eml": a_mail(words)})
    pages(told, tmp_path / "report")
    page = text(tmp_path / "report" / invoice_page("rossi", "2026-038"))

    assert "the end" not in page
    assert len(page) < 3 * INLINE
    assert text(tmp_path / "report" / mail_page("mail-m-rossi.eml")).count("the end") == 1


def test_calls_have_a_number_that_dials_and_the_commands_that_record_them(site: Path) -> None:
    told = seen(site / "calls.html")

    assert told.links.count("tel:+39-02-5550-2200") >= 2
    assert "sollecito called eta/2026-026 voicemail" in told.text


def test_what_the_owner_noted_of_a_client_is_remembered_on_its_page(scene: Settings, tmp_path: Path) -> None:
    noted = j.NoteTaken(at=NOW, client="rossi", numbers=(), text="new <b>accountant</b> in January", on=TODAY)
    pages(settings_with(tmp_path / "c", scene.ledger, [noted], {}), tmp_path / "report")

    assert "17 Nov 2026, 07:30: new <b>accountant</b> in January" in text(tmp_path / "report" / client_page("rossi"))


def test_faults_of_the_running_daemon_come_first(scene: Settings, tmp_path: Path) -> None:
    pages(scene, tmp_path / "report", condition=Condition(faults=("mailbox: refused",)))

    assert "Mailbox out of reach, letters wait: refused" in text(tmp_path / "report" / "index.html")


def test_the_timelines_of_all_invoices_are_those_that_the_journal_gives_for_one() -> None:
    entries = scene_entries()
    recorded = Recorded()
    for entry in entries:
        recorded.take_in(entry)
    about = {(e.client, n) for e in entries if isinstance(e, j.ClientEntry) for n in getattr(e, "numbers", ())}

    assert len(about) > 10
    for key, number in about:
        assert list(recorded.about(key, number)) == list(entries_about(entries, key, [number]))


# -- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_and_the_pages_bear_its_name(language: str, tmp_path: Path) -> None:
    assert load_report_words((), language)["overview"]

    pages(the_scene(tmp_path / "c", language), tmp_path / "report")
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")

    assert f'<html lang="{language}">' in page
    assert "{" not in seen(tmp_path / "report" / "ahead.html").text


def test_no_word_of_the_pages_takes_the_place_of_one_of_the_digest() -> None:
    assert set(report_wording.WORDING) & set(OF_THE_DIGEST) == set()


def test_every_reason_why_nothing_goes_out_has_words(site: Path) -> None:
    assert {f"why_{why.name.lower().replace('_', '-')}" for why in Why} <= set(load_report_words((), "en"))


def test_own_words_stand_in_the_place_of_the_shipped_ones_and_faults_are_named_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    own = tmp_path / "en" / "report.yaml"
    own.write_text("overview: Where we stand\n")

    assert load_report_words((str(tmp_path),), "en")["overview"] == "Where we stand"
    assert load_report_words((str(tmp_path),), "en")["clients"] == "Clients"

    own.write_text("overview: Where\nweek: Week\ndays_ahead: The next {days} days\nclints: Clients\n")
    with pytest.raises(TemplateFaults) as refused:
        load_report_words((str(tmp_path),), "en")

    assert [str(problem).removeprefix(str(own)) for problem in refused.value.problems] == [
        ":3:1: the phrase `days_ahead` knows no {days}",
        ":4:1: there is no phrase `clints`; did you mean `clients`?",
    ]


def test_a_language_without_words_for_pages_gets_english_ones() -> None:
    assert not (shipped_folder() / "sv").exists()
    assert load_report_words((), "sv") == load_report_words((), "en")


# -- hostile books and mails --------------------------------------------------------------------------------------


def test_nothing_that_runs_loads_or_submits_stands_in_any_page(hostile: Path) -> None:
    for path in hostile.iterdir():
        page = seen(path)

        assert not {"script", "img", "iframe", "form", "object", "embed", "base"} & set(page.tags)
        assert not {name for name in page.attributes if name.startswith("on")} | {"style"} & page.attributes
        assert page.doctype == "doctype html"
        assert not [link for link in page.links if link.partition(":")[0].lower() in ("javascript", "http", "https")]


def test_what_strangers_write_is_shown_as_they_wrote_it(hostile: Path) -> None:
    told = text(hostile / invoice_page("evil", HOSTILE_NUMBERS[0]))

    assert "<script>document.title = 'taken'; window.taken = 1</script>" in told
    assert "The goods are broken." in told
    assert "window.taken = 7" not in told  # of an HTML mail only the words


def test_what_turns_letters_around_is_made_visible() -> None:
    """RIGHT-TO-LEFT OVERRIDE lets `exe` read `fdp`."""
    assert block("a\u202eb\r\nc\x07") == "a\ufffdb\nc\ufffd"


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=30, unique=True))
def test_a_files_name_is_plain_whatever_the_books_say_and_no_two_share_one(pairs: list[tuple[str, str]]) -> None:
    names = [invoice_page(client, number) for client, number in pairs]

    assert len({name.lower() for name in names}) == len(pairs)
    assert all(re.fullmatch(r"invoice-[a-z0-9_-]{1,60}\.html", name) for name in names)


def test_numbers_that_differ_in_case_or_punctuation_only_have_pages_of_their_own() -> None:
    numbers = ("a/b", "A-B", "a-b", "a b", LONG, f"{LONG}W")

    assert len({invoice_page("x", number) for number in numbers}) == len(numbers)
    assert invoice_page("a-b", "c") != invoice_page("a", "b-c")


def test_the_stylesheet_is_the_one_that_each_pages_policy_names(site: Path) -> None:
    page = (site / "index.html").read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)

    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]+='; img-src data:; base-uri 'none'; form-action 'none'",
        policy[1].replace("&#39;", "'"),
    )
    assert "url(" not in (FOLDER / "style.css").read_text()
