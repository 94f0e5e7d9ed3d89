"""The folder that the demo leaves: every letter, answer and digest as a file, and one page to look through them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from daemon.demo.answers import parsed, text_of
from daemon.demo.owner import ZONE
from daemon.demo.servers import Arrival
from daemon.demo.story import HERE
from daemon.demo.telling import Line
from daemon.mail.letters.page import by_itself

REPORT = "report"  # what `sollecito report` writes
FOLDERS = ("letters", "answers", "digests", "alerts", "orders", "dossiers", REPORT)
_PAGE = "index.html"
_MARK = "<!-- sollecito demo -->"


class NotOurs(Exception):
    """The folder holds something that no demo has put there."""


@dataclass(slots=True, kw_only=True)
class Sheet:
    """One mail on the page."""

    at: datetime  # UTC
    kind: str  # letter, note, answer, bounce, digest, alert or done
    title: str
    sender: str
    to: str
    subject: str
    text: str
    files: Mapping[str, str] = field(default_factory=dict)  # suffix -> path below the folder

    @property
    def local(self) -> datetime:
        return self.at.astimezone(ZONE)


@dataclass(slots=True)
class Sorted:
    """All mails, in the order in which they came."""

    clients: dict[str, list[Sheet]] = field(default_factory=dict)
    digests: list[Sheet] = field(default_factory=list)
    alerts: list[Sheet] = field(default_factory=list)
    orders: list[Sheet] = field(default_factory=list)  # hers, and what was done
    others: list[Sheet] = field(default_factory=list)  # from people who have no part in it

    def add(self, client: str, sheet: Sheet) -> None:
        self.clients.setdefault(client, []).append(sheet)


def clear(out: Path) -> None:
    """Make the folder, and remove what an earlier demo left in it.

    Raises:
        NotOurs: there is something else in it.
    """
    if out.exists() and any(out.iterdir()):
        page = out / _PAGE
        if not page.is_file() or _MARK not in page.read_text(encoding="utf-8")[:200]:
            raise NotOurs(f"{out} is not empty and holds no earlier demo: name another folder with --out")
        for name in FOLDERS:
            shutil.rmtree(out / name, ignore_errors=True)
    for name in FOLDERS:
        (out / name).mkdir(parents=True, exist_ok=True)


def keep(out: Path, folder: str, name: str, arrival: Arrival, kind: str, title: str) -> Sheet:
    """Write one mail as .eml and .txt, and one of ours as .html too; a stranger's HTML is never written as such."""
    mail = parsed(arrival.content)
    text = text_of(mail)
    files: dict[str, bytes] = {"eml": arrival.content, "txt": text.encode()}
    page = mail.get_body(("html",))
    if kind in ("letter", "digest", "alert", "done") and page is not None:
        pictures = {part["Content-ID"][1:-1]: part.get_content() for part in mail.walk() if part["Content-ID"]}
        files["html"] = by_itself(page.get_content(), pictures).encode()
    at = arrival.at.astimezone(ZONE)
    stem = f"{at:%Y-%m-%d-%H%M}-{name}"
    count = 2
    while (out / folder / f"{stem}.eml").exists():
        stem, count = f"{at:%Y-%m-%d-%H%M}-{name}-{count}", count + 1
    for suffix, content in files.items():
        (out / folder / f"{stem}.{suffix}").write_bytes(content)
    return Sheet(
        at=arrival.at,
        kind=kind,
        title=title,
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=text,
        files={suffix: f"{folder}/{stem}.{suffix}" for suffix in files},
    )


def write_page(
    out: Path,
    rows: Sequence[Mapping[str, Any]],
    lines: Iterable[Line],
    mails: Sorted,
    told: Mapping[str, Any],
) -> Path:
    """Write `index.html`: no script, nothing fetched, every word of a mail escaped.

    Args:
        lines: what the daemon made of it.
        told: days, seed, without, start and end; where the report is, if there is one.
    """
    by_client: dict[str, list[Line | Sheet]] = {
        str(row["client"]): list(mails.clients.get(row["client"], ())) for row in rows
    }
    for line in lines:
        if line.client in by_client and line.tone != "sent":
            by_client[line.client].append(line)
    for events in by_client.values():
        events.sort(key=lambda event: (event.at, isinstance(event, Line)))
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    environment.filters["local"] = lambda at: at.astimezone(ZONE)
    environment.filters["is_mail"] = lambda event: isinstance(event, Sheet)
    page = environment.get_template("page.html").render(
        rows=rows,
        events=by_client,
        digests=mails.digests,
        alerts=mails.alerts,
        orders=mails.orders,
        others=mails.others,
        told=told,
    )
    path = out / _PAGE
    path.write_text(f"<!doctype html>\n{_MARK}\n{page}", encoding="utf-8")
    return path
