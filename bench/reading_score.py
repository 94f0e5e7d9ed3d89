"""What of a labelled folder was read rightly: classes, recipients, dead or not, intents and their days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar

from daemon.domain.reading import Kind, Meaning, Reading

GOOD = {
    "bounce": {Kind.BOUNCE},
    "delayed": {Kind.DELAYED},
    "delayed_or_soft": {Kind.BOUNCE, Kind.DELAYED},
    "dsn_delivered": {Kind.RECEIPT},
    "complaint": {Kind.COMPLAINT},
    "auto_reply": {Kind.AUTO_REPLY},
    "mdn": {Kind.RECEIPT},
    "challenge": {Kind.AUTO_REPLY},
    "newsletter": {Kind.UNRELATED, Kind.REPLY, Kind.AUTO_REPLY},
    "list_or_human": {Kind.UNRELATED, Kind.REPLY},
    "not_bounce": {Kind.UNRELATED, Kind.REPLY, Kind.AUTO_REPLY},
    "other": set(Kind),
}


@dataclass
class Score:
    """Counts over one folder."""

    NEGATIVE: ClassVar = ("list_or_human", "newsletter", "not_bounce")

    table: Counter[tuple[str, str]] = field(default_factory=Counter)  # labelled class, read kind
    misses: list[tuple[object, ...]] = field(default_factory=list)
    false: list[str] = field(default_factory=list)  # no bounce, and read as one
    labelled: int = 0  # bounces whose recipients are labelled
    exact: int = 0
    dead_all: int = 0  # bounces whose label says "dead" or not, the same for all recipients
    dead_right: int = 0

    @property
    def bounces(self) -> int:
        return sum(count for (label, _), count in self.table.items() if label == "bounce")

    @property
    def found(self) -> int:
        return self.table[("bounce", Kind.BOUNCE.value)]

    @property
    def noticed(self) -> int:
        """With those that say themselves `Action: delayed`: some sources count these as bounces too."""
        return self.found + self.table[("bounce", Kind.DELAYED.value)]

    def __str__(self) -> str:
        others = sum(count for (label, _), count in self.table.items() if label in self.NEGATIVE)
        return (
            f"bounces {self.found}/{self.bounces}, with delays {self.noticed}; "
            f"false {len(self.false)} of {others} list and human mails; "
            f"recipients exact {self.exact}/{self.labelled}; dead or not {self.dead_right}/{self.dead_all}"
        )

    def figures(self) -> dict[str, int]:
        return {
            "bounces": self.bounces,
            "found": self.found,
            "noticed": self.noticed,
            "false_positives": len(self.false),
            "recipients_exact": self.exact,
            "recipients_labelled": self.labelled,
            "dead_right": self.dead_right,
            "dead_labelled": self.dead_all,
        }


def score(labels: list[dict[str, Any]], readings: list[Reading | None]) -> Score:
    """Compare class, recipients and meanings; a mail on which the reader raised (None) is a miss."""
    found = Score()
    for label, reading in zip(labels, readings, strict=True):
        kind = reading.kind.value if reading is not None else "exception"
        found.table[(label["cls"], kind)] += 1
        if reading is None or reading.kind not in GOOD[label["cls"]]:
            found.misses.append((label["cls"], kind, label["path"], reading.because if reading else ""))
        if kind == Kind.BOUNCE.value and label["cls"] not in ("bounce", "delayed_or_soft", "other"):
            found.false.append(label["path"])
        if reading is not None and label["cls"] in ("bounce", "delayed_or_soft"):
            _recipients(found, label, reading)
    return found


def _recipients(found: Score, label: dict[str, Any], reading: Reading) -> None:
    if label.get("recipients"):
        wanted = sorted(a.lower() for a in label["recipients"])
        final = sorted(r.address for r in reading.recipients)
        original = sorted(r.original or r.address for r in reading.recipients)
        found.labelled += 1
        found.exact += wanted in (final, original)
        if wanted not in (final, original):
            found.misses.append(("recipients", str(wanted), label["path"], tuple(final)))
    hard = label.get("hard")
    if hard and len(set(hard)) == 1 and reading.recipients:
        dead = any(r.meaning is Meaning.DEAD for r in reading.recipients)
        found.dead_all += 1
        found.dead_right += dead == hard[0]
        if dead != hard[0]:
            first = reading.recipients[0]
            told = (str(first.meaning), first.status, first.diagnostic[:160])
            found.misses.append(("dead", f"{label['reason']} {label['status']}", label["path"], told))


def score_intents(labels: list[dict[str, Any]], readings: list[Reading | None]) -> list[str]:
    """One line an intent and one a language: precision, recall, and days right, where the labels name intents."""
    rows: dict[str, Counter[str]] = {}
    for label, reading in zip(labels, readings, strict=True):
        if "intent" not in label:
            continue
        wanted = label["intent"] or "none"
        read = reading.intent.value if reading is not None and reading.intent is not None else "none"
        language = label.get("language") or label["path"].split("/")[0]
        day = reading.promised_on.isoformat() if reading is not None and reading.promised_on is not None else None
        for name in (f"intent {wanted}", f"language {language}"):
            row = rows.setdefault(name, Counter())
            row["labelled"] += 1
            row["right"] += read == wanted
            if label.get("promised_on"):
                row["days"] += 1
                row["days right"] += day == label["promised_on"]
        if read != wanted:
            rows.setdefault(f"intent {read}", Counter())["wrong"] += 1
    return [f"{name:24} {_told(row)}" for name, row in sorted(rows.items())]


def _told(row: Counter[str]) -> str:
    text = f"right {row['right']}/{row['labelled']}"
    if row["wrong"]:
        text += f", taken for it {row['wrong']}"
    return text + (f", days right {row['days right']}/{row['days']}" if row["days"] else "")
