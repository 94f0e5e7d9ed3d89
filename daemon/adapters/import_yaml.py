"""Invoices and clients from elsewhere, written as the config's YAML: in its own order, with what is known and no more.

What is written is read again by the config's own reader before anybody sees it, so that what `check` would say of it
is said here, with the place in the document that it came from.
"""

from __future__ import annotations

import json
import os.path
import re
import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal

from daemon.adapters.config_invoices import INVOICE, InvoiceDraft
from daemon.adapters.config_people import CLIENT
from daemon.adapters.config_phones import dials
from daemon.adapters.countries import language_of
from daemon.adapters.yaml_nodes import ListNode, MapNode, Report, Text
from daemon.adapters.yaml_tree import read_tree
from daemon.domain.books.calendar import is_known_region
from daemon.domain.books.invoice import Invoice, Method
from daemon.domain.books.written import is_email
from daemon.domain.incoming.incoming import Incoming, Party
from daemon.domain.incoming.intake import Change

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.@+-]*", re.ASCII)
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}  # which YAML tools take for something else
_NOT_JSON = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x7f\x85\u2028\u2029"}
_LONGEST_KEY = 32
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "þ": "th"})
_LEGAL_FORMS = frozenset(
    {"srl", "spa", "gmbh", "ltd", "inc", "llc", "ag", "kg", "sas", "sarl", "bv", "nv", "sl", "as"} | set("srlpa")
)


def quoted(text: str) -> str:
    """A text in double quotes, which YAML reads as JSON does, but for DEL and the line breaks of YAML 1.1."""
    return json.dumps(text, ensure_ascii=False).translate(_NOT_JSON)


def word(text: str) -> str:
    """A text as it stands where nothing in it means anything to YAML; else in quotes."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else quoted(text)


def one_line(text: str, most: int) -> str:
    """Somebody's text on one line, without what is not seen, and not longer than the config takes."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    whole = " ".join(seen.split()).replace("=?", "= ?")
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def paragraph(text: str, most: int = 2000) -> str:
    """Somebody's text with its lines."""
    rows = (one_line(row, most) for row in text.splitlines())
    return "\n".join(filter(None, rows))[:most]


def figure(value: Decimal) -> str:
    """A number as the config has it: no exponent, and no more decimals than it can hold."""
    text = format(value, "f")
    if "." in text and len(text.partition(".")[2]) > 12:
        text = format(value.quantize(Decimal(1).scaleb(-6)), "f").rstrip("0").rstrip(".")
    return text


def invoice_lines(incoming: Incoming, client: str, folder: str) -> list[str]:
    """One item of a list of invoices, without the list's own indentation.

    Args:
        client: the key under which it goes.
        folder: of the file into which it goes; `pdf` is written as seen from there.
    """
    entries = list(_entries(incoming, client, folder))
    return [("- " if place == 0 else "  ") + entry for place, entry in enumerate(entries)]


def _entries(one: Incoming, client: str, folder: str) -> Iterator[str]:
    yield f"number: {quoted(one.number)}"
    yield f"client: {word(client)}"
    if one.credit:
        yield "credit: true"
    if one.against:
        yield f"against: {quoted(one.against)}"
    if one.issued_on:
        yield f"issued: {one.issued_on}"
    if one.due_on and not one.instalments:
        yield f"due: {one.due_on}"
    yield f"currency: {word(one.currency)}"
    yield f"total: {figure(one.total)}"
    if one.payable is not None:
        yield f"payable: {figure(one.payable)}"
    if one.instalments:
        yield "instalments:"
        for part in one.instalments:
            yield f"  - {{due: {part.due_on}, amount: {figure(part.amount)}}}"
    if one.method is not Method.TRANSFER:
        yield f"method: {one.method.value}"
    if reference := one_line(one.reference, 140):
        yield f"reference: {quoted(reference)}"
    if terms := paragraph(one.terms):
        yield f"terms: {quoted(terms)}"
    if one.pdf:
        yield f"pdf: {quoted(os.path.relpath(one.pdf, folder))}"
    if one.lines:
        yield "lines:"
        for line in one.lines:
            parts = [f"what: {quoted(one_line(line.what, 300))}"]
            parts += [f"quantity: {figure(line.quantity)}"] if line.quantity is not None else []
            parts += [f"unit: {quoted(one_line(line.unit, 40))}"] if line.unit and line.unit.strip() else []
            parts += [f"price: {figure(line.price)}"] if line.price is not None else []
            parts += [f"vat: {figure(line.vat)}"] if line.vat is not None else []
            yield f"  - {{{', '.join(parts)}}}"


def read_back(lines: list[str], file: str) -> tuple[Invoice | None, list[tuple[str, str]]]:
    """What the config makes of an item that was written.

    Args:
        file: as which it is read; paths in it are beside that.

    Returns:
        The invoice, or what is wrong: the key that it is wrong at, and why.
    """
    report = Report(file)
    root = read_tree("\n".join(lines) + "\n", report, top=False)
    draft = INVOICE.read(root.items[0], report) if isinstance(root, ListNode) and root.items else None
    if report.problems:
        return None, [(_key_at(lines, problem.line), problem.message) for problem in report.problems]
    assert isinstance(draft, InvoiceDraft)
    return draft.invoice, []


def _key_at(lines: list[str], line: int) -> str:
    found = re.match(r"[ -]*([a-z_]+):", lines[line - 1]) if 0 < line <= len(lines) else None
    return found[1] if found and found[1] != "number" else ""


def new_key(party: Party, taken: Collection[str]) -> str:
    """A key for a new client, of the name: `studio-rossi`; another where it is taken."""
    name = party.name or party.email.partition("@")[2] or "client"
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))  # casefold: ß is ss
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode())
    kept = [word for word in words if word not in _LEGAL_FORMS] or words or ["client"]
    key = "-".join(kept)[:_LONGEST_KEY].strip("-")
    if key not in taken:
        return key
    return next(other for count in range(2, 10**6) if (other := f"{key}-{count}") not in taken)


def client_lines(key: str, party: Party, languages: Collection[str], own_language: str) -> tuple[list[str], str]:
    """A client's block for `clients:`, without that mapping's own indentation.

    Returns:
        The lines; and what is missing so that it could not be used as it stands, empty where nothing is.
    """
    lines = [f"{key}:", f"  name: {quoted(one_line(party.name, 200) or key)}"]
    if party.tax_ids:
        lines.append(f"  tax_id: {quoted(one_line(party.tax_ids[0], 40))}")
    language = party.language or language_of(party.country, otherwise="")
    if language in languages and language != own_language:
        lines.append(f"  language: {language}")
    known = bool(re.fullmatch("[A-Z]{2}", party.country)) and is_known_region(party.country)
    if known:
        lines.append(f"  calendar: {party.country}")
    if address := paragraph(party.address):
        lines.append(f"  address: {quoted(address)}")
    email = next((found for found in (party.email, party.certified) if found and is_email(found)), "")
    contact = [f"name: {quoted(one_line(party.contact, 200) or one_line(party.name, 200) or key)}"]
    contact.append(f"email: {word(email or 'THEIR-ADDRESS')}")
    if known and _dials(party.phone, party.country):
        contact.append(f"phone: {quoted(one_line(party.phone, 60))}")
    remark = "  # a certified address (PEC): some take no ordinary mail" if email and email == party.certified else ""
    lines += ["  contacts:", f"    - {{{', '.join(contact)}}}{remark}"]
    if not email:
        return lines, "the document has no e-mail address of theirs"
    report = Report("")
    root = read_tree("\n".join(lines) + "\n", report, top=False)
    assert isinstance(root, MapNode)
    CLIENT.read(root.entries[key], report)
    return lines, report.problems[0].message if report.problems else ""


def _dials(phone: str, region: str) -> bool:
    if not phone.strip():
        return False
    return dials(phone, Text("", True, 0, 0), region, Report(""))


def change_entry(change: Change) -> tuple[str, str] | None:
    """A change of one figure as key and value in the YAML; None where it is more than that."""
    if change.key in {"instalments", "credit"} or not change.theirs:
        return None
    return change.key, change.theirs
