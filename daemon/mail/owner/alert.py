"""An alert as a mail: what happened in full, then the digest's own points for the client it is about."""

from __future__ import annotations

from typing import assert_never

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import AlertKind
from daemon.domain.reports.alert import Alert, ClientNews, Happening, OwnFault
from daemon.mail.letters.letter import Rendered
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.alert_sent import sent_sections
from daemon.mail.owner.call_words import no_mail_arrives
from daemon.mail.owner.digest_page import digest_html
from daemon.mail.owner.digest_parts import Buttons, Section, Sheet, Told
from daemon.mail.owner.digest_points import decide_words
from daemon.mail.owner.digest_sheet import call_section, row
from daemon.mail.owner.digest_speech import Speech
from daemon.mail.owner.digest_text import digest_text

MOST_QUOTED = 1500  # characters of what a client wrote; the mail itself lies in the mailbox
_MOST_LINES = 30


def render_alert(alert: Alert, ledger: Ledger, pack: Pack, buttons: Buttons | None = None) -> Rendered:
    """Write an alert in the owner's language.

    Args:
        buttons: how an answer reaches us; None: it takes no orders.
    """
    short = buttons.short if buttons else None
    speech = Speech(pack=pack, zone=ledger.creditor.timezone, today=alert.today, short=short)
    made = Sheet(
        headline=headline(alert, speech),
        faults=tuple(_fault(fault, speech) for fault in alert.faults),
        sections=(
            *sent_sections(alert.sent, alert.more, speech),
            *(part for news in alert.clients for part in _sections(news, alert, speech)),
        ),
        charts=(),
        language=pack.language,
        foot=speech.say("alert_foot") if alert.clients or alert.faults else "",
        made_by=speech.say("made_by"),
        write_above=speech.say("write_above"),
        buttons=buttons,
    )
    return Rendered(subject=made.headline.replace("\u00a0", " "), text=digest_text(made), html=digest_html(made))


def headline(alert: Alert, speech: Speech) -> str:
    """The subject.  About one client it is always the same, so that a mail program keeps the thread together."""
    if not alert.clients and alert.sent and not alert.faults:
        numbers = tuple(one.entry.number for one in alert.sent if isinstance(one.entry, j.InvoiceProposed))
        return speech.say("sent_follow", what=speech.numbers(numbers)) if numbers else speech.say("sent_unclear")
    if not alert.clients:
        return speech.say("alert_ours")
    if len(alert.clients) > 1:
        return speech.say("alert_several", n=len(alert.clients))
    news = alert.clients[0]
    return speech.say("alert_about", name=news.name, what=speech.numbers(news.numbers))


def _fault(fault: OwnFault, speech: Speech) -> str:
    if fault.over:
        return speech.say(f"alert_{fault.what}_back")
    if fault.kind is AlertKind.WAITING:
        return speech.say("alert_waiting", n=fault.count)
    return speech.say(f"fault_{fault.what}", why=fault.words)


def _sections(news: ClientNews, alert: Alert, speech: Speech) -> list[Section]:
    several = len(alert.clients) > 1
    title = clean(news.name) if several else speech.say("alert_happened")
    made = [Section(title=title, told=tuple(_told(one, speech) for one in news.happened))]
    if news.decide:
        rows = tuple(row(point, speech, decide_words(point, speech)) for point in news.decide)
        hint = speech.say("decide_reply" if speech.by_mail else "decide_how")
        made.append(Section(title=speech.say("decide"), hint=hint, rows=rows))
    if (called := call_section(news.call, speech)) is not None:
        made.append(called)
    return made


def _told(one: Happening, speech: Speech) -> Told:
    what = speech.numbers(one.numbers)
    day = speech.day(one.on) if one.on else ""
    match one.kind:
        case AlertKind.ANSWER if one.on:
            return Told(
                head=speech.say("alert_promised", who=one.who, date=day),
                quote=_quote(one.words),
                after=_held(one, speech),
            )
        case AlertKind.ANSWER:
            known = f"intent_{one.about}"
            intent = speech.say(known if known in speech.pack.digest else "intent_unclear")
            said = speech.say("alert_said", who=one.who, intent=intent)
            return Told(head=said, quote=_quote(one.words), after=_held(one, speech))
        case AlertKind.BOUNCE if one.about == "failed":
            return Told(head=speech.sentence(speech.say("alert_bounced", address=one.address, why=one.words)))
        case AlertKind.BOUNCE:
            return Told(head=speech.sentence(no_mail_arrives(one.about, one.words, one.said, speech)))
        case AlertKind.PROMISE_BROKEN:
            phrase = "alert_broken" if one.about == "promise" else "alert_part_missed"
            return Told(head=speech.say(phrase, what=what, date=day))
        case AlertKind.IN_DOUBT:
            letter = speech.letter(one.about)
            return Told(head=speech.sentence(speech.say("alert_doubt", letter=letter, address=one.address, date=day)))
        case AlertKind.OUTAGE | AlertKind.CONFIG | AlertKind.DISK | AlertKind.WAITING:  # ours: an `OwnFault`
            return Told(head=speech.sentence(clean(one.words)))
        case _:
            assert_never(one.kind)


def _held(one: Happening, speech: Speech) -> str:
    if one.held_until:
        return speech.say("alert_wait_until", date=speech.day(one.held_until))
    if one.review_on:
        return speech.say("alert_wait_review", date=speech.day(one.review_on))
    return speech.say("alert_wait_open") if one.held else ""


def _quote(words: str) -> str:
    """What they wrote, line by line, as text and nothing else."""
    lines = [clean(line) for line in words[: MOST_QUOTED + 1].strip().split("\n")]
    text = "\n".join(lines[:_MOST_LINES])
    cut = len(words.strip()) > MOST_QUOTED or len(lines) > _MOST_LINES
    return text[:MOST_QUOTED].rstrip() + "…" if cut else text
