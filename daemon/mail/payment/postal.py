"""A postal address written as one line or several, taken apart where its parts can be told."""

from __future__ import annotations

import re
from typing import NamedTuple

_PLACE = re.compile(r"(?:(?P<country>[A-Z]{1,2})[- ])?(?P<code>[0-9]{4,6})\s+(?P<town>\S.*)")
_STREET = re.compile(r"(?P<street>\S.*?)\s+(?P<house>[0-9]{1,5}(?:\s?[A-Za-z]|[/-][0-9]{1,4}[A-Za-z]?)?)")
_LETTERS = {"A": "AT", "D": "DE", "F": "FR", "I": "IT"}  # before a postal code, as lorries have it


class PostalAddress(NamedTuple):
    street: str  # may be empty
    house: str  # may be empty, or stand in the street
    code: str
    town: str
    country: str  # ISO 3166-1 alpha-2


def postal_address(text: str, country: str) -> PostalAddress | None:
    """Take apart `Via Roma 1, 20121 Milano` or `Rue du Lac 12/3, CH-2501 Biel`.

    Args:
        text: street, then postal code and town, parted by commas or line ends.
        country: where the address names none.

    Returns:
        None where street, code and town cannot be told with certainty: a wrong address on a payment slip is worse
        than none.
    """
    parts = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    if parts and re.fullmatch("[A-Z]{2}", parts[-1]):
        country = parts.pop()
    found = _PLACE.fullmatch(parts[-1]) if parts else None
    if found is None or len(parts) > 2:
        return None
    stated = found["country"]
    if stated is not None and len(stated) == 1 and stated not in _LETTERS:
        return None
    land = _LETTERS.get(stated, stated) if stated else country
    if len(parts) == 1:
        return PostalAddress("", "", found["code"], found["town"], land)
    street = _STREET.fullmatch(parts[0])
    if street is None:
        return PostalAddress(parts[0], "", found["code"], found["town"], land)
    return PostalAddress(street["street"], street["house"], found["code"], found["town"], land)
