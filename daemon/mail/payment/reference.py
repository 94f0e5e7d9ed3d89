"""Payment references with check digits: ISO 11649 (RF) and the Swiss QR reference.

Other national ones (KID, OCR, the Belgian +++) are text to us: their check digits differ from bank to bank.
"""

from __future__ import annotations

import re

_CREDITOR = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_QR = re.compile(r"[0-9]{27}")
_CARRIES = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)  # modulo 10, recursive: Swiss QR-bill guidelines 2.3, annex B


def bare(text: str) -> str:
    """A reference or an account number as machines take it: without spaces, in capitals."""
    return "".join(text.split()).upper()


def remainder(code: str) -> int:
    """ISO 7064 MOD 97-10 of a code whose first four signs go to its end; letters count from 10.  1: it is right."""
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97


def looks_like_rf(text: str) -> bool:
    """Whether it has the shape of an ISO 11649 reference, whatever its check digits."""
    code = bare(text)
    return code.isascii() and _CREDITOR.fullmatch(code) is not None


def rf_of(text: str) -> str | None:
    """The ISO 11649 reference, bare; None where it is none, or its check digits are wrong."""
    code = bare(text)
    return code if looks_like_rf(code) and remainder(code) == 1 else None


def right_rf(text: str) -> str:
    """A reference of that shape with the check digits that fit the rest of it."""
    code = bare(text)
    return f"RF{98 - remainder('RF00' + code[4:]):02}{code[4:]}"


def looks_like_qrr(text: str) -> bool:
    code = bare(text)
    return code.isascii() and _QR.fullmatch(code) is not None


def qrr_of(text: str) -> str | None:
    """The Swiss QR reference (27 digits), bare; None where it is none, its check digit is wrong, or it is all zeros."""
    code = bare(text)
    return code if looks_like_qrr(code) and code.strip("0") and right_qrr(code) == code else None


def right_qrr(text: str) -> str:
    """27 digits with the check digit that fits the first 26."""
    code = bare(text)
    carry = 0
    for digit in code[:26]:
        carry = _CARRIES[(carry + int(digit)) % 10]
    return f"{code[:26]}{(10 - carry) % 10}"


def is_swiss(iban: str) -> bool:
    return iban[:2] in ("CH", "LI")


def is_qr_iban(iban: str) -> bool:
    """Whether a Swiss account takes payments with a QR reference only: its bank's number is 30000 to 31999."""
    return is_swiss(iban) and 30000 <= int(iban[4:9]) <= 31999
