"""Codes of the banks, each with its own check: IBAN (ISO 13616), references (ISO 11649, QR), BIC (ISO 9362)."""

from __future__ import annotations

import re

from daemon.adapters.config_names import line_text
from daemon.adapters.config_wording import shown
from daemon.mail.payment.reference import looks_like_qrr, looks_like_rf, qrr_of, remainder, rf_of, right_qrr, right_rf

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")

IBAN_LENGTHS = {  # of an IBAN, by country: the SWIFT registry
    code: length
    for length, codes in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST", 26: "IS TR", 27: "FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB PL SV", 29: "BR EG PS QA UA",
        30: "JO KW MU", 31: "MT SC", 32: "LC",
    }.items()
    for code in codes.split()
}  # fmt: skip


def iban(text: str) -> str:
    """An IBAN without spaces."""
    code = text.replace(" ", "").upper()
    if not code.isascii() or not _IBAN.fullmatch(code):
        raise ValueError(f"`{shown(text)}` is not an IBAN: two letters, two digits, then letters and digits")
    length = IBAN_LENGTHS.get(code[:2], len(code))
    if len(code) != length:
        raise ValueError(f"`{shown(text)}`: an IBAN of {code[:2]} has {length} characters, this has {len(code)}")
    if remainder(code) != 1:
        raise ValueError(
            f"`{shown(text)}`: the check digits of this IBAN do not fit; a digit is wrong or two are swapped"
        )
    return code


def bic(text: str) -> str:
    if not text.isascii() or not _BIC.fullmatch(text):
        raise ValueError(f"`{shown(text)}` is not a BIC: 8 or 11 capital letters and digits, as in XXXXITMM")
    return text


_one_line = line_text(140)


def reference(text: str) -> str:
    """A payment reference as the client has to write it; what has the shape of an RF or a QR reference is checked."""
    _one_line(text)
    if looks_like_rf(text) and rf_of(text) is None:
        raise ValueError(
            f"`{shown(text)}`: the check digits of this RF reference do not fit (ISO 11649); "
            f"for the rest of it they would be {right_rf(text)[:4]}, as in {right_rf(text)}"
        )
    if looks_like_qrr(text) and qrr_of(text) is None:
        raise ValueError(
            f"`{shown(text)}`: the last digit of this Swiss QR reference does not fit; "
            f"for the rest of it, it would be {right_qrr(text)[-1]}"
        )
    return text
