"""Books, a journal and kept mails on the disk, to write pages from: a Tuesday on which everything is to be said, and
one on which clients are called and write whatever breaks a page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.ports import Settings
from daemon.wiring.report import Condition, ReportWritten, write_report
from daemon.wiring.settings import load_settings
from tests.builders import a_client, a_contact, a_creditor, a_ledger, at
from tests.cli_place import CliPlace
from tests.digest_scene import (
    FRESH,
    NOW,
    OLD,
    PACKS,
    TODAY,
    WORDS,
    a_hold,
    a_letter,
    a_reply,
    invoice,
    paid,
    scene_entries,
    scene_ledger,
    sent,
)  # fmt: skip

BEGUN = j.JournalBegun(at=at(date(2026, 1, 1)), on=date(2026, 1, 1), sends=False)


def settings_with(folder: Path, ledger: Ledger, entries: Sequence[j.AnyEntry], mails: Mapping[str, bytes]) -> Settings:
    """A creditor whose books, journal and archive are these."""
    folder.mkdir(parents=True, exist_ok=True)
    place = CliPlace(folder)
    with StateDir.open(place.state) as state:
        asyncio.run(state.journal.append(0, [BEGUN, *entries]))
        for name, content in mails.items():
            state.archive.keep("acme", name, content)
    return replace(load_settings(str(place.config)), ledger=ledger)


def a_mail(words: str, sender: str = "Anna Verdi <anna@acme.example>", subject: str = "Re: Sollecito") -> bytes:
    head = (
        f"From: {sender}\r\nTo: fatture@bianchi.example\r\nDate: Mon, 16 Nov 2026 09:00:00 +0100\r\nSubject: {subject}"
    )
    kind = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit"
    return f"{head}\r\n{kind}\r\n\r\n{words}\r\n".encode()


def the_scene(folder: Path, language: str = "en") -> Settings:
    """Everything that a digest can say, in the owner's language, with the mails of it."""
    mails = {f"mail-{name}.eml": a_mail(words) for name, words in WORDS.items()}
    mails["letter-rossi-1.eml"] = a_mail(
        "Gentile Eva,\r\nvi ricordiamo la fattura 2026-038.", "fatture@bianchi.example"
    )
    return settings_with(folder, scene_ledger(language), scene_entries(), mails)


def pages(settings: Settings, out: Path, *, now: datetime = NOW, condition: Condition | None = None) -> ReportWritten:
    return write_report(settings, out, now=now, condition=condition or Condition(), packs=PACKS)


# -- what breaks a page -------------------------------------------------------------------------------------------

LONG = "W" * 4_000  # no place to break a line
TURNED = "\u202e\u2066gnp.exe\u2069"  # RIGHT-TO-LEFT OVERRIDE
SCRIPT = "<script>document.title = 'taken'; window.taken = 1</script>"
IMAGE = '<img src="http://elsewhere.example/pixel.png" onerror="window.taken = 2">'
STYLE = "</style></title></textarea><style>body { display: none }</style><!--"
LINK = "javascript:window.taken=3"
HOSTILE_NUMBERS = (
    "../../etc/<b>7</b>",
    "a/b",
    "A-B",
    "a-b",
    f"2026{TURNED}",
    f"N{LONG[:200]}",
    '"><svg onload=x>',
    " ",
)
HOSTILE_MAIL = "\r\n".join([SCRIPT, IMAGE, STYLE, LINK, f"http://elsewhere.example/{LONG}", TURNED, LONG])
HOSTILE_HTML = (
    b"From: =?utf-8?q?=3Cscript=3Ewindow.taken=3D4=3C/script=3E?= <eve@evil.example>\r\n"
    b"To: fatture@bianchi.example\r\nSubject: </title><script>window.taken = 5</script>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<html><body onload='window.taken = 6'><p>The goods are broken.</p>"
    b"<script>window.taken = 7</script><img src='http://elsewhere.example/p.png'>"
    b"<a href='javascript:window.taken=8'>pay</a><form action='http://elsewhere.example/'></form></body></html>\r\n"
)


def a_hostile_place(folder: Path) -> Settings:
    """Names, numbers, notes and mails that try to be more than text."""
    eve = a_contact(f"Eve {IMAGE}", "eve@evil.example", phone=LINK)
    long = a_contact(LONG[:300], f"{'w' * 200}@evil.example", phone=None)
    clients = (
        a_client("evil", name=f"Evil {STYLE}{SCRIPT}", contacts=(eve, long), address=f"{IMAGE} {LONG[:300]}"),
        a_client("a/../b <i>", name=LONG[:300], contacts=(long,)),
    )
    owed = [invoice("evil", number, "123456789012.00", 20 + days) for days, number in enumerate(HOSTILE_NUMBERS)]
    owed.append(invoice("a/../b <i>", "a/b", "5.00", 3, currency="USD", payments=(paid("5.00", TODAY),)))
    first = owed[0]
    entries = [
        *sent(a_letter(first, "first-reminder", date(2026, 11, 2)), OLD),
        a_reply("evil", first.number, "eve@evil.example", "dispute", "m-1", OLD),
        j.DisputeRaised(at=OLD, client="evil", numbers=(first.number,), mail="m-1", on=OLD.date(), note=SCRIPT + LONG),
        a_reply("evil", first.number, "eve@evil.example", "question", "m-2", FRESH),
        a_hold("evil", first.number, because=j.Because.OWNER, note=STYLE + TURNED),
        j.ContactFailed(at=FRESH, client="evil", address="eve@evil.example", reason=IMAGE + LONG, on=TODAY, mail="m-2"),
        j.CallMade(at=FRESH, client="evil", call_id=None, numbers=(first.number,), result=SCRIPT, on=TODAY),
        j.MailUnmatched(
            at=FRESH, mail="m-1", kind="reply", sender=f"eve{LONG[:90]}@evil.example", subject=SCRIPT, because=IMAGE,
            clients=("evil",), on=TODAY,
        ),
    ]  # fmt: skip
    mails = {
        "mail-m-1.eml": a_mail(HOSTILE_MAIL, f'"{"Eve"}" <eve@evil.example>', f"{STYLE} {SCRIPT}"),
        "mail-m-2.eml": HOSTILE_HTML,
        "letter-evil-1.eml": a_mail(HOSTILE_MAIL),
    }
    creditor = a_creditor(language="en", name=f"Studio {STYLE}")
    return settings_with(folder, a_ledger(*owed, clients=clients, creditor=creditor), entries, mails)


# -- reading pages ------------------------------------------------------------------------------------------------


@dataclass
class Seen:
    """What stands in one page, as a browser would find it."""

    tags: list[str]
    ids: list[str]
    links: list[str]
    attributes: set[str]
    text: str
    doctype: str


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen(tags=[], ids=[], links=[], attributes=set(), text="", doctype="")
        self._silent = False

    def handle_decl(self, decl: str) -> None:
        self.seen.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.tags.append(tag)
        self.seen.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        if given.get("id"):
            self.seen.ids.append(str(given["id"]))
        self.seen.links += [str(given[name]) for name in ("href", "src", "action") if given.get(name) is not None]
        self._silent = tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.seen.text += data

    def handle_endtag(self, tag: str) -> None:
        self._silent = False


def seen(path: Path) -> Seen:
    reading = _Reading()
    reading.feed(path.read_text(encoding="utf-8"))
    return reading.seen
