"""The owner: reads the digest every morning, looks at the bank, makes her calls, and says go or not.

She knows the daemon by its digest, its commands and the YAML file; by nothing else.
"""

from __future__ import annotations

import asyncio
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
from daemon.demo.daemon import Command
from daemon.demo.story import Manners, Story
from daemon.demo.telling import Line
from daemon.mail.digest_message import OWN_HEADER
from daemon.ports import Clock

ZONE = ZoneInfo("Europe/Rome")
_POINT = re.compile(r"^ {0,2}(\d{1,3})  (?=\S)", re.MULTILINE)
_CALLS = re.compile(r"^CALL$.*?^answer: called", re.MULTILINE | re.DOTALL)
_OFFER = re.compile(r"\b(go|stop|paid|missing|resume|ignore) (\d{1,3})\b")


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
        command: Command,
        sheets: Callable[[datetime], list[tuple[str, Line]]],
        manners: Mapping[str, Manners],
        random: Random,
    ) -> None:
        self.digests: list[bytes] = []
        self.done: list[str] = []  # the commands that she gave, for the timeline
        self.sheets: list[Line] = []  # of the calls that she has to make, when she first looked at each
        self._person, self._desk = person, desk
        self._stories, self._names, self._domains, self._languages = stories, names, domains, languages
        self._strangers = strangers
        self._clock, self._bank, self._books, self._command = clock, bank, books, command
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
                if mail[OWN_HEADER] != "digest":
                    continue  # an alert: she reads it, and does in the morning what it asks
                self.digests.append(content)
                await self._morning(text_of(mail))

    async def _morning(self, digest: str) -> None:
        await self._coffee()
        transfers = self._bank.statement()
        if transfers:
            self._books.enter(transfers)
            await self._coffee()
        points = list(points_of(digest))
        if any("called" in point.offers for point in points):
            self._look_at_the_sheets()
        for point in points:
            if not any(transfer.number in point.text for transfer in transfers):  # that has settled itself
                await self._decide(point)

    async def _coffee(self) -> None:
        await self._clock.sleep_until(self._clock.now() + timedelta(minutes=self._random.randint(4, 20)))

    async def _decide(self, point: Point) -> None:
        client = next((key for key, name in self._names.items() if name in point.text), None)
        story = self._stories.get(client) if client else None
        if "go" in point.offers:
            await self._say("go", point)
        elif "called" in point.offers and story is not None:
            if story.owner.call:
                await self._say("called", point, text=story.owner.call)
        elif "paid" in point.offers and "missing" in point.offers:
            await self._say("missing", point)  # what came in is entered already: this did not
        elif "ignore" in point.offers and any(address in point.text for address in self._strangers):
            await self._say("ignore", point)
        elif point.offers & {"ignore", "resume"} and story is not None and story.owner.plan:  # they have asked for time
            await self._say("plan-payment", point, parts=list(story.owner.plan))
        elif story is not None and story.owner.answer and story.client not in self._answered:
            await self._answer(story)

    def _look_at_the_sheets(self) -> None:
        """Each once, before the first call."""
        for call_id, sheet in self._open_sheets(self._clock.now()):
            if call_id not in self._looked_at:
                self._looked_at.add(call_id)
                self.sheets.append(sheet)

    async def _say(self, name: str, point: Point, **args: str | list[str]) -> None:
        told = await asyncio.get_running_loop().run_in_executor(
            None, self._command, name, {"target": point.item, **args}
        )
        words = " ".join([name, point.item, *(arg if isinstance(arg, str) else " ".join(arg) for arg in args.values())])
        self.done.append(words if told.get("ok") else f"{words}: {told.get('error')}")

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
