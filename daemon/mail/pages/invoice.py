"""An invoice's page: where it stands, and everything that happened, each mail with its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from daemon.domain.reports.report import ClientFacts, InvoiceFacts, Report
from daemon.domain.standing.timeline import Moment
from daemon.mail.dossier.timeline import in_words
from daemon.mail.letters.pack import Pack
from daemon.mail.pages.client import parts_table
from daemon.mail.pages.names import AHEAD, CLIENTS, client_page, invoice_page
from daemon.mail.pages.view import Cell, Event, Fact, MailView, Page, TableView
from daemon.mail.pages.words import Words, named

FindMail = Callable[[str], MailView | None]  # by its name in the archive

_TONES = {
    "sent": "sent", "reply": "heard", "paid": "money", "kept": "money", "plan-agreed": "money", "promised": "held",
    "held": "held", "held_until": "held", "disputed": "trouble", "bounced": "trouble", "refused": "trouble",
    "given-up": "trouble", "in-doubt": "trouble", "broken": "trouble", "plan-broken": "trouble", "returned": "trouble",
    "handed-over": "trouble", "auto-reply": "heard", "auto-reply_absence": "heard", "auto-reply_gone": "heard",
    "auto-reply_ticket": "heard", "auto-reply_receipt": "heard", "auto-reply_delayed": "heard",
    "own-mail": "owner", "called": "owner", "released": "owner",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    state: str
    state_words: str
    facts: tuple[Fact, ...]
    parts: TableView | None
    timeline: str  # its title
    events: tuple[Event, ...]
    new_words: str  # the title of a mail's new words
    whole: str  # and of all of it


def invoice(
    one: InvoiceFacts,
    facts: ClientFacts,
    report: Report,
    moments: Sequence[Moment],
    words: Words,
    pack: Pack,
    find: FindMail,
) -> Page:
    """One invoice's page.

    Args:
        moments: of `domain.timeline`, oldest first.
        pack: in whose words the moments are told: the owner's language, where it has words for dossiers.
    """
    number = named(one.invoice.number)
    name = named(facts.case.client.name)
    parts = None
    if len(one.items) > 1:
        parts = parts_table(one, report, facts, words, words.say("instalments"))
    body = InvoiceView(
        state=one.state,
        state_words=words.say(f"state_{one.state}"),
        facts=_facts(one, facts, words),
        parts=parts,
        timeline=words.say("timeline_title"),
        events=_events(moments, words, pack, find),
        new_words=words.say("mail_new"),
        whole=words.say("mail_whole"),
    )
    return Page(
        file=invoice_page(facts.key, one.invoice.number),
        template="invoice",
        title=words.say("invoice", number=number),
        place=CLIENTS,
        above=((words.say("clients"), CLIENTS), (name, client_page(facts.key))),
        body=body,
    )


def _facts(one: InvoiceFacts, facts: ClientFacts, words: Words) -> tuple[Fact, ...]:
    invoice = one.invoice
    found = [
        ("col_client", Cell(text=named(facts.case.client.name), href=client_page(facts.key))),
        ("col_open", Cell(text=words.money([one.outstanding]) if one.outstanding else "–")),
        ("col_total", Cell(text=words.money([invoice.owed]))),
        ("col_issued", Cell(text=words.full_day(invoice.issued_on))),
        ("col_due", Cell(text=words.full_day(one.due_on), note=words.late(one.days), tone="late" if one.days else "")),
        ("label_paid_on", Cell(text=words.full_day(one.paid_on))),
    ]
    if one.last is not None:
        told = Cell(text=words.sentence(words.letter(one.last.queued.letter)), note=words.full_day(one.last.on))
        found.append(("col_last", told))
    own = [held for held in facts.held if not held.numbers or invoice.number in held.numbers]
    if own and not one.settled and one.state != "handed-over":
        found.append(("held", Cell(text=tuple(words.held(one) for one in own))))
    if one.quiet is not None and not one.settled:
        why, until = words.why(one.quiet), words.full_day(one.quiet.until)
        ends = until and until not in why  # some reasons name the day themselves
        found.append(("quiet", Cell(text=why, note=words.say("until_day", date=until) if ends else "")))
    if one.next_on is not None:
        href = f"{AHEAD}#d-{one.next_on.isoformat()}"
        found.append(("next_letter", Cell(text=words.full_day(one.next_on), href=href)))
    return tuple(Fact(label=words.say(label), value=cell) for label, cell in found if cell.text)


def _events(moments: Sequence[Moment], words: Words, pack: Pack, find: FindMail) -> tuple[Event, ...]:
    """Each mail is shown where it is told of first."""
    shown: set[str] = set()
    found = []
    for moment in moments:
        mail, gone = None, ""
        if moment.mail and moment.mail not in shown:
            shown.add(moment.mail)
            mail = find(moment.mail)
            gone = "" if mail else words.say("mail_gone")
        found.append(_event(moment, words, in_words(moment, pack), mail, gone))
    return tuple(found)


def _event(moment: Moment, words: Words, text: str, mail: MailView | None, gone: str) -> Event:
    zone: ZoneInfo = words.zone
    return Event(
        day=words.full_day(moment.on),
        time=f"{moment.at.astimezone(zone):%H:%M}" if moment.at else "",
        stamp=moment.at.astimezone(zone).isoformat(timespec="minutes") if moment.at else moment.on.isoformat(),
        text=text,
        tone=_TONES.get(moment.kind, ""),
        mail=mail,
        gone=gone,
    )
