"""What holds for thanks and statements in every life: one letter a day, and thanks once and for a reason."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from daemon.domain.books.ledger import Ledger
from daemon.domain.books.policy import STATEMENT, THANK_YOU, Group
from tests.ladder_worlds import Event, ledgers, quick
from tests.test_properties_ladder import LIVES, OFF, a_life, level_of


@quick
@given(ledgers(max_clients=2), LIVES, OFF)
def test_one_letter_a_day_to_one_client_but_for_two_currencies(
    ledger: Ledger, life: list[Event], off: set[date]
) -> None:
    """Thanks have the day for themselves; each invoice's letter of its own goes where the policy says so."""
    lived = a_life(ledger, life, off)
    for number, letter in enumerate(lived.sent):
        for other in lived.sent[:number]:
            if (other.client, other.on) != (letter.client, letter.on):
                continue
            assert THANK_YOU not in (letter.letter, other.letter)
            same = letter.claims[0].currency == other.claims[0].currency
            alone = ledger.policies[letter.policy].group is ledger.policies[other.policy].group is Group.INVOICE
            assert not same or (alone and STATEMENT not in (letter.letter, other.letter))


@quick
@given(ledgers(), LIVES, OFF)
def test_nobody_is_thanked_twice_for_an_invoice_or_for_one_that_was_not_reminded_of(
    ledger: Ledger, life: list[Event], off: set[date]
) -> None:
    lived = a_life(ledger, life, off)
    for number, letter in enumerate(lived.sent):
        for claim in letter.claims if letter.letter == THANK_YOU else ():
            before = [x for x in lived.sent[:number] if claim.number in {c.number for c in x.claims}]
            assert THANK_YOU not in {x.letter for x in before}
            assert any(x.level and not level_of(ledger, x, x.level).early for x in before)
            assert claim.paid > 0
