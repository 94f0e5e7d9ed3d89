"""The owner: reads the digest every morning, looks at the bank, makes her calls, and says go or not.

She knows the daemon by its mails, to which she answers, and by the YAML file; by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random
from zoneinfo import ZoneInfo

from daemon.demo.answers import answer, parsed, text_of
from daemon.demo.bank import Bank, InvoiceFile
from daemon.demo.correspondent import Correspondent
from daemon.demo.story import Manners, Story
from daemon.demo.telling import Line
from daemon.mail.owner.digest_message import OWN_HEADER
from daemon.ports import Clock

ZONE = ZoneInfo("Europe/Rome")
_POINT = re.compile(r"^ {0,2}(\d{1,3})  (?=\S)", re.MULTILINE)
_CALLS = re.compile(r"^CALL$.*?^answer: called", re.MULTILINE | re.DOTALL)
_OFFER = re.compile(r"\b(go|stop|paid|resume|missing|ignore) (\d{1,3})\b")
_ASKED = "PLEASE CONFIRM"  # in an answer: what is said cannot be undone


@dataclass(frozen=True, slots=True)
class Point:
    """One numbered point of a digest, and the commands that it offers."""

    item: str
    text: str
    offers: frozenset[str]


def points_of(digest: str) -> Iterator[Point]:
    """The numbered points of a digest's text."""
    starts = list(_POINT.finditer(digest))
    calls = _CALLS.search(digest)  # one line below them says how all of them are answered
    for here, end in zip(starts, [*(m.start() for m in starts[1:]), len(digest)], strict=False):
        text = digest[here.end() : end].split("\n\n")[0]
        offers = {name for name, item in _OFFER.findall(text) if item == here[1]}
        if calls and calls.start() < here.start() < calls.end():
            offers.add("called")
        yield Point(here[1], text, frozenset(offers))


class Owner:
    """Giulia.

    Args:
        person: her own mailbox, where the digests come.
        desk: the creditor's mailbox, which she reads too.
        names: client -> its name as the digest writes it.
        domains: client -> the domains it writes from.
        strangers: addresses of people who have no part in it.
        sheets: the open calls at a moment, each with its id.
    """

    def __init__(
        self,
        person: Correspondent,
        desk: Correspondent,
        stories: Mapping[str, Story],
        *,
        names: Mapping[str, str],
        domains: Mapping[str, frozenset[str]],
        languages: Mapping[str, str],
        strangers: frozenset[str],
        clock: Clock,
        bank: Bank,
        books: InvoiceFile,
        sheets: Callable[[datetime], list[tuple[str, Line]]],
        manners: Mapping[str, Manners],
        random: Random,
    ) -> None:
        self.digests: list[bytes] = []
        self.sheets: list[Line] = []  # of the calls that she has to make, when she first looked at each
        self._person, self._desk = person, desk
        self._stories, self._names, self._domains, self._languages = stories, names, domains, languages
        self._strangers = strangers
        self._clock, self._bank, self._books = clock, bank, books
        self._manners, self._random = manners, random
        self._open_sheets = sheets
        self._answered: set[str] = set()
        self._looked_at: set[str] = set()  # call ids
        self._inbox: list[EmailMessage] = []

    async def live(self) -> None:
        """For ever: wait for the digest, and work it off."""
        while True:
            for content in await self._person.next_mails():
                mail = parsed(content)
                if mail[OWN_HEADER] == "digest":  # an alert she reads, and does in the morning what it asks
                    self.digests.append(content)
                    await self._morning(mail)
                elif mail[OWN_HEADER] == "answer" and _ASKED in text_of(mail):
                    await self._order(mail, ["yes"])

    async def _morning(self, digest: EmailMessage) -> None:
        await self._coffee()
        transfers = self._bank.statement()
        if transfers:
            self._books.enter(transfers)
            await self._coffee()
        points = list(points_of(text_of(digest)))
        orders: list[str] = []
        if any("called" in point.offers for point in points):
            self._look_at_the_sheets()
        for point in points:
            if not any(transfer.number in point.text for transfer in transfers):  # that has settled itself
                orders += await self._decide(point)
        if orders:
            await self._order(digest, orders)

    async def _coffee(self) -> None:
        await self._clock.sleep_until(self._clock.now() + timedelta(minutes=self._random.randint(4, 20)))

    async def _decide(self, point: Point) -> list[str]:
        """What she orders about one point; where a client is to be answered, she does it."""
        client = next((key for key, name in self._names.items() if name in point.text), None)
        story = self._stories.get(client) if client else None
        if "go" in point.offers:
            return [f"go {point.item}"]
        if "called" in point.offers and story is not None:
            return [f"called {point.item} {story.owner.call}"] if story.owner.call else []
        if "missing" in point.offers:
            return [f"missing {point.item}"]  # what came in is entered already: this did not
        if "ignore" in point.offers and any(address in point.text for address in self._strangers):
            return [f"ignore {point.item}"]
        asks_for_time = "ignore" in point.offers or "resume" in point.offers
        if asks_for_time and story is not None and story.owner.plan:
            return [f"plan-payment {point.item} {' '.join(story.owner.plan)}"]
        if story is not None and story.owner.answer and story.client not in self._answered:
            await self._answer(story)
        return []

    def _look_at_the_sheets(self) -> None:
        """Each once, before the first call."""
        for call_id, sheet in self._open_sheets(self._clock.now()):
            if call_id not in self._looked_at:
                self._looked_at.add(call_id)
                self.sheets.append(sheet)

    async def _order(self, mail: EmailMessage, orders: list[str]) -> None:
        """Answer a mail of the daemon, an order a line."""
        language = "en"
        made = answer(
            mail,
            "\n".join(orders) + "\n",
            name=self._person.name,
            address=self._person.address,
            message_id=self._person.message_id(),
            at=self._clock.now().astimezone(ZONE),
            manners=self._manners[language],
            language=language,
        )
        await self._person.send(made)

    async def _answer(self, story: Story) -> None:
        """Answer the client's last mail from the creditor's mailbox; a copy goes into Sent."""
        self._inbox += [parsed(content) for content in await self._desk.new_mails()]
        theirs = [m for m in self._inbox if m["From"].addresses[0].domain in self._domains[story.client]]
        if not theirs or "Auto-Submitted" in theirs[-1]:
            return
        self._answered.add(story.client)
        language = self._languages[story.client]
        made = answer(
            theirs[-1],
            story.owner.answer,
            name=self._desk.name,
            address=self._desk.address,
            message_id=self._desk.message_id(),
            at=self._clock.now().astimezone(ZONE),
            manners=self._manners[language],
            language=language,
        )
        await self._desk.send(made, file=True)
