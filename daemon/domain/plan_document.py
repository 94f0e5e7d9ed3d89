"""The `plan` document that scripts may rely on (DESIGN 5)."""

from __future__ import annotations

from typing import Any

from daemon.domain import journal as j
from daemon.domain.forecast import Forecast


def plan_document(found: Forecast) -> dict[str, Any]:
    """What would go out when, and why the rest would not."""
    return {
        "letters": [_letter(letter) for letter in found.letters],
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
            for still in found.quiet
        ],
    }


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
    }
