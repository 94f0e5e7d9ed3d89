"""Our own mails, written by us in the shape of real ones: `tests/mails/<language>/<kind>/*.eml` with `labels.jsonl`.

The corpora of other projects are measured by `bench/reading.py` and never copied.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from daemon.domain.books.directory import Directory, LetterRef
from daemon.domain.books.reading import Evidence
from daemon.mail.read import Reader, as_json

ROOT = Path(__file__).resolve().parent
MAILS = ROOT / "mails"
TOKEN = "sol-k1-mfrggzdfmztwq2lkmfrggzdfmz"
LETTER = LetterRef("acme", "acme-1", ("2026-041",), ("anna@acme.example",))
BOOK = Directory(
    letters={TOKEN: LETTER},
    addresses={"anna@acme.example": ("acme",), "anna@luna.example": ("luna",), "anna@nora.example": ("nora",)},
    domains={"acme.example": ("acme",), "luna.example": ("luna",), "nora.example": ("nora",)},
    numbers={"2026-041": ("acme",), "2026-042": ("luna",)},
    names={"acme": "Acme S.p.A.", "luna": "Luna SL"},
    owner=frozenset({"giulia@bianchi.example", "fatture@bianchi.example"}),
)
RECEIVED = date(2026, 11, 11)  # a Wednesday
LABELS: list[dict[str, object]] = [
    json.loads(line) for line in (MAILS / "labels.jsonl").read_text("utf-8").splitlines()
]


def shipped_packs() -> dict[str, Mapping[str, object]]:
    """The `reading:` sections of the shipped language packs, every scalar as text, as the daemon loads them."""
    folder = ROOT.parent / "templates"
    return {
        path.parent.name: yaml.load(path.read_text("utf-8"), yaml.BaseLoader)["reading"]
        for path in sorted(folder.glob("*/language.yaml"))
    }


READER = Reader(shipped_packs())


@pytest.mark.parametrize("label", LABELS, ids=lambda label: str(label["path"]))
def test_our_own_mails_are_read_as_a_person_reads_them(label: dict[str, object]) -> None:
    """Kind, intent, days, recipients, the new words, and whether our letter was found."""
    reading = READER.read((MAILS / str(label["path"])).read_bytes(), BOOK, RECEIVED)
    told = as_json(reading, str(label["path"]))

    assert told["kind"] == label["kind"], reading.because
    assert told["intent"] == label["intent"], reading.because
    for key in ("promised_on", "back_on"):
        if key in label or key == "promised_on":
            if label["path"].split("/")[1] == "trap":  # type: ignore[attr-defined]
                continue
            assert told[key] == label.get(key), reading.because
    for key in ("gone", "substitute", "ticket", "part"):
        if key in label:
            assert getattr(reading, key) == label[key], reading.because
    if label.get("recipients"):
        assert [r.address for r in reading.recipients] == label["recipients"]
    if label.get("meaning"):
        assert {r.meaning for r in reading.recipients} == {label["meaning"]}, reading.recipients
    if "text" in label:
        assert reading.text == label["text"]
    assert (reading.match.evidence is Evidence.TOKEN) == label["found"], reading.match


def test_every_language_that_we_write_letters_in_has_at_least_25_mails_of_every_sort() -> None:
    """The answers of the others are in `tests/answers`."""
    for language in ("en", "es", "it", "tr"):
        mine = [str(label["path"]).split("/")[1] for label in LABELS if str(label["path"]).startswith(language)]

        assert len(mine) >= 25
        assert {"promise", "paid", "dispute", "unclear", "absence", "bounce", "receipt", "trap", "ticket"} <= set(mine)
