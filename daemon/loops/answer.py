"""Answers to the owner's orders: at once, and again after a crash, until one is on its way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.history.correspondence import PROVEN
from daemon.domain.reports.status import status_document
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.owner_post import OwnerPost
from daemon.loops.pulse import SENDING, pulse
from daemon.mail.letters.pack import Pack
from daemon.mail.orders.answer import render_answer
from daemon.mail.orders.pack import OrderPack
from daemon.mail.orders.standing import standing
from daemon.mail.owner.digest import compose
from daemon.mail.owner.digest_speech import Speech, speech_for_owner

_RETRY = timedelta(minutes=2)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MOST_TOGETHER = 20  # mails that were not listened to, in one answer
_DOUBTFUL = 60  # mails in a day that are shown though nobody knows who wrote them
_ID = re.compile(r"<[!-;=?-~]{3,250}>")


class Answerer:
    """Mails the owner what became of their orders."""

    def __init__(
        self,
        book: Book,
        owner_post: OwnerPost,
        packs: Mapping[str, Pack],
        pack_of: Callable[[str], OrderPack],
        health: Health,
    ) -> None:
        self._book = book
        self._owner_post = owner_post
        self._packs = packs
        self._pack_of = pack_of
        self._health = health
        self._beat = pulse(health, "answer")

    async def run(self) -> None:
        """For ever: answer what there is to answer."""
        heard = self._book.bell.listen()
        while True:
            self._beat(SENDING)
            moment = await self.answer()
            await until(self._book.clock, moment, heard, self._beat)

    async def answer(self) -> datetime | None:
        """Send every answer that is due; return when there will be more, None: not unless something happens.

        What was carried out is answered at once, mail by mail: its sender was proven; only a talk in which nothing is
        understood gets slower (`Correspondence.answer_due`).  What was not listened to may come from anybody, in any
        number: it is told together, and takes up to half of the alerts of an hour.  What is proven to be the owner's
        is told first, then the newest, so that whoever writes to us now and waits is not drowned.  Of others
        a day has room for some: the answer that fills it counts the rest of them, and is the end of those.
        """
        now = self._book.clock.now()
        if not await self._owner_post.caught_up("answer"):
            return now + _RETRY
        owner = self._book.history.owner
        waiting = list(owner.unanswered.values())
        later: datetime | None = None
        for taken in waiting:
            if not isinstance(taken, j.OrdersTaken):
                continue
            if (due := owner.answer_due(taken)) > now:
                later = min(later or due, due)
            elif not await self._send((taken,)):
                return now + _RETRY
        refused = [one for one in reversed(waiting) if isinstance(one, j.OrdersRefused)]
        hers = [one for one in refused if one.because in PROVEN]
        others = [one for one in refused if one.because not in PROVEN]
        doubtful = [at for at in owner.doubtful if now - at < _DAY]
        room = max(0, _DOUBTFUL - len(doubtful))
        if others and not room:
            free = doubtful[-_DOUBTFUL] + _DAY
            later, others = min(later or free, free), []
        refused = [*hers, *others]
        if refused:
            sent = [at for at in owner.alerts if now - at < _HOUR]
            if len(sent) >= max(1, self._book.ledger.owner.alerts.per_hour // 2):  # room is left for alerts
                return min(later or sent[0] + _HOUR, sent[0] + _HOUR)
            together = min(_MOST_TOGETHER, len(hers) + room)
            shown, more = refused[:together], refused[together:]
            ends = together == len(hers) + room
            if not await self._send(shown, more, ends=ends):
                return now + _RETRY
            return now if more and not ends else later
        return later

    async def _send(
        self,
        mails: Sequence[j.OrdersTaken | j.OrdersRefused],
        more: Sequence[j.OrdersRefused] = (),
        *,
        ends: bool = False,
    ) -> bool:
        """Args: `more`: mails that were not listened to, too, and are only counted; `ends`: they are not told again."""
        book = self._book
        now = book.clock.now()
        speech = speech_for_owner(self._packs, book.ledger, book.today())
        phrases = self._pack_of(book.ledger.creditor.language).phrases
        asked = tuple(order for mail in mails if isinstance(mail, j.OrdersTaken) for order in mail.asked)
        envelope = self._owner_post.envelope()
        content = compose(
            render_answer(
                mails,
                speech,
                phrases,
                self._standing(mails, speech, phrases.standing),
                self._owner_post.buttons(envelope),
                len(more),
            ),
            book.ledger,
            message_id=envelope.message_id,
            date=now.astimezone(book.ledger.creditor.timezone),
            kind="answer",
            reply_to=envelope.reply_to,
            thread=[mail.message_id for mail in mails[:1] if len(mails) == 1 and _ID.fullmatch(mail.message_id)],
        )
        if (reason := await self._owner_post.send(content, f"answer-{mails[0].mail[:16]}")) is not None:
            events.owner_mail_not_sent(reason)
            return False
        events.answer_sent(len(mails))
        sent = j.AnswerSent(
            at=now,
            on=book.today(),
            mails=tuple(mail.mail for mail in (*mails, *(more if ends else ()))),
            asked=asked,
            unasked=any(isinstance(mail, j.OrdersRefused) for mail in mails),
            token=envelope.kept,
        )
        return await self._owner_post.record("answer", sent)

    def _standing(
        self, mails: Sequence[j.OrdersTaken | j.OrdersRefused], speech: Speech, phrases: Mapping[str, str]
    ) -> dict[str, Sequence[str]]:
        """How things stand, where a line asks: by what it asks about."""
        asked = [
            line.near
            for mail in mails
            if isinstance(mail, j.OrdersTaken)
            for line in mail.lines
            if line.outcome == "done" and line.words == "status"
        ]
        if not asked:
            return {}
        book = self._book
        document = status_document(book.ledger, book.history, book.today, self._health.read_to_end_at)
        return {
            about: standing(frozenset(about.split("\n")) if about else None, document, speech, phrases)
            for about in asked
        }
