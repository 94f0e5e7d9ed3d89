"""XML that strangers wrote, parsed without doing anything that it asks for; and its values, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from daemon.adapters.config_amounts import day
from daemon.adapters.config_wording import shown
from daemon.adapters.xml_octets import doctype_line, without_zeros
from daemon.domain.books.money import minor_digits

MOST_OCTETS = 20 * 1024 * 1024  # of one file, and of what is packed in one
_MOST_TAGS = 600_000  # their elements take some hundred octets each; an invoice of ten thousand lines has 400,000
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})", re.ASCII)
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)  # XSD 1.0, 3.2.9
_KNOWN: dict[str, Decimal] = {}  # numbers come back: prices, rates
_MOST_KNOWN = 10_000


class Unreadable(Exception):
    """This document, or this invoice in it, cannot be taken: what is wrong, and where."""

    def __init__(self, message: str, at: Element | None = None, field: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.at = at  # whose line it is, or whose child is missing
        self.field = field
        self.line = line  # from 1, where it is known without an element


def parse(content: bytes) -> Element:
    """The root element.

    Raises:
        Unreadable: it is no XML, too large, or has a DOCTYPE.
    """
    if len(content) > MOST_OCTETS:
        raise Unreadable(f"larger than {MOST_OCTETS // 1024 // 1024} MB: no invoice is")
    plain = without_zeros(content)
    if (line := doctype_line(plain)) is not None:
        raise Unreadable("it has a DOCTYPE, in which entities hide: no invoice needs one, so it is not read", line=line)
    if plain.count(b"<") > _MOST_TAGS:
        raise Unreadable(f"it has more than {_MOST_TAGS:,} tags: no invoice has")
    parser = XMLParser()  # noqa: S314  # what it would fall for is refused above
    try:
        parser.feed(content)
        root: Element = parser.close()  # depth does no harm: neither expat nor what reads the tree calls itself
    except ParseError as error:
        raise Unreadable(f"this is no XML: {_reason(error)}", line=error.position[0]) from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise Unreadable(f"this is no XML: {shown(str(error))}", line=1) from None
    return root


def _reason(error: ParseError) -> str:
    return str(error).partition(": line")[0]


def lines_of(content: bytes, root: Element, wanted: Iterable[Element]) -> list[int]:
    """In which lines elements begin, from 1; by a second reading, for which only a fault or a batch is the occasion."""
    order = {id(element): place for place, element in enumerate(root.iter())}
    places = [order.get(id(element), 0) for element in wanted]
    missing = set(places)
    found: dict[int, int] = {}
    count = 0
    reader = expat.ParserCreate()

    def start(name: str, attributes: object) -> None:
        nonlocal count
        if count in missing:
            found[count] = reader.CurrentLineNumber
        count += 1

    reader.StartElementHandler = start
    reader.Parse(content, True)
    return [found.get(place, 0) for place in places]


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def find(parent: Element, path: str, what: str) -> Element:
    """The element at `path`; it has to be there.  `what` names it in messages."""
    found = parent.find(path)
    if found is None:
        raise Unreadable("is missing", parent, what)
    return found


def words(parent: Element, path: str) -> str:
    """The text at `path` without the space around it; empty where there is none."""
    found = parent.findtext(path)
    return found.strip() if found else ""


def needed(parent: Element, path: str, what: str) -> str:
    element = find(parent, path, what)
    text = (element.text or "").strip()
    if not text:
        raise Unreadable("is empty", element, what)
    return text


def number_of(text: str, at: Element, what: str) -> Decimal:
    """A decimal of XSD: a point, no thousands, no exponent."""
    known = _KNOWN.get(text)
    if known is not None:
        return known
    if not _DECIMAL.fullmatch(text):
        raise Unreadable(f"`{shown(text)}` is no number", at, what)
    value = Decimal(text)
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[text] = value
    return value


def number(parent: Element, path: str, what: str) -> Decimal | None:
    """The number at `path`; None where there is none."""
    element = parent.find(path)
    if element is None:
        return None
    text = (element.text or "").strip()
    return number_of(text, element, what) if text else None


def amount(currency: str, parent: Element, path: str, what: str) -> Decimal | None:
    """An amount of money at `path`; one that states another currency than the document's is refused."""
    element = parent.find(path)
    if element is None:
        return None
    other = element.get("currencyID")
    if other and other != currency:
        raise Unreadable(f"is in {shown(other)}, and the document in {shown(currency)}", element, what)
    return tidy(number_of((element.text or "").strip(), element, what), currency)


def iso_day(text: str, at: Element, what: str) -> date:
    """A date of XSD, 2026-10-31, with or without a time zone, which is no part of an invoice's date."""
    found = _DAY.fullmatch(text)
    try:
        return day(found[1] if found else text)
    except ValueError as wrong:
        raise Unreadable(str(wrong), at, what) from None


def day_at(parent: Element, path: str, what: str) -> date | None:
    element = parent.find(path)
    if element is None:
        return None
    text = (element.text or "").strip()
    return iso_day(text, element, what) if text else None


def tidy(value: Decimal, currency: str) -> Decimal:
    """An amount with as many decimals as its currency has, where nothing is lost: 100 and 100.0000 are 100.00."""
    least = -minor_digits(currency)
    if value.as_tuple().exponent == least:
        return value
    rounded = value.quantize(Decimal(1).scaleb(least))
    return rounded if rounded == value else value
