"""Old debts at the very first start: who is asked about, what an answer means, and that silence means no letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.domain.books.client import Channel
from daemon.domain.books.directory import Directory
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, execute
from daemon.domain.commands.triage import Answer, orders, read_answer, standing_of
from daemon.domain.history import History
from daemon.domain.standing.case import case_of
from daemon.mail.whose.exchange import MailHead, last_seen
from tests.builders import a_ledger, at
from tests.cli_place import CliPlace, day, invoice
from tests.loop_house import books
from tests.test_first_start import a_house, live_for, told
from tests.virtual_time import run_virtually

NUMBERS = ("2026-041", "2026-050")
NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    return CliPlace(tmp_path)


# -- answers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("chase", Answer(kind="chase")),
        ("CHASE 2026-041", Answer(kind="chase", numbers=("2026-041",))),
        ("paid 2026-050 2026-041", Answer(kind="paid", numbers=("2026-050", "2026-041"))),
        ("promised 2026-12-15 2026-041", Answer(kind="promised", numbers=("2026-041",), day=date(2026, 12, 15))),
        ("disputed four hours are missing", Answer(kind="disputed", text="four hours are missing")),
        ("disputed 2026-041 wrong sum", Answer(kind="disputed", numbers=("2026-041",), text="wrong sum")),
        ("leave", Answer(kind="leave")),
        ("le", Answer(kind="leave")),
    ],
)
def test_an_answer_is_a_word_and_may_name_invoices(typed: str, expected: Answer) -> None:
    assert read_answer(typed, NUMBERS) == expected


@pytest.mark.parametrize("typed", ["", "p", "yes", "promised", "promised Friday", "paid 2026-042", "chase now"])
def test_what_is_no_answer_is_said_and_nothing_is_guessed(typed: str) -> None:
    """`p` may be paid or promised."""
    assert isinstance(read_answer(typed, NUMBERS), Refusal)


def test_each_answer_is_recorded_by_an_ordinary_command_for_each_invoice() -> None:
    today = date(2026, 11, 2)
    standing = standing_of(case_of(books("c00"), History(), "c00", today), today)
    assert standing is not None
    [number] = standing.numbers

    found = [
        orders(answer, standing)
        for answer in (
            Answer(kind="chase"),
            Answer(kind="paid"),
            Answer(kind="disputed", text="no"),
            Answer(kind="promised", day=date(2026, 12, 15)),
            Answer(kind="leave"),
        )
    ]

    target = f"c00/{number}"
    assert found == [
        [("chase", {"target": target})],
        [("paid", {"target": target})],
        [("dispute", {"target": target, "text": "no"})],
        [("promise", {"target": target, "day": "2026-12-15"})],
        [("hold", {"target": target, "text": "left alone at the first start"})],
    ]


# -- who is asked about -----------------------------------------------------------------------------------------

NO_LETTERS = [({"channel": "portal"}, {}), ({"manual": True}, {}), ({}, {"manual": True})]


@pytest.mark.parametrize(("client", "of_invoice"), NO_LETTERS)
def test_where_no_letter_goes_by_itself_nothing_waits_for_an_answer(
    place: CliPlace, client: dict[str, Any], of_invoice: dict[str, Any]
) -> None:
    a, b = ({"name": key, "contacts": [{"name": "A", "email": f"a@{key}.example"}]} for key in "ab")
    debts = [invoice("a-1", "a", due=-40, total="9.00", **of_invoice), invoice("b-1", "b", due=-40, total="9.00")]
    place.edit(clients={"a": {**a, **client}, "b": b}, invoices=debts)

    assert [row["client"] for row in place.json("triage", "--offline")["clients"]] == ["b"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"client": {"channel": Channel.PORTAL}}, "c00 is reached through a portal, not by mail"),
        ({"invoice": {"manual": True}}, "c00-2026-1: by hand only"),
        ({"invoice": {"not_before": date(2027, 1, 1)}}, "c00-2026-1: not before 2027-01-01, as the invoice says"),
        ({"invoice": {"due_on": date(2026, 12, 1)}}, "c00-2026-1: not due for a letter yet"),
    ],
)
def test_a_letter_that_cannot_go_is_refused_with_the_reason(changes: dict[str, dict[str, Any]], why: str) -> None:
    ledger = books("c00")
    client = replace(ledger.clients["c00"], **changes.get("client", {}))
    debt = replace(ledger.invoices[0], **changes.get("invoice", {}))
    today = date(2026, 11, 2)
    desk = Desk(ledger=a_ledger(debt, clients=(client,)), history=History(), today=lambda _: today, at=at(today))

    assert execute(Command(name="chase", target="c00/c00-2026-1"), desk) == Refusal(why)


def test_who_is_asked_about_and_what_is_owed(place: CliPlace) -> None:
    """Overdue, and open: a credit note is set against it, what is paid or to come is left out; the oldest first."""
    found = place.json("triage", "--offline")["clients"]

    assert [(row["client"], row["owed"], row["days"]) for row in found] == [
        ("acme", {"EUR": "1100.00"}, 40),
        ("beta", {"EUR": "305.00", "GBP": "12500.00"}, 12),
    ]
    assert [item["number"] for item in found[1]["invoices"]] == ["2026-060", "2026-050"]
    assert found[0]["letter"]["letter"] == "first-reminder"


def test_to_look_records_nothing(place: CliPlace) -> None:
    place.json("triage", "--offline")

    assert not place.state.exists()


def test_without_an_answer_the_letter_waits(place: CliPlace) -> None:
    done = place.run("triage", "--offline", stdin=b"\n\n")
    letters = place.json("plan")["letters"]

    assert done.code == 0, done.err
    assert all(letter["waits_for_go"] for letter in letters if letter["letter"] == "first-reminder")


def test_each_answer_does_what_it_says_and_is_not_asked_for_again(place: CliPlace) -> None:
    clients = {key: {"name": key, "contacts": [{"name": "A", "email": f"a@{key}.example"}]} for key in "abcdef"}
    place.edit(clients=clients, invoices=[invoice(f"{key}-1", key, due=-40, total="100.00") for key in "abcdef"])
    promised = day(10)

    done = place.run(
        "triage", "--offline", stdin=f"chase\npaid\ndisputed two are missing\npromised {promised}\nleave\n\n".encode()
    )
    states = {row["number"]: row["state"] for row in place.json("status")["invoices"]}
    first = {letter["client"]: letter["waits_for_go"] for letter in reversed(place.json("plan")["letters"])}

    assert done.code == 0, done.err
    assert states == {
        "a-1": "open", "b-1": "paid", "c-1": "disputed", "d-1": "promised", "e-1": "held", "f-1": "open"
    }  # fmt: skip
    assert (first["a"], first["f"]) == (False, True)
    assert [row["client"] for row in place.json("triage", "--offline")["clients"]] == ["f"]


def test_an_answer_about_one_invoice_leaves_the_question_about_the_others(place: CliPlace) -> None:
    typed = f"leave\npaid 2026-060\nnonsense\npromised {day(9)}\n"
    done = place.run("triage", "--offline", stdin=typed.encode())
    rows = {row["number"]: row for row in place.json("status")["invoices"]}

    assert "'nonsense' is none of" in done.out
    assert (rows["2026-060"]["state"], rows["2026-050"]["state"]) == ("paid", "promised")


def test_show_prints_the_letter_and_quit_ends_it(place: CliPlace) -> None:
    done = place.run("triage", "--offline", stdin=b"show\nquit\n")

    assert "Subject: " in done.out
    assert "Gentile Anna Verdi" in done.out
    assert "2/2" not in done.out


def test_answers_from_a_file_are_recorded_for_scripts(place: CliPlace) -> None:
    (place.folder / "answers").write_text(
        f"# the first evening\nacme chase\n\n  # by telephone\nbeta promised {day(9)}\n"
    )

    done = place.run("triage", "--answers", "answers", "--json")

    assert [(row["client"], row["answer"]) for row in done.document["recorded"]] == [
        ("acme", "chase"),
        ("beta", "promised"),
    ]
    assert place.json("triage", "--offline")["clients"] == []


def test_a_number_that_begins_with_a_hash_is_no_remark(place: CliPlace) -> None:
    """Else `acme paid #1024` would be `acme paid`: all of them."""
    place.edit(invoices=[invoice(number, "acme", due=-40, total="100.00") for number in ("#1024", "#1025")])
    (place.folder / "answers").write_text("acme paid #1024\n")

    done = place.run("triage", "--answers", "answers")

    assert done.code == 0, done.err
    assert [row["state"] for row in place.json("status")["invoices"]] == ["paid", "open"]


def test_an_answer_that_is_not_recorded_is_no_success(place: CliPlace) -> None:
    (place.folder / "answers").write_text(f"acme promised {day(-3)}\nbeta leave\n")

    done = place.run("triage", "--answers", "answers")

    assert "acme: not recorded: " in done.out
    assert "beta: " in done.out
    assert done.code == 1


def test_a_file_with_a_fault_records_nothing_at_all(place: CliPlace) -> None:
    (place.folder / "answers").write_text("acme chase\nbeta perhaps\ngamma chase\n")

    done = place.run("triage", "--answers", "answers")

    assert done.code == 2
    assert "answers:2:1: 'perhaps' is none of" in done.err
    assert "answers:3:1: nothing is asked about 'gamma'" in done.err
    assert not place.state.exists()


def test_chased_on_a_weekend_the_letters_are_spread_over_the_days_that_follow() -> None:
    """No letter is queued on a day without letters; the go counts all the same, for five clients a day."""

    async def live() -> list[tuple[date, int]]:
        house = a_house(start=datetime(2026, 11, 7, 18, 0, tzinfo=UTC))  # a Saturday
        await house.planner.run_once()
        for key in house.book.ledger.clients:
            await told(house, "chase", target=f"{key}/{key}-2026-1")
        shown = _by_day([r.queued.on for known in house.book.history.clients.values() for r in known.letters.values()])
        await live_for(house, 5 * 86_400.0)
        sent = _by_day([r.on for k in house.book.history.clients.values() for r in k.letters.values() if r.counts])
        assert sent == shown
        return sent

    found = run_virtually(live())

    assert found == [(date(2026, 11, 9), 5), (date(2026, 11, 10), 5), (date(2026, 11, 11), 2)]


def test_to_chase_twice_is_to_chase_once() -> None:
    async def live() -> int:
        house = a_house()
        await house.planner.run_once()
        for _ in range(2):
            await told(house, "chase", target="c00/c00-2026-1")
        return len(house.book.history.of("c00").letters)

    assert run_virtually(live()) == 1


def _by_day(days: list[date]) -> list[tuple[date, int]]:
    return [(one, days.count(one)) for one in sorted(set(days))]


# -- the last mail ----------------------------------------------------------------------------------------------


def a_head(uid: int, *, role: str = "inbox", **fields: str) -> MailHead:
    stated = {"From": "Anna <anna@acme.example>", "To": "fatture@bianchi.example", **fields}
    return MailHead(role, uid, "".join(f"{name}: {value}\r\n" for name, value in stated.items()).encode() + b"\r\n")


DIRECTORY = Directory(
    addresses={"anna@acme.example": ("acme",), "bob@gmail.com": ("beta",)},
    domains={"acme.example": ("acme",)},
    owner=frozenset({"fatture@bianchi.example"}),
)


def test_the_newest_mail_of_either_side_is_the_last_one() -> None:
    heads = [
        a_head(1, Date="Mon, 16 Nov 2026 10:00:00 +0100"),
        a_head(2, Date="Wed, 18 Nov 2026 10:00:00 +0100", From="c.neri@acme.example"),
        a_head(1, role="sent", Date="Tue, 17 Nov 2026 10:00:00 +0100", From="f@bianchi.example", To="bob@gmail.com"),
        a_head(3, Date="Thu, 19 Nov 2026 10:00:00 +0100", From="someone@gmail.com"),
    ]  # fmt: skip

    found = last_seen(heads, DIRECTORY, NOW)

    assert {client: (one.head.role, one.head.uid) for client, one in found.items()} == {
        "acme": ("inbox", 2),
        "beta": ("sent", 1),
    }


@pytest.mark.parametrize("odd", ["Fri, 1 Jan 2038 10:00:00 +0000", "nonsense", ""])
def test_a_date_that_cannot_be_is_not_the_newest(odd: str) -> None:
    heads = [a_head(1, Date="Mon, 16 Nov 2026 10:00:00 +0100"), a_head(2, Date=odd)]

    assert last_seen(heads, DIRECTORY, NOW)["acme"].head.uid == 1
