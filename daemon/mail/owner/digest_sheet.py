"""The digest between its facts and its two parts: every word is there, no layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from daemon.domain.books.ledger import Ledger
from daemon.domain.books.outside import FAULTS
from daemon.domain.reports.digest import Digest
from daemon.domain.reports.digest_news import Held, News
from daemon.domain.reports.digest_point import Point, What, by_currency
from daemon.mail.dossier.speech import formal_demand
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.digest_figures import charts
from daemon.mail.owner.digest_parts import Above, Buttons, Row, Section, Sheet, Told
from daemon.mail.owner.digest_points import ahead_words, call_words, decide_words, leaves_words
from daemon.mail.owner.digest_speech import Speech
from daemon.mail.owner.proposal_words import unclear_told

_MOST_TOLD = 12  # entries of HELD and of SINCE; the rest is counted
_BULK_IN_FULL = 3  # clients; of more, the commands stand once above them
_ALL = "go --all"
_EXAMPLE_DAYS = 7  # how far ahead the promise in the example lies


def sheet(digest: Digest, ledger: Ledger, pack: Pack, buttons: Buttons | None = None) -> Sheet:
    """Put a digest into words.

    Args:
        buttons: how an answer to it reaches us; None: it takes no orders, and commands are for a shell.
    """
    speech = Speech(
        pack=pack, zone=ledger.creditor.timezone, today=digest.today, short=buttons.short if buttons else None
    )
    sections = [
        _decide(digest, speech),
        _sent(digest, speech),
        call_section(digest.call, speech),
        _leaves(digest, speech),
    ]
    sections += [_ahead(digest, speech), _held(digest, speech), _since(digest, speech)]
    return Sheet(
        headline=_headline(digest, speech),
        faults=_faults(digest, speech),
        sections=() if digest.empty else tuple(section for section in sections if section is not None),
        charts=charts(digest, speech),
        language=pack.language,
        foot=_foot(digest, speech),
        nothing=speech.say("nothing") if digest.empty else "",
        made_by=speech.say("made_by"),
        write_above=speech.say("write_above"),
        buttons=buttons,
    )


def _headline(digest: Digest, speech: Speech) -> str:
    counts = []
    if decide := len(digest.decide) + len(digest.more_in_bulk):
        counts.append(speech.say("count_decide", n=decide))
    if digest.call:
        counts.append(speech.say("count_call", n=len(digest.call)))
    if digest.leaves and (first := digest.leaves[0].leaves_at):
        leaving = len(digest.leaves) + digest.more_leaving
        counts.append(speech.say("count_leave", n=leaving, time=speech.time(first)))
    told = ", ".join(counts) or speech.say("count_nothing")
    return speech.say("headline", date=speech.day(digest.today), counts=told)


def _faults(digest: Digest, speech: Speech) -> tuple[str, ...]:
    told = []
    for fault in digest.faults:
        said, colon, why = fault.partition(": ")
        where = said.partition(" ")[0]  # "config refused: ..." is the config's
        known = colon and where in FAULTS
        told.append(speech.say(f"fault_{where}", why=why) if known else clean(fault))
    doubts = [str(point.item) for point in digest.decide if point.what is What.DOUBT]
    if doubts:
        told.append(f"{speech.say('fault_doubt', n=len(doubts))} ({', '.join(doubts)})")
    return tuple(told)


def _head(point: Point, speech: Speech) -> tuple[str, ...]:
    if point.kind == "payment" and not point.numbers:
        return clean(point.name), speech.money(point.money)
    days = speech.say("days", n=point.days) if point.days else ""
    about = (clean(point.name), speech.numbers(point.numbers), speech.money(point.money), days)
    return tuple(filter(None, about)) if point.numbers else (clean(point.who or point.name or "?"),)


def row(point: Point, speech: Speech, text: str, *, commands: bool = True) -> Row:
    return Row(
        item=point.item,
        head=_head(point, speech),
        text=text,
        quotes=speech.quotes(text),
        who=clean(point.who) if point.what is What.CALL else "",
        phone=clean(point.phone or "") or (speech.say("call_nobody") if point.what is What.CALL else ""),
        link=point.sheet.telephone.link if point.sheet and point.sheet.telephone else "",
        commands=tuple(
            speech.command(do.typed(point.item), do.word)
            for do in point.do
            if commands and (do.name != "called" or point.about == "portal")
        ),
    )


def _decide(digest: Digest, speech: Speech) -> Section | None:
    if not digest.decide:
        return None
    rows: list[Row] = []
    above: list[Above] = []
    bulks = [point for point in digest.decide if point.what is What.BULK]
    why = ""
    for index, point in enumerate(digest.decide):
        bulk = point in bulks
        if bulk and point.quote != why:
            why = point.quote
            above.append(_above(digest, point, index, speech, brief=len(bulks) > _BULK_IN_FULL))
        brief = bulk and len(bulks) > _BULK_IN_FULL
        rows.append(row(point, speech, "" if bulk else decide_words(point, speech), commands=not brief))
    after = ""
    if digest.more_in_bulk:
        sums = by_currency([money for point in digest.more_in_bulk for money in point.money])
        after = speech.say("bulk_more", n=len(digest.more_in_bulk), money=speech.money(sums))
    return Section(
        title=speech.say("decide"),
        hint=speech.say("decide_reply" if speech.by_mail else "decide_how"),
        rows=tuple(rows),
        above=tuple(above),
        after=after,
    )


def _sent(digest: Digest, speech: Speech) -> Section | None:
    """Mails in which the owner sent an invoice that is not proposed, and what to do."""
    if not digest.sent:
        return None
    told = tuple(unclear_told(one, speech) for one in digest.sent[:_MOST_TOLD])
    more = len(digest.sent) - len(told)
    if more:
        told = (*told, Told(head=speech.say("and_more", n=more)))
    return Section(title=speech.say("sent"), told=told)


def _above(digest: Digest, first: Point, index: int, speech: Speech, *, brief: bool) -> Above:
    alike = [p for p in (*digest.decide, *digest.more_in_bulk) if p.what is What.BULK and p.quote == first.quote]
    letters = sum(len(point.ref.split()) for point in alike)
    said = speech.say(f"bulk_{first.quote.replace('-', '_')}", n=letters)
    if not brief:
        return Above(row=index, text=said)
    return Above(
        row=index, text=f"{said} {speech.say('bulk_how')}", commands=tuple(map(speech.command, (_ALL, *first.commands)))
    )


def call_section(points: Sequence[Point], speech: Speech) -> Section | None:
    """Whom to call; one line below them says how each result is recorded."""
    if not points:
        return None
    promised = speech.today + timedelta(days=_EXAMPLE_DAYS)
    results = f"promised {promised} | reached | voicemail | wrong-number | disputes | paid"
    rows = tuple(row(point, speech, call_words(point, speech)) for point in points)
    spoken = next((point for point in points if point.about != "portal"), None)  # a task there has one answer, its own
    if spoken is None:
        return Section(title=speech.say("call"), rows=rows)
    answer = speech.command(f"called {spoken.item or spoken.do[0].target} {results}")
    return Section(title=speech.say("call"), rows=rows, after=speech.say("call_answer"), command=answer)


def _leaves(digest: Digest, speech: Speech) -> Section | None:
    if not digest.leaves or digest.leaves[0].leaves_at is None:
        return None
    first = speech.time(digest.leaves[0].leaves_at)
    rows = tuple(row(point, speech, leaves_words(point, speech, first)) for point in digest.leaves)
    after = speech.say("leaves_more", n=digest.more_leaving) if digest.more_leaving else ""
    return Section(title=speech.say("leaves", time=first), rows=rows, after=after)


def _ahead(digest: Digest, speech: Speech) -> Section | None:
    if not digest.ahead:
        return None
    rows = tuple(row(point, speech, ahead_words(point, speech)) for point in digest.ahead)
    after = speech.say("leaves_more", n=digest.more_ahead) if digest.more_ahead else ""
    return Section(title=speech.say("ahead"), rows=rows, after=after)


def _held(digest: Digest, speech: Speech) -> Section | None:
    told = dict.fromkeys(held_words(one, speech) for one in digest.held)  # what is held twice alike is said once
    return _told(speech.say("held"), [*told], speech)


def held_words(one: Held, speech: Speech) -> str:
    reason = speech.say(f"reason_{one.about}")
    if one.promised_on:
        reason = f"{reason} {speech.day(one.promised_on)}"
    elif one.until:
        ends = "until_back" if one.about == "away" else "until"
        reason = speech.say(ends, reason=reason, date=speech.day(one.until))
    elif one.review_on:
        reason = speech.say("review", reason=reason, date=speech.day(one.review_on))
    return f"{clean(one.name)} {speech.numbers(one.numbers)}: {reason} {speech.quoted(one.quote)}".rstrip()


def _since(digest: Digest, speech: Speech) -> Section | None:
    told = [_news_words(news, speech) for news in digest.since.news]
    counts = []
    if digest.since.letters:
        counts.append(speech.say("news_letters", n=digest.since.letters))
    if digest.since.replies:
        counts.append(speech.say("news_replies", n=digest.since.replies))
    last = digest.since_at.astimezone(speech.zone).date() if digest.since_at else digest.today - timedelta(days=1)
    yesterday = last >= digest.today - timedelta(days=1)
    title = speech.say("since_yesterday") if yesterday else speech.say("since", date=speech.day(last))
    return _told(title, [*counts, *told], speech)


def _told(title: str, entries: list[str], speech: Speech) -> Section | None:
    if not entries:
        return None
    shown = entries[:_MOST_TOLD]
    if len(entries) > len(shown):
        shown.append(speech.say("and_more", n=len(entries) - len(shown)))
    return Section(title=title, entries=tuple(shown))


def _news_words(news: News, speech: Speech) -> str:
    what = f"{clean(news.name)} {speech.numbers(news.numbers)}" if news.numbers else clean(news.name)
    if news.about == "dossier":
        demand = formal_demand(speech.pack, news.country).rstrip(".")  # the next piece of news follows
        return f"{speech.say('news_dossier', what=what, file=news.address)} {demand}"
    kind = "gone" if news.about == "away" and news.on is None else news.about
    return speech.say(
        f"news_{kind}",
        what=what,
        address=news.address,
        n=news.count,
        money=speech.money([news.money]) if news.money else "",
        date=speech.day(news.on) if news.on else "",
    )


def _foot(digest: Digest, speech: Speech) -> str:
    read = digest.read_to_end_at
    mailbox = speech.say("read_at", time=speech.moment(read)) if read else speech.say("not_read")
    return f"{mailbox} {speech.say('foot', doubt=digest.in_doubt, unmatched=digest.unmatched)}"
