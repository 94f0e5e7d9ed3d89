"""Two machines that answer each other write for ever: ours does not answer one (F42)."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest

from daemon.adapters.templates_dir import load_packs
from daemon.domain.reports.digest import build
from daemon.mail.owner.digest_sheet import _news_words
from daemon.mail.owner.digest_speech import speech_for_owner
from daemon.mail.tokens.token import message_id
from tests.loop_house import House, books, token_of
from tests.owner_house import OwnerHouse, facts, kinds_of
from tests.virtual_time import run_virtually

AUTOMATIC = [
    {"Auto-Submitted": "auto-replied"},
    {"Auto-Submitted": "auto-generated"},
    {"X-Autoreply": "yes", "Precedence": "auto_reply"},
]


@pytest.mark.parametrize("fields", AUTOMATIC, ids=lambda fields: next(iter(fields.values())))
def test_F42_what_a_machine_writes_is_never_answered(fields: dict[str, str]) -> None:
    """The owner is away, and her mail program answers each digest.  At most it is shown in the next one."""

    async def life() -> tuple[list[EmailMessage], list[str], list[str]]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        before = facts(house)
        for _ in range(20):
            answer = await house.order("hold acme-2026-1\nfrobnicate", digest, **fields)
            assert answer is None
        return house.box.mails[1:], before, facts(house)

    mails, before, after = run_virtually(life())

    assert mails == []
    assert set(kinds_of(after[len(before) :])) <= {"MailUnmatched"}


def test_F42_a_client_whose_system_answers_everything_gets_nothing_more_and_is_in_the_digest() -> None:
    """A ticket for each mail, and for its own tickets: noted, never answered; the owner can tell them."""

    async def life() -> tuple[House, list[str]]:
        house = House(books())
        await house.live(60.0)
        began = house.world.now() - timedelta(seconds=1)
        for number in range(60):
            answer = EmailMessage()
            answer["From"], answer["To"] = "anna@acme.example", "fatture@bianchi.example"
            answer["Subject"], answer["Message-ID"] = f"Received: {number}", f"<auto-{number}@acme.example>"
            answer["In-Reply-To"] = message_id(token_of("acme-1"), "bianchi.example")
            answer["Auto-Submitted"] = "auto-replied"
            answer.set_content("Thank you, we have received your message.")
            house.world.deliver(answer.as_bytes())
        await house.live(600.0)
        book, today = house.book, house.book.today()
        told = build(
            book.ledger, book.history, today=today, now=house.world.now(), since=began, read_to_end_at=None,
            faults=(), words=lambda mail: "",
        )  # fmt: skip
        speech = speech_for_owner(load_packs(()), book.ledger, today)
        return house, [_news_words(news, speech) for news in told.since.news]

    house, told = run_virtually(life())

    assert house.relay.sent == ["anna@acme.example"]
    assert len(told) == 1
    assert "anna@acme.example" in told[0]
    assert "60" in told[0]
