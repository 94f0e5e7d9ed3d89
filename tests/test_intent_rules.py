"""The rules that a translator has at hand, each on a small pack of its own."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.domain.books.reading import Intent
from daemon.mail.answers.intent import Meant, read_intent
from daemon.mail.language.sentences import sentences
from daemon.mail.language.speech import Speech

WRITTEN = date(2026, 11, 11)  # a Wednesday
PACK: dict[str, object] = {
    "vocabulary": {"pay": ["pay", "settle up"], "will": ["will", "shall"], "promise": ["<will> <pay>"]},
    "intents": {
        "promise": ["<will> ** <pay>", "hope * <pay>"],
        "paid": ["paid", "=payé", "=réglé"],
        "dispute": ["wrong"],
        "cannot-pay": ["no money"],
    },
    "perhaps": {"promise": ["you'll have it"], "paid": ["settled"], "dispute": ["not happy"]},
    "unless": {"dispute": ["nothing wrong"], "paid": ["other invoice"]},
    "words": {
        "negations": ["not", "no"],
        "harmless": ["no later than", "if you need anything"],
        "conditions": ["if"],
        "hedges": ["i think", "hope"],
        "asks": ["please", "=paye"],
        "joints": ["and", "but"],
        "linked": ["that"],
        "aside": ["invoice of", "back on"],
        "aside_behind": ["home again"],
        "arrives": ["with you", "credit"],
        "either": ["or"],
        "together": ["together with 2~"],
        "then": ["then"],
        "partial": ["half"],
        "filler": ["ok|sorry|by|thanks", "on"],
        "done": ["done", "all paid"],
        "open": ["yours lies here"],
    },
    "absence": {"back": ["back on"], "back_behind": ["home again"]},
    "dates": {
        "weekdays": {"0": ["monday"], "4": ["friday"]},
        "months": {"11": ["november"], "12": ["december"]},
        "on": ["by"],
        "numbers": {"3": ["three"]},
        "phrases": {
            "weekday": ["[on|by] {weekday}"],
            "day": ["by {d}"],
            "next_month_start": ["start of next month"],
            "month_start_of": ["start of {month}"],
            "day_of_next_month": ["the {d} of next month"],
            "hours": ["within {n} hours"],
            "week_number": ["week {n}"],
            "next_week_start": ["start of next week"],
            "week_after_next": ["week after next"],
            "year_end": ["end of the year"],
            "past_weekday": ["last {weekday}"],
        },
    },
}
SPEECH = Speech.of("xx", PACK)
FRIDAY = date(2026, 11, 13)


def meant(text: str) -> Meant:
    return read_intent(text, [SPEECH], WRITTEN)


@pytest.mark.parametrize(
    "text",
    [
        "We will pay on Friday.",
        "We will surely settle up on Friday.",  # a vocabulary of several words
        "We shall after all that we have said about it to your colleague pay Friday.",  # up to twelve between
        "We will pay no later than Friday.",  # harmless
        "If you need anything call me, we will pay Friday.",
        "This is not forgotten and we will pay on Friday.",  # the "not" stands in another clause
        "We will pay the invoice of Monday on Friday.",  # Monday is the invoice's day
        "I am back on Monday but will pay on Friday.",
        "Friday. I will pay then.",
        "I am back on Friday and will pay then.",  # the day back is another, but where the promise points to it
        "Friday home again and then we will pay.",
        "We will pay. Friday by noon.",
        "Friday!",
        "ok, by Friday, sorry",
        "You'll have it Friday.",
    ],
)
def test_a_promise_with_its_day(text: str) -> None:
    said = meant(text)

    assert (said.intent, said.promised_on) == (Intent.PROMISE, FRIDAY), said.because


@pytest.mark.parametrize(
    "text",
    [
        "We will not pay on Friday.",
        "We will pay on Friday if you call.",
        "I think, we will pay on Friday.",  # a short clause speaks about the one beside it
        "We hope with all our hearts, that we will pay on Friday.",  # what is linked belongs to the hope
        "We will pay on Friday or on Monday.",
        "We will pay on Friday?",
        "We will pay on Friday. If you call.",
        "We will pay. Will you call on Friday?",
        "We will pay soon.",
        "I am back on Friday and will pay.",
        "Then I will pay, I am back on Friday.",
        "This is of the invoice of Friday and we will pay then.",
        "Please say that we will pay on Friday.",  # what is asked of the creditor
        "Please send it by Friday and we will pay it.",  # the day is the creditor's
        "Call me on Friday.",
        "You'll have it.",
        "We will pay what you sent last Friday.",
        "Will you send it again? Then we will pay on Friday.",
        "We will not\npay on Friday.",  # narrow lines, as telephones wrap them
        "We will pay on Friday\nbut only if you send it.",
        "We will pay on Friday. If you send us the invoice with the right number on it.",
        "We will pay on Friday. But if you do not send it.",
        "We will pay on Friday. No we will not.",
        "We will pay on Friday.\n"
        + "This is a long story. " * 400
        + "We dispute it all.",  # what is too long to be read
    ],
)
def test_no_promise(text: str) -> None:
    assert meant(text).intent in (Intent.UNCLEAR, Intent.QUESTION), meant(text).because


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("The sum is wrong.", Intent.DISPUTE),
        ("There is nothing wrong with it.", Intent.UNCLEAR),
        ("There is nothing wrong with it, but the sum is wrong.", Intent.DISPUTE),  # taken back in its own clause only
        ("The other invoice was paid.", Intent.UNCLEAR),
        ("It was paid on Monday.", Intent.PAID),
        ("We are not happy.", Intent.DISPUTE),
        ("We are not happy, but we will pay on Friday.", Intent.PROMISE),  # what is said surely outranks a hint
        ("No money.", Intent.CANNOT_PAY),
    ],
)
def test_surely_perhaps_and_taken_back(text: str, intent: Intent) -> None:
    assert meant(text).intent is intent, meant(text).because


@pytest.mark.parametrize(
    ("day", "on"),
    [
        ("by 15.12", date(2026, 12, 15)),
        ("by 5-12", date(2026, 12, 5)),
        ("at the start of next month", date(2026, 12, 1)),
        ("at the start of December", date(2026, 12, 1)),
        ("on the 3 of next month", date(2026, 12, 3)),
        ("within 48 hours", date(2026, 11, 13)),
        ("in week 50", date(2026, 12, 11)),
        ("in week 2", date(2027, 1, 15)),
        ("at the start of next week", date(2026, 11, 16)),
        ("the week after next", date(2026, 11, 27)),
        ("before the end of the year", date(2026, 12, 31)),
    ],
)
def test_days_that_the_packs_may_name(day: str, on: date) -> None:
    assert meant(f"We will pay {day}.").promised_on == on


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Done!", Intent.PAID),
        ("ok, all paid, thanks", Intent.PAID),
        ("Done? By whom?", Intent.QUESTION),
        ("The work was done badly.", Intent.UNCLEAR),
        ("He is busy with the harvest. By Friday. Sorry.", Intent.PROMISE),  # a day by itself
        ("He is busy with the harvest. By Friday. Why do you ask?", Intent.QUESTION),
        ("By Friday the work is wrong.", Intent.DISPUTE),
    ],
)
def test_an_answer_that_is_nothing_but_done_or_a_day(text: str, intent: Intent) -> None:
    assert meant(text).intent is intent, meant(text).because


def test_what_is_said_of_another_invoice_is_not_said_of_ours() -> None:
    """Its number has the shape of ours and is not among those that the mail is about."""

    def about_ours(text: str) -> Intent:
        return read_intent(text, [SPEECH], WRITTEN, frozenset({"2026-041"})).intent

    assert about_ours("2026-094 was paid on Monday.") is Intent.UNCLEAR
    assert about_ours("We will pay 2026-094 on Friday.") is Intent.UNCLEAR
    assert about_ours("2026-041 was paid on Monday.") is Intent.PAID
    assert about_ours("2026-094 and 2026-041 were paid.") is Intent.PAID
    assert about_ours("Order 77 was paid on Monday.") is Intent.PAID
    assert about_ours("It was paid on Monday together with 2026-094.") is Intent.PAID
    assert about_ours("2026-095 was paid together with 2026-094.") is Intent.UNCLEAR


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("It was paid on Friday.", Intent.PAID),
        ("It was paid on 3 November.", Intent.PAID),
        ("It is paid on 20 November.", Intent.UNCLEAR),
    ],
)
def test_nothing_is_paid_on_a_day_to_come(text: str, intent: Intent) -> None:
    """A weekday alone may be the last one; a date may not."""
    assert meant(text).intent is intent, meant(text).because


def test_what_is_still_open_is_not_paid_however_it_is_told() -> None:
    assert meant("It was paid on Monday. Yours lies here.").intent is Intent.UNCLEAR
    assert meant("That is settled. Yours lies here.").intent is Intent.UNCLEAR
    assert meant("That is settled.").intent is Intent.PAID


def test_a_dispute_in_a_question_outranks_a_payment_whatever_stands_before_it() -> None:
    assert meant("Not happy. Is the sum wrong? It was paid.").intent is Intent.DISPUTE


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("We will pay on Friday, credit on Monday.", date(2026, 11, 16)),
        ("With you by Monday, we will pay on Friday.", date(2026, 11, 16)),
        ("We will pay on Monday, credit on Friday.", date(2026, 11, 16)),  # Friday is earlier: of something else
        ("We will pay on Friday, holidays on Monday.", FRIDAY),
        ("We will pay on Friday, credit on Monday or on 3 December.", FRIDAY),
    ],
)
def test_of_the_day_of_the_order_and_that_of_the_credit_the_later_is_promised(text: str, on: date) -> None:
    assert meant(text).promised_on == on, meant(text).because


def test_a_time_of_day_is_one_word_and_no_day() -> None:
    assert sentences("Ging um 17:42 Uhr: jetzt. Siehe 1:100, 9:30:15") == [
        "ging um 17:42 uhr : jetzt",
        "siehe 1 : 100 , 9 : 30 : 15",
    ]
    assert meant("We will pay by 13:30 of the next day.").intent is Intent.UNCLEAR
    assert meant("We will pay by Friday 13:30.").promised_on == FRIDAY
    assert meant("It was paid at 17:42 for you.").intent is Intent.PAID


def test_an_opened_question_ends_the_sentence_before_it() -> None:
    assert sentences("El viernes os pago, ¿os parece?") == ["el viernes os pago", "os parece ?"]


def test_a_condition_of_the_rest_takes_no_part_back() -> None:
    said = meant("We will pay half on Friday, the other half if we can.")

    assert (said.intent, said.promised_on, said.part) == (Intent.PROMISE, FRIDAY, True)


def test_nothing_is_paid_that_somebody_is_asked_to_confirm() -> None:
    assert meant("Please say that it was paid.").intent is Intent.UNCLEAR


def test_half_is_a_part_and_without_a_day_it_is_nothing() -> None:
    assert meant("We will pay half on Friday.").part
    assert meant("We will pay 500 EUR on Friday. The other half we will see.").part
    assert not meant("We will pay on Friday. Best wishes.").part
    assert meant("We will pay half.").intent is Intent.UNCLEAR


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Wir zahlen bis zum 15. Jänner. Danke.", ["wir zahlen bis zum 15 janner", "danke"]),
        ("In der 24. Kalenderwoche.", ["in der 24 kalenderwoche"]),
        ("Wir zahlen am 15. Wenn Sie mögen.", ["wir zahlen am 15", "wenn sie mogen"]),
        ("Fatt. n. 12. Paga il dott. Neri.", ["fatt n 12", "paga il dott neri"]),
        ("No. We will not.", ["no", "we will not"]),
        ("Zahlung lt. Auszug.", ["zahlung lt auszug"]),
    ],
)
def test_a_point_ends_a_sentence_unless_it_belongs_to_the_word(text: str, said: list[str]) -> None:
    assert sentences(text) == said
