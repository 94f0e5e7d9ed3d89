"""What can be guessed from a country, as the default of a question: language, currency, time zone."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

#: In which of our languages a country's firms are written to, where there is one.
_LANGUAGES = {
    "it": "IT SM VA", "de": "DE AT LI", "fr": "FR MC", "nl": "NL SR", "pt": "PT BR AO MZ", "tr": "TR",
    "es": "ES MX AR CL CO PE UY PY BO EC VE GT HN SV NI CR PA DO CU", "en": "GB IE US AU NZ CA MT SG ZA IN",
}  # fmt: skip
_SEVERAL = frozenset({"BE", "CH", "LU"})  # more than one of ours
_CURRENCIES = {
    "TRY": "TR", "GBP": "GB", "CHF": "CH LI", "USD": "US EC SV PA", "AUD": "AU", "NZD": "NZ", "CAD": "CA", "SGD": "SG",
    "ZAR": "ZA", "INR": "IN", "BRL": "BR", "MXN": "MX", "ARS": "AR", "CLP": "CL", "COP": "CO", "PEN": "PE",
    "UYU": "UY", "SEK": "SE", "DKK": "DK", "NOK": "NO", "PLN": "PL", "CZK": "CZ", "HUF": "HU", "RON": "RO",
}  # fmt: skip


def _by_country(table: dict[str, str]) -> dict[str, str]:
    return {country: value for value, countries in table.items() for country in countries.split()}


_LANGUAGE_OF, _CURRENCY_OF = _by_country(_LANGUAGES), _by_country(_CURRENCIES)


def country_of(address: str) -> str | None:
    """Of the domain of an e-mail address, ISO 3166; None for .com and its like."""
    end = address.rpartition(".")[2].upper()
    end = "GB" if end == "UK" else end
    return end if end in _LANGUAGE_OF or end in _CURRENCY_OF or end in _SEVERAL else None


def language_of(country: str, otherwise: str = "en") -> str:
    """ISO 639; `otherwise` where the language is not one of ours, or the country has several that are."""
    return _LANGUAGE_OF.get(country.partition("-")[0], otherwise)


def currency_of(country: str) -> str:
    """ISO 4217."""
    return _CURRENCY_OF.get(country.partition("-")[0], "EUR")


def zone_of(country: str, here: str | None = None) -> str | None:
    """The time zone of a country; where it has several, that of this machine if it is one of them, else None.

    Source: zone.tab of the time zone database.  A country that is not in it has the zone of this machine.

    Args:
        here: this machine's, where it is known.
    """
    here = here or local_zone()
    zones = _zones(country.partition("-")[0])
    if not zones or here in zones:
        return here
    return zones[0] if len(set(map(_offsets, zones))) == 1 else None


@cache
def _zones(country: str) -> tuple[str, ...]:
    rows = (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines()
    return tuple(row.split("\t")[2] for row in rows if row.startswith(f"{country}\t"))


def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    """Its time in winter and in summer: Büsingen has a zone of its own, and the time of Berlin."""
    return tuple(datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))


def local_zone() -> str:
    """The name of this machine's time zone; "UTC" where it has none."""
    link = Path("/etc/localtime")
    target = os.path.realpath(link) if link.is_symlink() else ""
    return target.partition("zoneinfo/")[2] or "UTC"
