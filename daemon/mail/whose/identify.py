"""Whom and what a mail is about, strongest evidence first.

Only a token of `Directory.letters` is proof that a mail answers a letter of ours (F47).  All else may be written by
anybody: an invoice number binds only when a known address or the client's own domain names it, and a forged mail can
hold a letter back at most (F48).  What a bounce says about addresses decides nothing (F46).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from daemon.domain.books.directory import Directory, LetterRef
from daemon.domain.books.reading import Evidence, Kind, Match
from daemon.mail.machines.receipt import read_receipt
from daemon.mail.octets.headers import Headers, addresses_in
from daemon.mail.octets.parse import Mail
from daemon.mail.octets.spoken import Spoken
from daemon.mail.tokens.token import find_tokens
from daemon.mail.whose.book_index import index_of
from daemon.mail.whose.freemail import is_freemail

_ENVELOPE = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
    "x-forwarded-to",
    "resent-to",
    "x-failed-recipients",
)
_THREAD = ("in-reply-to", "references", "thread-topic", "x-references", "x-riferimento-message-id", "message-id")
_RETURNED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
    "message/rfc822-headers",
)
_STATUS = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
)
_ID = re.compile(r"<?([^\s<>,;\"()]{1,400}@[^\s<>,;\"()]{1,200})>?")
_MOST_RECIPIENTS = 20  # of one field
_SCANNED = 256 * 1024  # bytes of a report that are searched for our token


def identify(mail: Mail, kind: Kind, directory: Directory, words: str) -> Match:
    """Tie `mail` to a letter or a client.  `words` are the new words of a reply, which outrank what it quotes."""
    named = words if kind is Kind.REPLY else ""
    found = _by_token(mail, kind, directory)
    if found is not None:
        letter, how = found
        return _of_letter(letter, Evidence.TOKEN, how, mail, directory, named)
    letter_of_thread = _by_thread(mail, directory)
    if letter_of_thread is not None:
        how = "a mail of the conversation is named in its headers"
        return _of_letter(letter_of_thread, Evidence.THREAD, how, mail, directory, named)
    return _by_sender(mail, kind, directory, words)


def numbers_named(mail: Mail, directory: Directory) -> tuple[str, ...]:
    """The invoices, of whatever client, that a mail names anywhere."""
    return tuple(_numbers_in(mail.spoken, directory))


def identify_recipient(mail: Mail, directory: Directory, words: str) -> Match | None:
    """Tie a mail of the owner's to the client it is written to: seen in Sent, or because we are in its Cc.

    None where it goes to no known contact, or to those of several clients.
    """
    written_to = {
        client
        for name in ("to", "cc")
        for field in mail.headers.all(name)
        for address in addresses_in(field, most=_MOST_RECIPIENTS)
        for client in directory.addresses.get(address, ())
    }
    if len(written_to) != 1:
        return None
    client = written_to.pop()
    named = _numbers_in(Spoken(f"{mail.subject}\n{words}"), directory)
    numbers = tuple(number for number, clients in named.items() if client in clients)
    return Match(
        client=client,
        numbers=numbers,
        evidence=Evidence.NUMBER if numbers else Evidence.RECIPIENT,
        because=(f"the owner writes to {client}", *([f"it names {', '.join(numbers)}"] if numbers else [])),
    )


def _by_token(mail: Mail, kind: Kind, directory: Directory) -> tuple[LetterRef, str] | None:
    """A token of ours, in the places where it is put, strongest first."""
    letters = directory.letters
    if not letters:
        return None
    for how, text in _places(mail, kind):
        for token in find_tokens(text):
            letter = letters.get(token)
            if letter is not None:
                return letter, f"our id in {how}"
    return None


def _places(mail: Mail, kind: Kind) -> Iterable[tuple[str, str]]:
    headers = mail.headers
    for name in _ENVELOPE:
        for value in headers.all(name):
            yield f"{name.title()} (plus address)", value
    for value in headers.all("received")[:20]:
        yield "Received", value
    for name in _THREAD:
        for value in (*headers.all(name), *(mail.written.headers.all(name) if mail.written is not mail.root else ())):
            yield name.title(), value if name != "references" else " ".join(value.split()[::-1])  # the latest first
    report = kind in (Kind.BOUNCE, Kind.DELAYED, Kind.RECEIPT, Kind.COMPLAINT)
    for part in mail.parts[1:]:
        if part.type in _RETURNED:
            inner = Headers(part.decoded.lstrip(b"\n").partition(b"\n\n")[0][:128_000])
            for name in ("x-sollecito-id", "message-id", "references", "reply-to", "from", "to"):
                for value in inner.all(name):
                    yield f"{name.title()} of the mail that it returns", value
        elif part.type in _STATUS:
            yield (
                (
                    "Original-Message-ID of the receipt"
                    if part.type.endswith("disposition-notification")
                    else "Original-Envelope-Id of the report"
                ),
                part.text[:_SCANNED],
            )
    if report:
        yield "the text of the report", mail.text[:_SCANNED]
        yield "the text of the report", mail.root.body[:_SCANNED].decode("latin-1")


def _by_thread(mail: Mail, directory: Directory) -> LetterRef | None:
    """A Message-ID of the conversation; ids come bare, folded, commented and several in a field."""
    if not directory.threads:
        return None
    named: list[str] = []
    for name in ("in-reply-to", "references"):
        for value in (*mail.headers.all(name), *mail.written.headers.all(name)):
            named.extend(_ID.findall(value)[::-1])  # the latest first
    receipt = read_receipt(mail) if mail.root.type.startswith("multipart/report") else None
    if receipt is not None:
        named.extend(_ID.findall(receipt.original_id))
    for part in mail.parts[1:]:
        if part.type in _RETURNED:
            inner = Headers(part.decoded.lstrip(b"\n").partition(b"\n\n")[0][:128_000])
            named.extend(_ID.findall(inner.first("message-id")))
    for one in named[:200]:
        letter = directory.threads.get(one)
        if letter is not None:
            return letter
    return None


def _of_letter(letter: LetterRef, evidence: Evidence, how: str, mail: Mail, directory: Directory, words: str) -> Match:
    """About the letter's invoices, and about others of the client that the words name: people answer any old mail."""
    known = letter.client in directory.addresses.get(mail.sender, ())
    named = [number for number, clients in _numbers_in(Spoken(words), directory).items() if letter.client in clients]
    others = [number for number in named if number not in letter.numbers]
    return Match(
        client=letter.client,
        letter_id=letter.letter_id,
        numbers=(*letter.numbers, *others),
        evidence=evidence,
        known_sender=known,
        because=(how, f"it names {', '.join(others)}") if others else (how,),
    )


def _by_sender(mail: Mail, kind: Kind, directory: Directory, words: str) -> Match:
    """By who wrote and what they name.  Reports and automatic answers name whom they like: never by number."""
    domain = mail.sender.partition("@")[2]
    at_address = directory.addresses.get(mail.sender, ())
    at_domain = () if is_freemail(domain) else directory.domains.get(domain, ())
    known = at_address or at_domain
    evidence = Evidence.SENDER if at_address else Evidence.DOMAIN
    how = "the sender is a known contact" if at_address else f"the sender's domain {domain} is the client's"
    # an accountant whom the letter was passed to names it where he quotes it
    spoken = mail.spoken if not known and kind is Kind.REPLY else Spoken(f"{mail.subject}\n{words}")
    numbers = _numbers_in(spoken, directory)
    if known and kind is not Kind.REPLY:
        return _of_known(known, evidence, how, numbers, known_sender=bool(at_address))
    if known:
        named = {number: clients for number, clients in numbers.items() if set(clients) & set(known)}
        owners = {client for clients in named.values() for client in clients if client in known}
        if len(owners) == 1:
            client = owners.pop()
            return Match(
                client=client, numbers=tuple(n for n, c in named.items() if client in c), evidence=Evidence.NUMBER,
                known_sender=bool(at_address), because=(f"it names {', '.join(named)}", how),
            )  # fmt: skip
        if owners:  # an invoice of each: it answers for all of them
            return Match(
                clients=tuple(key for key in known if key in owners), numbers=tuple(named), evidence=Evidence.NUMBER,
                known_sender=bool(at_address), because=(f"it names {', '.join(named)}", how, "of several clients"),
            )  # fmt: skip
        quoted = _quoted(mail, kind, known, directory)
        if quoted is not None:
            client, inside = quoted
            return Match(
                client=client, numbers=inside, evidence=Evidence.QUOTE, known_sender=bool(at_address),
                because=(f"it quotes a mail about {', '.join(inside)}", how),
            )  # fmt: skip
        return _of_known(known, evidence, how, {}, known_sender=bool(at_address))
    about = list(dict.fromkeys(client for clients in numbers.values() for client in clients))
    because = [f"a stranger names {', '.join(numbers)}"] if numbers else []
    for client, name in _names_in(spoken, directory):
        if client not in about:
            about.append(client)
            because.append(f"a stranger names {name}")
    return Match(clients=tuple(about), because=tuple(because) or ("nothing of ours in it",))


def _of_known(
    known: tuple[str, ...], evidence: Evidence, how: str, named: dict[str, tuple[str, ...]], *, known_sender: bool
) -> Match:
    """By who wrote alone.  What a machine names decides nothing, and is told."""
    if len(known) > 1:
        shared = (how, "several clients share it")
        return Match(evidence=evidence, known_sender=known_sender, clients=known, because=shared)
    numbers = tuple(number for number, clients in named.items() if known[0] in clients)
    because = (how, f"it names {', '.join(numbers)}") if numbers else (how,)
    return Match(client=known[0], numbers=numbers, evidence=evidence, known_sender=known_sender, because=because)


def _quoted(mail: Mail, kind: Kind, known: tuple[str, ...], directory: Directory) -> tuple[str, tuple[str, ...]] | None:
    """The one client among `known` whose invoices the quoted thread names: where a program has lost the References."""
    if kind is not Kind.REPLY:
        return None
    inside = {n: set(c) & set(known) for n, c in _numbers_in(Spoken(mail.text), directory).items()}
    owners = set().union(*inside.values())
    if len(owners) != 1:
        return None
    return owners.pop(), tuple(number for number, clients in inside.items() if clients)


def _numbers_in(spoken: Spoken, directory: Directory) -> dict[str, tuple[str, ...]]:
    """The invoice numbers that stand in a text as words of their own, with their clients; at most twenty.

    Numbers of one or two characters are found only after a word that announces them: "3" stands in every mail.
    """
    if not directory.numbers:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for number in index_of(directory).numbers_in(spoken)[:20]:
        found[number] = directory.numbers[number]
    if len(found) > 1:  # "2026-041" inside "2026-041/A" is not named by it
        found = {n: c for n, c in found.items() if not any(n != m and n in m for m in found)}
    return found


def _names_in(spoken: Spoken, directory: Directory) -> list[tuple[str, str]]:
    if not directory.names:
        return []
    return [(client, directory.names[client]) for client in index_of(directory).names_in(spoken)[:20]]
