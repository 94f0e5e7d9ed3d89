"""The first page: what needs the owner, the money by age and by client, how long clients take, what goes out next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.domain.books.money import Money
from daemon.domain.reports.digest_point import Point
from daemon.domain.reports.report import Report
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.call_words import asked, when
from daemon.mail.owner.digest_parts import Row, Section
from daemon.mail.owner.digest_sheet import sheet
from daemon.mail.pages.ahead import DayView, days_ahead
from daemon.mail.pages.money_charts import by_age, by_client, days_of, pace
from daemon.mail.pages.names import CALLS, OVERVIEW, client_page
from daemon.mail.pages.view import Cell, ChartView, Fact, Page, PartView, PointView
from daemon.mail.pages.words import Words, named

_NEXT = 5  # days on which something goes out


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    headline: str  # of the digest
    faults: tuple[str, ...]
    facts: tuple[Fact, ...]
    parts: tuple[PartView, ...]  # what needs the owner
    since: tuple[PartView, ...]  # what happened
    nothing: str
    charts: tuple[ChartView, ...]
    next: tuple[DayView, ...]
    next_title: str
    next_none: str
    all_ahead: str


def overview(report: Report, words: Words) -> Page:
    digest = report.digest
    told = sheet(digest, report.ledger, words.pack)
    by_title = {section.title: section for section in told.sections}
    parts = [
        _points(by_title.get(words.say("decide")), digest.decide, report, words),
        _calls(report, words),
        _leaving(told.sections, report, words),
    ]
    since = [section for section in told.sections if section.entries and section.title != words.say("held")]
    body = Overview(
        headline=told.headline,
        faults=_faults(told.faults, digest.in_doubt, words),
        facts=_facts(report, words),
        parts=tuple(part for part in parts if part is not None),
        since=tuple(PartView(title=section.title, lines=section.entries) for section in since),
        nothing=words.say("nothing"),
        charts=(*by_age(digest.money, words), *by_client(report.debts, words), *pace(report.pace, words)),
        next=days_ahead(report, words)[:_NEXT],
        next_title=words.say("next"),
        next_none=words.say("next_none", n=(report.until - report.today).days),
        all_ahead=words.say("all_ahead", n=(report.until - report.today).days),
    )
    return Page(file=OVERVIEW, template="overview", title=words.say("overview"), place=OVERVIEW, body=body)


def _faults(told: Sequence[str], in_doubt: int, words: Words) -> tuple[str, ...]:
    """Without the numbers of points: here they are not those of the last digest."""
    doubtful = words.say("fault_doubt", n=in_doubt)
    return tuple(doubtful if in_doubt and fault.startswith(f"{doubtful} (") else fault for fault in told)


def _facts(report: Report, words: Words) -> tuple[Fact, ...]:
    """How things stand, in three figures."""
    owed = tuple(Money(owing.open, owing.currency) for owing in report.debts)
    late = tuple(Money(owing.overdue, owing.currency) for owing in report.debts if owing.overdue)
    found = [
        Fact(label=words.say("col_open"), value=Cell(text=words.amounts(owed) or words.say("nothing_open"))),
        Fact(label=words.say("col_overdue"), value=Cell(text=words.amounts(late) or words.say("nothing_open"))),
    ]
    paid = [month for month in report.pace if month.to_pay is not None]
    if paid:
        days = Cell(text=days_of(paid[-1].to_pay, words), note=words.sentence(words.month(paid[-1].first)))
        found.append(Fact(label=words.say("pace"), value=days))
    return tuple(found)


# -- what needs the owner -----------------------------------------------------------------------------------------


def _points(section: Section | None, told: Sequence[Point], report: Report, words: Words) -> PartView | None:
    if section is None:
        return None
    above = {one.row: one.text for one in section.above}
    points = []
    said = ""
    for index, (row, point) in enumerate(zip(section.rows, told, strict=True)):
        said = above.get(index, said)
        points.append(_point(row, point, report, words, row.text or said))
    return PartView(title=section.title, lead=words.say("needs_you"), points=tuple(points), more=section.after)


def _point(row: Row, point: Point, report: Report, words: Words, text: str) -> PointView:
    """Commands name a point by its number in the last digest: without one, there is none to be typed yet."""
    item = report.numbers.get((point.kind, point.ref), 0)
    name, *facts = row.head or ("",)
    if not item and text.endswith(":"):  # that led to the commands
        text = text.rstrip(": \u00a0") + "."
    return PointView(
        name=named(name),
        href=client_page(point.client) if point.client in report.cases else "",
        facts=tuple(facts),
        text=text,
        item=words.say("in_digest", n=item) if item else "",
        commands=tuple(f"sollecito {do.typed(item)}" for do in point.do) if item else (),
    )


def _calls(report: Report, words: Words) -> PartView | None:
    points = []
    for call in report.digest.call:
        if call.sheet is None:
            continue
        who = clean(call.sheet.person)
        points.append(
            PointView(
                name=named(call.name),
                href=client_page(call.client),
                facts=tuple(filter(None, (who, words.numbers(call.numbers), words.money(call.money)))),
                text=f"{asked(call.sheet, words)} {words.sentence(when(call.sheet, words))}.",
                phone=clean(call.phone or "") or words.say("call_nobody"),
                tel=call.sheet.telephone.link if call.sheet.telephone else "",
            )
        )
    if not points:
        return None
    return PartView(title=words.say("call"), points=tuple(points), more=words.say("all_calls"), more_href=CALLS)


def _leaving(sections: Sequence[Section], report: Report, words: Words) -> PartView | None:
    leaves = report.digest.leaves
    section = next((s for s in sections if leaves and s.rows and s.rows[0].item == leaves[0].item), None)
    if section is None:
        return None
    points = [_point(row, point, report, words, row.text) for row, point in zip(section.rows, leaves, strict=True)]
    return PartView(title=section.title, points=tuple(points), more=section.after)
