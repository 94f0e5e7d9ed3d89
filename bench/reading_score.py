"""What of a labelled folder was read rightly: classes, recipients, dead or not, intents and their days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar

from daemon.domain.books.reading import Kind, Meaning, Reading

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
        cls = label.get("cls", "list_or_human")  # answers that are labelled by their intent alone
        found.table[(cls, kind)] += 1
        if reading is None or reading.kind not in GOOD[cls]:
            found.misses.append((cls, kind, label["path"], reading.because if reading else ""))
        if kind == Kind.BOUNCE.value and cls not in ("bounce", "delayed_or_soft", "other"):
            found.false.append(label["path"])
        if reading is not None and cls in ("bounce", "delayed_or_soft"):
            _recipients(found, label, reading)
    return found


def _recipients(found: Score, label: dict[str, Any], reading: Reading) -> None:
    if label.get("recipients"):
        wanted = sorted(a.lower() for a in label["recipients"])
        failed = [r for r in reading.recipients if r.meaning is not Meaning.DELIVERED]
        final = sorted(r.address for r in failed)
        original = sorted(r.original or r.address for r in failed)
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
    """One line an intent and one a language, where the labels name intents.

    Precision, recall, of the promises that were found the days that are right, and the new words that are exact.
    """
    rows: dict[str, Counter[str]] = {}
    for label, reading in zip(labels, readings, strict=True):
        if "intent" not in label:
            continue
        wanted = label["intent"] or "none"
        read = reading.intent.value if reading is not None and reading.intent is not None else "none"
        language = label.get("language") or label["path"].split("/")[0]
        for name in (f"intent {wanted}", f"language {language}"):
            row = rows.setdefault(name, Counter())
            row["labelled"] += 1
            row["right"] += read == wanted
            if reading is not None and label.get("promised_on") and read == wanted:
                row["days"] += 1
                row["days right"] += str(reading.promised_on) == label["promised_on"]
            words = label.get("new_words", label.get("text"))
            if reading is not None and words is not None:
                row["words"] += 1
                row["words right"] += words_agree(reading.text, words, label.get("closing"))
        if read != wanted:
            rows.setdefault(f"intent {read}", Counter())["wrong"] += 1
    return [f"{name:24} {_told(row)}" for name, row in sorted(rows.items())]


def words_agree(read: str, wanted: str, closing: str | None) -> bool:
    """Whether the new words are exact, white space aside; a closing formula may count as signature."""
    ours, whole = " ".join(read.split()), " ".join(wanted.split())
    shorter = whole
    if closing:
        formula = " ".join(closing.split())
        shorter = whole[: whole.rindex(formula)].rstrip() if formula in whole[-len(formula) - 3 :] else whole
    return ours in (whole, shorter)


def _told(row: Counter[str]) -> str:
    text = f"recall {row['right']}/{row['labelled']}, precision {row['right']}/{row['right'] + row['wrong']}"
    text += f", days right {row['days right']}/{row['days']}" if row["days"] else ""
    return text + (f", new words exact {row['words right']}/{row['words']}" if row["words"] else "")
