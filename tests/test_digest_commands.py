"""Every command that the digest prints does what the point says, on the very history that it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.invoice import Instalment, StatedHold
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Done, execute
from daemon.domain.history import History, Status
from daemon.domain.journal import Because
from daemon.domain.reports.digest import Digest
from daemon.mail.owner.digest import render
from tests.builders import a_history, a_ledger
from tests.digest_scene import (
    OLD,
    PACKS,
    TODAY,
    a_call,
    a_hold,
    a_letter,
    client,
    desk,
    digest_of,
    invoice,
    scene_history,
    scene_ledger,
    typed,
    with_digest,
)


def printed(text: str) -> Iterator[str]:
    """The commands as they stand in the text part; of the answer to a call every way to end it."""
    for line in text.splitlines():
        if line.startswith("    > "):
            yield from line.removeprefix("    > ").split(" | ")
        elif line.startswith("answer: called"):
            first, *others = line.removeprefix("answer: ").split(" | ")
            item = first.split()[1]
            yield first
            yield from (f"called {item} {other}" for other in others)
        elif found := re.search(r"go --all", line):
            yield found[0]


def commands() -> list[str]:
    ledger = scene_ledger()
    return list(printed(render(digest_of(ledger, scene_history()), ledger, PACKS["en"]).text))


def run(line: str, ledger: Ledger, history: History, digest: Digest) -> Done:
    done = execute(typed(line), desk(ledger, with_digest(history, digest)))
    assert isinstance(done, Done), f"{line}: {done}"
    for entry in done.entries:
        history.take_in(entry)
    return done


def test_the_scene_prints_commands_of_every_kind() -> None:
    assert {line.split()[0] for line in commands()} == {
        "paid", "missing", "write-off", "resume", "hold", "go", "stop", "settle", "called", "assign", "ignore",
    }  # fmt: skip
    assert len(commands()) == 27


@pytest.mark.parametrize("line", commands())
def test_no_command_that_is_printed_is_refused(line: str) -> None:
    ledger, history = scene_ledger(), scene_history()

    assert run(line, ledger, history, digest_of(ledger, history)).entries


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("stop 1", ["MailDismissed"]),
        ("ignore 1", ["MailDismissed", "HoldLifted"]),
        ("assign 1 nuovo", ["HoldLifted", "HoldPlaced", "MailDismissed"]),
        ("resume 2", ["HoldLifted"]),
        ("hold 2 --until 2026-11-24", ["HoldPlaced"]),
        ("paid 3", ["PaymentRecorded", "HoldLifted"]),
        ("missing 3", ["PaymentMissing", "HoldLifted"]),
        ("resume 3", ["HoldLifted"]),
        ("ignore 4", ["HoldLifted"]),
        ("resume 4", ["HoldLifted"]),
        ("go 5", ["LetterReleased"]),
        ("stop 5", ["LetterWithdrawn", "HoldPlaced"]),
        ("go 6", ["LetterReleased", "LetterReleased"]),
        ("stop 6", ["LetterWithdrawn", "LetterWithdrawn", "HoldPlaced"]),
        ("go 7", ["HandedOver"]),
        ("stop 7", ["HoldPlaced"]),
        ("settle 8 sent", ["DoubtSettled"]),
        ("settle 8 resend", ["DoubtSettled"]),
        ("paid 9", ["PaymentRecorded"]),
        ("write-off 9", ["WrittenOff"]),
        ("resume 10", ["HoldLifted"]),
        ("stop 11", ["MailDismissed"]),
        ("ignore 11", ["MailDismissed"]),
        ("assign 11 beta", ["ReplyReceived", "HoldPlaced", "MailDismissed"]),
        ("resume 12", ["HoldLifted"]),
        ("called 13 voicemail", ["CallMade", "CallSuggested"]),
        ("called 13 wrong-number", ["CallMade", "CallSuggested"]),
        ("called 13 reached", ["CallMade", "HoldPlaced"]),
        ("called 13 promised 2026-11-24", ["CallMade", "PromiseMade", "HoldPlaced"]),
        ("called 13 disputes", ["CallMade", "DisputeRaised", "HoldPlaced"]),
        ("called 13 paid", ["CallMade", "HoldPlaced"]),
        ("stop 15", ["CallMade"]),
        ("stop 16", ["LetterWithdrawn", "HoldPlaced"]),
    ],
)
def test_a_command_records_what_its_point_asks_about(line: str, names: list[str]) -> None:
    ledger, history = scene_ledger(), scene_history()
    digest = digest_of(ledger, history)
    item = int(line.split()[1])
    about = next(i for i in digest.items if i.item == item)
    wrote = history.unmatched[about.ref].clients if about.kind == "unmatched" else ()
    done = run(line, ledger, history, digest)

    assert [type(entry).__name__ for entry in done.entries] == names
    assert {e.client for e in done.entries if isinstance(e, j.ClientEntry)} <= {about.client, *wrote}


SOON = TODAY + timedelta(days=7)


@pytest.mark.parametrize(
    "command",
    [
        Command(name="paid", target="4", amount=Decimal("1.00")),
        Command(name="write-off", target="13"),
        Command(name="hold", target="16"),
        Command(name="promise", target="3", day=SOON),
        Command(name="dispute", target="4", text="too late"),
        Command(name="plan-payment", target="3", count=2, day=SOON),
        Command(name="called", target="3", text="reached"),
        Command(name="note", target="7", text="ask the lawyer"),
        Command(name="email", target="14", text="mario.blu@gamma.example"),
        Command(name="ignore", target="4"),
        Command(name="remind", target="13"),
        Command(name="statement", target="13"),
        Command(name="settle", target="8", text="sent"),
    ],
    ids=lambda command: command.name,
)
def test_every_command_takes_the_number_of_a_point(command: Command) -> None:
    """Also where the point does not offer it: what the point is about is what is meant."""
    ledger, history = scene_ledger(), scene_history()
    digest = digest_of(ledger, history)
    about = next(i for i in digest.items if str(i.item) == command.target)
    done = execute(command, desk(ledger, with_digest(history, digest)))

    assert isinstance(done, Done), done
    assert {entry.client for entry in done.entries if isinstance(entry, j.ClientEntry)} == {about.client}


def test_the_address_that_a_client_names_is_proposed_as_a_command() -> None:
    """Shown, and never used by itself; where it could do something in a shell, it is quoted."""
    ledger = a_ledger(invoice("acme", "2026-041", "50.00", 20), clients=(client("acme", "Anna Verdi"),))
    for named, shown in (("ada@acme.example", "ada@acme.example"), ("a`id`@acme.example", "'a`id`@acme.example'")):
        because = f"says that somebody else has to be asked, and names {named}"
        history = a_history(a_call("acme", "2026-041", "wrong-contact", because))
        digest = digest_of(ledger, history)
        assert f"    > email 1 {shown}\n" in render(digest, ledger, PACKS["en"]).text
        assert history.of("acme").told.contact is None
        run(digest.call[0].commands[1], ledger, history, digest)

        told = history.of("acme").told.contact
        assert told is not None
        assert told.address == named


@pytest.mark.parametrize("name", ["go", "stop", "hold", "paid", "email", "write-off", "note", "called"])
def test_a_letter_of_a_client_who_left_the_books_takes_no_command_but_to_be_settled(name: str) -> None:
    gone = a_letter(invoice("gone", "2020-001", "10.00", 50), "first-reminder", OLD.date())
    ledger, history = scene_ledger(), a_history(gone)
    answer = execute(Command(name=name, target="gone-1", text="x@y.example"), desk(ledger, history))

    assert isinstance(answer, Refusal)
    assert "no longer in the YAML" in answer.because


@pytest.mark.parametrize("name", ["paid", "write-off", "plan-payment", "promise", "dispute", "remind"])
def test_money_of_an_invoice_that_left_the_books_since_the_digest_is_not_spoken_of(name: str) -> None:
    ledger, history = scene_ledger(), scene_history()
    with_digest(history, digest_of(ledger, history))
    ledger = replace(ledger, invoices=tuple(i for i in ledger.invoices if i.client != "fiore"))
    answer = execute(Command(name=name, target="4", amount=Decimal(1), day=SOON, count=2), desk(ledger, history))

    assert answer == Refusal("2026-029 is no longer in the YAML")


def test_go_for_a_client_releases_all_letters_of_the_point_and_no_others() -> None:
    ledger, history = scene_ledger(), scene_history()
    run("go 6", ledger, history, digest_of(ledger, history))

    assert [r.status for r in history.of("omega").letters.values()] == [Status.QUEUED, Status.QUEUED]
    assert history.of("delta").letters["delta-1"].status is Status.WAITING


def test_settling_by_number_settles_that_letter() -> None:
    ledger, history = scene_ledger(), scene_history()
    run("settle 8 sent", ledger, history, digest_of(ledger, history))

    assert history.of("sigma").letters["sigma-1"].status is Status.SENT


def test_paid_never_pays_an_instalment_that_is_not_due_yet() -> None:
    """The client says that the first half is paid; the second is not even due."""
    parts = (
        Instalment(due_on=TODAY - timedelta(days=20), amount=Decimal("610.00")),
        Instalment(due_on=TODAY + timedelta(days=10), amount=Decimal("610.00")),
    )
    halves = replace(invoice("acme", "2026-041", "1220.00", 20), instalments=parts)
    ledger = a_ledger(halves, clients=(client("acme", "Anna Verdi"),))
    history = a_history(a_hold("acme", "2026-041", because=Because.CLAIMS_PAID, review_on=TODAY))
    digest = digest_of(ledger, history)

    assert digest.decide[0].commands == ("paid 1 --amount 610.00", "missing 1")
    assert digest.decide[0].money[0].amount == Decimal("610.00")
    done = run("paid 1 --amount 610.00", ledger, history, digest)
    assert [e.amount for e in done.entries if isinstance(e, j.PaymentRecorded)] == [Decimal("610.00")]


def test_several_invoices_of_which_one_is_in_instalments_get_a_command_each() -> None:
    parts = (
        Instalment(due_on=TODAY - timedelta(days=20), amount=Decimal("10.00")),
        Instalment(due_on=TODAY + timedelta(days=10), amount=Decimal("90.00")),
    )
    ledger = a_ledger(
        replace(invoice("acme", "A 1", "100.00", 20), instalments=parts),
        invoice("acme", "A2", "50.00", 20),
        clients=(client("acme", "Anna Verdi"),),
    )
    history = a_history(a_hold("acme", "A 1", "A2", because=Because.CLAIMS_PAID, review_on=TODAY))
    digest = digest_of(ledger, history)

    assert digest.decide[0].commands == ("paid 'acme/A 1' --amount 10.00", "paid acme/A2", "missing 1")
    for line in digest.decide[0].commands:
        run(line, ledger, history, digest) if not line.startswith("missing") else None


def test_what_the_yaml_holds_is_never_offered_to_be_resumed() -> None:
    """`resume` would be refused: the hold stands in the file."""
    held = replace(invoice("acme", "2026-041", "100.00", 20), hold=StatedHold(until=None, because="talks"))
    ledger = a_ledger(held, clients=(client("acme", "Anna Verdi"),))
    history = a_history(a_hold("acme", "2026-041", because=Because.REPLY, review_on=OLD.date(), mail="m"))
    digest = digest_of(ledger, history)

    assert digest.decide[0].commands == ("hold 1 --until 2026-11-24",)
    assert run("hold 1 --until 2026-11-24", ledger, history, digest)
    assert digest_of(ledger, history).decide == ()


def test_a_hold_of_everything_is_resumed_by_its_number() -> None:
    ledger = a_ledger(invoice("acme", "2026-041", "100.00", 20), clients=(client("acme", "Anna Verdi"),))
    history = a_history(a_hold("acme", because=Because.COMPLAINT, review_on=TODAY, mail="m"))
    run("resume 1", ledger, history, digest_of(ledger, history))

    assert not history.of("acme").holds
