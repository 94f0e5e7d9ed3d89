"""The address on the invoices is a group: what comes through it is from who wrote, not from the group."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daemon.domain.books.reading import Evidence, Intent, Kind, Reading
from tests.loop_house import reader
from tests.react_scene import ANNA
from tests.test_answers_by_machines import KNOWN, TOKEN

GROUP = "fatture@bianchi.example"
BOOK = replace(KNOWN, owner=frozenset({GROUP, "giulia@bianchi.example"}))
GOOGLE = (
    "List-ID: <fatture.bianchi.example>\nList-Unsubscribe: <x:y>\nX-Original-From: Anna Verdi <anna@acme.example>\n"
)
MAILMAN = f"List-Post: <mailto:{GROUP}>\nX-Mailman-Version: 3\nReply-To: Anna Verdi <anna@acme.example>\n"


def read(fields: str, sender: str = f"'Anna Verdi' via Fatture <{GROUP}>") -> Reading:
    head = f"From: {sender}\nTo: {GROUP}\nSubject: Hello\nMessage-ID: <1@acme.example>\n{fields}"
    return reader().read(f"{head}\nWe have already paid everything.\n".encode(), BOOK, date(2026, 11, 2))


@pytest.mark.parametrize("fields", [GOOGLE, MAILMAN])
def test_an_answer_into_whose_from_our_own_group_has_put_itself_is_the_clients(fields: str) -> None:
    alone, tied = read(fields), read(f"{fields}In-Reply-To: <{TOKEN}@bianchi.example>\n")

    assert (alone.kind, alone.by_owner, alone.sender, alone.intent) == (Kind.REPLY, False, ANNA, Intent.PAID)
    assert (alone.match.client, alone.match.evidence) == ("acme", Evidence.SENDER)
    assert (tied.by_owner, tied.match.ours, tied.match.known_sender) == (False, True, True)


def test_a_mail_of_the_owners_through_the_group_stays_hers() -> None:
    assert read(GOOGLE.replace(ANNA, "giulia@bianchi.example")).by_owner


def test_a_list_of_others_gives_nobody_another_name() -> None:
    """Who only writes our address into From and another one into Reply-To is believed as far as From."""
    elsewhere = "List-ID: <news.shop.example>\nReply-To: Anna <anna@acme.example>\n"

    assert read(elsewhere).by_owner
    assert read(elsewhere, "shop@shop.example").sender == "shop@shop.example"
