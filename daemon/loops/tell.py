"""What the owner hears at once: alerts about clients and about ourselves, grouped, never more than so many an hour."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.books.owner import AlertKind
from daemon.domain.history.proposals import MARK, told_of
from daemon.domain.reports.alert import Alert, Happening, OwnFault, alert, letters_in_bulk, news_of
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.out_of_order import faults_of
from daemon.loops.owner_post import OwnerPost
from daemon.loops.pulse import SENDING, pulse
from daemon.mail.letters.pack import Pack
from daemon.mail.owner.alert import render_alert
from daemon.mail.owner.digest import compose
from daemon.mail.tokens.token import message_id
from daemon.ports import TellOtherwise

_GATHER = timedelta(seconds=20)  # what happens within it goes into one mail
_LONGEST_GATHER = timedelta(minutes=2)  # however fast the news come
_RETRY = timedelta(minutes=5)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one mail tells."""

    happened: dict[str, tuple[Happening, ...]] = field(default_factory=dict)  # by client
    faults: list[OwnFault] = field(default_factory=list)
    sent: Sequence[j.InvoiceProposed | j.SendingUnclear] = ()


class Teller:
    """Mails alerts to the owner.

    Args:
        words: what a client wrote in a mail, by the mail's digest.
        otherwise: the way for what no mail can tell (F65).
        revoked: why the owner has to log in again, by what is out of reach without it: mailbox, relay.
    """

    def __init__(
        self,
        book: Book,
        owner_post: OwnerPost,
        packs: Mapping[str, Pack],
        words: Callable[[str], str],
        health: Health,
        otherwise: TellOtherwise | None = None,
        revoked: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._book = book
        self._owner_post = owner_post
        self._packs = packs
        self._words = words
        self._health = health
        self._beat = pulse(health, "tell")
        self._out_since: dict[str, datetime] = {}  # mailbox, relay: since when it is out of reach
        self._looked_at: tuple[object, ...] = ()  # how we were when we looked last
        self._told_out: dict[str, str] = {}  # what the owner knows to be out of reach, and the mark of it
        self._otherwise = otherwise
        self._revoked = revoked
        self._unsent: str | None = None  # why the last mail could not leave
        self._told_otherwise: set[str] = set()  # marks of faults

    async def run(self) -> None:
        """For ever: look, tell, wait."""
        heard = self._book.bell.listen()

        def alive() -> None:
            self._beat()
            if self._state_of_health() != self._looked_at:
                heard.set()  # faults make no entries, and ring no bell

        while True:
            self._beat(SENDING)
            self._looked_at = self._state_of_health()
            moment = await self.tell()
            await until(self._book.clock, moment, heard, alive)

    async def tell(self) -> datetime | None:
        """Send what is to be told now; return when there will be more, None: not unless something happens."""
        now = self._book.clock.now()
        if not await self._owner_post.caught_up("alert"):
            return now + _RETRY
        wants = self._book.ledger.owner.alerts
        happened = news_of(self._book.ledger, self._book.history, wants.kinds, now, self._words)
        faults, later = self._faults(now)
        sent, more = self._sent(now, wants.per_hour)
        later = min(filter(None, (later, more)), default=None)
        if self._unsent is not None and not happened and not sent and all(_is_of_relay(fault) for fault in faults):
            self._unsent = None  # what could not leave has passed: that the relay is out is nobody's word any more
            faults, outage = self._faults(now)
            later = min(filter(None, (outage, more)), default=None)
        if not happened and not faults and not sent:
            return later
        times = [one.at for ones in happened.values() for one in ones] + [one.at for one in sent]
        ripe = min(max(times) + _GATHER, min(times) + _LONGEST_GATHER) if times else now
        if not faults and now < ripe:
            return ripe
        before = [at for at in self._book.history.owner.alerts if now - at < _HOUR]
        left = wants.per_hour - len(before)
        if left <= 0:
            await self._tell_otherwise(faults, now)
            return min(before[0] + _HOUR, now + _RETRY) if before else None
        for news in self._mails(News(happened=happened, faults=faults, sent=sent), left):
            if not await self._send(news, now):
                return now + _RETRY
        return later

    def _sent(
        self, now: datetime, per_hour: int
    ) -> tuple[Sequence[j.InvoiceProposed | j.SendingUnclear], datetime | None]:
        """What to tell of invoices that the owner sent, and when else: clients need half of the alerts."""
        proposals, most = self._book.history.proposals, per_hour // 2
        sent = told_of(proposals)
        before = [at for at in proposals.alerts if now - at < _HOUR]
        if not sent or len(before) < most:
            return sent, None
        return (), before[-most] + _HOUR if most else None

    def _state_of_health(self) -> tuple[object, ...]:
        health = self._health
        ours = health.mailbox_fault, health.reader_died, health.relay_fault, health.disk_fault, health.config_problems
        return *ours, self._revoked()

    def _mails(self, news: News, left: int) -> list[News]:
        """A mail a client while there is room; the last one that this hour allows tells all the rest."""
        mails = [News(faults=news.faults)] if news.faults else []
        mails += [News(sent=news.sent)] if news.sent else []
        mails += [News(happened={client: what}) for client, what in news.happened.items()]
        return mails if len(mails) < left or len(mails) == 1 else [news]

    async def _send(self, news: News, now: datetime) -> bool:
        book, faults = self._book, news.faults
        told = alert(
            book.ledger, book.history, news.happened, faults, news.sent, today=book.today, now=now, words=self._words,
            answers=self._owner_post.takes_orders,
        )  # fmt: skip
        envelope = self._owner_post.envelope()
        rendered = render_alert(
            told, book.ledger, self._packs[book.ledger.creditor.language], self._owner_post.buttons(envelope)
        )
        content = compose(
            rendered,
            book.ledger,
            message_id=envelope.message_id,
            date=now.astimezone(book.ledger.creditor.timezone),
            kind="alert",
            reply_to=envelope.reply_to,
            thread=self._thread(told),
        )
        if (reason := await self._owner_post.send(content, f"alert-{now:%Y%m%d%H%M%S}")) is not None:
            events.owner_mail_not_sent(reason)
            self._unsent = reason
            await self._tell_otherwise(faults, now)
            return False
        self._unsent = None
        events.alert_sent(len(news.happened), len(faults))
        entry = j.AlertSent(
            at=now,
            on=book.today(),
            clients=tuple(news.happened),
            marks=(*(fault.mark or _back(fault.what) for fault in faults), *([MARK] if news.sent else ())),
            items=told.items,
            about=told.about,
            token=envelope.kept,
        )
        for fault in faults:
            self._note_told(fault)
        return await self._owner_post.record("alert", entry)

    async def _tell_otherwise(self, faults: list[OwnFault], now: datetime) -> None:
        """Where the way out has been shut for so long that the owner has to know: our faults alone, each once.

        What clients wrote is not told: it would go to whoever runs that other way.
        """
        book, way = self._book, self._book.ledger.owner.alerts.also
        untold = [fault for fault in faults if fault.mark and fault.mark not in self._told_otherwise]
        shut = any(_is_of_relay(fault) for fault in faults)
        if way is None or self._otherwise is None or not untold or not shut:
            return
        told = alert(book.ledger, book.history, {}, untold, today=book.today, now=now, words=self._words)
        rendered = render_alert(told, book.ledger, self._packs[book.ledger.creditor.language])
        if (reason := await self._otherwise(way, rendered.text)) is not None:
            events.not_told_otherwise(reason)
            return
        events.told_otherwise(len(untold))
        for fault in untold:
            self._told_otherwise.add(fault.mark)
            self._note_told(fault)  # so that its end is told, too

    def _thread(self, told: Alert) -> list[str]:
        """The root of the thread of an invoice; no mail carries this id, it only holds the others together."""
        if len(told.clients) != 1:
            return []
        news = told.clients[0]
        root = hashlib.blake2b(f"{news.client}/{','.join(news.numbers)}".encode(), digest_size=12).hexdigest()
        return [message_id(f"about-{root}", self._book.ledger.creditor.email.rpartition("@")[2])]

    # -- about ourselves ----------------------------------------------------------------------------------------

    def _faults(self, now: datetime) -> tuple[list[OwnFault], datetime | None]:
        """What is wrong with us, or right again, and was not told yet; and when an outage will have lasted too long."""
        wants, told = self._book.ledger.owner.alerts, self._book.history.owner.marks
        known = faults_of(self._book, self._health)
        found, later = self._outages(known, now, wants.outage_after) if AlertKind.OUTAGE in wants.kinds else ([], None)
        if AlertKind.OUTAGE in wants.kinds and (died := self._health.reader_died) is not None:
            found.append(OwnFault(kind=AlertKind.OUTAGE, what="reader", mark=f"reader {died.date()}"))
        if AlertKind.CONFIG in wants.kinds and (words := known.get("config")):
            mark = f"config {hashlib.blake2b(words.encode(), digest_size=8).hexdigest()}"
            found.append(OwnFault(kind=AlertKind.CONFIG, what="config", words=words, mark=mark))
        if AlertKind.DISK in wants.kinds and (words := known.get("disk")):
            mark = f"disk {self._book.today()}"
            found.append(OwnFault(kind=AlertKind.DISK, what="disk", words=words, mark=mark))
        if words := known.get("state"):  # whatever the owner wants to hear of: nothing leaves any more
            mark = f"state {self._book.history.old.began}"
            found.append(OwnFault(kind=AlertKind.DISK, what="state", words=words, mark=mark))
        waiting = letters_in_bulk(self._book.history) if AlertKind.WAITING in wants.kinds else 0
        if waiting:
            mark = f"waiting {self._book.today()}"
            found.append(OwnFault(kind=AlertKind.WAITING, what="waiting", count=waiting, mark=mark))
        return [fault for fault in found if fault.over or fault.mark not in told], later

    def _outages(
        self, known: Mapping[str, str], now: datetime, after: timedelta
    ) -> tuple[list[OwnFault], datetime | None]:
        found: list[OwnFault] = []
        later: list[datetime] = []
        revoked = self._revoked()  # nothing that passes by itself: told at once
        for what, fault in (("mailbox", known.get("mailbox")), ("relay", known.get("relay") or self._unsent)):
            words = revoked.get(what, fault)
            if words is None:
                self._out_since.pop(what, None)
                seen = what != "mailbox" or self._health.read_to_end_at  # after a start nothing is known yet
                if seen and (what in self._told_out or self._was_told_out(what)):
                    found.append(OwnFault(kind=AlertKind.OUTAGE, what=what, over=True))
                continue
            if what not in revoked and self._was_told_out(what):  # before a restart of ours, perhaps
                continue
            since = self._out_since.setdefault(what, now)
            if now - since >= after or what in revoked:
                found.append(
                    OwnFault(kind=AlertKind.OUTAGE, what=what, words=words, mark=f"{what} {since.isoformat()}")
                )
            else:
                later.append(since + after)
        return found, min(later, default=None)

    def _was_told_out(self, what: str) -> bool:
        """Whether the owner knows it to be out of reach, as the journal has it."""
        marks = self._book.history.owner.marks
        outages = [at for mark, at in marks.items() if mark.startswith(f"{what} ") and mark != _back(what)]
        over = marks.get(_back(what))
        return bool(outages) and (over is None or over < max(outages))

    def _note_told(self, fault: OwnFault) -> None:
        if fault.over:
            self._told_out.pop(fault.what, None)
        elif fault.kind is AlertKind.OUTAGE:
            self._told_out[fault.what] = fault.mark


def _is_of_relay(fault: OwnFault) -> bool:
    """Whether it says that no mail can leave."""
    return fault.what == "relay" and not fault.over


def _back(what: str) -> str:
    """The mark of the end of an outage."""
    return f"{what} back"
