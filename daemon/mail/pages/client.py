"""A client's own page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from daemon.domain.books.client import Contact, Role
from daemon.domain.books.money import Money
from daemon.domain.books.telephone import dialled
from daemon.domain.commands.call_result import CallOutcome
from daemon.domain.reports.report import ClientFacts, InvoiceFacts, Report
from daemon.domain.standing.case import is_away
from daemon.domain.standing.plan_days import is_missed
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.call_words import asked
from daemon.mail.pages.names import CALLS, CLIENTS, client_page, invoice_page
from daemon.mail.pages.view import Cell, ColumnHead, Fact, Page, PartView, PointView, TableView
from daemon.mail.pages.words import Words, named

_SAID = 400  # characters of a last answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    name: str
    email: str
    phone: str = ""
    tel: str = ""
    role: str = ""
    amiss: str = ""  # that the address is dead, or its owner away


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    facts: tuple[Fact, ...]
    contacts_title: str
    contacts: tuple[ContactView, ...]
    parts: tuple[PartView, ...]
    invoices: TableView | None
    plans: tuple[TableView, ...]
    notes: TableView | None
    nothing: str


def client(facts: ClientFacts, report: Report, words: Words, said: Callable[[str], str]) -> Page:
    """A client's own page; `said`: the kept new words of a mail by its digest."""
    parts = [
        _habit(facts, words),
        _exchange(facts, words, said),
        PartView(title=words.say("held"), lines=tuple(words.held(one) for one in facts.held)) if facts.held else None,
        _calls(facts, words),
        _notes_taken(facts, words),
    ]
    body = ClientView(
        facts=_facts(facts, words),
        contacts_title=words.say("contacts"),
        contacts=tuple(_contact(contact, facts, report, words) for contact in facts.case.client.contacts),
        parts=tuple(part for part in parts if part is not None),
        invoices=_invoices(facts, words),
        plans=tuple(_plans(facts, report, words)),
        notes=_notes(facts, words),
        nothing=words.say("no_invoices"),
    )
    return Page(
        file=client_page(facts.key),
        template="client",
        title=named(facts.case.client.name),
        place=CLIENTS,
        above=((words.say("clients"), CLIENTS),),
        body=body,
    )


def _facts(facts: ClientFacts, words: Words) -> tuple[Fact, ...]:
    client = facts.case.client
    late = Cell(text=words.amounts(facts.overdue), note=words.late(facts.days), tone="late")
    found = [
        Fact(label=words.say("col_open"), value=Cell(text=words.amounts(facts.owed) or words.say("nothing_open"))),
        *([Fact(label=words.say("col_overdue"), value=late)] if facts.overdue else []),
        Fact(label=words.say("label_policy"), value=Cell(text=clean(facts.case.policy.name))),
        *([Fact(label=words.say("label_address"), value=Cell(text=clean(client.address)))] if client.address else []),
    ]
    if client.manual:
        found.append(Fact(label=words.say("label_letters"), value=Cell(text=words.sentence(words.say("why_manual")))))
    return tuple(found)


def _contact(contact: Contact, facts: ClientFacts, report: Report, words: Words) -> ContactView:
    history, address = facts.case.history, contact.email.lower()
    amiss = ""
    if (failed := history.failed.get(address)) is not None:
        amiss = words.say("address_dead", date=words.full_day(failed.on))
    elif is_away(facts.case, contact.email, report.today):
        away = history.absent[address]
        amiss = words.say("away_until", date=words.full_day(away.back_on)) if away.back_on else words.say("has_left")
    number = dialled(contact.phone, facts.case.client.calendar.region)
    return ContactView(
        name=clean(contact.name),
        email=clean(contact.email),
        phone=clean(contact.phone or ""),
        tel=number.link if number and contact.phone not in history.wrong_phones else "",
        role=words.say("role_cc") if contact.role is Role.CC else "",
        amiss=words.sentence(amiss),
    )


def _habit(facts: ClientFacts, words: Words) -> PartView:
    habit = facts.case.habit
    if habit.mean is None:
        told = [words.say("habit_none")]
    else:
        told = [words.say("habit", n=habit.settled, days=words.number(habit.mean))]
    if habit.late_payer:
        told.append(words.say("habit_stated" if habit.stated is not None else "habit_late"))
    elif habit.good_payer:
        told.append(words.say("habit_good"))
    return PartView(title=words.say("habits"), lines=tuple(told))


def _exchange(facts: ClientFacts, words: Words, said: Callable[[str], str]) -> PartView | None:
    lines = []
    if (letter := facts.last_letter) is not None:
        told = words.say("leaves_to", letter=words.letter(letter.queued.letter), who=letter.queued.to)
        lines.append(words.say("last_letter", date=words.full_day(letter.on), letter=told))
    if (reply := facts.last_reply) is not None:
        who = next((c.name for c in facts.case.client.contacts if c.email.lower() == reply.sender), reply.sender)
        known = f"intent_{reply.intent}"
        intent = words.say(known if known in words.pack.digest else "intent_unclear")
        text = clean(said(reply.mail) or reply.subject)
        quote = (
            words.say("quote", words=text if len(text) <= _SAID else f"{text[: _SAID - 1].rstrip()}…") if text else ""
        )
        lines.append(words.say("told_said", who=who, intent=intent, date=words.full_day(reply.on), quote=quote))
    return PartView(title=words.say("exchange"), lines=tuple(lines)) if lines else None


def _calls(facts: ClientFacts, words: Words) -> PartView | None:
    points = tuple(
        PointView(
            name=clean(sheet.person),
            facts=(words.numbers(sheet.numbers),),
            text=asked(sheet, words),
            phone=clean(sheet.phone or "") or words.say("call_nobody"),
            tel=sheet.telephone.link if sheet.telephone else "",
        )
        for sheet in facts.sheets
    )
    made = [result for record in facts.case.history.calls.values() for result in record.results]
    lines = []
    for result in sorted(made, key=lambda one: one.at, reverse=True):
        known = (
            result.outcome and result.outcome != CallOutcome.OTHER and f"result_{result.outcome}" in words.pack.digest
        )
        told = words.say(f"result_{result.outcome}") if known else words.quoted(result.result)
        lines.append(words.say("told_called", date=words.full_day(result.on), result=told))
    if not points and not lines:
        return None
    more = words.say("all_calls") if points else ""
    href = CALLS if more else ""
    return PartView(title=words.say("calls"), points=points, lines=tuple(lines), more=more, more_href=href)


def _notes_taken(facts: ClientFacts, words: Words) -> PartView | None:
    """What the owner wanted to remember, the latest first."""
    taken = sorted(facts.case.history.told.notes, key=lambda note: note.at, reverse=True)
    lines = []
    for note in taken:
        about = f" ({words.numbers(note.numbers)})" if note.numbers else ""
        lines.append(f"{words.local(note.at)}{about}: {clean(note.text)}")
    return PartView(title=words.say("own_notes"), lines=tuple(lines)) if lines else None


# -- tables -------------------------------------------------------------------------------------------------------


def _invoices(facts: ClientFacts, words: Words) -> TableView | None:
    columns = (
        ColumnHead(title=words.say("col_invoice")),
        ColumnHead(title=words.say("col_state")),
        ColumnHead(title=words.say("col_due"), wide=True),
        ColumnHead(title=words.say("col_last"), wide=True),
        ColumnHead(title=words.say("col_open"), figure=True),
    )
    rows = tuple(_row(one, facts.key, words) for one in facts.invoices)
    return TableView(caption=words.say("invoices_title"), columns=columns, rows=rows) if rows else None


def _row(one: InvoiceFacts, key: str, words: Words) -> tuple[Cell, ...]:
    last = one.last
    return (
        Cell(text=named(one.invoice.number), href=invoice_page(key, one.invoice.number)),
        Cell(text=words.say(f"state_{one.state}"), note=words.late(one.days), tone=one.state),
        Cell(text=words.full_day(one.due_on)),
        Cell(text=words.letter(last.queued.letter) if last else "–", note=words.full_day(last.on) if last else ""),
        Cell(text=words.money([one.outstanding]) if one.outstanding else "–"),
    )


def _plans(facts: ClientFacts, report: Report, words: Words) -> Iterator[TableView]:
    """The payment plans that were agreed and are not paid yet, part by part."""
    for one in facts.invoices:
        plan = facts.case.history.plans.get(one.invoice.number)
        if plan is not None and not one.settled:
            yield parts_table(
                one, report, facts, words, words.say("plan", number=plan.number, date=words.full_day(plan.on))
            )


def parts_table(one: InvoiceFacts, report: Report, facts: ClientFacts, words: Words, caption: str) -> TableView:
    """The instalments of an invoice: when each is due, how much it is, and what is open of it."""
    own = facts.case.under(one.invoice.policy)
    currency = one.invoice.currency
    rows = []
    for item in one.items:
        note = words.say("missed") if is_missed(own, item, report.today) else ""
        left = words.money([Money(item.outstanding, currency)]) if not item.settled else words.say("state_paid")
        rows.append(
            (
                Cell(text=words.full_day(item.due_on), note=note, tone="late" if note else ""),
                Cell(text=words.money([Money(item.owed, currency)])),
                Cell(text=left),
            )
        )
    columns = (
        ColumnHead(title=words.say("col_due")),
        ColumnHead(title=words.say("col_amount"), figure=True),
        ColumnHead(title=words.say("col_open"), figure=True),
    )
    return TableView(caption=caption, columns=columns, rows=tuple(rows), caption_shown=True)


def _notes(facts: ClientFacts, words: Words) -> TableView | None:
    rows = tuple(
        (
            Cell(text=named(note.number)),
            Cell(text=words.full_day(note.issued_on)),
            Cell(text=clean(note.against or "–")),
            Cell(text=words.money([note.owed])),
        )
        for note in facts.notes
    )
    columns = (
        ColumnHead(title=words.say("col_note")),
        ColumnHead(title=words.say("col_issued")),
        ColumnHead(title=words.say("col_against")),
        ColumnHead(title=words.say("col_amount"), figure=True),
    )
    return TableView(caption=words.say("notes"), columns=columns, rows=rows) if rows else None
