"""A house whose owner wants alerts, and whose relay and disk a test can take away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import Alerts
from daemon.loops.tell import Teller
from daemon.ports import Deferred, DiskTrouble, Parcel, Submission
from tests.owner_house import DESK, OwnerHouse, owned_books
from tests.virtual_time import run_virtually

MINUTE = timedelta(minutes=1)


class Home(OwnerHouse):
    """A house whose relay and disk a test can take away."""

    refuses = ""  # why the relay takes nothing for the owner
    full = False

    def __init__(self, *keys: str, alerts: Alerts | None = None) -> None:
        super().__init__(with_alerts(alerts or Alerts(), *keys))
        append = self.book._journal.append

        async def full_or_not(after: int, entries: Any) -> int:
            if self.full:
                raise DiskTrouble("no space left on device")
            return await append(after, entries)

        self.book._journal.append = full_or_not  # type: ignore[method-assign]  # the disk, not our code

    async def accept(self, parcel: Parcel) -> Submission:
        return Deferred(self.refuses) if self.refuses else await super().accept(parcel)

    @property
    def alerts(self) -> list[EmailMessage]:
        return self.box.of("alert")

    async def later(self, minutes: float = 1) -> None:
        """Let time pass, and tell what is to be told, as the loop would: at once and at the moments it asks for."""
        end = self.world.now() + minutes * MINUTE
        while True:
            moment = await self.teller.tell()
            if moment is None or moment > end or moment <= self.world.now():
                break
            await self.world.sleep_until(moment)
        await self.world.sleep_until(end)
        await self.teller.tell()

    async def hears(self, text: str, client: str = "acme") -> None:
        """A client's mail comes in."""
        self.written += 1
        at = f"Mon, 02 Nov 2026 10:31:{self.written % 60:02} +0000"
        lines = [
            f"Received: from x (x [192.0.2.9]) by mx.bianchi.example; {at}",
            f"From: Anna <anna@{client}.example>", f"To: {DESK}", f"Subject: {client}-2026-1", f"Date: {at}",
            f"Message-ID: <c{self.written}@{client}.example>", "", text, "",
        ]  # fmt: skip
        self.world.deliver("\r\n".join(lines).encode())
        await self.read()

    def again(self) -> Teller:
        """The same after a restart: what only the process knew is gone."""
        old = self.teller
        return Teller(self.book, old._owner_post, old._packs, old._words, self.health)


def with_alerts(alerts: Alerts, *keys: str) -> Ledger:
    ledger = owned_books(*keys)
    return replace(ledger, owner=replace(ledger.owner, alerts=alerts))


def played(life: Any, home: Home | None = None) -> Any:
    async def all_of_it() -> Any:
        here = home or Home()
        await here.read()
        await here.planner.run_once()
        return await life(here)

    return run_virtually(all_of_it())
