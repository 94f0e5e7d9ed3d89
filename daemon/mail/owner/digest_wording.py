"""The wording of `digest:` in language.yaml: which phrases there are, and what each has filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.domain.books.policy import LETTERS, STATEMENT, THANK_YOU
from daemon.domain.commands.call_result import CallOutcome
from daemon.domain.journal import Because
from daemon.mail.letters.wording_faults import SAID, Wording, faults_of

_REASONS = (*Because, "stated", "away", "no-address")  # why letters wait: a hold, or what keeps them back without one
_RESULTS = tuple(
    outcome for outcome in CallOutcome if outcome is not CallOutcome.OTHER
)  # of a call; other words are shown

WORDING: Wording = {
    name: frozenset(fields.split())
    for name, fields in {
        # the subject, and what stands below it
        "day": "",  # CLDR pattern of a date in this year
        "headline": "date counts",
        "count_decide": "n",
        "count_call": "n",
        "count_leave": "n time",
        "count_nothing": "",
        "fault_mailbox": "why",
        "fault_reader": "",  # the part that reads the mailbox had died, and another was put in its place
        "fault_relay": "why",
        "fault_config": "why",
        "fault_disk": "why",
        "fault_clock": "",
        "fault_state": "why",
        "fault_bank": "why",
        "fault_followed": "why",
        "fault_stale": "why",
        "fault_untold": "",
        "fault_doubt": "n",
        # what everything is made of
        "days": "n",
        "invoices": "n",
        "everything": "",
        "until": "reason date",  # the last day that is held
        "until_back": "reason date",  # the first day that somebody is there again
        "review": "reason date",
        "quote": "words",
        "and_more": "n",
        # sections
        "decide": "",
        "decide_how": "",
        "call": "",
        "leaves": "time",
        "held": "",
        "since_yesterday": "",
        "since": "date",
        "money": "currency",
        # DECIDE
        "elsewhere": "name quote date",
        "review_due": "reason quote date",
        "claims_paid": "who quote",
        "mail": "who intent quote",
        "payment": "who quote date",
        "payment_whose": "who quote date",
        "payment_open": "money",
        "returned": "quote date",
        "proposal": "who date source",
        "proposal_credit": "",
        "proposal_follow": "",
        "proposal_whose": "",
        "proposal_nobody": "",
        "proposal_gone": "client",
        "go": "letter who",
        "go_amount": "letter who",
        "bulk_first_start": "n",
        "bulk_first_letter": "n",
        "bulk_per_day": "n",
        "bulk_how": "",
        "bulk_more": "n money",
        "handover": "to",
        "handover_legal": "",
        "handover_collection": "",
        "doubt": "letter address date",
        "rest": "",
        "vanished": "",
        "clock": "",
        "refused": "quote",
        "unmatched": "about quote",
        "unmatched_name": "name",
        # CALL
        "call_level": "reason",
        "call_since": "letter date",
        "call_portal": "letter",
        "call_bounce": "address",
        "call_unconfirmed": "",
        "call_wrong-contact": "address",
        "call_absent": "",
        "call_gave-up": "address",
        "call_complaint": "",
        "call_nobody": "",
        "call_answer": "",
        "call_silence": "n date",
        "call_full": "address",
        "call_spam": "address quote",
        "call_doubtful": "address quote",
        "call_wrong-number": "number",
        "call_again": "n date",
        "call_time": "time until",
        "call_later": "time when",
        "call_here": "when",
        # what to ask, where the reason for a call does not say it
        "ask_when": "",
        "ask_parts": "",
        "ask_wrong": "",
        "ask_final": "",
        # a call's sheet
        "told_owed": "what money date",
        "told_letters": "letters",
        "told_said": "who date intent quote",
        "told_called": "date result",
        "told_noted": "date quote",
        "sheet_task": "who what",
        "sheet_language": "language",
        "sheet_so_far": "",
        "sheet_ask": "",
        "sheet_record": "",
        # LEAVES
        "leaves_to": "letter who",
        "ahead": "",
        "leaves_more": "n",
        # SINCE
        "news_paid": "what money",
        "news_reversed": "what money",
        "news_returned": "what date",  # a direct debit or a bank draft
        "news_promised": "what date",
        "news_broken": "what date",
        "news_kept": "what date",
        "news_planned": "what date",
        "news_written-off": "what money",
        "news_told": "what address",
        "news_plan-broken": "what date",
        "news_disputed": "what",
        "news_bounced": "address",
        "news_away": "address date",
        "news_gone": "address",
        "news_machine": "address n",
        "news_changed": "what money",
        "news_vanished": "what",
        "news_handed-over": "what",
        "news_dossier": "what file",
        "news_letters": "n",
        "news_replies": "n",
        # MONEY and the foot
        "age_not_due": "",
        "age_days": "days",
        "age_over": "n",
        "owed_by": "currency",
        "owed_by_others": "n",
        "days_to_pay": "",
        "total": "",
        "read_at": "time",
        "not_read": "",
        "foot": "doubt unmatched",
        "nothing": "",
        "made_by": "",
        # told at once, and answered by mail
        "decide_reply": "",
        "write_above": "",  # small, at the head of what is answered: a quote below an answer is known by it
        "alert_about": "name what",
        "alert_several": "n",
        "alert_ours": "",
        "alert_happened": "",
        "alert_said": "who intent",
        "alert_promised": "who date",
        "alert_wait_review": "date",
        "alert_wait_until": "date",
        "alert_wait_open": "",
        "alert_bounced": "address why",
        "alert_broken": "what date",
        "alert_part_missed": "what date",
        "alert_doubt": "letter address date",
        "alert_waiting": "n",
        "alert_mailbox_back": "",
        "alert_relay_back": "",
        # of invoices that the owner sent by hand
        "sent": "",
        "sent_follow": "what",
        "sent_unclear": "",
        "sent_read": "what source",
        "sent_tag": "",
        "sent_buyer": "name",
        "sent_seller": "name",
        "sent_account": "iban",
        "sent_stranger": "",
        "sent_pdf": "name",
        "sent_signed": "",
        "sent_more": "n",
        "sent_example": "",
        "unclear_file": "what",
        "unclear_size": "what",
        "unclear_amount": "what",
        "unclear_day": "what",
        "unclear_past": "what",
        "unclear_ambiguous": "what",
        "unclear_differs": "what",
        "unclear_known": "why",
        "unclear_unproven": "why",
        "unclear_look_up": "why",
        "alert_foot": "",
        **{f"reason_{reason}": "" for reason in _REASONS},
        **{f"intent_{intent}": "" for intent in SAID},
        **{f"letter_{letter}": "" for letter in (*LETTERS, THANK_YOU, STATEMENT)},
        **{f"result_{result}": "" for result in _RESULTS},
    }.items()
}
_OPTIONAL = frozenset({"n", "address", "quote", "who", "name", "date"})  # a language may do without


def faults_in(phrases: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    """What is wrong with the phrases of one language: the phrase, and the fault.

    A name of the form `letter_...` that is not listed is an own letter's; `reasons` translates the reasons that a
    policy gives for its calls.
    """
    plain = {name: text for name, text in phrases.items() if name != "reasons"}
    own = faults_of(plain, WORDING, optional=_OPTIONAL, forms=True, besides=lambda name: name.startswith("letter_"))
    reasons = phrases.get("reasons", {})
    if not isinstance(reasons, Mapping) or not all(isinstance(reason, str) for reason in reasons.values()):
        return [*own, ("reasons", "`reasons` holds the reasons of calls, each with its translation")]
    return own
