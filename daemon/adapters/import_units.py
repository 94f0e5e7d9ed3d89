"""Units of measure as a letter shows them, from the codes of UN/ECE Recommendation 20.

Only such as read alike in every language.  A piece has no unit, and a code that is not here is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping

UNITS: Mapping[str, str] = {
    "HUR": "h",
    "MIN": "min",
    "SEC": "s",
    "MMT": "mm",
    "CMT": "cm",
    "MTR": "m",
    "KMT": "km",
    "MTK": "m²",
    "MTQ": "m³",
    "LTR": "l",
    "GRM": "g",
    "KGM": "kg",
    "TNE": "t",
    "KWH": "kWh",
    "P1": "%",
}
