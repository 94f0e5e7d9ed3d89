"""Whether the state is older than what has happened (F64).

An old state does not know what was sent after it was copied, nor what the owner has told since.  So no letter leaves
until the owner says go; and each letter that is found in the mailbox is taken back into the journal as sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from daemon.domain.journal.entry import Entry
from daemon.domain.journal.restore_entries import LetterRecovered, StateRestored, StateTrusted

_NOT_OURS = "the state is an old one that was put back, or another daemon writes from this mailbox"
_SAID = 5  # letters that are named to the owner; the rest is counted


@dataclass(slots=True)
class OldState:
    """What is known about the age of the state.  Only `take_in` changes it."""

    restored: StateRestored | None = None  # the last time; None: never, or the owner has said go since
    recovered: dict[str, LetterRecovered] = field(default_factory=dict)  # by letter_id, since the owner's last go

    @property
    def waits(self) -> bool:
        """Whether every letter waits until the owner says go."""
        return self.restored is not None or bool(self.recovered)

    def take_in(self, entry: Entry) -> None:
        match entry:
            case StateRestored():
                self.restored = entry
            case LetterRecovered():
                self.recovered[entry.letter_id] = entry
            case StateTrusted():
                self.restored = None
                self.recovered = {}

    @property
    def began(self) -> str:
        """What makes it another time than the last one; "" where nothing waits."""
        first = self.restored or next(iter(self.recovered.values()), None)
        return first.at.isoformat() if first else ""

    @property
    def words(self) -> str:
        """What the owner has to hear, in one line; "" where nothing waits."""
        if not self.waits:
            return ""
        since = f" from a backup of {self.restored.backup_at:%Y-%m-%d %H:%M} UTC" if self.restored else ""
        what = f"the state was restored{since}" if self.restored else _NOT_OURS
        named = ", ".join([*self.recovered][:_SAID])
        more = f" and {len(self.recovered) - _SAID} more" if len(self.recovered) > _SAID else ""
        found = f"; sent since, as the mailbox shows: {named}{more}" if self.recovered else ""
        return f"{what}{found}. No letter leaves until you have looked and run: sollecito go restored"
