"""The mail between the owner and us, folded: which answers may command, what is still to be told or answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.domain.journal.agreement_entries import PlanBroken
from daemon.domain.journal.answer_entries import CallSuggested, PromiseBroken, ReplyReceived
from daemon.domain.journal.entry import ClientEntry, Entry
from daemon.domain.journal.letter_entries import ContactFailed, DeliveryInDoubt
from daemon.domain.journal.owner_entries import (
    AlertSent,
    AnswerSent,
    AskedOrder,
    DigestItem,
    DigestSent,
    OrdersRefused,
    OrdersTaken,
)

VALID_FOR = timedelta(days=14)  # an answer to an older digest or alert commands nothing (F49)
_REMEMBERED = timedelta(days=60)  # so that an answer that comes too late is told so, not taken for a stranger's
_PATIENT = 3  # answers in a row that found no order, before it gets slow
_LONGEST = timedelta(days=7)
_DAY = timedelta(days=1)
PROVEN = frozenset({"no-token", "expired", "forwarded", "others-read", "repeated"})  # a mail refused so is the owner's
NEWS = (ReplyReceived, ContactFailed, CallSuggested, PromiseBroken, PlanBroken, DeliveryInDoubt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A mail of ours that the owner may answer with orders."""

    at: datetime  # UTC
    items: tuple[DigestItem, ...] = ()
    about: str = ""  # CLIENT/NUMBER: what an order without a number is about
    asked: tuple[AskedOrder, ...] = ()  # what `yes` confirms
    in_vain: int = 0  # an answer that found no order, as so many before it in the same conversation, itself included

    def is_valid(self, now: datetime) -> bool:
        return now - self.at <= VALID_FOR


@dataclass(slots=True)
class Correspondence:
    """What there is between the owner and us.  Only `take_in` changes it."""

    issued: dict[str, Issued] = field(default_factory=dict)  # by the hash of its token
    untold: list[ClientEntry] = field(default_factory=list)  # what happened to clients since the owner was told
    unanswered: dict[str, OrdersTaken | OrdersRefused] = field(default_factory=dict)  # by the digest of the mail
    carried_out: set[str] = field(default_factory=set)  # what makes orders the same: `OrdersTaken.said`
    confirmed: set[str] = field(default_factory=set)  # hashes of tokens whose questions were answered
    alerts: list[datetime] = field(default_factory=list)  # when the last ones went, oldest first
    doubtful: list[datetime] = field(default_factory=list)  # when each mail not proven theirs was told, of the last day
    marks: dict[str, datetime] = field(default_factory=dict)  # what was told about ourselves, and when

    def take_in(self, entry: Entry) -> None:
        match entry:
            case DigestSent():
                self._issue(entry.token, Issued(at=entry.at, items=entry.items))
                self.untold = [one for one in self.untold if one.at > entry.at]
            case AlertSent():
                self._issue(entry.token, Issued(at=entry.at, items=entry.items, about=entry.about))
                told = set(entry.clients)
                self.untold = [one for one in self.untold if one.at > entry.at or one.client not in told]
                self._note_alert(entry.at)
                self.marks.update(dict.fromkeys(entry.marks, entry.at))
            case OrdersTaken():
                if entry.lines:
                    self.unanswered[entry.mail] = entry
                self.carried_out.add(entry.said)
                if entry.answers:
                    self.confirmed.add(entry.came_with)
            case OrdersRefused():
                self.unanswered[entry.mail] = entry
            case AnswerSent():
                self._issue(entry.token, Issued(at=entry.at, asked=entry.asked, in_vain=self._in_vain(entry)))
                answered = [self.unanswered.pop(mail, None) for mail in entry.mails]
                new = [entry.at for one in answered if isinstance(one, OrdersRefused) and one.because not in PROVEN]
                self.doubtful = [*(earlier for earlier in self.doubtful if entry.at - earlier < _DAY), *new]
                if entry.unasked:
                    self._note_alert(entry.at)
            case _:
                raise TypeError(f"{type(entry).__name__} is not about the owner's mail")

    def note(self, news: ClientEntry) -> None:
        """Something happened to a client: one of `NEWS`."""
        self.untold.append(news)

    def answer_due(self, taken: OrdersTaken) -> datetime:
        """When to answer: at once, unless it is the talk of a machine that answers whatever we write (RFC 3834).

        Then each answer comes twice as late as the one before, so that nothing goes round and round, and a person who
        has tried in vain is answered all the same.
        """
        known = self.issued.get(taken.came_with)
        late = (known.in_vain if known else 0) - _PATIENT
        if late < 0 or not _is_vain(taken):
            return taken.at
        return taken.at + min(timedelta(hours=1 << min(late, 10)), _LONGEST)

    def _in_vain(self, entry: AnswerSent) -> int:
        answered = [self.unanswered.get(mail) for mail in entry.mails]
        vain = [taken for taken in answered if isinstance(taken, OrdersTaken) and _is_vain(taken)]
        before = [self.issued[taken.came_with].in_vain for taken in vain if taken.came_with in self.issued]
        return 1 + max(before, default=0) if vain else 0

    def _note_alert(self, at: datetime) -> None:
        self.alerts = [*(earlier for earlier in self.alerts if at - earlier < timedelta(hours=1)), at]

    def _issue(self, token: str, issued: Issued) -> None:
        if token:
            self.issued = {k: v for k, v in self.issued.items() if issued.at - v.at < _REMEMBERED}
            self.issued[token] = issued

    def news_of(self, client: str) -> Iterator[ClientEntry]:
        return (entry for entry in self.untold if entry.client == client)


def _is_vain(taken: OrdersTaken) -> bool:
    """Whether nothing in it was understood."""
    return all(line.outcome == "unclear" for line in taken.lines)
