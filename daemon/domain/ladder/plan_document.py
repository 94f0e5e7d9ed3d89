"""The `plan` document that scripts may rely on (DESIGN 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from daemon.domain import journal as j
from daemon.domain.books.invoice import ItemRef
from daemon.domain.ladder.forecast import Forecast, StillOn
from daemon.domain.ladder.quiet import Quiet, Why


def plan_document(found: Forecast, until: date) -> dict[str, Any]:
    """What would go out when, and why the rest would not.

    Args:
        until: the last day asked for; a letter that is queued by then and leaves later is told as what waits.
    """
    return {
        "letters": [_letter(letter) for letter in found.letters if letter.on <= until],
        "calls": [
            {"on": c.on.isoformat(), "client": c.client, "invoices": list(c.numbers), "why": c.because}
            for c in found.calls
        ],
        "handovers": [
            {
                "on": h.on.isoformat(),
                "client": h.client,
                "invoices": list(h.numbers),
                "why": f"the ladder's end: {h.to}",
            }
            for h in found.handovers
        ],
        "quiet": [
            {
                "invoice": still.quiet.ref.number,
                "instalment": still.quiet.ref.instalment,
                "client": still.client,
                "why": str(still.quiet.why),
                "until": still.quiet.until.isoformat() if still.quiet.until else None,
            }
            for still in (*found.quiet, *_later(found, until))
        ],
    }


def _later(found: Forecast, until: date) -> Iterator[StillOn]:
    """The items of letters that leave after the day, where nothing else is said of them."""
    said = {(still.client, still.quiet.ref) for still in found.quiet}
    for letter in found.letters:
        if letter.on > until:
            refs = (ItemRef(claim.number, claim.instalment) for claim in letter.claims)
            later = (StillOn(letter.client, Quiet(ref, Why.NOT_YET, letter.on)) for ref in refs)
            yield from (still for still in later if (still.client, still.quiet.ref) not in said)


def _letter(letter: j.LetterQueued) -> dict[str, Any]:
    return {
        "on": letter.on.isoformat(),
        "client": letter.client,
        "to": letter.to,
        "letter": letter.letter,
        "level": letter.level,
        "invoices": [{"number": c.number, "instalment": c.instalment, "level": c.level} for c in letter.claims],
        "also_open": [c.number for c in letter.also_open],
        "why": letter.why,
        "waits_for_go": letter.waits_for is not None,
        "waits_because": _WAITS[letter.waits_for] if letter.waits_for is not None else None,
    }


_WAITS = {
    j.Wait.FIRST_START: "overdue at the first start",
    j.Wait.FIRST_LETTER: "the first letter to this client",
    j.Wait.APPROVAL: "this level always does",
    j.Wait.AMOUNT: "so large a sum does",
    j.Wait.PER_DAY: "far too many letters for one day",
}
