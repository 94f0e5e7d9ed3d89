"""How a telephone call went, as the owner says it: `reached`, `left a message`, `promised 2026-12-15`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daemon.domain.books.written import wrong_with_day


class CallOutcome(StrEnum):
    """What a call came to; each has its effect on the ladder (`daemon.domain.commands.calls`)."""

    REACHED = "reached"  # a person spoke
    VOICEMAIL = "voicemail"  # nobody was reached
    WRONG_NUMBER = "wrong-number"
    PROMISED = "promised"  # with a day
    DISPUTES = "disputes"
    PAID = "paid"
    OTHER = "other"  # any words: noted


@dataclass(frozen=True, slots=True)
class CallResult:
    outcome: CallOutcome
    note: str = ""  # the words behind the result
    day: date | None = None  # of a promise, where one is named as 2026-12-15


_SPELLINGS: tuple[tuple[CallOutcome, str], ...] = (
    (CallOutcome.REACHED, r"reached|spoke(?: (?:to|with))?|talked(?: (?:to|with))?|answered"),
    (
        CallOutcome.VOICEMAIL,
        r"voice-?\s?mail|mailbox|answering machine|left (?:a |them a )?(?:voice ?)?message|no[- ]?(?:answer|reply)"
        r"|(?:nobody|no[- ]?one)(?: answered| there)?|not reached|unreachable|busy|engaged"
        r"|reached (?:nobody|no[- ]?one|(?:a |the |their )?(?:voice-?\s?mail|mailbox|answering machine))",
    ),
    (
        CallOutcome.WRONG_NUMBER,
        r"wrong[- ]?(?:tele)?(?:phone )?number|(?:tele)?(?:phone )?number (?:is )?(?:wrong|dead|disconnected|unknown)"
        r"|(?:number )?not in service|disconnected",
    ),
    (CallOutcome.PROMISED, r"promised?|promises|will pay(?: (?:on|by))?|pays(?: (?:on|by))?"),
    (CallOutcome.DISPUTES, r"disputes?|disputed"),
    (CallOutcome.PAID, r"(?:has |have |is |already |says )*paid(?: already)?|claims[- ](?:to have )?paid"),
)
_NO = re.compile(r"(?:not|never|did ?n.?t|has ?n.?t|won.?t|no)\b", re.IGNORECASE)
_DAY = re.compile(r"(?:for |by |on |until )?(\d{4}-\d{2}-\d{2})\b[.,;]?\s*")
# the longest spelling that stands at the head decides: "reached nobody" is not "reached"
_RESULTS = tuple(
    (outcome, re.compile(rf"(?:{spelled})(?=$|[\s:,;.!-])[\s:,;.!-]*", re.IGNORECASE))
    for outcome, spelled in _SPELLINGS
)


def read_result(text: str) -> CallResult:
    """What the owner's words say; words that name no result are a note.

    A promise keeps the day that it names, written as 2026-12-15; a day that does not exist is none.
    """
    said = " ".join(text.split())
    found = [(match.end(), outcome) for outcome, spelled in _RESULTS if (match := spelled.match(said))]
    if not found or (_NO.match(said) and max(found)[1] not in (CallOutcome.VOICEMAIL, CallOutcome.WRONG_NUMBER)):
        return CallResult(CallOutcome.OTHER, said)
    end, outcome = max(found)
    note = said[end:]
    if outcome is not CallOutcome.PROMISED:
        return CallResult(outcome, note)
    named = _DAY.match(note)
    if named is None:
        return CallResult(outcome, note)
    try:
        day = date.fromisoformat(named[1])
    except ValueError:
        return CallResult(outcome, note)
    if wrong_with_day(day):
        return CallResult(outcome, note)
    return CallResult(outcome, note[named.end() :], day)
