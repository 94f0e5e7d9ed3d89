"""The wording of `dossier:` in language.yaml: which phrases there are, and what each has filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.mail.letters.wording_faults import SAID, Wording, faults_of

WORDING: Wording = {
    name: frozenset(fields.split())
    for name, fields in {
        # the statement of account
        "account": "",  # its title
        "account_until": "date",
        "label_date": "",
        "label_what": "",
        "label_number": "",
        "label_debit": "",
        "label_credit": "",
        "label_balance": "",
        "what_invoice": "date",
        "what_credit-note": "",
        "what_payment": "",
        "account_open": "",  # before the last balance
        # the interest sheet
        "interest": "",  # its title
        # the letter of demand
        "place_for_signature": "",
        "enclosed": "what",
        # the timeline
        "timeline": "",  # its title
        "timeline_until": "client date",
        "issued": "number money",
        "due": "number",
        "seen": "number money",
        "vanished": "number",
        "paid": "number money",
        "queued": "letter address",
        "queued_waits": "letter address",
        "released": "letter",
        "withdrawn": "letter reason",
        "sent": "letter address server",
        "deferred": "letter address reason",
        "refused": "letter address reason",
        "in-doubt": "letter address reason",
        "given-up": "letter address reason",
        "settled_sent": "letter address",
        "settled_resend": "letter address",
        "bounced": "address reason",
        "cleared": "address",
        "reply": "address intent",
        "own-mail": "",
        "auto-reply": "address",
        "auto-reply_absence": "address",
        "auto-reply_gone": "address",
        "auto-reply_ticket": "address ticket",
        "auto-reply_receipt": "address",
        "auto-reply_delayed": "address",
        "promised": "date",
        "broken": "date",
        "kept": "date",
        "plan-agreed": "number parts",
        "plan-broken": "n number date",
        "plan-cancelled": "number",
        "payment-missing": "",
        "payment-reversed": "number money",
        "returned": "number",  # a direct debit or a bank draft
        "written-off": "money reason",
        "write-off-reversed": "",
        "address-told": "address",
        "noted": "note",
        "disputed": "note",
        "held": "note",
        "held_until": "date note",
        "lifted": "",
        "call-suggested": "name number",
        "called": "result",
        "handover-suggested": "",
        "handed-over": "",
        "forgotten": "",
        "other": "name",  # of what has no words yet: the kind of entry
        "file": "name",  # where the mail itself is in the dossier
        # the owner's digest: that a mail is no formal demand, and what is one by the law of the client's country
        "formal": "",
        "formal_it": "",
        "formal_tr": "",
        # what an answer says
        **{f"intent_{intent}": "" for intent in SAID},
    }.items()
}
_OPTIONAL = frozenset({"server", "note", "number", "ticket", "address"})  # may be left out


def faults_in(phrases: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    """What is wrong with the phrases of one language: the phrase, and the fault."""
    return faults_of(phrases, WORDING, optional=_OPTIONAL)
