"""Orders as a mail offers them, in the owner's language: what is pressed or typed is one of the forms that we read."""

from __future__ import annotations

import re
from collections.abc import Mapping

_OPTION = re.compile(r"--(?:until|amount|on|because) ")
_PARTS = re.compile(r"--parts (?P<n>[0-9]+) --first (?P<date>[0-9-]+)")
_COMMANDS = (
    "paid", "missing", "resume", "hold", "go", "stop", "ignore", "assign", "email", "settle", "write-off", "called",
    "plan-payment",
)  # fmt: skip
_RESULTS = ("promised", "reached", "voicemail", "wrong-number", "disputes", "says-paid", "done")  # of a call, or a task
_WORDS = ("all", "sent", "resend", "follow")
PHRASES = {**dict.fromkeys((*_COMMANDS, *_WORDS, *_RESULTS), ""), "in-parts": "n date"}


def in_mail(typed: str, short: Mapping[str, str], word: str = "") -> str:
    """A command of the shell as it stands in a mail: without the names of options, in the owner's words.

    Args:
        typed: `hold 2 --until 2026-12-05`, `settle 7 sent`, `go --all`, `plan-payment 3 --parts 2
            --first 2026-12-15`; the results of a call with a bar between them.
        short: of `commands.yaml`.
        word: of `short`, where what is meant is called otherwise than the command.
    """
    parts = _PARTS.search(typed)
    if parts is not None and "in-parts" in short:
        typed = typed.replace(parts[0], short["in-parts"].format_map(parts.groupdict()))
    name, *rest = _OPTION.sub("", typed).split(" ")
    return " ".join([short.get(word or name, word or name), *_rest(name, rest, short)])


def _rest(name: str, rest: list[str], short: Mapping[str, str]) -> list[str]:
    if name == "called":
        return [short.get("says-paid" if word == "paid" else word, word) if word in _SPOKEN else word for word in rest]
    if name == "settle":
        return [short.get(word, word) for word in rest]
    return [short.get("all", "all") if word == "--all" else word for word in rest]


_SPOKEN = frozenset({*_RESULTS, "paid"})
