"""What stands on every page: whose it is, of when, and the way to the others."""

from __future__ import annotations

from daemon.domain.reports.report import AHEAD as DAYS
from daemon.domain.reports.report import Report
from daemon.mail.letters.sheet import clean
from daemon.mail.pages.names import AHEAD, CALLS, CLIENTS, OVERVIEW
from daemon.mail.pages.view import Site
from daemon.mail.pages.words import Words


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
