"""The journal in words: one line for each fact that somebody who watches would want to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from daemon.domain import journal as j


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact, told."""

    at: datetime  # UTC
    client: str | None
    sign: str
    tone: str  # sent, heard, held, money, trouble, owner or quiet
    text: str
    more: str = ""  # what can be read beside it, as it is
    link: str = ""  # a file of the album


_BECAUSE = {
    j.Because.REPLY: "an answer is waiting for the owner",
    j.Because.PROMISE: "a promise",
    j.Because.CLAIMS_PAID: "says it is paid",
    j.Because.DISPUTE: "a dispute",
    j.Because.OWNER_WROTE: "the owner wrote",
    j.Because.OTHER_THREAD: "wrote about something else",
}


class Narrator:
    """Remembers what the later facts refer to.

    Args:
        words: the kept new words of a client's mail, by its digest; "" for none.
    """

    def __init__(self, words: Callable[[str], str]) -> None:
        self._words = words
        self._letters: dict[str, j.LetterQueued] = {}

    def tell(self, entry: j.AnyEntry) -> Line | None:
        """None for what is only bookkeeping."""
        told = self._told(entry)
        if told is None:
            return None
        sign, tone, text = told
        client = entry.client if isinstance(entry, j.ClientEntry) else None
        link = f"dossiers/{Path(entry.file).name}" if isinstance(entry, j.DossierMade) else ""
        return Line(at=entry.at, client=client, sign=sign, tone=tone, text=text, link=link)

    def _told(self, entry: j.AnyEntry) -> tuple[str, str, str] | None:
        match entry:
            case j.LetterQueued():
                self._letters[entry.letter_id] = entry
                return ("…", "owner", f"{_name(entry)} waits for the owner's go") if entry.waits_for else None
            case j.LetterReleased():
                return "▸", "owner", f"the owner says go to the {_name(self._letters[entry.letter_id])}"
            case j.LetterWithdrawn():
                return "×", "held", f"{_name(self._letters[entry.letter_id])} withdrawn: {entry.because}"
            case j.DeliveryAccepted():
                letter = self._letters[entry.letter_id]
                return "→", "sent", f"{_name(letter)} to {entry.to}: {_numbers(letter)}"
            case j.DeliveryRefused():
                return "!", "trouble", f"{_name(self._letters[entry.letter_id])} to {entry.to} refused: {entry.reason}"
            case j.DeliveryDeferred() | j.DeliveryInDoubt() | j.DeliveryGivenUp():
                return "!", "trouble", f"{_name(self._letters[entry.letter_id])} to {entry.to}: {entry.reason}"
            case j.ContactFailed():
                return "!", "trouble", f"{entry.address} does not work{f' ({entry.status})' if entry.status else ''}"
            case _:
                return self._heard(entry) or _by_the_owner(entry)

    def _heard(self, entry: j.AnyEntry) -> tuple[str, str, str] | None:
        match entry:
            case j.ReplyReceived():
                return "←", "heard", f"{entry.intent}{self._quoted(entry.mail)}"
            case j.AutoReplyReceived():
                back = f", back on {_day(entry.back_on)}" if entry.back_on else ""
                return "←", "heard", f"an automatic answer: {entry.kind}{back}"
            case j.PromiseMade():
                return "·", "held", f"promised for {_day(entry.promised_on)}"
            case j.PromiseBroken():
                return "!", "trouble", f"the promise for {_day(entry.promised_on)} was not kept"
            case j.PromiseKept():
                return "·", "money", f"the promise for {_day(entry.promised_on)} was kept"
            case j.PlanAgreed():
                parts = ", ".join(f"{part.amount:,.2f} by {_day(part.due_on)}" for part in entry.parts)
                return "·", "owner", f"the owner agrees to a plan: {entry.currency} {parts}"
            case j.PlanBroken():
                return "!", "trouble", f"the part of the plan due on {_day(entry.due_on)} has not come"
            case j.DisputeRaised():
                return "·", "held", "disputed"
            case j.HoldPlaced():
                why = _BECAUSE.get(entry.because, entry.because.value.replace("-", " "))
                until = f" until {_day(entry.until)}" if entry.until else ""
                review = f", review on {_day(entry.review_on)}" if entry.review_on else ""
                return "‖", "held", f"letters wait{until}: {why}{review}"
            case j.HoldLifted():
                return "▸", "owner", f"the hold is lifted ({entry.by})"
            case j.MailUnmatched():
                return "?", "quiet", f"a mail of {entry.sender} changes nothing: {entry.subject}"
        return None

    def _quoted(self, mail: str) -> str:
        words = " ".join(self._words(mail).split())
        return f": “{words[:90]}{'…' if len(words) > 90 else ''}”" if words else ""


def _by_the_owner(entry: j.AnyEntry) -> tuple[str, str, str] | None:
    match entry:
        case j.CallSuggested():
            return "☎", "trouble", f"call {entry.contact}{f', {entry.phone}' if entry.phone else ''}: {entry.because}"
        case j.CallMade():
            return "☎", "owner", f"the owner called: {entry.result}"
        case j.PaymentRecorded():
            return "€", "money", f"{entry.number} paid {entry.currency} {entry.amount:,.2f} on {_day(entry.on)}"
        case j.PaymentMissing():
            return "!", "trouble", f"the owner says that the money for {', '.join(entry.numbers)} has not come"
        case j.OwnerWrote():
            return "→", "owner", "the owner answers in the thread"
        case j.HandoverSuggested():
            return "…", "owner", f"hand over ({entry.to})? It waits for the owner's go"
        case j.HandedOver():
            return "■", "trouble", f"handed over ({entry.to})"
        case j.DossierMade():
            return "■", "owner", "the dossier lies ready"
        case j.DigestSent():
            count = len(entry.items)
            return "✉", "quiet", f"digest: {count} numbered point{'s' if count > 1 else ''}" if count else "digest"
    return None


def _name(letter: j.LetterQueued) -> str:
    about = " about a broken promise" if letter.promised_on else " about a broken plan" if letter.broken_plan else ""
    return letter.letter.replace("-", " ") + about


def _numbers(letter: j.LetterQueued) -> str:
    return ", ".join(dict.fromkeys(claim.number for claim in letter.claims))


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b}" if day else ""
