"""Telephone numbers: kept as they are written, and what a telephone dials, E.164 and a `tel:` link.

Source: the `phonenumbers` package (Google's libphonenumber); ITU-T E.164; RFC 3966.  A number is good when it is
*possible*: numbers that are reserved for examples, such as 555, belong to nobody and are written in tests and demos.
Its tables are large and most commands need none of them, so it is imported when the first number is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

EXAMPLE = "+39 02 5550 1234"


@dataclass(frozen=True, slots=True)
class Telephone:
    """One number."""

    written: str  # as its owner writes it; printed
    e164: str  # "+390255501234"
    link: str  # "tel:+39-02-5550-1234;ext=12"


@lru_cache(maxsize=4096)
def telephone(text: str, region: str) -> Telephone:
    """Read a number as it is dialled in a country.

    Args:
        region: ISO 3166-1, with or without a subdivision ("IT", "DE-BY"); for numbers without +.

    Raises:
        ValueError: it cannot be a number; the message says why, and what would be right.
    """
    import phonenumbers
    from phonenumbers import ValidationResult

    country = region.partition("-")[0]
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as wrong:
        if wrong.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise ValueError(_right("it needs its country, as + and the country's code")) from None
        if wrong.error_type == phonenumbers.NumberParseException.NOT_A_NUMBER:
            raise ValueError(_right("there is no number in it")) from None
        raise ValueError(_right("it is too long or too short, or more than one number")) from None
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.IS_POSSIBLE:
            pass
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise ValueError(_right(f"the area code is missing, for {country}"))
        case ValidationResult.TOO_SHORT:
            raise ValueError(_right(f"it is too short for {_country(number.country_code)}"))
        case ValidationResult.TOO_LONG:
            raise ValueError(_right(f"it is too long for {_country(number.country_code)}, or more than one number"))
        case _:
            raise ValueError(_right(f"no number of {_country(number.country_code)} has that length"))
    form = phonenumbers.PhoneNumberFormat
    return Telephone(
        text, phonenumbers.format_number(number, form.E164), phonenumbers.format_number(number, form.RFC3966)
    )


def dialled(text: str | None, region: str) -> Telephone | None:
    """The number, or None where nothing is written, or what is written cannot be dialled."""
    if not text:
        return None
    try:
        return telephone(text, region)
    except ValueError:
        return None


def _country(code: int | None) -> str:
    import phonenumbers

    region = phonenumbers.region_code_for_country_code(code or 0)
    return f"+{code}" if region in ("ZZ", "001") else f"{region} (+{code})"


def _right(wrong: str) -> str:
    return f'{wrong}; "{EXAMPLE}" is how it is written'
