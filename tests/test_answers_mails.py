"""The owner on mails: `assign` says whose an unmatched one is, `ignore` that there is nothing to answer."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.reading import Evidence, Intent, Match
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.history import History
from daemon.domain.journal import Because
from tests.builders import a_client, a_history, a_ledger, an_invoice, at
from tests.react_scene import TODAY, days, hear, mail

REVIEW = date(2026, 11, 11)  # seven days after TODAY
FISCO = "studio@fisco.example"
BOOKS = a_ledger(
    an_invoice(), an_invoice("B-1", "beta"), an_invoice("B-2", "beta"), clients=(a_client(), a_client("beta"))
)


def unmatched(mail: str = "m9", *clients: str) -> j.MailUnmatched:
    return j.MailUnmatched(
        at=at(TODAY), mail=mail, kind="reply", sender=FISCO, subject="Beta", because="", clients=clients,
        message_id="<7@fisco.example>", on=TODAY,
    )  # fmt: skip


def asked(*items: j.DigestItem) -> j.DigestSent:
    return j.DigestSent(at=at(TODAY), on=TODAY, items=items, message_id="<d@bianchi.example>")


def an_item(item: int, ref: str, client: str | None = None, *numbers: str, kind: str = "unmatched") -> j.DigestItem:
    return j.DigestItem(item=item, client=client, numbers=numbers, kind=kind, ref=ref)  # type: ignore[arg-type]


def run(ledger: Ledger, history: History, name: str, target: str, **given: object) -> Done | Refusal:
    desk = Desk(ledger=ledger, history=history, today=lambda _: TODAY, at=at(TODAY, 11))
    answer = execute(Command(name=name, target=target, **given), desk)  # type: ignore[arg-type]
    for entry in answer.entries if isinstance(answer, Done) else ():
        history.take_in(entry)
    return answer


def a_strangers_mail(*clients: str) -> History:
    return a_history(unmatched("m9", *clients), asked(an_item(4, "m9")))


# -- assign -----------------------------------------------------------------------------------------------------


def test_a_mail_that_is_assigned_counts_as_an_answer_that_nobody_understood() -> None:
    history = a_strangers_mail("beta")
    answer = run(BOOKS, history, "assign", "4", client="beta")

    assert isinstance(answer, Done)
    [reply] = history.of("beta").replies
    assert (reply.sender, reply.subject, reply.message_id, reply.mail) == (FISCO, "Beta", "<7@fisco.example>", "m9")
    assert (reply.intent, reply.numbers) == ("unclear", ())
    [hold] = history.of("beta").holds
    assert (hold.because, hold.numbers, hold.until, hold.review_on, hold.mail) == (
        Because.REPLY,
        (),
        None,
        REVIEW,
        "m9",
    )
    assert history.unmatched == {}
    assert not history.of("acme").holds


def test_the_address_that_wrote_is_shown_as_a_command_and_not_used_by_itself() -> None:
    history = a_strangers_mail()
    answer = run(BOOKS, history, "assign", "4", client="beta")

    assert isinstance(answer, Done)
    assert f"`email beta {FISCO}`" in answer.words
    assert history.of("beta").told.contact is None


def test_a_mail_about_one_invoice_holds_it_and_lets_the_others_rest() -> None:
    history = a_strangers_mail()
    run(BOOKS, history, "assign", "4", client="Beta", numbers=("beta/B-2",))

    assert [(h.because, h.numbers, h.until) for h in history.of("beta").holds] == [
        (Because.REPLY, ("B-2",), None),
        (Because.OTHER_THREAD, ("B-1",), date(2026, 11, 6)),
    ]


def test_assigning_a_mail_to_another_client_ends_what_it_held_at_the_first() -> None:
    """Anna wrote about something else, and all of Acme rested; it was about Beta's invoice."""
    found = days()
    hear(found, mail(match=Match(client="acme", evidence=Evidence.SENDER, known_sender=True), intent=Intent.UNCLEAR))
    ledger = a_ledger(an_invoice(), an_invoice("B-1", "beta"), clients=(a_client(), a_client("beta")))
    found.take_in(asked(an_item(1, "m1")))
    assert found.history.of("acme").holds
    run(ledger, found.history, "assign", "1", client="beta", numbers=("B-1",))

    assert not found.history.of("acme").holds
    assert [hold.numbers for hold in found.history.of("beta").holds] == [("B-1",)]


def test_a_mail_that_its_client_wrote_is_recorded_once() -> None:
    found = days()
    hear(found, mail(match=Match(client="acme", evidence=Evidence.SENDER, known_sender=True), intent=Intent.UNCLEAR))
    found.take_in(asked(an_item(1, "m1")))
    run(found.ledger, found.history, "assign", "1", client="acme", numbers=("2026-041",))

    history = found.history.of("acme")
    assert [reply.mail for reply in history.replies] == ["m1"]
    assert [(hold.because, hold.numbers) for hold in history.holds] == [(Because.REPLY, ("2026-041",))]


@pytest.mark.parametrize(
    ("target", "given", "words"),
    [
        ("4", {}, "whose mail"),
        ("4", {"client": "betta"}, "did you mean beta?"),
        ("4", {"client": "beta", "numbers": ("B-3",)}, "has no invoice 'B-3'"),
        ("4", {"client": "beta", "numbers": ("2026-041",)}, "has no invoice"),
        ("2026-041", {"client": "beta"}, "assign ITEM CLIENT"),
        ("5", {"client": "beta"}, "'5'"),
    ],
)
def test_an_assignment_that_is_not_clear_changes_nothing(target: str, given: dict[str, object], words: str) -> None:
    history = a_strangers_mail("beta")
    answer = run(BOOKS, history, "assign", target, **given)

    assert isinstance(answer, Refusal)
    assert words in answer.because
    assert set(history.unmatched) == {"m9"}


def test_what_was_put_away_is_not_assigned_any_more() -> None:
    history = a_strangers_mail()
    run(BOOKS, history, "ignore", "4")

    assert run(BOOKS, history, "assign", "4", client="beta") == Refusal("item 4 is put away already")


def test_other_commands_on_a_mail_of_nobody_say_what_would_be_right() -> None:
    answer = run(BOOKS, a_strangers_mail(), "email", "4", text="new@beta.example")

    assert isinstance(answer, Refusal)
    assert "`assign 4 CLIENT`" in answer.because


# -- ignore -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", [Intent.UNCLEAR, Intent.QUESTION, Intent.EXTENSION, Intent.WRONG_CONTACT])
def test_a_mail_with_nothing_to_answer_holds_no_more(intent: Intent) -> None:
    found = days(others=1)
    hear(found, mail(intent=intent))
    found.take_in(asked(an_item(1, "acme-h1", "acme", "2026-041", kind="hold")))
    assert len(found.history.of("acme").holds) == 2  # the others rest, too
    answer = run(found.ledger, found.history, "ignore", "1")

    assert isinstance(answer, Done)
    assert "the ladder goes on" in answer.words
    assert not found.history.of("acme").holds


def test_ignoring_by_number_dismisses_the_mail_about_it() -> None:
    found = days()
    hear(found, mail(intent=Intent.UNCLEAR))

    assert isinstance(run(found.ledger, found.history, "ignore", "2026-041"), Done)
    assert not found.history.of("acme").holds


def test_ignoring_leaves_what_the_owner_holds_and_says_so() -> None:
    found = days()
    hear(found, mail(intent=Intent.UNCLEAR))
    run(found.ledger, found.history, "hold", "2026-041")
    answer = run(found.ledger, found.history, "ignore", "2026-041")

    assert isinstance(answer, Done)
    assert answer.words.endswith("still held (owner)")
    assert [hold.because for hold in found.history.of("acme").holds] == [Because.OWNER]


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (Intent.PAID, "`missing 1`"),
        (Intent.DISPUTE, "`resume 1`"),
        (Intent.STOP, "`resume 1`"),
    ],
)
def test_what_a_mail_says_of_money_or_a_dispute_is_not_waved_away(intent: Intent, words: str) -> None:
    found = days()
    hear(found, mail(intent=intent))
    found.take_in(asked(an_item(1, "acme-h1", "acme", "2026-041", kind="hold")))
    answer = run(found.ledger, found.history, "ignore", "1")

    assert isinstance(answer, Refusal)
    assert words in answer.because
    assert found.history.of("acme").holds


def test_ignore_is_refused_where_no_mail_waits() -> None:
    assert run(BOOKS, a_history(), "ignore", "2026-041") == Refusal("no mail about 2026-041 waits for an answer")


def test_stop_on_a_strangers_mail_still_puts_it_away() -> None:
    history = a_strangers_mail()

    assert isinstance(run(BOOKS, history, "stop", "4"), Done)
    assert history.unmatched == {}
