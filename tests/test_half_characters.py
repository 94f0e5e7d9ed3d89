"""Halves of surrogate pairs, which UTF-7 and its like can carry: no text has them, and nothing fails on them (F38)."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.domain import journal as j
from daemon.domain.books.authenticity import Signature
from daemon.domain.books.owner import CommandTrust
from daemon.mail.octets.headers import decode_bytes, decode_words
from tests.fakes import MemoryJournal
from tests.owner_house import SERVER, OwnerHouse, owned_books
from tests.sent_mails import a_sending, played

HALVES = {
    "UTF-7": "=?utf-7?q?+2AA-?=.xml",
    "UTF-7, base64": "=?utf-7?b?KzJBQS0=?=.xml",
    "escapes": "=?unicode_escape?q?=5Cud800?=.xml",
    "raw escapes": "=?raw_unicode_escape?q?=5Cud800?=.xml",
}
OUTSIDE = "from evil.example (evil.example [203.0.113.9]) by mx.bianchi.example; Mon, 2 Nov 2026 10:00:00 +0100"


def forged(house: OwnerHouse, name: str) -> bytes:
    """A stranger, in the owner's name, with a file called so."""
    mail = a_sending(house, "hello", ("PLACEHOLDER.xml", b"<a/>"), Authentication_Results=None, Received=OUTSIDE)
    return mail.replace(b"PLACEHOLDER.xml", f'"{name}"'.encode())


@pytest.mark.parametrize("word", HALVES.values(), ids=HALVES)
def test_what_is_decoded_can_be_encoded_again(word: str) -> None:
    assert decode_words(word).encode() == "\N{REPLACEMENT CHARACTER}.xml".encode()


@pytest.mark.parametrize("charset", ["utf-7", "UTF-7", "unicode_escape", "unknown"])
def test_so_can_the_text_of_a_part(charset: str) -> None:
    decode_bytes(b"we pay +2AA- \\ud800 on Friday \xff", charset).encode()


@pytest.mark.parametrize("name", HALVES.values(), ids=HALVES)
def test_F38_a_file_with_such_a_name_stops_nothing(name: str, tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> int:
        house.world.deliver(forged(house, name))
        await house.read()
        return len(house.book.history.mails)

    assert played(life, tmp_path) == 1


def test_F38_what_fails_while_a_mail_is_judged_leaves_the_next_one_to_be_read(tmp_path: Path) -> None:
    class Broken:
        async def verify(self, raw: bytes, domain: str) -> tuple[Signature, ...]:
            raise ZeroDivisionError

    async def life(house: OwnerHouse) -> list[str]:
        house.signatures = Broken()
        digest = await house.digest()
        unsigned = {"Authentication-Results": None}
        house.world.deliver(house.reply("go all", digest, **unsigned))
        house.world.deliver(a_sending(house))
        await house.read()
        entries = MemoryJournal(house.world).replay()
        return [type(entry).__name__ for entry in entries if isinstance(entry, j.OrdersTaken | j.InvoiceProposed)]

    books = owned_books(trust=CommandTrust(authserv_id=SERVER, dkim=True))
    assert played(life, tmp_path, OwnerHouse(books, folder=tmp_path)) == ["InvoiceProposed"]
