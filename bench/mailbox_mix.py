# ruff: noqa: E501  mails read better unbroken
"""A mailbox as a creditor's is: answers in our threads, answers of machines, bounces, newsletters, other business.

A third each.  The answers are the mails of `tests/mails`, written for this project, each time from another client and, where it is
an answer, to that client's letter; the newsletters and the other business are made here.  It is no bench.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

MAILS = Path(__file__).parent.parent / "tests" / "mails"
_THREAD = re.compile(rb"^(?:in-reply-to|references|original-message-id):[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)
_OURS = re.compile(rb"sol-k1-[a-z2-7]{26}")
_PARAGRAPH = (
    "This month our editors look at four ways in which small studios plan their week, at a new standard for electronic"
    " invoices that most of our readers will meet next spring, and at the places where others have met before you. "
)


def mails(count: int, tokens: Sequence[str], addresses: Sequence[str], to: str) -> Iterator[bytes]:
    """`count` mails: a third from clients or machines about our letters, a third to many, a third from others'.

    Args:
        tokens: of our letters, one for each client; `addresses`: the clients', in the same order.
        to: the creditor's address.
    """
    answers = [_unix(path.read_bytes()) for path in _fixtures()]
    of_clients = itertools.cycle(answers)
    for number in range(count):
        client = (number * 7) % len(tokens)
        unique = f"<{number}.mix@mail.example>"
        match number % 3:
            case 0:
                yield _answer(next(of_clients), tokens[client], addresses[client], unique)
            case 1:
                yield _newsletter(number, to, unique)
            case _:
                yield _other(number, to, unique)


def _fixtures() -> list[Path]:
    labels = (json.loads(line) for line in (MAILS / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    return sorted(MAILS / label["path"] for label in labels)


def _unix(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n")


def _answer(raw: bytes, token: str, address: str, unique: str) -> bytes:
    """The same mail from another client, about that client's letter, with an id of its own."""
    head, gap, body = raw.partition(b"\n\n")
    head = re.sub(rb"(?im)^message-id:[^\n]*$", b"Message-ID: " + unique.encode(), head + b"\n").rstrip(b"\n")
    whole = (head + gap + body).replace(b"anna@acme.example", address.encode())
    if _OURS.search(whole):
        return _OURS.sub(token.encode(), whole)
    if not _THREAD.search(head + b"\n"):
        return b"In-Reply-To: <" + token.encode() + b"@bianchi.example>\n" + whole
    return whole


def _newsletter(number: int, to: str, unique: str) -> bytes:
    """Text and HTML, some 12 KB, with what mailing services put into the head."""
    rows = "".join(
        f'<tr><td style="padding:12px 24px;font:14px/20px Arial,sans-serif;color:#333333">{_PARAGRAPH}'
        f'<a href="https://news.example/c/{number}/{row}?u=4711&amp;m=9" style="color:#0a66c2">Read on</a></td></tr>\n'
        for row in range(16)
    )
    text = "".join(f"{_PARAGRAPH}\nhttps://news.example/c/{number}/{row}?u=4711\n\n" for row in range(12))
    return (
        f"Return-Path: <bounce-{number}@lists.news.example>\n"
        f"Received: from out{number % 9}.news.example ([192.0.2.{number % 250}]) by imap.example; Wed, 18 Nov 2026 06:00:01 +0100\n"
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=news.example; s=k1; h=from:to:subject:date; bh={'A' * 43}=;\n b={'B' * 344}\n"
        f"From: The Studio Letter <letter@news.example>\nTo: {to}\nSubject: =?utf-8?Q?Issue_{number}=3A_plan_your_week=2C_caf=C3=A9?=\n"
        f"Date: Wed, 18 Nov 2026 06:00:00 +0100\nMessage-ID: {unique}\nList-Id: <studio.news.example>\n"
        f"List-Unsubscribe: <https://news.example/u/{number}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nPrecedence: bulk\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="b{number}"\n\n'
        f"--b{number}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f"--b{number}\nContent-Type: text/html; charset=utf-8\n\n<!DOCTYPE html><html><body><table>{rows}</table></body></html>\n--b{number}--\n"
    ).encode()


def _other(number: int, to: str, unique: str) -> bytes:
    """A person whom the books do not know."""
    quoted = "".join(f"> {line}\n" for line in ("Dear Marco,", _PARAGRAPH[:70], "the sketches follow.", "Giulia") * 6)
    return (
        f"Return-Path: <marco@partner{number % 40}.example>\n"
        f"Received: from mx.partner{number % 40}.example ([198.51.100.7]) by imap.example; Tue, 17 Nov 2026 15:12:04 +0100\n"
        f"From: Marco Neri <marco@partner{number % 40}.example>\nTo: Giulia Bianchi <{to}>\nSubject: Re: sketches, part {number}\n"
        f"Date: Tue, 17 Nov 2026 15:12:00 +0100\nMessage-ID: {unique}\nIn-Reply-To: <{number}.x@partner.example>\n"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
        f"Hello Giulia,\nthe second part looks good to us. Shall we talk on Thursday at eleven?\n\nMarco\n\n"
        f"On Mon, 16 Nov 2026, Giulia Bianchi wrote:\n{quoted}"
    ).encode()
