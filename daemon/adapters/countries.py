"""What can be guessed from a country, as the default of a question: language, currency, time zone."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from pathlib import Path

_LANGUAGES = {
    "it": "IT SM VA", "de": "DE AT LI CH LU", "fr": "FR MC BE", "nl": "NL SR", "pt": "PT BR AO MZ", "tr": "TR",
    "es": "ES MX AR CL CO PE UY PY BO EC VE GT HN SV NI CR PA DO CU", "en": "GB IE US AU NZ CA MT SG ZA IN",
}  # fmt: skip
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
    return end if end in _LANGUAGE_OF or end in _CURRENCY_OF else None


def language_of(country: str) -> str:
    """ISO 639; "en" where the language is not one of ours, or the country has several that are."""
    return _LANGUAGE_OF.get(country.partition("-")[0], "en")


def currency_of(country: str) -> str:
    """ISO 4217."""
    return _CURRENCY_OF.get(country.partition("-")[0], "EUR")


@cache
def zone_of(country: str) -> str:
    """The first time zone of a country in the table of the time zone database; else that of this machine."""
    wanted = country.partition("-")[0]
    for line in (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines():
        if line.startswith(f"{wanted}\t"):
            return line.split("\t")[2]
    return local_zone()


def local_zone() -> str:
    """The name of this machine's time zone; "UTC" where it has none."""
    link = Path("/etc/localtime")
    target = os.path.realpath(link) if link.is_symlink() else ""
    return target.partition("zoneinfo/")[2] or "UTC"
