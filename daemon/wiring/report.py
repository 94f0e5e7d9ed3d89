"""`sollecito report`: pages to look at, from the state as it lies there; its lock is not taken."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daemon.adapters.control import PathTooLong, socket_path
from daemon.adapters.control_client import NoAnswer, NoDaemon, NotAllowed, ask
from daemon.adapters.report_folder import NotOurs, ReportFolder
from daemon.adapters.report_pages import MARK, Layout
from daemon.adapters.templates_report import load_report_words
from daemon.domain.books.directory import Directory
from daemon.domain.history import History
from daemon.domain.reports import report as facts
from daemon.domain.reports.call_sheet import CallSheet
from daemon.domain.reports.report import ClientFacts, InvoiceFacts, Report
from daemon.domain.reports.report_recorded import Recorded
from daemon.domain.reports.status import stamp
from daemon.domain.standing.timeline import timeline
from daemon.mail.dossier.speech import pack_for
from daemon.mail.letters.pack import Pack
from daemon.mail.pages.ahead import ahead
from daemon.mail.pages.calls import calls_page
from daemon.mail.pages.client import client
from daemon.mail.pages.clients import client_row, clients_page
from daemon.mail.pages.invoice import invoice
from daemon.mail.pages.mail import mail_view
from daemon.mail.pages.overview import overview
from daemon.mail.pages.site import site_of
from daemon.mail.pages.view import Cell, MailView, Page
from daemon.mail.pages.words import Words
from daemon.mail.read import Reader
from daemon.ports import Settings, StateView
from daemon.wiring.inquiry import CannotTell
from daemon.wiring.storage import look_at
from daemon.wiring.words import packs_of

_REMEMBERED = 2_048  # new words of mails; those of one client are asked for together
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a running daemon says of itself; nothing where none runs."""

    faults: tuple[str, ...] = ()
    read_to_end_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWritten:
    """Pages that were written."""

    folder: Path
    pages: int
    clients: int
    invoices: int
    at: datetime  # UTC: of what they tell

    def as_document(self) -> dict[str, Any]:
        """What `report --json` prints."""
        return {
            "out": str(self.folder),
            "start": str(self.folder / "index.html"),
            "pages": self.pages,
            "clients": self.clients,
            "invoices": self.invoices,
            "at": stamp(self.at),
        }


def write_report(
    settings: Settings,
    out: Path,
    progress: Progress = lambda _: None,
    *,
    now: datetime | None = None,
    condition: Condition | None = None,
    packs: Mapping[str, Pack] | None = None,
) -> ReportWritten:
    """Write all pages into `out`; what an earlier report left there gives way to them.

    Args:
        now: for a clock that is not the machine's.
        condition: None: a running daemon is asked.
        packs: the languages, where they are read already.

    Raises:
        CannotTell: the folder is somebody else's, or cannot be written; it is as it was.
    """
    moment = now or datetime.now(UTC)
    known = packs or packs_of(settings)
    told = condition or _condition(settings)
    try:
        with look_at(settings.state) as state, ReportFolder(out, MARK) as folder:
            pages = _Pages(settings, state, known, moment, told, progress)
            count = 0
            for page, html in pages.all():
                folder.write(page.file, html)
                count += 1
            progress(f"{count} pages")
    except NotOurs as refused:
        raise CannotTell(str(refused)) from refused
    except OSError as wrong:
        raise CannotTell(f"{out} cannot be written: {wrong.strerror or wrong}") from wrong
    return ReportWritten(folder=out, pages=count, clients=pages.clients, invoices=pages.invoices, at=moment)


def _condition(settings: Settings) -> Condition:
    with suppress(NoDaemon, NoAnswer, NotAllowed, PathTooLong):
        found = ask(socket_path(Path(settings.state)), "status", {})["status"]
        read = found["mailbox"]["read_to_end_at"]
        return Condition(faults=tuple(found["faults"]), read_to_end_at=datetime.fromisoformat(read) if read else None)
    return Condition()


@dataclass
class _Mails:
    """Kept mails, as the pages show them.  What was asked for lately is remembered: one is about several invoices."""

    state: StateView
    reader: Reader
    words: Words
    today: datetime
    said: OrderedDict[str, str] = field(default_factory=OrderedDict)
    long: dict[str, Page] = field(default_factory=dict)  # mails with a page of their own, to be written

    def new_words(self, mail: str) -> str:
        """Of a client's mail, by its digest; "" where it is not kept."""
        if mail not in self.said:
            raw = self.state.archive.find(f"mail-{mail}.eml")
            self.said[mail] = "" if raw is None else self.reader.read(raw, Directory(), self.today.date()).text
            if len(self.said) > _REMEMBERED:
                self.said.popitem(last=False)
        return self.said[mail]

    def view(self, name: str, language: str) -> MailView | None:
        """By its name in the archive; None where it is not kept.

        Args:
            language: in which we write to the client.
        """
        raw = self.state.archive.find(name)
        if raw is None:
            return None
        theirs = name.removeprefix("mail-").removesuffix(".eml") if name.startswith("mail-") else ""
        said, ours = (self.new_words(theirs), "") if theirs else ("", language)
        shown, page = mail_view(raw, said, self.words, name, ours)
        if page is not None:
            self.long[page.file] = page
        return shown


class _Pages:
    """One set of pages, client by client, so that no more than one client's mails are in memory."""

    def __init__(
        self, settings: Settings, state: StateView, packs: Mapping[str, Pack], now: datetime, condition: Condition,
        progress: Progress,
    ) -> None:  # fmt: skip
        self.clients = self.invoices = 0
        self._progress = progress
        ledger = settings.ledger
        zone, language = ledger.creditor.timezone, ledger.creditor.language
        today = now.astimezone(zone).date()
        phrases = load_report_words(settings.templates, language)
        self._words = Words(pack=packs[language], zone=zone, today=today, phrases=phrases)
        self._pack = pack_for(packs, language)
        reader = Reader({language: pack.reading for language, pack in packs.items()})
        self._mails = _Mails(state, reader, self._words, now)
        progress("reading the journal")
        history, self._recorded = History(), Recorded()
        for entry in state.journal.replay():
            history.take_in(entry)
            self._recorded.take_in(entry)
        progress("looking ahead")
        self._report = facts.build(
            ledger, history, today=today, now=now, read_to_end_at=condition.read_to_end_at, faults=condition.faults,
            words=self._mails.new_words,
        )  # fmt: skip
        self._layout = Layout(site_of(self._report, self._words))

    def all(self) -> Iterator[tuple[Page, str]]:
        """Every page and its HTML."""
        for page in self._each():
            yield page, self._layout.html(page)

    def _each(self) -> Iterator[Page]:
        report, words = self._report, self._words
        yield overview(report, words)
        yield ahead(report, words)
        rows, sheets = list[tuple[Cell, ...]](), list[CallSheet]()
        for one in facts.clients(report, self._mails.new_words):
            self.clients += 1
            if self.clients % 50 == 0:
                self._progress(f"client {self.clients} of {len(report.cases)}")
            rows.append(client_row(one, words))
            sheets += one.sheets
            yield client(one, report, words, self._mails.new_words)
            for each in one.invoices:
                yield self._invoice(each, one)
        yield calls_page(sheets, words)
        yield clients_page(rows, words)
        yield from self._mails.long.values()

    def _invoice(self, one: InvoiceFacts, of: ClientFacts) -> Page:
        self.invoices += 1
        report: Report = self._report
        entries = self._recorded.about(of.key, one.invoice.number)
        moments = timeline((one.invoice,), entries, self._words.zone, report.today)
        language = of.case.client.language
        return invoice(one, of, report, moments, self._words, self._pack, lambda name: self._mails.view(name, language))
