"""Which copies the journal names, and what becomes of those that were put ahead of their letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from daemon.adapters.archive_dir import ArchiveDir
from daemon.domain import journal as j
from daemon.domain.history.kept_copies import Named, Place, copies_named
from daemon.domain.journal import encode
from daemon.loops.book import Book
from daemon.loops.copies import Copies
from daemon.mail.octets.parse import parse
from daemon.ports import Accepted, Deferred, Fault, InDoubt, Kept, Parcel, Refused, Submission
from tests.builders import a_history, at
from tests.fakes import MemoryArchive, MemoryJournal, MemoryMailbox, World
from tests.loop_house import START, House, books, token_of
from tests.virtual_time import run_virtually

DAY = date(2026, 11, 2)
ONE, OTHER = "a" * 32, "b" * 32
LETTER = "letter-acme-1.eml"


def read(mail: str, uid: int) -> j.MailRead:
    return j.MailRead(at=at(DAY), folder="INBOX", uidvalidity=7, uid=uid, mail=mail)


def reply(mail: str, client: str = "acme") -> j.ReplyReceived:
    return j.ReplyReceived(
        at=at(DAY), client=client, numbers=(), letter_id=None, mail=mail, message_id=f"<{mail}@c.example>",
        sender="anna@acme.example", intent="question", on=DAY,
    )  # fmt: skip


def test_a_mail_about_a_client_is_named_with_its_place_and_others_are_not() -> None:
    entries = [reply(ONE), read(ONE, 3), read(OTHER, 4)]
    named = copies_named(entries, a_history(*entries), at(DAY))

    assert named == [Named("acme", f"mail-{ONE}.eml", f"<{ONE}@c.example>", ONE, Place("INBOX", 7, 3))]


def test_nothing_is_named_of_a_client_who_was_forgotten_or_whose_time_is_over() -> None:
    gone = j.ClientForgotten(at=at(DAY), client="acme", on=DAY)
    entries = [reply(ONE), read(ONE, 3)]

    assert copies_named(entries, a_history(*entries, gone), at(DAY)) == []
    assert copies_named(entries, a_history(*entries), at(DAY) + timedelta(seconds=1)) == []


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_mail_is_fetched_again_unless_its_client_was_forgotten_meanwhile(forgotten: bool) -> None:
    content = b"From: anna@acme.example\n\nIs this the second one?"
    mail = parse(content).digest

    async def life() -> World:
        world = World(START, Random(1), slow=0.0, uidvalidity=7)
        uid = world.deliver(content).uid
        world.lines = [encode(reply(mail)), encode(read(mail, uid))]
        book = Book(books(), MemoryJournal(world), MemoryArchive(world), world, token_of)
        copies = Copies(book, MemoryMailbox(world), timedelta(days=1))
        world.trouble = 1.0
        await copies.make_good()  # what is missing is known, and the line is cut
        world.trouble = 0.0
        if forgotten:
            await book.record(lambda draft: (j.ClientForgotten(at=draft.at, client="acme", on=DAY),))
        await copies.make_good()
        await book.keeper.finish()
        return world

    assert run_virtually(life()).kept == ({} if forgotten else {f"mail-{mail}.eml": content})


def after(answer: Submission, *, then: Callable[[House, bytes], None] | None = None) -> tuple[House, bytes]:
    """A minute in which one letter had this answer, and an hour after `then`; the house, and what was offered."""
    offered: list[bytes] = []

    async def life() -> House:
        house = House(books())

        async def answers(parcel: Parcel) -> Submission:
            assert house.world.ahead == {LETTER: parcel.content}, "before the relay has it"
            offered.append(parcel.content)
            return answer

        house.relay.answer = answers
        await house.live(60.0)
        if then is not None:
            then(house, offered[0])
            await house.live(3600.0)
        return house

    return run_virtually(life()), offered[0]


def test_a_letter_that_was_taken_is_kept_and_lies_ahead_no_more() -> None:
    house, content = after(Accepted("2.0.0 queued"))

    assert house.world.kept == {LETTER: content}
    assert house.world.ahead == {}


def test_a_letter_that_was_not_taken_is_not_kept() -> None:
    for answer in (Deferred("greylisted"), Refused(Fault.MESSAGE, "no")):
        house, _ = after(answer)

        assert (house.world.kept, house.world.ahead) == ({}, {})


def test_a_letter_in_doubt_lies_ahead_until_it_is_known_to_be_sent() -> None:
    def found(house: House, content: bytes) -> None:
        assert (house.world.kept, house.world.ahead) == ({}, {LETTER: content})
        house.world.deliver(content, "Sent")

    house, content = after(InDoubt("no answer"), then=found)

    assert (house.world.kept, house.world.ahead) == ({LETTER: content}, {})


def test_F60_without_room_for_its_copy_a_letter_waits() -> None:
    async def life() -> tuple[int, int]:
        house = House(books())
        house.world.room_ahead = False
        await house.live(60.0)
        waited = len(house.relay.sent)
        house.world.room_ahead = True
        await house.live(3600.0)
        return waited, len(house.relay.sent)

    assert run_virtually(life()) == (0, 1)


def test_what_is_put_ahead_outlives_the_process_and_a_half_is_told_from_a_whole(tmp_path: Path) -> None:
    place = tmp_path / "archive"
    ArchiveDir(place).put_ahead(Kept("acme", LETTER, b"an earlier attempt"))
    ArchiveDir(place).put_ahead(Kept("acme", LETTER, b"dear Anna"))
    ArchiveDir(place).put_ahead(Kept("beta", "letter-beta-1.eml", b"dear Bruno"))
    assert ArchiveDir(place).find(LETTER) is None
    assert ArchiveDir(place).ahead() == [LETTER, "letter-beta-1.eml"]
    assert ArchiveDir(place).find_ahead(LETTER) == b"dear Anna"
    [file] = (place / "ahead").glob(f"{LETTER}*")
    file.write_bytes(b"dear A")
    assert ArchiveDir(place).find_ahead(LETTER) is None

    ArchiveDir(place).forget("acme")
    ArchiveDir(place).keep("beta", "letter-beta-1.eml", b"dear Bruno")

    assert ArchiveDir(place).ahead() == []
    assert ArchiveDir(place).find("letter-beta-1.eml") == b"dear Bruno"
