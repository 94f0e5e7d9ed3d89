"""DESIGN section 7, the rows of machines: absences, tickets, bounces.  Letter acme-1 went out on 2 November."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from daemon.domain import journal as j
from daemon.domain.books.delivery import Fault, Refused
from daemon.domain.books.reading import Evidence, Kind, Match, Meaning, Reading, RecipientReport
from daemon.domain.ladder.outcome import outcome
from daemon.domain.reports.call_sheet import call_sheet
from daemon.domain.standing.open_calls import named_addresses, open_calls
from daemon.mail.owner.call_words import asked
from daemon.mail.owner.digest_speech import Speech
from tests.builders import ROME, a_client, a_contact, a_ledger, an_invoice, at
from tests.digest_scene import PACKS
from tests.ladder_days import sent
from tests.react_scene import ANNA, TODAY, TWO, bounce, days, hear, holds, mail


def away(back: date | None, **changes: object) -> Reading:
    return mail(Kind.AUTO_REPLY, back_on=back, **changes)


def test_a_short_absence_puts_the_next_letter_off_until_they_are_back() -> None:
    found = days(*TWO)
    entries = hear(found, away(date(2026, 11, 17)))
    found.run(TODAY, date(2026, 11, 20))

    assert holds(entries) == []
    assert [(x.on, x.to) for x in found.sent] == [(date(2026, 11, 17), ANNA)]


@pytest.mark.parametrize("reading", [away(date(2026, 11, 25)), away(None, gone=True)])
def test_a_long_absence_turns_to_the_next_billing_contact(reading: Reading) -> None:
    found = days(*TWO)
    entries = hear(found, reading)
    found.run(TODAY, date(2026, 11, 10))

    assert not any(isinstance(e, j.CallSuggested) for e in entries)
    assert [x.to for x in found.sent] == ["bruno@acme.example"]


def test_a_long_absence_of_the_only_contact_suggests_a_call_and_stops_the_letters() -> None:
    """Never a firm or final letter to an inbox known to be absent."""
    found = days()
    entries = hear(found, away(None, gone=True))
    found.run(TODAY, date(2027, 2, 1))

    assert [e.reason for e in entries if isinstance(e, j.CallSuggested)] == ["absent"]
    assert found.sent == []


def test_a_ticket_systems_number_is_kept_and_holds_nothing() -> None:
    found = days()
    entries = hear(found, mail(Kind.AUTO_REPLY, ticket="#4711"))

    assert holds(entries) == []
    assert found.history.of("acme").tickets == {"acme-1": "#4711"}


def test_a_permanent_bounce_turns_to_the_next_contact_from_the_first_reminder_on() -> None:
    """A bounced letter spends nothing, and there is somebody to call."""
    found = days(*TWO)
    entries = hear(found, bounce())
    found.run(TODAY, date(2026, 11, 13))
    [call] = [e for e in entries if isinstance(e, j.CallSuggested)]

    assert (call.contact, call.phone, call.confirmed) == ("Anna Verdi", "+39 02 5550 1111", True)
    assert [(x.letter, x.to) for x in found.sent] == [
        ("first-reminder", "bruno@acme.example"), ("second-reminder", "bruno@acme.example")
    ]  # fmt: skip


def test_a_bounce_everywhere_stops_the_ladder() -> None:
    found = days()
    hear(found, bounce())
    found.run(TODAY, date(2027, 2, 1))

    assert found.sent == []
    assert found.why(TODAY) == "no address works: telephone"


def test_a_bounce_of_two_recipients_suggests_two_calls() -> None:
    found = days(*TWO)
    letter = found.history.of("acme").letters["acme-1"]
    object.__setattr__(letter, "queued", msgspec.structs.replace(letter.queued, cc=("bruno@acme.example",)))
    reports = tuple(
        RecipientReport(address=a, action="failed", status="5.1.1", meaning=Meaning.DEAD)
        for a in (ANNA, "bruno@acme.example")
    )
    hear(found, mail(Kind.BOUNCE, sender="mailer-daemon@relay.example", recipients=reports))

    assert [c.suggested.contact for c in found.history.of("acme").calls.values()] == ["Anna Verdi", "Bruno"]


def test_two_dead_addresses_of_one_person_are_one_call_about_both() -> None:
    """The second letter goes to the other address, and comes back too: one number, one question."""
    second = a_contact("Anna Verdi", "anna.verdi@acme.example")
    found = days(a_contact(email=ANNA), second)
    hear(found, bounce())
    found.take_in(*sent("acme-2", TODAY, ("2026-041", 3), to=second.email))
    again = Match(client="acme", numbers=("2026-041",), letter_id="acme-2", evidence=Evidence.TOKEN)
    hear(found, bounce(again, address=second.email, mail="m2"))
    [call] = open_calls(found.case(TODAY), TODAY)

    assert asked(call_sheet(found.case(TODAY), call, at(TODAY)), Speech(pack=PACKS["en"], zone=ROME, today=TODAY)) == (
        "Mail to anna@acme.example, anna.verdi@acme.example does not arrive: which address is right?"
    )
    first = (a_contact(email="new@acme.example"), second)
    found.ledger = a_ledger(an_invoice(), clients=(a_client(contacts=first),))
    assert open_calls(found.case(TODAY), TODAY), "the other one is still in the books"
    found.ledger = a_ledger(an_invoice(), clients=(a_client(contacts=first[:1]),))
    assert not open_calls(found.case(TODAY), TODAY)


@pytest.mark.parametrize("at_the_door", [1, 2])
def test_a_refusal_in_the_session_and_a_bounce_are_one_call_too(at_the_door: int) -> None:
    """Whichever comes first; the server's words name more addresses than ours."""
    emails = (ANNA, "anna.verdi@acme.example")
    found = days(*(a_contact("Anna Verdi", email) for email in emails))
    found.take_in(*sent("acme-2", TODAY, ("2026-041", 3), to=emails[1]))
    for n, email in enumerate(emails, start=1):
        if n == at_the_door:
            said = f"550 <{email}> unknown here, write to postmaster@acme.example"
            record = found.history.of("acme").letters[f"acme-{n}"]
            refused = Refused(Fault.ADDRESS, said, 550)
            found.take_in(*outcome(found.case(TODAY), record, email, refused, TODAY, at(TODAY)))
        else:
            ours = Match(client="acme", numbers=("2026-041",), letter_id=f"acme-{n}", evidence=Evidence.TOKEN)
            hear(found, bounce(ours, address=email, mail=f"m{n}"))
    [call] = open_calls(found.case(TODAY), TODAY)

    assert named_addresses(call) == [*emails]


def test_F45_a_bounce_for_an_address_corrected_since_is_noted_and_holds_nothing() -> None:
    found = days()
    found.ledger = a_ledger(an_invoice(), clients=(a_client(contacts=(a_contact(email="new@acme.example"),)),))
    entries = hear(found, bounce())

    assert [type(e) for e in entries] == [j.ContactFailed]
    assert found.decide(date(2026, 11, 9)).letters[0].to == "new@acme.example"


def test_F46_our_own_id_decides_not_the_address_that_a_report_names() -> None:
    found = days()
    hear(found, bounce(address="forwarded@elsewhere.example"))

    assert list(found.history.of("acme").failed) == [ANNA]


def test_F47_a_bounce_without_our_id_proposes_one_unconfirmed_call_and_holds_nothing() -> None:
    found = days()
    forged = Match(client="acme", numbers=("2026-041",), evidence=Evidence.NUMBER, known_sender=False)
    first, second = hear(found, bounce(forged)), hear(found, bounce(forged, mail="m2"))

    assert [e.confirmed for e in first if isinstance(e, j.CallSuggested)] == [False]
    assert (second, found.history.of("acme").failed, holds(first)) == ([], {}, [])


def test_a_delayed_report_is_noted() -> None:
    """F18."""
    entries = hear(days(), mail(Kind.DELAYED))

    assert [type(e) for e in entries] == [j.AutoReplyReceived]
