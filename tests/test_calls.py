"""The owner telephones: each result has its effect on the ladder, and a sheet says what to know before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.call_result import CallOutcome, read_result
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.journal import Because
from daemon.domain.reports.call_sheet import Ask, StoryAbout, call_sheet, hours_of
from daemon.domain.standing.open_calls import open_calls
from tests.builders import a_client, a_contact, at, closed
from tests.digest_scene import a_call
from tests.ladder_days import Days
from tests.react_scene import ANNA, TODAY, TWO, bounce, days, hear

MON = date(2026, 11, 9)
BRUNO = a_contact("Bruno", "bruno@acme.example", phone="+39 02 5550 3333")
LEVEL_CALL = a_call(
    "acme", "2026-041", "level", "two letters without an answer", level=5, policy="standard", at=at(TODAY), on=TODAY
)


def tell(found: Days, result: str, target: str = "2026-041", today: date = TODAY) -> Done:
    answer = execute(
        Command(name="called", target=target, text=result),
        Desk(ledger=found.ledger, history=found.history, today=lambda _: today, at=at(today)),
    )
    assert isinstance(answer, Done), answer
    found.take_in(*answer.entries)
    return answer


def with_a_call(*contacts: object) -> Days:
    found = days(*(contacts or (a_contact(email=ANNA),)))
    found.take_in(LEVEL_CALL)
    return found


def reasons(found: Days) -> list[tuple[Because, date | None, date | None]]:
    return [(h.because, h.until, h.review_on) for h in found.history.of("acme").holds]


def test_a_person_who_was_reached_holds_the_letters_like_an_answer() -> None:
    found = with_a_call()
    tell(found, "spoke to Anna, she looks into it")

    assert reasons(found) == [(Because.REPLY, None, date(2026, 11, 11))]
    assert open_calls(found.case(TODAY), TODAY) == []


def test_voicemail_is_tried_again_in_two_business_days_and_three_times_at_most() -> None:
    found, today, tried = with_a_call(), TODAY, []
    while calls := open_calls(found.case(today), today):
        tried.append(today)
        assert len(calls) == 1
        said = tell(found, "left a message", today=today)
        assert open_calls(found.case(today), today) == [], "not on the same day"
        today = max((c.suggested.on for c in found.history.of("acme").calls.values()), default=today)

    assert tried == [TODAY, date(2026, 11, 6), date(2026, 11, 10), date(2026, 11, 12)]
    assert "nobody reached 4 times" in said.words
    assert reasons(found) == [], "the ladder goes on"


def test_a_call_that_is_tried_again_spends_no_rung_and_moves_no_letter() -> None:
    found, plain = with_a_call(), with_a_call()
    tell(found, "no answer")
    tell(plain, "they are moving house")
    found.run(TODAY, date(2026, 12, 1))
    plain.run(TODAY, date(2026, 12, 1))

    assert found.letters() == plain.letters()


def test_a_mail_of_theirs_makes_another_try_needless() -> None:
    found = with_a_call()
    tell(found, "voicemail")
    reply = j.ReplyReceived(
        at=at(date(2026, 11, 5)), client="acme", numbers=(), letter_id=None, mail="m", sender=ANNA, intent="unclear",
        on=date(2026, 11, 5),
    )  # fmt: skip
    found.take_in(reply)

    assert open_calls(found.case(MON), MON) == []


def test_a_wrong_number_is_rung_no_more_and_the_next_contacts_is() -> None:
    found = with_a_call(a_contact(email=ANNA, phone="+39 02 5550 2200"), BRUNO)
    tell(found, "wrong number")
    [call] = open_calls(found.case(TODAY), TODAY)
    assert (call.contact, call.phone, call.reason) == ("Bruno", "+39 02 5550 3333", "level")

    tell(found, "number not in service")
    [call] = open_calls(found.case(TODAY), TODAY)
    assert (call.phone, call.reason) == (None, "wrong-number"), "the owner is asked"
    assert call_sheet(found.case(TODAY), call, at(TODAY)).ask is Ask.NUMBER


def test_a_number_that_is_corrected_in_the_config_is_on_the_sheet_at_once() -> None:
    found = with_a_call()
    tell(found, "wrong-number")
    anna = a_contact(email=ANNA, phone="+39 02 5550 9999")
    found.ledger = replace(found.ledger, clients={"acme": a_client(contacts=(anna,))})
    [call] = open_calls(found.case(TODAY), TODAY)

    assert call_sheet(found.case(TODAY), call, at(TODAY)).phone == "+39 02 5550 9999"


@pytest.mark.parametrize(
    ("result", "held"),
    [
        ("promised 2026-11-20", (Because.PROMISE, date(2026, 11, 24), None)),
        ("will pay by 2026-11-20", (Because.PROMISE, date(2026, 11, 24), None)),
        ("disputes four hours are missing", (Because.DISPUTE, None, date(2026, 11, 18))),
        ("paid", (Because.CLAIMS_PAID, None, date(2026, 11, 11))),
    ],
)
def test_what_they_say_holds_the_letters_and_never_marks_anything_paid(
    result: str, held: tuple[Because, date | None, date | None]
) -> None:
    found = with_a_call()
    tell(found, result)

    assert reasons(found) == [held]
    assert found.history.of("acme").payments == {}
    assert open_calls(found.case(TODAY), TODAY) == []


def test_other_words_are_kept_and_say_that_they_do_nothing() -> None:
    found = with_a_call()
    said = tell(found, "they are closed for the day")

    assert [type(e).__name__ for e in said.entries] == ["CallMade"]
    assert "nothing else" in said.words


@pytest.mark.parametrize("result", ["promised", "promised soon", "promised 2026-02-30", "promised 2026-11-01"])
def test_a_promise_without_a_day_that_is_to_come_is_refused(result: str) -> None:
    found = with_a_call()
    answer = execute(
        Command(name="called", target="2026-041", text=result),
        Desk(ledger=found.ledger, history=found.history, today=lambda _: TODAY, at=at(TODAY)),
    )

    assert isinstance(answer, Refusal)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("Voice mail", CallOutcome.VOICEMAIL), ("no answer", CallOutcome.VOICEMAIL), ("busy", CallOutcome.VOICEMAIL),
        ("reached nobody", CallOutcome.VOICEMAIL), ("reached the voicemail", CallOutcome.VOICEMAIL),
        ("reached", CallOutcome.REACHED), ("talked to Bruno", CallOutcome.REACHED),
        ("WRONG NUMBER", CallOutcome.WRONG_NUMBER), ("number is disconnected", CallOutcome.WRONG_NUMBER),
        ("has paid", CallOutcome.PAID), ("not paid", CallOutcome.OTHER), ("paidless", CallOutcome.OTHER),
        ("disputed: two hours", CallOutcome.DISPUTES), ("they promised", CallOutcome.OTHER),
    ],
)  # fmt: skip
def test_natural_spellings_are_understood(said: str, outcome: CallOutcome) -> None:
    assert read_result(said).outcome is outcome


# -- the sheet ----------------------------------------------------------------------------------------------------


def test_a_dead_address_turns_to_the_next_contact_and_the_sheet_asks_for_the_right_one() -> None:
    found = days(*TWO)
    hear(found, bounce())
    [call] = open_calls(found.case(TODAY), TODAY)
    sheet = call_sheet(found.case(TODAY), call, at(TODAY))

    assert (sheet.person, sheet.phone, sheet.ask) == ("Anna Verdi", "+39 02 5550 1111", Ask.ADDRESS)
    assert sheet.telephone is not None
    assert sheet.telephone.e164 == "+390255501111"
    assert [told.about for told in sheet.told] == [StoryAbout.OWED, StoryAbout.LETTERS, StoryAbout.BOUNCED]
    assert sheet.commands[CallOutcome.REACHED] == "sollecito called acme/2026-041 reached"


@pytest.mark.parametrize(
    ("entries", "level", "ask"),
    [
        ((), 5, Ask.WHEN),
        ((), 7, Ask.FINAL),
        (("cannot-pay",), 7, Ask.PARTS),
        (("dispute",), 5, Ask.WRONG),
    ],
)
def test_a_rung_asks_by_what_they_have_said(entries: tuple[str, ...], level: int, ask: Ask) -> None:
    """FIELD S26: cash-flow, or a dispute."""
    found = days()
    for intent in entries:
        found.take_in(
            j.ReplyReceived(
                at=at(TODAY), client="acme", numbers=("2026-041",), letter_id=None, mail="m", sender=ANNA, on=TODAY,
                intent=intent,
            )
        )  # fmt: skip
    call = a_call("acme", "2026-041", "level", "a rung", level=level, policy="standard", on=TODAY)
    found.take_in(call)

    assert call_sheet(found.case(TODAY), call, at(TODAY)).ask is ask


def test_the_story_has_five_lines_at_most_and_a_broken_promise_is_one() -> None:
    found = days()
    reply = j.ReplyReceived(
        at=at(TODAY),
        client="acme",
        numbers=("2026-041",),
        letter_id=None,
        mail="m",
        sender=ANNA,
        intent="promise",
        on=TODAY,
    )
    key, numbers = "acme", ("2026-041",)
    found.take_in(
        reply,
        j.PromiseMade(at=at(TODAY), client=key, numbers=numbers, promised_on=TODAY, mail="m", on=TODAY),
        j.PromiseBroken(at=at(MON), client=key, numbers=numbers, promised_on=TODAY, on=MON),
        j.ContactFailed(at=at(MON), client=key, address=ANNA, reason="5.1.1", on=MON),
        j.CallMade(at=at(MON), client=key, call_id=None, numbers=numbers, result="no", outcome="voicemail", on=MON),
        j.DisputeRaised(at=at(MON), client=key, numbers=numbers, mail=None, on=MON, note="hours"),
        LEVEL_CALL,
    )
    told = call_sheet(found.case(MON), LEVEL_CALL, at(MON), lambda _: "Friday, promised").told

    assert [one.about for one in told] == [
        StoryAbout.OWED,
        StoryAbout.LETTERS,
        StoryAbout.SAID,
        StoryAbout.BROKEN,
        StoryAbout.BOUNCED,
    ]
    assert (told[2].who, told[2].words) == ("Anna Verdi", "Friday, promised")


@pytest.mark.parametrize(
    ("now", "there", "good"),
    [
        (datetime(2026, 11, 9, 8, 30, tzinfo=UTC), True, "2026-11-09 09:30"),
        (datetime(2026, 11, 9, 7, 59, tzinfo=UTC), False, "2026-11-09 09:00"),
        (datetime(2026, 11, 9, 16, 30, tzinfo=UTC), False, "2026-11-10 09:00"),
        (datetime(2026, 11, 6, 20, 0, tzinfo=UTC), False, "2026-11-09 09:00"),
        (datetime(2026, 12, 8, 10, 0, tzinfo=UTC), False, "2026-12-09 09:00"),
    ],
)  # Immacolata, the last one
def test_office_hours_are_the_clients(now: datetime, there: bool, good: str) -> None:
    hours = hours_of(a_client(), now)

    assert (hours.there, f"{hours.good:%Y-%m-%d %H:%M}") == (there, good)


def test_a_client_far_away_is_rung_in_their_own_hours() -> None:
    tokyo = a_client(timezone=ZoneInfo("Asia/Tokyo"), calendar=BusinessCalendar("JP"))
    shut = a_client(calendar=closed(MON, date(2026, 11, 13)))

    assert hours_of(tokyo, datetime(2026, 11, 9, 8, 30, tzinfo=UTC)).good.isoformat() == "2026-11-10T09:00:00+09:00"
    assert hours_of(shut, datetime(2026, 11, 9, 8, 30, tzinfo=UTC)).good.date() == date(2026, 11, 16)


def test_a_call_about_two_invoices_stays_open_for_the_one_that_was_not_spoken_of() -> None:
    """The answer says so; the other invoice is not forgotten."""
    found = days(a_contact(email=ANNA), others=1)
    found.take_in(msgspec.structs.replace(LEVEL_CALL, numbers=("2026-041", "2026-050")))
    answer = tell(found, "promised 2026-11-25")

    assert answer.words.endswith("the call about 2026-050 stays open")
    assert [call.numbers for call in open_calls(found.case(TODAY), TODAY)] == [("2026-050",)]
