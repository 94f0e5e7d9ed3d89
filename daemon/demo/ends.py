"""How the stories ended: what the daemon's `status` says, and what its journal holds.  Never what the script says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from daemon.demo.story import Story
from daemon.domain import journal as j

Document = dict[str, Any]
_MOST_TELLING = ("handed-over", "disputed", "promised", "held", "open", "upcoming", "paid")  # of several invoices


def ends(
    status: Mapping[str, Any], entries: Iterable[j.AnyEntry], stories: Sequence[Story], names: Mapping[str, str]
) -> list[Document]:
    """One row a client.

    Args:
        status: the `status` document.
        entries: the journal.

    Returns:
        `letters`: those that the relay took, in their order; `sent` says more of each.  `state` of several invoices
        is that of the one which is not settled.  `call` is the open one, as `status` has it, or None.
    """
    sent = letters_sent(entries)
    rows = []
    for story in stories:
        invoices = [row for row in status["invoices"] if row["client"] == story.client]
        states = {row["state"] for row in invoices}
        letters = sent.get(story.client, [])
        rows.append(
            {
                "client": story.client,
                "name": names[story.client],
                "story": story.story,
                "letters": [letter["letter"] for letter in letters],
                "state": next(state for state in _MOST_TELLING if state in states),
                "call": next((row["call"] for row in invoices if row["call"]), None),
                "sent": letters,
                "outstanding": [f"{r['currency']} {r['outstanding']}" for r in invoices if r["state"] != "paid"],
            }
        )
    return rows


def letters_sent(entries: Iterable[j.AnyEntry]) -> Mapping[str, list[Document]]:
    """The letters that the relay accepted, by client."""
    queued: dict[str, j.LetterQueued] = {}
    started: dict[str, j.DeliveryStarted] = {}
    found: dict[str, list[Document]] = {}
    for entry in entries:
        match entry:
            case j.LetterQueued():
                queued[entry.letter_id] = entry
            case j.DeliveryStarted():
                started[entry.letter_id] = entry
            case j.DeliveryAccepted():
                letter = queued[entry.letter_id]
                found.setdefault(entry.client, []).append(
                    {
                        "on": started[entry.letter_id].on.isoformat(),
                        "letter": letter.letter,
                        "to": entry.to,
                        "invoices": list(dict.fromkeys(claim.number for claim in letter.claims)),
                        "broken_plan": letter.broken_plan,
                        "promised_on": letter.promised_on.isoformat() if letter.promised_on else None,
                        "message_id": started[entry.letter_id].message_id,
                    }
                )
    return found
