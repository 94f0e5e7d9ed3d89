"""All that is open of all clients, arranged to be found by what a payment says: reference, number, name, amount."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.history.client_history import ClientHistory
from daemon.domain.history.same_payment import is_one
from daemon.domain.payments.payment_words import Named, first_part, is_named, keys_of, name_words, named_in, parts_of
from daemon.domain.standing.balance import Item, open_items, untold_by_bank
from daemon.domain.standing.plans import as_planned

_ZERO = Decimal(0)


class OpenClaim:
    """One invoice with what is open of it now; it goes down as payments are matched.  Or a credit note."""

    __slots__ = (
        "client", "credit", "currency", "due_on", "given_up", "net", "number", "parts", "told", "tolerance", "total",
    )  # fmt: skip

    def __init__(self, client: str, number: str, currency: str, tolerance: Decimal) -> None:
        self.client, self.number, self.currency = client, number, currency
        self.tolerance = tolerance  # a smaller difference may be a bank's fee
        self.total = _ZERO  # all that the client had to pay for it
        self.parts: list[Decimal] = []  # open of each instalment, by due date; of an invoice without: one
        self.due_on = date.max  # of the oldest open part
        self.credit = False
        self.given_up = False  # nothing is open of it, for the owner has written it off
        self.net = _ZERO  # of an invoice: what credit notes took off; of a note: what it is worth
        self.told: list[tuple[date, Decimal]] = []  # payments that the bank has not told yet

    @property
    def open(self) -> Decimal:
        return self.parts[0] if len(self.parts) == 1 else sum(self.parts, _ZERO)

    def fits(self, amount: Decimal) -> bool:
        """Whether it is exactly all that is open, the next instalments of it, or one of them."""
        if amount == self.open:
            return amount > 0
        sums = _ZERO
        for part in self.parts:
            sums += part
            if part > 0 and amount in (sums, part):
                return True
        return False

    def was_told(self, amount: Decimal, on: date) -> tuple[date, Decimal] | None:
        """This payment as the YAML or the owner told it already; each telling stands for one."""
        return next((told for told in self.told if is_one(told[1], told[0], amount, on)), None)

    def told_about(self, on: date) -> Decimal | None:
        """How much of it the YAML or the owner told as paid about this day, and the bank has not."""
        return next((amount for day, amount in self.told if is_one(amount, day, amount, on)), None)

    def take(self, amount: Decimal, on: date) -> None:
        """A payment is booked on it: the oldest part first.  What was told before is off already."""
        told = self.was_told(amount, on)
        if told is not None:
            self.told.remove(told)
            return
        for place, part in enumerate(self.parts):
            used = min(part, amount)
            self.parts[place] -= used
            amount -= used


class OpenClaims:
    """Made anew for each reading of statements."""

    def __init__(self, ledger: Ledger, history: History, today_of: Callable[[str], date]) -> None:
        self.of_client: dict[str, list[OpenClaim]] = {}
        self._named: dict[str, list[OpenClaim]] = {}  # by the spellings of numbers and references
        self._references: dict[str, set[tuple[str, str]]] = {}  # spellings that are references: of which claims
        self._longest = 1
        self._firsts: set[str] = set()  # the parts with which numbers begin
        for key in ledger.clients:
            known = history.clients.get(key) or ClientHistory(key)
            self.of_client[key] = list(self._claims_of(ledger, key, known, today_of(key)))
        self._words = {key: name_words(client.name) for key, client in ledger.clients.items()}
        counts = Counter(word for words in self._words.values() for word in set(words))
        self._by_word: dict[str, list[str]] = {}  # clients by the word of their name that fewest have
        for key, words in self._words.items():
            if words:
                self._by_word.setdefault(min(words, key=lambda word: (counts[word], word)), []).append(key)
        self._by_name = sorted((" ".join(words), key) for key, words in self._words.items())  # for names cut off
        self._clients_named: dict[str, tuple[str, ...]] = {}
        self._by_amount: dict[tuple[str, Decimal], list[OpenClaim]] | None = None

    def _claims_of(self, ledger: Ledger, key: str, known: ClientHistory, today: date) -> Iterator[OpenClaim]:
        invoices = as_planned(ledger.by_client[key], known.plans)
        client = ledger.clients[key]
        items: dict[str, list[Item]] = {}
        for item in open_items(invoices, known.payments, today, known.told.written_off):
            items.setdefault(item.ref.number, []).append(item)
        for invoice in invoices:
            policy = ledger.policy_for(client, invoice.policy or "")
            claim = OpenClaim(key, invoice.number, invoice.currency, policy.tolerance)
            claim.total = invoice.owed.amount
            if invoice.credit:
                claim.credit, claim.net = True, invoice.owed.amount
            own = items.get(invoice.number, [])
            claim.parts = [_ZERO if item.settled else item.outstanding for item in own]
            claim.given_up = any(item.given_up for item in own)
            claim.net += sum((item.credited for item in own), _ZERO)
            claim.due_on = min((item.due_on for item in own if not item.settled), default=invoice.due_on)
            payments = known.payments.get(invoice.number, ())
            if payments or invoice.payments:
                claim.told = list(untold_by_bank(invoice, payments, today))
            self._enter(claim, invoice.number)
            if invoice.reference:
                for spelling in self._enter(claim, invoice.reference):
                    self._references.setdefault(spelling, set()).add((key, invoice.number))
            yield claim

    def _enter(self, claim: OpenClaim, number: str) -> tuple[str, ...]:
        spellings = keys_of(number)
        for spelling in spellings:
            self._firsts.add(first_part(spelling))
            known = self._named.setdefault(spelling, [])
            if claim not in known:
                known.append(claim)
        self._longest = max(self._longest, parts_of(number) + 1)  # one more: a line's end may cut it in two
        return spellings

    # -- finding ------------------------------------------------------------------------------------------------

    def named_in(self, text: str) -> Iterator[tuple[Named, bool, list[OpenClaim]]]:
        """The numbers and references in a text: each with whether it is a reference, and whose it is."""
        for named in named_in(text, self._named, self._longest, self._firsts):
            yield named, named.key in self._references, self._named[named.key]

    def is_reference_of(self, key: str, claim: OpenClaim) -> bool:
        return (claim.client, claim.number) in self._references.get(key, ())

    def clients_named(self, written: str) -> tuple[str, ...]:
        """The clients whose name a bank's spelling may be."""
        found = self._clients_named.get(written)
        if found is None:
            words = name_words(written)
            near = [key for word in dict.fromkeys(words) for key in self._by_word.get(word, ())]
            near += self._begin_with(" ".join(words))
            found = tuple(key for key in dict.fromkeys(near) if is_named(self._words[key], words))
            self._clients_named[written] = found
        return found

    def _begin_with(self, start: str) -> Iterator[str]:
        """Clients whose whole name begins so."""
        for name, key in self._by_name[bisect_left(self._by_name, (start, "")) :] if start else ():
            if not name.startswith(start):
                return
            yield key

    def open_of(self, client: str, currency: str) -> list[OpenClaim]:
        """What a client owes in a currency, the oldest first."""
        claims = (c for c in self.of_client.get(client, ()) if c.currency == currency and not c.credit and c.open > 0)
        return sorted(claims, key=lambda claim: (claim.due_on, claim.number))

    def with_amount(self, currency: str, amount: Decimal) -> list[OpenClaim]:
        """The invoices of anybody of which exactly this is open."""
        if self._by_amount is None:
            self._by_amount = {}
            for claims in self.of_client.values():
                for claim in claims:
                    if not claim.credit and claim.open > 0:
                        self._by_amount.setdefault((claim.currency, claim.open), []).append(claim)
        return [claim for claim in self._by_amount.get((currency, amount), ()) if claim.open == amount]
