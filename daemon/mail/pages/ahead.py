"""What goes out in the next weeks, as a calendar and a list with reasons; and why the rest does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.domain.ladder.quiet import Why
from daemon.domain.reports.report import Report
from daemon.mail.letters.sheet import clean
from daemon.mail.pages.names import AHEAD, client_page, invoice_page
from daemon.mail.pages.view import Cell, ColumnHead, Page, TableView
from daemon.mail.pages.words import Words, named

_SETTLED = (Why.PAID, Why.WRITTEN_OFF, Why.CREDIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One letter, call or hand-over."""

    kind: str  # letter, call, handover
    client: str
    href: str
    text: str
    invoices: tuple[tuple[str, str], ...]  # number and page
    reasons: tuple[str, ...]
    waits: str = ""  # that it waits for the owner's go


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    anchor: str
    title: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    number: str
    spoken: str  # the whole date, read aloud
    href: str = ""
    counts: tuple[tuple[str, int, str], ...] = ()  # kind, how many, in words
    outside: bool = False  # before today, or after the last day
    today: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    number: str  # ISO 8601
    spoken: str
    days: tuple[CalendarDay, ...]  # from Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    lead: str
    calendar: str  # its title
    weekdays: tuple[tuple[str, str], ...]  # short and whole
    weeks: tuple[Week, ...]
    legend: tuple[tuple[str, str], ...]  # kind and word
    days_title: str
    days: tuple[DayView, ...]
    none: str
    quiet_title: str
    quiet_lead: str
    quiet: TableView | None


def ahead(report: Report, words: Words) -> Page:
    days = days_ahead(report, words)
    count = (report.until - report.today).days
    body = Ahead(
        lead=words.say("days_ahead_told", date=words.full_day(report.today), until=words.full_day(report.until)),
        calendar=words.say("calendar"),
        weekdays=tuple(
            (words.weekday_name(day, "abbreviated"), words.weekday_name(day, "wide"))
            for day in _week(report.today - timedelta(days=report.today.weekday()))
        ),
        weeks=_weeks(report, days, words),
        legend=tuple((kind, words.say(f"kind_{kind}")) for kind in ("letter", "call", "handover")),
        days_title=words.say("day_by_day"),
        days=days,
        none=words.say("next_none", n=count),
        quiet_title=words.say("quiet"),
        quiet_lead=words.say("quiet_told"),
        quiet=_quiet(report, words),
    )
    return Page(file=AHEAD, template="ahead", title=words.say("days_ahead", n=count), place=AHEAD, body=body)


def days_ahead(report: Report, words: Words) -> tuple[DayView, ...]:
    """The days on which something goes out, in their order."""
    days: dict[date, list[StepView]] = {}
    for letter in report.ahead.letters:
        days.setdefault(letter.on, []).append(_letter(letter, report, words))
    for call in report.ahead.calls:
        who = words.say("step_call", who=clean(call.contact))
        reasons = (call_reason(call, words),)
        days.setdefault(call.on, []).append(_step("call", call.client, call.numbers, who, reasons, report))
    for given in report.ahead.handovers:
        known = given.to in ("legal", "collection")
        to = words.say(f"handover_{given.to}") if known else clean(given.to)
        said = words.say("step_handover", to=to)
        step = _step("handover", given.client, given.numbers, said, (), report, waits=words.say("needs_go"))
        days.setdefault(given.on, []).append(step)
    return tuple(
        DayView(anchor=_anchor(on), title=words.sentence(words.weekday(on)), steps=tuple(steps))
        for on, steps in sorted(days.items())
    )


def call_reason(call: j.CallSuggested, words: Words) -> str:
    """Why a call is suggested, in short."""
    if call.reason == "level":
        return words.reason(call.because)
    if call.reason == "silence":
        return words.say("call_silence", n=call.letters, date=words.day(call.since or call.on))
    if call.reason == "portal":
        return words.say("call_portal", letter=words.letter(call.because.partition(",")[0]))
    return clean(call.because)


def _letter(letter: j.LetterQueued, report: Report, words: Words) -> StepView:
    who = f"{letter.to_name} <{letter.to}>" if letter.to_name else letter.to
    said = words.sentence(words.say("leaves_to", letter=words.letter(letter.letter), who=who))
    sums: dict[str, Money] = {}
    for claim in letter.claims:
        money = Money(claim.outstanding, claim.currency)
        sums[claim.currency] = sums[claim.currency] + money if claim.currency in sums else money
    numbers = tuple(dict.fromkeys(claim.number for claim in letter.claims))
    reasons = (words.money(tuple(sums.values())), *words.reasons_for(letter))
    waits = "" if letter.waits_for is None else words.say("needs_go")
    return _step("letter", letter.client, numbers, said, reasons, report, waits=waits)


def _step(
    kind: str, client: str, numbers: tuple[str, ...], text: str, reasons: tuple[str, ...], report: Report, *,
    waits: str = "",
) -> StepView:  # fmt: skip
    known = {item.ref.number for item in report.cases[client].items}
    return StepView(
        kind=kind,
        client=named(report.cases[client].client.name),
        href=client_page(client),
        text=text,
        invoices=tuple((named(n), invoice_page(client, n) if n in known else "") for n in numbers),
        reasons=tuple(filter(None, reasons)),
        waits=waits,
    )


# -- the calendar -------------------------------------------------------------------------------------------------


def _weeks(report: Report, days: tuple[DayView, ...], words: Words) -> tuple[Week, ...]:
    counts = {day.anchor: Counter(step.kind for step in day.steps) for day in days}
    monday = report.today - timedelta(days=report.today.weekday())
    weeks = []
    while monday <= report.until:
        number = monday.isocalendar().week
        shown = tuple(_day(on, report, counts.get(_anchor(on)), words) for on in _week(monday))
        weeks.append(Week(number=str(number), spoken=words.say("week", n=number), days=shown))
        monday += timedelta(days=7)
    return tuple(weeks)


def _day(on: date, report: Report, counts: Counter[str] | None, words: Words) -> CalendarDay:
    first = on.day == 1 or on == report.today
    return CalendarDay(
        number=words.day(on) if first else str(on.day),
        spoken=words.weekday(on),
        href=f"#{_anchor(on)}" if counts else "",
        counts=tuple((kind, n, words.say(f"count_{kind}", n=n)) for kind, n in sorted((counts or {}).items())),
        outside=not report.today <= on <= report.until,
        today=on == report.today,
    )


def _week(monday: date) -> Iterator[date]:
    return (monday + timedelta(days=n) for n in range(7))


def _anchor(on: date) -> str:
    return f"d-{on.isoformat()}"


# -- why nothing --------------------------------------------------------------------------------------------------


def _quiet(report: Report, words: Words) -> TableView | None:
    """Everything that is open and about which nothing goes out today."""
    rows = []
    items = {(key, item.ref): item for key, case in report.cases.items() for item in case.items}
    for still in report.ahead.quiet:
        item = items.get((still.client, still.quiet.ref))
        if item is None or still.quiet.why in _SETTLED:
            continue
        rows.append(
            (
                Cell(
                    text=named(str(still.quiet.ref)),
                    href=invoice_page(still.client, still.quiet.ref.number),
                    note=named(report.cases[still.client].client.name),
                ),
                Cell(text=words.why(still.quiet)),
                Cell(text=words.full_day(still.quiet.until)),
                Cell(text=words.money([Money(item.outstanding, item.invoice.currency)])),
            )
        )
    if not rows:
        return None
    columns = (
        ColumnHead(title=words.say("col_invoice")),
        ColumnHead(title=words.say("col_why")),
        ColumnHead(title=words.say("col_until"), wide=True),
        ColumnHead(title=words.say("col_open"), figure=True),
    )
    return TableView(caption=words.say("quiet"), columns=columns, rows=tuple(rows))
