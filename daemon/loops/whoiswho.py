"""The directory for reading mail, kept in step with the ledger and the history."""

from __future__ import annotations

from collections.abc import Callable

from daemon.domain import journal as j
from daemon.domain.directory import Directory, LetterRef
from daemon.domain.history import History
from daemon.domain.ledger import Ledger
from daemon.mail.freemail import is_freemail


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
            for contact in known.contacts:
                address = contact.email.lower()
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
        self.directory = Directory(
            letters=self._letters,
            threads=self._threads,
            addresses={a: tuple(keys) for a, keys in addresses.items()},
            domains={d: tuple(keys) for d, keys in domains.items() if d != own.rpartition("@")[2]},
            numbers={n: tuple(keys) for n, keys in numbers.items()},
            names={key: known.name for key, known in ledger.clients.items()},
            owner=frozenset({own, ledger.owner.email.lower()}),
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


def _add(index: dict[str, list[str]], name: str, key: str) -> None:
    keys = index.setdefault(name, [])
    if key not in keys:
        keys.append(key)
