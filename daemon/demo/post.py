"""Every mail of the time-lapse, sorted to the client it belongs to and put into the album."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from daemon.demo.album import Sorted, keep
from daemon.demo.answers import parsed
from daemon.demo.servers import Arrival, MailServers
from daemon.mail.owner.digest_message import OWN_HEADER

_FAILED = re.compile(rb"^Final-Recipient: rfc822; (\S+)", re.MULTILINE)


def sort_mails(
    out: Path,
    servers: MailServers,
    *,
    creditor: str,
    owner: str,
    clients: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
) -> Sorted:
    """Write each mail into `out`, and say whose it is.

    Args:
        clients: as the config has them.
        rows: the ends; they know the letters by Message-ID.
    """
    whose = {contact["email"]: key for key, known in clients.items() for contact in known["contacts"]}
    domains = {address.partition("@")[2]: key for address, key in whose.items()}
    named = {letter["message_id"]: _title(letter) for row in rows for letter in row["sent"]}
    lost = [Arrival(at=one.at, to=one.to, sender=creditor, content=one.content) for one in servers.lost if one.content]
    found = Sorted()
    undelivered = {id(one) for one in lost}
    for arrival in sorted([*servers.arrivals, *lost], key=lambda one: one.at):
        mail = parsed(arrival.content)
        if arrival.to == owner:
            _keep_for_owner(out, arrival, str(mail[OWN_HEADER]), found)
        elif arrival.sender == owner:
            found.orders.append(keep(out, "orders", "order", arrival, "note", "what she orders"))
        elif arrival.to != creditor:
            key = whose[arrival.to]
            title = named.get(str(mail["Message-ID"]), "the owner's answer")
            kind = "letter" if "Auto-Submitted" in mail else "note"
            gone = " (did not arrive)" if id(arrival) in undelivered else ""
            found.add(key, keep(out, "letters", f"{key}-{_slug(title)}", arrival, kind, title + gone))
        elif not arrival.sender:
            failed = _FAILED.search(arrival.content)
            key = whose[failed[1].decode()] if failed else ""
            found.add(key, keep(out, "answers", f"{key}-bounce", arrival, "bounce", "undelivered"))
        elif (at := arrival.sender.partition("@")[2]) in domains:
            key = domains[at]
            title = "automatic answer" if "Auto-Submitted" in mail else "answer"
            found.add(key, keep(out, "answers", f"{key}-{_slug(title)}", arrival, "answer", title))
        else:
            found.others.append(keep(out, "answers", "stranger", arrival, "answer", arrival.sender))
    return found


def _keep_for_owner(out: Path, arrival: Arrival, kind: str, found: Sorted) -> None:
    match kind:
        case "digest":
            found.digests.append(keep(out, "digests", kind, arrival, kind, kind))
        case "alert":
            found.alerts.append(keep(out, "alerts", kind, arrival, kind, kind))
        case _:
            found.orders.append(keep(out, "orders", "done", arrival, "done", "what was done"))


def _title(letter: Mapping[str, Any]) -> str:
    broken = "promise" if letter["promised_on"] else "plan" if letter["broken_plan"] else ""
    return str(letter["letter"]).replace("-", " ") + (f" about a broken {broken}" if broken else "")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z]+", "-", text.lower()).strip("-")
