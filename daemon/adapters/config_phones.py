"""Telephone numbers of the config: whether a telephone could dial them in the country where they are written."""

from __future__ import annotations

from daemon.adapters.config_wording import shown
from daemon.adapters.yaml_nodes import Node, Report
from daemon.domain.books.telephone import telephone


def dials(text: str | None, place: Node, region: str, report: Report) -> bool:
    """Whether it can be a number; reported where it cannot.  None is no number and no fault.

    Args:
        region: ISO 3166 of its owner, for numbers without +.
    """
    if not text:
        return True
    try:
        telephone(text, region)
    except ValueError as wrong:
        report.wrong(place, f"`{shown(text)}` is not a telephone number: {wrong}")
        return False
    return True
