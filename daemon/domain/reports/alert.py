"""What the owner is told at once: what a client did, and what went wrong with us.

Pure, as the digest is, and made of the same points: an alert is a digest of one client, with the news in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.books.client import Client
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import AlertKind
from daemon.domain.history import History, Status
from daemon.domain.reports.digest import as_item, numbered
from daemon.domain.reports.digest_decide import decisions
from daemon.domain.reports.digest_point import Books, Point, What
from daemon.domain.reports.digest_upcoming import calls
from daemon.domain.standing.case import case_of

STALE = timedelta(days=1)  # what is older is for the digest: nobody is woken for yesterday
_BY_MAIL = frozenset({"bounce", "gave-up", "absent"})  # calls that are told at once: letters go nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened to a client."""

    kind: AlertKind
    at: datetime  # UTC
    numbers: tuple[str, ...]
    who: str = ""  # who wrote
    about: str = ""  # an intent; of a letter in doubt, its name; of a broken promise "promise" or "plan"
    words: str = ""  # theirs: a client's, a server's; of a call that is suggested: its `because`
    said: str = ""  # by their server, of a call that is suggested
    address: str = ""
    on: date | None = None  # the promised day, the day of the instalment, or the day on which a letter was handed in
    held_until: date | None = None  # the last day held
    review_on: date | None = None
    held: bool = False  # without an end
    mail: str = ""  # digest of what they wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNews:
    """What is told about one client, and what the owner can do about it."""

    client: str
    name: str
    numbers: tuple[str, ...]
    happened: tuple[Happening, ...]
    decide: tuple[Point, ...]
    call: tuple[Point, ...]


MOST_PROPOSED = 10  # invoices, each with all its figures: forty of them were a thousand lines


@dataclass(frozen=True, slots=True, kw_only=True)
class SentNews:
    """An invoice that the owner sent by hand: proposed, or why not."""

    entry: j.InvoiceProposed | j.SendingUnclear
    decide: Point | None = None  # None: nothing is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFault:
    """Something is wrong with us, or right again."""

    kind: AlertKind
    what: str  # mailbox, reader, relay, config, disk, waiting
    words: str = ""
    over: bool = False  # it works again
    count: int = 0  # letters that wait
    mark: str = ""  # told once


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One mail to the owner."""

    today: date
    now: datetime
    clients: tuple[ClientNews, ...]
    faults: tuple[OwnFault, ...] = ()
    sent: tuple[SentNews, ...] = ()
    more: int = 0  # that were proposed, too: the digest asks about them
    items: tuple[j.DigestItem, ...] = ()

    @property
    def about(self) -> str:
        """CLIENT/NUMBER where it is about one invoice alone, the item of a proposed one; "": an order has to say it."""
        proposed = [news.decide.item for news in self.sent if news.decide and news.decide.item]
        if len(proposed) == 1 and not self.clients:
            return str(proposed[0])
        numbers = {(news.client, number) for news in self.clients for number in news.numbers}
        return "/".join(numbers.pop()) if len(numbers) == 1 else ""


def news_of(
    ledger: Ledger, history: History, kinds: frozenset[AlertKind], now: datetime, words: Callable[[str], str]
) -> dict[str, tuple[Happening, ...]]:
    """What the owner wants to hear of and was not told yet, by client, in the order in which it happened."""
    found: dict[str, list[Happening]] = {}
    for entry in history.owner.untold:
        if entry.client not in ledger.clients or now - entry.at > STALE:
            continue
        happening = _happening(entry, ledger.clients[entry.client], history, words)
        if happening is not None and happening.kind in kinds:
            found.setdefault(entry.client, []).append(happening)
    return {client: tuple(_without_echo(happened)) for client, happened in found.items()}


def _without_echo(happened: list[Happening]) -> list[Happening]:
    """A dead address and the call that follows from it are one thing."""
    dead = any(one.about == "failed" for one in happened)
    return [one for one in happened if not (dead and one.about == "bounce")]


def alert(
    ledger: Ledger,
    history: History,
    happened: dict[str, tuple[Happening, ...]],
    faults: Iterable[OwnFault],
    sent: Sequence[j.InvoiceProposed | j.SendingUnclear] = (),
    *,
    today: Callable[[str | None], date],
    now: datetime,
    words: Callable[[str], str],
    answers: bool = True,
) -> Alert:
    """One mail about these clients, with what there is to decide about each and whom to call.

    Args:
        today: the local day of a client, or of the creditor.
        answers: it takes orders.  Else they are typed in a shell, where a number is an item of the last digest:
            nothing has a number then.
    """
    here = today(None)
    proposals = [one for one in sent if isinstance(one, j.InvoiceProposed)]
    more = proposals[MOST_PROPOSED:]
    sent = [one for one in sent if one not in more] if more else sent
    cases = {key: case_of(ledger, history, key, today(key)) for key in happened}
    books = Books(ledger=ledger, history=history, today=here, now=now, cases=cases)
    since = history.digest.at if history.digest else None
    decide = decisions(books, since, words)
    call = calls(books, words)
    asked = {point.ref: point for point in decide if point.what is What.PROPOSAL}
    refs = [one.ref for one in sent if isinstance(one, j.InvoiceProposed) and one.ref in asked]
    # in the order in which they stand in the mail: what to decide about a client, then whom to call there
    sections = [[point for point in points if point.client == key] for key in happened for points in (decide, call)]
    *found, proposed = numbered([*sections, [asked[ref] for ref in refs]], ledger)
    if not answers:
        *found, proposed = (tuple(point.by_name for point in points) for points in (*found, proposed))
    numbers = dict(zip(refs, proposed, strict=True))
    clients = tuple(
        ClientNews(
            client=key,
            name=books.name_of(key),
            numbers=_numbers(what, books, key),
            happened=what,
            decide=found[2 * place],
            call=found[2 * place + 1],
        )
        for place, (key, what) in enumerate(happened.items())
    )
    told = tuple(SentNews(entry=one, decide=numbers.get(getattr(one, "ref", ""))) for one in sent)
    items = tuple(as_item(point) for points in (*found, proposed) for point in points if point.item)
    return Alert(today=here, now=now, clients=clients, faults=tuple(faults), sent=told, more=len(more), items=items)


def letters_in_bulk(history: History) -> int:
    """Letters that wait because there are far more than one day may send."""
    return sum(
        record.status is Status.WAITING and record.queued.waits_for is j.Wait.PER_DAY
        for _, record in history.active_letters()
    )


def _numbers(happened: tuple[Happening, ...], books: Books, client: str) -> tuple[str, ...]:
    told = tuple(dict.fromkeys(number for one in happened for number in one.numbers))
    return told or books.open_numbers(client)


def _happening(entry: j.ClientEntry, client: Client, history: History, words: Callable[[str], str]) -> Happening | None:
    match entry:
        case j.ReplyReceived():
            return _wrote(entry, client, history, words)
        case j.ContactFailed():
            return Happening(
                kind=AlertKind.BOUNCE, at=entry.at, numbers=_of_letter(entry, history), address=entry.address,
                words=entry.reason, about="failed",
            )  # fmt: skip
        case j.CallSuggested() if entry.reason in _BY_MAIL and entry.confirmed and not _of_the_owner(entry, history):
            return Happening(
                kind=AlertKind.BOUNCE, at=entry.at, numbers=entry.numbers, words=entry.because, said=entry.said,
                about=entry.reason,
            )  # fmt: skip
        case j.PromiseBroken() | j.PlanBroken():
            broken = isinstance(entry, j.PromiseBroken)
            numbers = entry.numbers if isinstance(entry, j.PromiseBroken) else (entry.number,)
            return Happening(
                kind=AlertKind.PROMISE_BROKEN, at=entry.at, numbers=numbers, about="promise" if broken else "plan",
                on=entry.promised_on if isinstance(entry, j.PromiseBroken) else entry.due_on,
            )  # fmt: skip
        case j.DeliveryInDoubt():
            record = history.of(entry.client).letters[entry.letter_id]
            return Happening(
                kind=AlertKind.IN_DOUBT, at=entry.at, numbers=record.numbers, about=record.queued.letter,
                address=entry.to, words=entry.reason, on=record.on,
            )  # fmt: skip
    return None


def _of_the_owner(call: j.CallSuggested, history: History) -> bool:
    """Whether it follows from a call that the owner has told us of, as when nobody was reached: no news to them."""
    made = (result for record in history.of(call.client).calls.values() for result in record.results)
    return call.tries > 0 or any(result.at == call.at for result in made)


def _wrote(entry: j.ReplyReceived, client: Client, history: History, words: Callable[[str], str]) -> Happening:
    known = history.of(entry.client)
    holds = [hold for hold in known.holds if hold.mail == entry.mail]
    hold = holds[0] if holds else None
    promised = next((p for n in entry.numbers if (p := known.promises.get(n)) and p.mail == entry.mail), None)
    return Happening(
        kind=AlertKind.ANSWER,
        at=entry.at,
        numbers=entry.numbers,
        who=next((c.name for c in client.contacts if c.email.lower() == entry.sender and c.name), entry.sender),
        about=entry.intent,
        words=words(entry.mail) or entry.subject,
        on=promised.promised_on if promised else None,
        held_until=hold.until if hold else None,
        review_on=hold.review_on if hold else None,
        held=hold is not None,
        mail=entry.mail,
    )


def _of_letter(entry: j.ContactFailed, history: History) -> tuple[str, ...]:
    record = history.of(entry.client).letters.get(entry.letter_id or "")
    return record.numbers if record else ()
