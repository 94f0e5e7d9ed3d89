"""The answers that are kept apart: unchanged since they were written, labelled one by one, and parseable."""

import hashlib
import json
from datetime import date
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "kept-apart"
INTENTS = {
    "promise",
    "paid",
    "dispute",
    "question",
    "copy",
    "wrong-contact",
    "extension",
    "cannot-pay",
    "stop",
    "unclear",
}
LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pt", "tr"]


def labels() -> list[dict[str, Any]]:
    lines = (HERE / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def files_on_disk() -> list[str]:
    return sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*") if path.is_file())


def test_no_file_was_edited_added_or_removed() -> None:
    recorded = {}
    for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        recorded[name] = digest

    now = {
        name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in files_on_disk() if name != "SHA256SUMS"
    }

    assert now == recorded


def test_every_message_has_one_label_and_every_label_its_message() -> None:
    messages = [name for name in files_on_disk() if name.endswith(".eml")]

    assert sorted(label["path"] for label in labels()) == messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_share_of_every_intent(language: str) -> None:
    own = [label for label in labels() if label["language"] == language]

    assert len(own) >= 22
    assert all(label["path"].startswith(f"{language}/") for label in own)
    assert {label["intent"] for label in own} == INTENTS


def test_a_promise_has_its_day_and_nothing_else_has() -> None:
    for label in labels():
        assert (label["intent"] == "promise") == (label["promised_on"] is not None), label["path"]


@pytest.mark.parametrize("label", labels(), ids=lambda label: label["path"])
def test_the_message_parses(label: dict[str, Any]) -> None:
    message = message_from_bytes((HERE / label["path"]).read_bytes(), policy=policy.default)

    assert not [defect for part in message.walk() for defect in part.defects]
    written = parsedate_to_datetime(message["Date"]).date()
    assert written.year == 2026
    if label["promised_on"]:
        assert date.fromisoformat(label["promised_on"]) >= written
    body = message.get_body(("plain", "html"))
    assert body is not None
    if body.get_content_type() == "text/plain":
        text = " ".join(body.get_content().split())
        for line in label["new_words"].splitlines():
            assert " ".join(line.split()) in text
