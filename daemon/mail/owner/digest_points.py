"""The words of one point: what it is about, and the one thing to do."""

from __future__ import annotations

from typing import assert_never

from daemon.domain.journal import Wait
from daemon.domain.reports.digest_point import Point, What
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.call_words import asked, when
from daemon.mail.owner.digest_speech import Speech
from daemon.mail.owner.proposal_words import proposal_words


def decide_words(point: Point, speech: Speech) -> str:
    """What a decision is about; "" where the line above it, or its own section, says that."""
    quote = speech.quoted(point.quote)
    date = speech.day(point.on) if point.on else ""
    match point.what:
        case What.ELSEWHERE:
            said = speech.say("elsewhere", name=point.name, quote=quote, date=date)
        case What.REVIEW:
            said = speech.say(
                "review_due", reason=speech.say(f"reason_{point.about}"), quote=_of(point, quote), date=date
            )
        case What.CLAIMS_PAID:
            said = speech.say("claims_paid", who=_who(point), quote=quote)
        case What.MAIL:
            said = speech.say("mail", who=_who(point), intent=_intent(point, speech), quote=quote)
        case What.PAYMENT:
            asked = "payment" if point.numbers else "payment_whose"
            said = speech.say(asked, who=_who(point), quote=quote, date=date)
            if point.still_open:
                said += " " + speech.say("payment_open", money=speech.money(point.still_open))
        case What.RETURNED:
            said = speech.say("returned", quote=quote, date=date)
        case What.PROPOSAL:
            said = proposal_words(point, speech)
        case What.GO:
            why = "go_amount" if point.quote == Wait.AMOUNT else "go"
            said = speech.say(why, letter=speech.letter(point.about), who=point.who or point.address)
        case What.HANDOVER:
            known = point.about in ("legal", "collection")
            said = speech.say("handover", to=speech.say(f"handover_{point.about}") if known else point.about)
        case What.DOUBT:
            said = speech.say("doubt", letter=speech.letter(point.about), address=point.address, date=date)
        case What.REFUSED:
            said = speech.say("refused", quote=quote)
        case What.REST | What.VANISHED | What.CLOCK:
            said = speech.say(point.what.value)
        case What.UNMATCHED:
            about = speech.say("unmatched_name", name=point.name) if point.name else ""
            said = speech.say("unmatched", about=about, quote=quote)
        case What.BULK | What.CALL | What.LEAVES | What.AHEAD:
            said = ""
        case _:
            assert_never(point.what)
    return speech.sentence(said)


def call_words(point: Point, speech: Speech) -> str:
    """What to ask, and when they are there.  The number stands apart: a telephone makes a link of it."""
    if point.sheet is None:
        raise ValueError("a call without its sheet")
    return f"{asked(point.sheet, speech)} {speech.sentence(when(point.sheet, speech))}."


def leaves_words(point: Point, speech: Speech, first: str) -> str:
    """Which letter, to whom; and when, where it is not the hour in the section's title."""
    who = f"{point.who} <{point.address}>" if point.who else point.address
    said = speech.say("leaves_to", letter=speech.letter(point.about), who=who)
    at = speech.time(point.leaves_at) if point.leaves_at else first
    return speech.sentence(said) if at == first else f"{at}: {said}"


def ahead_words(point: Point, speech: Speech) -> str:
    """On which day, which letter, to whom."""
    who = f"{point.who} <{point.address}>" if point.who else point.address
    said = speech.say("leaves_to", letter=speech.letter(point.about), who=who)
    return f"{speech.day(point.on)}: {said}" if point.on else speech.sentence(said)


def _intent(point: Point, speech: Speech) -> str:
    known = f"intent_{point.about}"
    return speech.say(known if known in speech.pack.digest else "intent_unclear")


def _who(point: Point) -> str:
    return point.who or point.name


def _of(point: Point, quote: str) -> str:
    return f"{clean(point.who)}: {quote}" if quote and point.who else quote
