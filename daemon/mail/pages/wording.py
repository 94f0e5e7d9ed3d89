"""The wording of report.yaml: which phrases the pages have besides those of the digest, and what is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.domain.ladder.quiet import Why
from daemon.mail.letters.wording_faults import Wording, faults_of

STATES = ("upcoming", "open", "held", "promised", "disputed", "paid", "written-off", "handed-over")

WORDING: Wording = {
    name: frozenset(fields.split())
    for name, fields in {
        # on every page
        "skip": "",
        "navigation": "",
        "as_of": "date",
        "private": "",
        # the first page
        "overview": "",
        "needs_you": "",
        "in_digest": "n",
        "all_calls": "",
        "by_age": "currency",
        "by_age_told": "total late",
        "by_client": "currency",
        "by_client_told": "name money",
        "dark_is_late": "",
        "more_clients": "n",
        "pace": "",
        "pace_told": "n",
        "next": "",
        "next_none": "n",
        "all_ahead": "n",
        # what lies ahead
        "days_ahead": "n",
        "days_ahead_told": "date until",
        "calendar": "",
        "week": "n",
        "day_by_day": "",
        "kind_letter": "",
        "kind_call": "",
        "kind_handover": "",
        "count_letter": "n",
        "count_handover": "n",
        "step_call": "who",
        "step_handover": "to",
        "due_ago": "n",
        "due_in": "n",
        "due_today": "",
        "promise_broken": "date",
        "plan_broken": "",
        "needs_go": "",
        "quiet": "",
        "quiet_told": "",
        # calls
        "calls": "",
        "calls_none": "",
        # clients
        "clients": "",
        "clients_told": "n",
        "contacts": "",
        "role_cc": "",
        "address_dead": "date",
        "away_until": "date",
        "has_left": "",
        "habits": "",
        "habit": "n days",
        "habit_none": "",
        "habit_late": "",
        "habit_stated": "",
        "habit_good": "",
        "exchange": "",
        "last_letter": "date letter",
        "invoices_title": "",
        "no_invoices": "",
        "nothing_open": "",
        "plan": "number date",
        "missed": "",
        "notes": "",
        "own_notes": "",
        "label_policy": "",
        "label_address": "",
        "label_letters": "",
        # an invoice
        "invoice": "number",
        "instalments": "",
        "label_paid_on": "",
        "until_day": "date",
        "next_letter": "",
        "timeline_title": "",
        "mail_from": "",
        "mail_to": "",
        "mail_date": "",
        "mail_subject": "",
        "mail_new": "",
        "mail_whole": "",
        "mail_gone": "",
        "mail_more": "n",
        # heads of columns
        **{
            f"col_{name}": ""
            for name in (
                "age", "amount", "count", "client", "open", "overdue", "days", "mean", "month", "days_to_pay",
                "days_late", "paid", "invoice", "state", "due", "last", "why", "until", "issued", "total", "note",
                "against",
            )
        },
        **{f"state_{state}": "" for state in STATES},
        **{f"why_{why.name.lower().replace('_', '-')}": "" for why in Why},
        "why_not-before": "date",
        "why_other-letter": "date",
    }.items()
}  # fmt: skip
_OPTIONAL = frozenset({"n", "date"})  # a language may do without


def faults_in(phrases: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    """What is wrong with the phrases of one language: the phrase, and the fault."""
    return faults_of(phrases, WORDING, optional=_OPTIONAL, forms=True)
