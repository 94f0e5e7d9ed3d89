"""`check --online`: is the server that the config believes the one that writes into the mails of this mailbox?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from daemon.domain.books.owner import M365, CommandTrust
from daemon.mail.whose.authenticity import servers_named
from daemon.mail.whose.results import is_named
from daemon.ports import Mailbox

_LOOKED_AT = 40  # of the newest mails


async def check_commands(trust: CommandTrust, mailbox: Mailbox) -> dict[str, Any]:
    """One row of `check --online`.  Only headers are looked at, and nothing in the mailbox changes."""
    headers = await mailbox.newest_headers(_LOOKED_AT)
    named = [servers_named(header) for header in headers]
    known = trust.authserv_id
    fits = sum(any(is_named(name, known) for name in names) for names in named) if known else 0
    if known and fits:
        words = (
            f"{fits} of the newest {len(named)} mails carry results of {known}: your answers can be believed by them"
        )
        return _row(True, words)
    if not headers:
        return _row(True, "the inbox is empty: write a mail to it from your address, then it shows whom to believe")
    found = proposed(named)
    if found is None:
        words = f"none of the newest {len(named)} mails carries results of a mail server that could be believed"
        return _row(not known, f"{words}: owner.commands: {{dkim: true}} rests on signatures instead")
    write = f"owner.commands: {{authserv_id: {_quoted(found)}}}"
    if known:
        return _row(False, f"no mail carries results of {known}; they are of {found}: write {write}")
    return _row(True, f"the mails carry results of {found}: with {write} you may answer the digest by mail")


def proposed(named: Sequence[Sequence[str]]) -> str | None:
    """The server that most mails name first; `*.` and a domain where each machine of a provider has its own name."""
    first = Counter(names[0] for names in named if names)
    if not first:
        return None
    below = Counter(name.partition(".")[2] for name in first)  # machines by domain
    domain, machines = below.most_common(1)[0]
    if machines > 1 and domain.count(".") >= 1 and M365 not in first:
        return f"*.{domain}"
    return first.most_common(1)[0][0]


def _quoted(name: str) -> str:
    return f'"{name}"' if name.startswith("*") else name  # a star begins something else in YAML


def _row(good: bool, words: str) -> dict[str, Any]:
    return {"what": "commands", "ok": good, "words": words}
