"""A letter on the wire: read back with the stdlib's strict policy, and nothing smuggled in (F15, F16)."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from email.errors import MissingHeaderBodySeparatorDefect, MultipartInvariantViolationDefect
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.mail.letters.letter import Rendered
from daemon.mail.letters.message import Attachment
from daemon.mail.octets.wire import faults_in, wire_address
from daemon.mail.tokens.token import find_tokens
from tests.letter_cases import CREDITOR, LANGUAGES, a_full_letter, a_letter, write
from tests.message_cases import DATE, TOKEN, body, octets, read, sent

PRINTABLE = st.characters(min_codepoint=32, exclude_categories=("Cc", "Cs", "Zl", "Zp"))
NAMES = st.text(PRINTABLE, max_size=120).filter(lambda text: "=?" not in text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_reads_back_as_it_was_written(language: str) -> None:
    letter = msgspec.structs.replace(a_full_letter("firm-reminder", language), cc=("D.Neri@acme.example",))
    rendered = write(letter)
    pdf = bytes(range(256)) * 40
    mail = sent(letter, rendered, attachments=(Attachment(name="2026-044.pdf", content=pdf),))

    assert mail["Subject"] == rendered.subject
    assert str(mail["From"]) == '"Giulia Bianchi (Studio Bianchi S.r.l.)" <fatture@bianchi.example>'
    assert str(mail["To"]) == "Anna Verdi <anna@acme.example>"
    assert str(mail["Cc"]) == "Dario Neri <D.Neri@acme.example>"
    assert mail["Date"].datetime == DATE
    assert mail["Message-ID"] == f"<{TOKEN}@bianchi.example>"
    assert mail["Content-Language"] == language
    assert body(mail, "plain") == rendered.text
    assert body(mail, "html") == rendered.html
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    (shown,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{shown["Content-ID"].strip("<>")}"' in rendered.html
    assert shown.get_content() == rendered.pictures[0].content
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "2026-044.pdf"
    assert attached.get_content() == pdf
    assert not any(part.defects for part in mail.walk())


def test_automatic_mail_says_so_and_carries_our_marks() -> None:
    """RFC 3834 section 5; no List-Unsubscribe, which is for marketing (FIELD 5)."""
    mail = sent()

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Loop"] == "fatture@bianchi.example"
    assert mail["X-Sollecito-Id"] == TOKEN
    assert find_tokens(str(mail["Message-ID"])) == (TOKEN,)
    assert mail["List-Unsubscribe"] is None
    assert mail["Reply-To"] is None
    assert mail["Cc"] is None


def test_F17_answers_may_go_to_a_plus_address() -> None:
    mail = sent(reply_to=f"fatture+{TOKEN}@bianchi.example")

    assert getaddresses([str(mail["Reply-To"])])[0][1] == f"fatture+{TOKEN}@bianchi.example"


def test_a_thread_is_continued_and_foreign_ids_are_checked() -> None:
    """They come out of a stranger's mail."""
    mail = sent(
        in_reply_to="<last@acme.example>",
        references=(
            "<a@x.example>",
            "no id",
            "<b@x.example>\r\nBcc: x@y.example",
            "<last@acme.example>",
            "<a@x.example>",
        ),
    )

    assert mail["In-Reply-To"] == "<last@acme.example>"
    assert str(mail["References"]).split() == ["<a@x.example>", "<last@acme.example>"]
    assert mail["Bcc"] is None


def test_an_unusable_id_is_left_out() -> None:
    mail = sent(in_reply_to="<a b@x.example>", references=("<\u00e9@x.example>",))

    assert mail["In-Reply-To"] is None
    assert mail["References"] is None


def test_a_long_thread_keeps_its_first_and_its_last() -> None:
    ids = [f"<{n}@x.example>" for n in range(40)]

    assert str(sent(references=ids)["References"]).split() == [ids[0], *ids[-11:]]


def test_F15_a_domain_goes_out_in_its_ascii_form_and_a_name_encoded() -> None:
    letter = a_letter(to="jose@españa.example", to_name="José Núñez Ğülşen İ")
    content = octets(letter, creditor={"email": "rechnung@bücher.example", "name": "Bücher & Söhne GmbH"})
    mail = read(content)

    assert content.isascii()
    assert b"<jose@xn--espaa-rta.example>" in content
    assert mail["To"].addresses[0].display_name == "José Núñez Ğülşen İ"
    assert mail["From"].addresses[0].display_name == "Giulia Bianchi (Bücher & Söhne GmbH)"
    assert mail["Message-ID"] == f"<{TOKEN}@xn--bcher-kva.example>"


@settings(max_examples=150, deadline=None)
@given(name=NAMES, company=NAMES, subject=NAMES)
def test_any_printable_name_and_subject_arrives_as_it_is(name: str, company: str, subject: str) -> None:
    """Whatever is not refused reads back letter for letter."""
    subject = " ".join(subject.split())
    content = octets(
        a_letter(to_name=name, cc=("d.neri@acme.example",)),
        replace(write(a_letter()), subject=subject),
        creditor={"name": company, "contact": ""},
    )
    mail = email.message_from_bytes(content)
    to, sender = (getaddresses([mail[key].replace("\r\n", "")]) for key in ("To", "From"))

    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert decoded(mail["Subject"]) == subject
    assert [(decoded(shown), address) for shown, address in to] == [(" ".join(name.split()), "anna@acme.example")]
    assert [(decoded(shown), address) for shown, address in sender] == [(" ".join(company.split()), CREDITOR.email)]


def decoded(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", "")))) if "=?" in value else value.replace("\r\n", "")


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(PRINTABLE, max_size=400),
    html=st.text(st.characters(categories=("L", "M", "N", "P", "S", "Z", "Cc", "Cf", "Co")), max_size=400),
)
def test_any_body_arrives_as_it_is_in_seven_bits(text: str, html: str) -> None:
    html = re.sub(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "", html)
    content = octets(rendered=Rendered(subject="s", text=text + "\n", html=html + "\n"))
    parts = [part for part in email.message_from_bytes(content).walk() if not part.is_multipart()]

    assert content.isascii()
    assert all(len(line) <= 76 for line in content.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))
    assert [unfolded(part.get_payload(decode=True)) for part in parts] == [text + "\n", html + "\n"]


def unfolded(payload: object) -> str:
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "name",
    [
        "2026-041.pdf",
        'Rechnung "März" für Söhne.pdf',
        "İşletme faturası ğüşöç çok uzun bir dosya adı 2026-041 numaralı.pdf",
        "a;b=c.pdf",
        "x" * 150 + ".pdf",
    ],
)
def test_F15_a_file_name_arrives_as_it_is(name: str) -> None:
    (attached,) = sent(attachments=(Attachment(name=name, content=b"%PDF-1.7\n"),)).iter_attachments()

    assert attached.get_filename() == name
    assert attached.get_content() == b"%PDF-1.7\n"


def test_an_address_for_the_envelope_has_no_unicode() -> None:
    assert wire_address("Anna@ACME.example") == "Anna@ACME.example"
    assert wire_address("anna@Bücher.Example") == "anna@xn--bcher-kva.example"


def test_the_same_letter_is_the_same_octets() -> None:
    """No clock and no chance in it: what was rehearsed is what goes."""
    assert octets() == octets()


def test_a_multipart_header_without_its_body_is_no_fault_but_anything_else_is() -> None:
    """Python 3.11.2, which Debian 12 has, calls the former a defect when it reads a header block alone."""
    block: Message = Message()
    block.defects.append(MultipartInvariantViolationDefect())
    assert faults_in(block) == []

    block.defects.append(MissingHeaderBodySeparatorDefect())
    assert len(faults_in(block)) == 1
