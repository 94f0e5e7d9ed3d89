"""The owner's go after an old state was restored, or put back (F64)."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.errand import Desk, Done
from daemon.domain.ladder.lost_letter import as_it_was
from daemon.domain.standing.case import case_of

RESTORED = "restored"  # what `go` takes for a target here


def trust(desk: Desk) -> Done | Refusal:
    """Let the letters go on.  A letter of which only an answer was seen is taken for sent before that."""
    old = desk.history.old
    if not old.waits:
        return Refusal("no letter waits for that: the state was not restored, and the mailbox shows no letter it lacks")
    entries: list[j.AnyEntry] = []
    for lost in old.recovered.values():
        known = desk.history.of(lost.client).letters.get(lost.letter_id)
        if (known is not None and known.deliveries) or lost.client not in desk.ledger.clients:
            continue
        history = desk.history.after(entries)
        case = case_of(desk.ledger, history, lost.client, lost.on)
        entries += as_it_was(case, lost.letter_id, lost.numbers, lost.to, "", desk.at)
    on = desk.today("")
    count = len(old.recovered)
    found = f"; {count} letter{'' if count == 1 else 's'} from the mailbox count as sent" if count else ""
    return Done((*entries, j.StateTrusted(at=desk.at, on=on)), f"the letters go on from here{found}")
