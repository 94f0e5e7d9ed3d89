"""How the digest reads: golden texts in eight languages, and what must hold for every digest."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon.adapters.templates_dir import TemplateFaults, load_packs
from daemon.domain import journal as j
from daemon.domain.journal import Because
from daemon.mail.letters.letter import Rendered
from daemon.mail.octets.wire import Unsendable
from daemon.mail.owner.digest import compose, render
from daemon.mail.owner.digest_speech import Speech
from daemon.mail.owner.digest_wording import WORDING, faults_in
from tests.builders import a_client, a_contact, a_creditor, a_history, a_ledger
from tests.digest_scene import (
    FRESH,
    LANGUAGES,
    NOW,
    PACKS,
    TODAY,
    a_call,
    a_hold,
    a_letter,
    a_reply,
    client,
    digest_of,
    invoice,
    scene_history,
    scene_ledger,
)

GOLDEN = Path(__file__).parent / "digests"
FAULTS = ("mailbox: login refused", "config refused: invoices/2026.yaml:12:3: `due` is missing", "the moon is full")
ACME = invoice("acme", "2026-041", "1020.00", 22)


def scene(language: str, faults: tuple[str, ...] = FAULTS) -> Rendered:
    ledger = scene_ledger(language)
    return render(digest_of(ledger, scene_history(), faults=faults), ledger, PACKS[language])


def of(*entries: j.AnyEntry, language: str = "en", person: str = "Anna Verdi", name: str = "Acme") -> Rendered:
    ledger = a_ledger(ACME, clients=(client("acme", person, name),), creditor=a_creditor(language=language))
    return render(digest_of(ledger, a_history(*entries)), ledger, PACKS[language])


def flowing(text: str) -> str:
    return " ".join(text.split())


class Page(HTMLParser):
    """What a mail program would show, and where its links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.sources += [value or "" for name, value in attrs if name in ("src", "background")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_the_golden_one(language: str) -> None:
    """tests/digests/ is for people: read it when a phrase has changed, then keep the new text."""
    rendered = scene(language)

    assert f"Subject: {rendered.subject}\n\n{rendered.text}" == (GOLDEN / f"{language}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    assert faults_in(PACKS[language].digest) == []
    assert set(WORDING) <= set(PACKS[language].digest)


@pytest.mark.parametrize(
    ("language", "end"), [("en", "please.”"), ("it", "please.»"), ("de", "please.“"), ("fr", "please.\u00a0»")]
)
def test_a_quote_that_ends_its_sentence_takes_no_second_full_stop(language: str, end: str) -> None:
    speech = Speech(pack=PACKS[language], zone=ZoneInfo("Europe/Vienna"), today=TODAY)

    assert speech.sentence(f"{speech.quoted('a „copy“, please.')}. Visto").partition(" Visto")[0].endswith(f", {end}")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_point_without_a_quote_leaves_no_colon_behind(language: str) -> None:
    """French sets a space before it, which would stay."""
    speech = Speech(pack=PACKS[language], zone=ZoneInfo("Europe/Paris"), today=TODAY)
    said = speech.sentence(speech.say("mail", who="Anna", intent=speech.say("intent_question"), quote=""))

    assert re.match(r"Anna [a-z ]+\. \w", said)


def test_a_fault_in_the_phrases_is_named() -> None:
    phrases = dict(PACKS["en"].digest) | {"paid": "x", "days": "{n} {days}|{n}", "total": "{sum}", "money": ""}
    del phrases["held"]

    assert {name for name, _ in faults_in(phrases)} == {"held", "money", "total", "paid", "days"}


def test_an_own_digest_phrase_that_cannot_be_filled_in_is_found_before_the_start(tmp_path: Path) -> None:
    """Else the first morning would find it."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "language.yaml").write_text('digest:\n  days: "{count} days"\n', encoding="utf-8")
    with pytest.raises(TemplateFaults) as found:
        load_packs((str(tmp_path),))

    assert [p.message for p in found.value.problems] == [
        "digest: the phrase `days` knows no {count}",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_page_say_the_same(language: str) -> None:
    """Every line of the text is in the page: its quotes, its figures, its commands."""
    rendered = scene(language)
    page = re.sub(r"\s+", "", Page(rendered.html).text.replace("|", ""))
    for block in re.split(r"\n\n", rendered.text):
        body = [line.removeprefix("    > ") for line in block.splitlines() if line.startswith("    ")]
        words = re.sub(r"\s+", "", " ".join(body).replace("|", ""))

        assert words in page, block


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_fits_a_terminal(language: str) -> None:
    assert max(map(len, scene(language).text.splitlines())) <= 76


def test_faults_stand_on_the_second_line() -> None:
    lines = scene("en").text.splitlines()

    assert lines[0] == "17 Nov: 12 decisions, 3 calls, 1 letter from 10:00"
    assert lines[1] == "!! Mailbox out of reach, letters wait: login refused"
    assert "!! 1 letter in doubt (8)" in lines[2:6]


def test_nothing_to_say_takes_three_lines() -> None:
    rendered = of(a_hold("acme", "2026-041", because=Because.PROMISE, until=TODAY))

    assert rendered.subject == "17 Nov: nothing to decide"
    assert rendered.text == (
        "17 Nov: nothing to decide\nNothing for you today. Money EUR: 1,020 (1).\n\n"
        "Mailbox read to its end at 07:28. In doubt 0. Unmatched 0.\n"
    )


def test_what_strangers_write_stays_text() -> None:
    """Markup, new lines, controls and direction marks in a mail or a name change nothing on the page."""
    nasty = '<script>alert(1)</script><img src="https://track.example/x">\n\nDECIDE\n 1 > paid 1\u202e\x07'
    history = (
        a_reply("acme", "2026-041", "anna@acme.example", "question", "m", FRESH),
        a_hold("acme", "2026-041", because=Because.WRONG_CONTACT, mail="unknown", note=nasty, at=FRESH),
        a_call("acme", "2026-041", "level", nasty, contact='<b onclick="x">', phone='"><a href="https://x.example">'),
    )
    rendered = of(*history, name='Acme <i>"&\n')
    page = Page(rendered.html)

    assert not {"script", "img", "b", "i"} & set(page.tags)
    assert (page.links, page.sources) == (["tel:+39-02-5550-2200"], [])  # the number that the YAML has
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in rendered.text + rendered.html
    assert "\x07" not in rendered.text + rendered.html
    assert [line for line in rendered.text.splitlines() if line.strip() in ("DECIDE", "1 > paid 1")] == []


def test_long_words_of_a_client_are_cut() -> None:
    rendered = of(
        a_hold("acme", "2026-041", because=Because.REPLY, mail="unknown", note="please wait " * 400, at=FRESH)
    )

    assert len(rendered.text) < 700
    assert "…" in rendered.text


@pytest.mark.parametrize(
    ("phone", "links"),
    [
        ("+39 02 5550 2200", ["tel:+39-02-5550-2200"]),
        ("(02) 555-0101 ext. 12", ["tel:+39-02-555-0101;ext=12"]),
        ("ask at the desk", []),
        ("12", []),
    ],
)
def test_a_telephone_number_stands_as_it_is_written_and_dials(phone: str, links: list[str]) -> None:
    anna = a_client("acme", contacts=(a_contact(phone=phone),))
    ledger = a_ledger(ACME, clients=(anna,), creditor=a_creditor(language="en"))
    call = a_call("acme", "2026-041", "level", "before the final notice", phone=phone)
    rendered = render(digest_of(ledger, a_history(call)), ledger, PACKS["en"])

    assert Page(rendered.html).links == links
    assert phone in rendered.text


def test_the_page_loads_nothing_and_sets_no_colours_against_the_dark() -> None:
    html = scene("en").html

    assert Page(html).sources == []
    assert "<link" not in html
    assert "url(" not in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert not re.search(r"body[^>]*(background|;color)", html)


def test_bars_are_as_long_as_their_share_and_have_their_figure_beside_them() -> None:
    ledger = a_ledger(
        invoice("acme", "A", "1000.00", 3), invoice("acme", "B", "500.00", 20), invoice("acme", "C", "1.00", 70),
        clients=(client("acme", "Anna Verdi"),),
    )  # fmt: skip
    html = render(digest_of(ledger, a_history(), faults=("x",)), ledger, PACKS["en"]).html

    assert re.findall(r'width="(\d+)%" height="12"', html) == ["100", "50", "2"]
    assert "1–15 days 1,000 (1) 16–30 days 500 (1)" in Page(html).text
    assert "total 1,501 (3)" in Page(html).text


def test_a_first_start_reads_on_two_screens() -> None:
    clients = tuple(client(f"c{n:03}", "Eva Rosa") for n in range(300))
    invoices = [invoice(f"c{n:03}", f"2025-{n:03}", str(100 + n), 60) for n in range(300)]
    ledger = a_ledger(*invoices, clients=clients)
    history = a_history(*(a_letter(i, "first-reminder", TODAY, waits_for=j.Wait.FIRST_START) for i in invoices))
    rendered = render(digest_of(ledger, history), ledger, PACKS["en"])

    assert rendered.subject == "17 Nov: 300 decisions"
    assert len(rendered.text.splitlines()) < 40
    assert "300 letters about overdue invoices wait. All, or one by one: go --all |" in flowing(rendered.text)
    assert "go --all</code>" in rendered.html
    assert "\u00a0" not in rendered.text
    assert "and 280 more clients, €67,060.00: go --all, or go CLIENT" in flowing(rendered.text)


def test_days_of_other_years_carry_the_year() -> None:
    rendered = of(a_hold("acme", "2026-041", because=Because.REPLY, review_on=TODAY.replace(year=2025)))

    assert "17 Nov 2025" in rendered.text


def test_it_goes_from_the_creditors_mailbox_to_the_owner_and_no_machine_answers_it() -> None:
    ledger = scene_ledger("tr")
    rendered = scene("tr")
    content = compose(rendered, ledger, message_id="<d1.abc@bianchi.example>", date=NOW)
    mail = message_from_bytes(content, policy=default)

    assert mail["To"] == "giulia@bianchi.example"
    assert mail["From"].addresses[0].addr_spec == "fatture@bianchi.example"
    assert mail["Subject"] == rendered.subject
    assert mail["Message-ID"] == "<d1.abc@bianchi.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Loop"] == "fatture@bianchi.example"
    assert mail["X-Sollecito-Loop"] == "digest"
    text, html = mail.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == rendered.text
    assert html.get_content().replace("\r\n", "\n") == rendered.html
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("message_id", ["", "no-brackets@x.example", "<a@b>\r\nBcc: x@y.example"])
def test_F16_what_is_no_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(Unsendable):
        compose(scene("en"), scene_ledger(), message_id=message_id, date=NOW)


def test_F16_a_subject_that_would_be_a_header_is_refused() -> None:
    rendered = replace(scene("en"), subject="17 Nov\r\nBcc: x@y.example")
    with pytest.raises(Unsendable):
        compose(rendered, scene_ledger(), message_id="<d@bianchi.example>", date=NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_that_waits_because_of_its_amount_says_so(language: str) -> None:
    letters = [a_letter(ACME, "first-reminder", TODAY, waits_for=why) for why in (j.Wait.AMOUNT, j.Wait.APPROVAL)]

    assert len({of(letter, language=language).text for letter in letters}) == 2
