"""The creditor, and the clients with the people to write to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.extras_terms import NOTHING_SAID, ExtrasTerms


class Role(StrEnum):
    BILLING = "billing"  # written to, in the order of the list, until one works
    CC = "cc"  # gets a copy


class Form(StrEnum):
    """How a client is addressed, in a language that has both."""

    FORMAL = "formal"  # Sie, vous, Lei, usted, siz
    INFORMAL = "informal"  # du, tu, sen, je


class Channel(StrEnum):
    MAIL = "mail"
    PORTAL = "portal"  # the owner gets a task instead of the client a letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str
    email: str
    phone: str | None = None
    role: Role = Role.BILLING
    greeting: str | None = None  # the whole line, "Sehr geehrte Frau Verdi,"; None: made from the name
    from_level: str | None = None  # of a cc: the first letter that is copied to them; None: every letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One legal debtor."""

    key: str
    name: str
    language: str  # ISO 639-1 of the letters
    policy: str
    contacts: tuple[Contact, ...]  # at least one with the role billing
    timezone: ZoneInfo
    calendar: BusinessCalendar  # their holidays and closed ranges; deadlines fall on their business days
    address: str = ""
    tax_id: str | None = None
    late_payer: bool | None = None  # None: learned from the journal
    channel: Channel = Channel.MAIL
    manual: bool = False  # no letter goes by itself, only what the owner asks for
    window_zone: ZoneInfo | None = None  # where the hours of the policy are another's: the creditor's; None: theirs
    form: Form = Form.FORMAL
    consumer: bool = False  # no flat sum, and the law's rate for consumers
    extras: ExtrasTerms = NOTHING_SAID  # what differs from the policy's

    @property
    def zone(self) -> ZoneInfo:
        """In whose local time the client's days are told and letters leave."""
        return self.window_zone or self.timezone

    @property
    def billing(self) -> tuple[Contact, ...]:
        return tuple(c for c in self.contacts if c.role is Role.BILLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where payments in one currency go."""

    currency: str
    iban: str
    bic: str | None = None
    bank: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWays:
    """How the creditor can be paid; printed on every letter."""

    iban: str | None = None
    bic: str | None = None
    bank: str | None = None
    link: str | None = None  # with {number} where the invoice's number goes
    note: str | None = None
    qr: bool | None = None  # None: a QR code where one can be made; True: and a notice where none can; False: none
    accounts: tuple[BankAccount, ...] = ()  # of currencies that have one of their own

    def in_currency(self, currency: str) -> PaymentWays:
        """The ways for one currency: its own account, else the one for all."""
        own = next((account for account in self.accounts if account.currency == currency), None)
        return replace(self, iban=own.iban, bic=own.bic, bank=own.bank) if own else self

    @property
    def is_swiss(self) -> bool:
        """Whether the account is one that Swiss QR-bills pay to."""
        return (self.iban or "")[:2] in ("CH", "LI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """The company that is owed."""

    name: str
    contact: str  # the person a client may ask
    email: str  # From:, and the mailbox that is watched
    language: str  # of the digest
    timezone: ZoneInfo
    calendar: BusinessCalendar
    phone: str | None = None
    address: str = ""
    tax_id: str | None = None
    payment: PaymentWays = PaymentWays()

    def is_at(self, address: str) -> bool:
        """Whether mail to it comes to the watched mailbox: its address, which may hold a plus, or that with a tag."""
        local, _, domain = self.email.lower().rpartition("@")
        name, _, at = address.lower().rpartition("@")
        return at == domain and (name == local or name.startswith(f"{local}+"))
