"""What a policy or a client says about interest and flat sums; what is not said is taken from the wider rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Interest(StrEnum):
    NONE = "none"
    STATUTORY = "statutory"  # as the law of the jurisdiction has it
    CONTRACT = "contract"  # at the agreed rate


class Compensation(StrEnum):
    NONE = "none"
    STATUTORY = "statutory"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtrasTerms:
    """Each None: not said here.  Nothing said anywhere: no letter speaks of extras."""

    interest: Interest | None = None
    rate: Decimal | None = None  # of a contract: percent a year
    compensation: Compensation | Decimal | None = None  # an amount: as agreed, in the invoice's currency
    from_level: str | None = None  # the first letter that prints them
    grace_days: int | None = None  # this many days late cost nothing; after them interest runs from the due date on
    jurisdiction: str | None = None  # ISO 3166-1 alpha-2, or EU; whose law governs

    def over(self, wider: ExtrasTerms) -> ExtrasTerms:
        """These terms, and `wider` where they say nothing."""
        said = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) is not None}
        return replace(wider, **said)

    @property
    def wanted(self) -> bool:
        return bool(self.charges_interest or self.compensation not in (None, Compensation.NONE))

    @property
    def charges_interest(self) -> bool:
        return self.interest not in (None, Interest.NONE)

    @property
    def needs_law(self) -> bool:
        """Whether a statutory table is asked."""
        return self.interest is Interest.STATUTORY or self.compensation is Compensation.STATUTORY


FROM_LEVEL = "firm-reminder"  # where nobody says which letter prints them first
NOTHING_SAID = ExtrasTerms()
