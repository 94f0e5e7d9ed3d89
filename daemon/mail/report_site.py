"""What stands on every page: whose it is, of when, and the way to the others."""

from __future__ import annotations

from daemon.domain.report import AHEAD as DAYS
from daemon.domain.report import Report
from daemon.mail.report_names import AHEAD, CALLS, CLIENTS, OVERVIEW
from daemon.mail.report_view import Site
from daemon.mail.report_words import Words
from daemon.mail.sheet import clean


def site_of(report: Report, words: Words) -> Site:
    pages = (
        (words.say("overview"), OVERVIEW),
        (words.say("days_ahead", n=DAYS), AHEAD),
        (words.say("calls"), CALLS),
        (words.say("clients"), CLIENTS),
    )
    return Site(
        language=words.pack.language,
        name=clean(report.ledger.creditor.name),
        as_of=words.say("as_of", date=words.local(report.now)),
        skip=words.say("skip"),
        navigation=words.say("navigation"),
        pages=pages,
        foot=(words.say("private"), words.say("made_by")),
    )
