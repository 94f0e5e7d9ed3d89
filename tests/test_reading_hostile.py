# ruff: noqa: E501  hostile bytes read better unbroken
"""Whatever bytes a stranger sends: no exception, and work that grows no faster than the mail (F37, F38, F39)."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.domain.books.directory import Directory, LetterRef
from daemon.domain.books.reading import Kind
from daemon.mail.octets.parse import MOST_BYTES, parse
from daemon.mail.octets.part import MOST_PARTS
from daemon.mail.read import Reader, as_json
from tests.test_reading_fixtures import BOOK, LABELS, MAILS, READER, RECEIVED

SEEDS = [(MAILS / str(label["path"])).read_bytes() for label in LABELS]
BITS = [
    b"\n", b"\n\n", b"\r", b"\x00", b"\xff\xfe", b"--b1\n", b"--b1--\n", b"Content-Type: multipart/mixed; boundary=b1\n\n", b"Content-Transfer-Encoding: base64\n", b"=?utf-8?b?", b"=?x-unknown?q?=C3=28?=",
    b"charset=rot13", b"charset=utf-16", b"=?utf-7?q?+2AA-?=", b"=?unicode_escape?q?=5Cud800?=", b"charset=utf-7\n\n+2AA-", b"Content-Type: message/rfc822\n\n", b"Content-Type: message/delivery-status\n\n", b"Final-Recipient: rfc822;\n", b"<div><blockquote>", b"<!--", b"&#1114112;&#x110000;", b"On On On", b"> " * 9, b"@" * 9,
    b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n", b"31/02/2026", b"0" * 40, b"by the 99th", b"{", "İıŞşﬁ\u202e".encode(), b"\xe2\x80\xa8", b"(((",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A fixture with pieces cut out, doubled, swapped and put in."""
    raw = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        upto = min(len(raw), at + draw(st.integers(0, 200)))
        change = draw(st.sampled_from(["cut", "double", "bit", "bytes", "mix"]))
        if change == "cut":
            raw = raw[:at] + raw[upto:]
        elif change == "double":
            raw = raw[:upto] + raw[at:upto] * draw(st.integers(1, 20)) + raw[upto:]
        elif change == "bit":
            raw = raw[:at] + draw(st.sampled_from(BITS)) + raw[at:]
        elif change == "bytes":
            raw = raw[:at] + draw(st.binary(max_size=40)) + raw[upto:]
        else:
            raw = raw[:at] + draw(st.sampled_from(SEEDS))[-400:] + raw[at:]
    return raw


def calls_of(work: Callable[[], object]) -> int:
    """How many Python and C functions `work` calls: work, not seconds."""
    count = 0

    def note(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@given(mutated())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_F38_no_mutation_of_a_mail_raises_or_costs_more_than_its_size(raw: bytes) -> None:
    """The bound: 60 calls a byte and a fixed start; far above any honest mail, far below anything quadratic."""
    READER.read_or_raise(
        raw, BOOK, RECEIVED
    )  # patterns are compiled when a word of theirs is first met, once for all mails
    readings = []
    calls = calls_of(lambda: readings.append(READER.read_or_raise(raw, BOOK, RECEIVED)))

    assert calls < 40_000 + 60 * len(raw)
    assert json.dumps(as_json(readings[0], "x")).encode()


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_bytes_at_all_are_read(raw: bytes) -> None:
    reading = READER.read_or_raise(raw, BOOK, RECEIVED)

    assert reading.kind in Kind
    assert reading.mail == parse(raw).digest


HEAD = b"From: anna@acme.example\nTo: x@y.example\nSubject: Re: x\n\n"
HTML = b"From: anna@acme.example\nSubject: x\nContent-Type: text/html\n\n"
SYSTEM = b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n"
HOSTILE = {
    "on on on": lambda n: HEAD + b"On " * (n // 3),
    "promises": lambda n: HEAD + (b"we will pay " * 75 + b"\n") * (n // 901),
    "sums": lambda n: HEAD + (b"payment 1 EUR " * 64 + b"\n") * (n // 897),
    "days": lambda n: HEAD + (b"pay on 1/1/26 " * 64 + b"\n") * (n // 897),
    "on lines": lambda n: HEAD + b"On \n" * (n // 4),
    "angle brackets": lambda n: HTML + b"<" * n,
    "open tags": lambda n: HTML + b"<div " * (n // 5),
    "comments": lambda n: HTML + b"<!--" * (n // 4),
    "blockquotes": lambda n: HTML + b"<blockquote>" * (n // 12),
    "encoded words": lambda n: b"Subject: " + b"=?utf-8?q?" * (n // 10) + b"\n\nx",
    "header folds": lambda n: b"From: a@b.example\nReferences: " + b"<\n " * (n // 3) + b"\n\nx",
    "many fields": lambda n: b"A: b\n" * (n // 5) + b"\nx",
    "at signs": lambda n: SYSTEM + b"@" * n,
    "addresses": lambda n: SYSTEM + b"a@b.example " * (n // 12),
    "words of mail": lambda n: b"Subject: Undelivered mail\n\n" + b"message " * (n // 8),
    "unfolded fields": lambda n: b"From: a@b.example\n" + b"x\n" * (n // 2) + b"\nx",
    "spaces before no colon": lambda n: b"From: a@b.example\n" + (b"a" + b" " * 400 + b"\n") * (n // 402) + b"\nx",
    "transcript": lambda n: SYSTEM + b">>> DATA\n<<< 5" * (n // 15),
    "one long word": lambda n: SYSTEM + b"a" * n,
    "colons": lambda n: SYSTEM + b"user: " * (n // 6),
    "empty lines": lambda n: HEAD + b"\n" * n,
    "digits": lambda n: HEAD + b"1." * (n // 2),
    "we will": lambda n: HEAD + b"we will " * (n // 8) + b"pay",
    "commas": lambda n: HEAD + b"we will pay , not " * (n // 18),
    "boundaries": lambda n: b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * (n // 5),
    "nested": lambda n: b"From: a@b.example\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * (n // 45),
    "mails in mails": lambda n: b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * (n // 30),
    "status blocks": lambda n: b"From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822;a@b.example\nAction: failed\n\n" * (n // 53),
    "spaces": lambda n: HEAD + b" " * n + b"x",
    "brackets": lambda n: b"Subject: [" + b"[" * n + b"\nFrom: a@b.example\n\nticket " + b"[#" * (n // 2),
}  # fmt: skip


@pytest.mark.parametrize("shape", HOSTILE)
def test_F39_eight_times_the_mail_is_never_fifty_times_the_work(shape: str) -> None:
    """Quadratic reading would be 64 times.  Measured as time of this process against itself, the best of three."""

    def cost(size: int) -> float:
        raw = HOSTILE[shape](size)
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            READER.read_or_raise(raw, BOOK, RECEIVED)
            best = min(best, time.process_time() - start)
        return best

    small, large = cost(20_000), cost(160_000)

    assert large < 24 * small + 0.05


def test_F37_a_sixty_megabyte_mail_costs_what_its_first_megabyte_costs() -> None:
    """Size is capped before anything else is done, and the digest looks at the first 64 KiB of the body."""
    head = b"From: anna@acme.example\nSubject: x\n\nWe will pay.\n"
    large = READER.read_or_raise(head + b"A" * 60_000_000, BOOK, RECEIVED)
    cut = READER.read_or_raise((head + b"A" * 60_000_000)[:MOST_BYTES], BOOK, RECEIVED)

    assert large == cut
    assert len(parse(head + b"A" * 60_000_000).root.body) < MOST_BYTES
    assert len(large.text) <= 20_000


def test_F38_a_thousand_nested_parts_are_looked_at_only_so_deep() -> None:
    raw = b"From: a@b.example\n"
    for number in range(1000):
        raw += f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n".encode()

    assert len(parse(raw).parts) <= MOST_PARTS
    assert READER.read_or_raise(raw, BOOK, RECEIVED).kind is Kind.REPLY


def test_bytes_without_any_header_are_unreadable() -> None:
    assert READER.read_or_raise(b"\x89PNG\r\n\x1a\n\x00\x00", BOOK, RECEIVED).kind is Kind.UNREADABLE


def test_what_is_read_can_be_stored_and_shown() -> None:
    """No control character and no broken surrogate survives into a reading."""
    raw = b"From: Anna \x1b[31m <anna@acme.example>\nSubject: =?utf-8?q?a=0D=0ABcc:_x?= \xff\xfe\n\nWe\x07 pay \xed\xa0\x80 now."
    reading = READER.read_or_raise(raw, BOOK, RECEIVED)

    assert reading.subject.encode()
    assert not set(reading.subject) & {"\r", "\n", "\x1b"}
    assert reading.text.encode()
    assert "\x07" not in reading.text


def test_a_bug_in_the_reader_sets_the_mail_aside_and_the_folder_goes_on() -> None:
    """The net below the reader: a directory that breaks stands for any bug."""
    broken = Directory(letters=None)  # type: ignore[arg-type]
    raw = SEEDS[0]
    reading = READER.read(raw, dataclasses.replace(broken, owner=None), RECEIVED)  # type: ignore[arg-type]

    assert reading.kind is Kind.UNREADABLE
    assert reading.mail


def test_F38_a_mail_on_which_the_reader_fails_still_holds_the_letters_of_whom_it_answers() -> None:
    """A month of a language pack that is none makes the reader fail; whose mail it is stands in its header."""
    broken = Reader({"en": {"dates": {"months": {"x": ["jan"]}}}})
    token = "sol-k1-mfrggzdfmztwq2lkmfrggzdfmz"
    known = Directory(letters={token: LetterRef("acme", "acme-1", ("2026-041",), ())})
    raw = f"From: anna@acme.example\nIn-Reply-To: <{token}@bianchi.example>\n\nWe pay on 5 jan.\n".encode()
    reading = broken.read(raw, known, date(2026, 11, 2))

    assert reading.kind is Kind.UNREADABLE
    assert (reading.match.client, reading.match.letter_id, reading.match.ours) == ("acme", "acme-1", True)
    assert reading.mail == Reader({}).read(raw, known, date(2026, 11, 2)).mail, "read again when mended, it is no other"
