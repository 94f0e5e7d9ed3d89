"""The field :86: of MT940, who paid and why, as the banks cut it up: by numbers, by words between slashes, or not.

German, Austrian and Polish banks number its parts (`?20` to `?29`: the purpose; DK, "Anlage 3 der Schnittstellen-
spezifikation", chapter 8), Dutch and Belgian ones name them (`/NAME/`, `/REMI/`).  What is in neither form is the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from daemon.adapters.bank_codes import IBAN_LENGTHS, iban

_NUMBERED = re.compile(r"^[0-9]{3}([?^~<>])(?=[0-9]{2})", re.MULTILINE)
_PURPOSE = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "60", "61", "62", "63")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC )\+")
_SLASHED = re.compile(
    "/(TRTP|IBAN|BIC|NAME|REMI|EREF|PREF|ORDP|BENM|CNTP|ULTC|ULTD|PURP|RTRN|CSID|MARF|SVCL|ADDR|ISDT|OCMT|CHGS|SUM)(?=/)"
)
_REMITTANCE = re.compile(r"^(?:USTD|STRD)/+(?:CUR/)?")  # unstructured, structured: SEPA's own word before the words


class Details(NamedTuple):
    name: str = ""  # of who paid
    iban: str = ""  # theirs
    text: str = ""  # their words
    references: tuple[str, ...] = ()


def details_of(text: str) -> Details:
    """Args:
    text: of one movement, with the line ends that the bank put into it.
    """
    numbered = _NUMBERED.search(text)
    if numbered:
        return _numbered(text[numbered.start() + 3 :].replace("\n", ""), numbered[1])
    parts = _SLASHED.split(text.replace("\n", " "))
    if len(parts) > 1:
        return _slashed({key: value.strip("/ ") for key, value in zip(parts[1::2], parts[2::2], strict=True)}, text)
    return Details(text=" ".join(text.split()))


def _numbered(text: str, sign: str) -> Details:
    parts = re.split(f"{re.escape(sign)}([0-9]{{2}})", text)
    got: dict[str, str] = {}
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        got[key] = got.get(key, "") + value
    purpose = _SEPA.split("".join(got.get(key, "") for key in _PURPOSE))
    words = {key: value.strip() for key, value in zip(purpose[1::2], purpose[2::2], strict=True)}
    account = next((found for key in ("31", "38") if (found := _iban(got.get(key, "")))), "") or _iban(
        words.get("IBAN", "")
    )
    return Details(
        name=(got.get("32", "") + got.get("33", "")).strip(),
        iban=account,
        text=" ".join(filter(None, (purpose[0].strip(), words.get("SVWZ", "")))),
        references=tuple(filter(None, (words.get("EREF", ""), words.get("KREF", "")))),
    )


def _slashed(got: dict[str, str], text: str) -> Details:
    # ING writes /CNTP/account/BIC/name/, and for the rest as the others
    account, _, behind = got.get("CNTP", "").partition("/")
    name = got.get("NAME") or behind.partition("/")[2].partition("/")[0]
    words = _REMITTANCE.sub("", got.get("REMI", ""))
    return Details(
        name=name.strip(),
        iban=_iban(got.get("IBAN") or account),
        text=words or ("" if "REMI" in got else " ".join(text.split())),
        references=tuple(filter(None, (got.get("EREF", ""),))),
    )


def _iban(text: str) -> str:
    """The IBAN with which a text begins; "" where it begins with none."""
    plain = text.replace(" ", "")
    try:
        return iban(plain[: IBAN_LENGTHS[plain[:2]]])
    except (KeyError, ValueError):
        return ""
