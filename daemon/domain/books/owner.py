"""The owner, who else may speak for them, which mails are believed to be theirs, and what they are told of at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

M365 = "m365"  # Exchange Online: it writes Authentication-Results without an authserv-id


class Right(StrEnum):
    """What a member of the team may do by mail."""

    READ = "read"  # ask; whoever is in the team may
    HOLD = "hold"  # hold letters back
    PAY = "pay"  # record payments and promises
    APPROVE = "approve"  # let go what waits


class AlertKind(StrEnum):
    """What the owner may want to hear of before the next digest."""

    ANSWER = "answer"  # a client wrote, and letters wait for the owner
    BOUNCE = "bounce"  # an address is dead
    PROMISE_BROKEN = "promise-broken"
    IN_DOUBT = "in-doubt"  # a letter may have gone or not
    OUTAGE = "outage"  # mailbox or relay are out of reach for longer than `outage_after`
    CONFIG = "config"  # a changed config was refused
    DISK = "disk"  # nothing can be recorded
    WAITING = "waiting"  # letters wait for a go


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherWay:
    """How the owner is reached when mail itself is broken; one of the two."""

    command: tuple[str, ...] = ()  # gets the text on its standard input
    url: str = ""  # the text is sent there by POST


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Which alerts are mailed, and how many at most; `kinds` empty: none."""

    kinds: frozenset[AlertKind] = frozenset(AlertKind)
    outage_after: timedelta = timedelta(minutes=15)  # a shorter outage is no news
    per_hour: int = 6  # mails; what is more is told together
    also: OtherWay | None = None  # where no mail can leave (F65)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTrust:
    """Whom we believe that a mail comes from the address in its From; neither: nobody, and no mail commands."""

    authserv_id: str | None = None  # whose Authentication-Results count (RFC 8601), lower case; `*.` before machines
    dkim: bool = False  # whether we verify a DKIM signature ourselves where that server said nothing

    @property
    def nobody(self) -> bool:
        """Whether commands by mail are off."""
        return self.authserv_id is None and not self.dkim


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person who may answer the digest."""

    email: str
    name: str = ""
    can: frozenset[Right] = frozenset({Right.READ})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who runs the daemon and reads the digest."""

    email: str
    digest_at: time = time(7, 30)  # local time of the creditor
    digest_on: frozenset[int] = frozenset(range(5))  # weekdays, Monday is 0
    digest_when_empty: bool = True  # False: nothing to say, no mail
    commands: CommandTrust = CommandTrust()
    team: tuple[Member, ...] = ()  # without the owner
    alerts: Alerts = Alerts()

    @property
    def members(self) -> tuple[Member, ...]:
        """All who may answer: the owner, who may do everything, first."""
        return (Member(email=self.email, can=frozenset(Right)), *self.team)

    def who(self, address: str) -> Member | None:
        """Whose address it is, in whatever case; None: a stranger's."""
        wanted = address.lower()
        return next((member for member in self.members if member.email.lower() == wanted), None)
