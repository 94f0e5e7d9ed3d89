"""The directory for reading mail, kept in step with the ledger and the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from daemon.domain import journal as j
from daemon.domain.books.directory import Directory, LetterRef
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.history.told import in_force
from daemon.mail.whose.freemail import is_freemail


class WhoIsWho:
    """Look-ups by token, Message-ID, address and number.  Letters of clients that left the books stay in it (F57)."""

    def __init__(self, ledger: Ledger, history: History, token_of: Callable[[str], str]) -> None:
        self._token_of = token_of
        self._letters: dict[str, LetterRef] = {}
        self._threads: dict[str, LetterRef] = {}
        self._refs: dict[tuple[str, str], LetterRef] = {}
        for client in history.clients.values():
            for record in client.letters.values():
                self.take_in(record.queued)
            for reply in client.replies:
                self.take_in(reply)
        addresses: dict[str, list[str]] = {}
        domains: dict[str, list[str]] = {}
        numbers: dict[str, list[str]] = {}
        for key, known in ledger.clients.items():
            recorded = history.clients.get(key)
            told = recorded.told.contact if recorded else None
            emails = [contact.email for contact in known.contacts]
            emails += [told.address] if told is not None and in_force(known, told) else []
            for address in map(str.lower, emails):
                _add(addresses, address, key)
                domain = address.rpartition("@")[2]
                if not is_freemail(domain):
                    _add(domains, domain, key)
        for invoice in ledger.invoices:
            _add(numbers, invoice.number, invoice.client)
        for client in history.clients.values():
            for number in client.seen:
                _add(numbers, number, client.client)
        own = ledger.creditor.email.lower()
        self._own_domain = own.rpartition("@")[2]
        self.directory = Directory(
            letters=self._letters,
            threads=self._threads,
            addresses={a: tuple(keys) for a, keys in addresses.items()},
            domains={d: tuple(keys) for d, keys in domains.items() if d != self._own_domain},
            numbers={n: tuple(keys) for n, keys in numbers.items()},
            names={key: known.name for key, known in ledger.clients.items()},
            owner=frozenset({own, *(member.email.lower() for member in ledger.owner.members)}),
        )

    def take_in(self, entry: j.AnyEntry) -> None:
        if isinstance(entry, j.LetterQueued):
            numbers = tuple(dict.fromkeys(claim.number for claim in entry.claims))
            to = tuple(address.lower() for address in (entry.to, *entry.cc))
            ref = LetterRef(entry.client, entry.letter_id, numbers, to)
            self._refs[entry.client, entry.letter_id] = ref
            self._letters[self._token_of(entry.letter_id)] = ref
        elif isinstance(entry, j.ReplyReceived) and entry.message_id and entry.letter_id:
            known = self._refs.get((entry.client, entry.letter_id))
            if known is not None:
                self._threads[entry.message_id.strip("<>")] = known
        elif isinstance(entry, j.ContactTold):
            self._know(entry.address.lower(), entry.client)

    def _know(self, address: str, client: str) -> None:
        """An address that was told just now.  The directory is another one then: what is made from it is made anew."""
        known, domain = self.directory, address.rpartition("@")[2]
        addresses = {**known.addresses, address: _with(known.addresses, address, client)}
        domains = known.domains
        if not is_freemail(domain) and domain != self._own_domain:
            domains = {**domains, domain: _with(domains, domain, client)}
        self.directory = replace(known, addresses=addresses, domains=domains)


def _with(index: Mapping[str, tuple[str, ...]], name: str, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*index.get(name, ()), key)))


def _add(index: dict[str, list[str]], name: str, key: str) -> None:
    keys = index.setdefault(name, [])
    if key not in keys:
        keys.append(key)
