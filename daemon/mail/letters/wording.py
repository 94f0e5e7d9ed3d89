"""The wording of `letters:` in language.yaml: which phrases there are, and what each has filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.mail.letters.wording_faults import Wording, faults_of

_OPTIONAL = frozenset({"client"})  # a language may do without

WORDING: Wording = {
    name: frozenset(fields.split())
    for name, fields in {
        "locale": "",  # CLDR locale of amounts and dates
        "colon": "",  # what stands behind a label; French has a space before it
        "day": "",  # CLDR pattern of a date with its weekday
        "greeting": "name",
        "greeting_office": "client",  # where the contact is no person; the client's name is optional
        "offices": "",  # words, parted by commas, that make a contact's name that of an office
        "item_one": "number",
        "item_many": "numbers",
        "item_more": "numbers count",
        "item_instalment": "number n of",
        "label_instalment": "number n of",
        "label_invoice": "",
        "label_issued": "",
        "label_due": "",
        "label_amount": "",
        "label_paid": "",
        "label_credited": "",
        "label_open": "",
        "label_total": "",
        "label_what": "",
        "label_net": "",
        "label_vat": "",
        "label_phone": "",
        "label_tax_id": "",
        "label_recipient": "",
        "label_iban": "",
        "label_bic": "",
        "label_bank": "",
        "label_reference": "",
        "pay_online": "",
        "pay_online_item": "number",
        "taken_into_account": "",
        "payable": "number total payable",
        "details": "number",
        "not_due_yet": "",
        "also_open": "",
        "left_out": "items",
        "promise": "date",
        "not_come": "items",
        "returned_sdd": "items date",
        "returned_riba": "items date",
        "attached_one": "",
        "attached_all": "",
        "attached_some": "numbers",
        "terms": "items",
        "closing": "",
        "label_part": "",  # "Instalment": the head of a column of numbers
        "part_paid": "n",  # the number of an instalment that came in
        "label_days_late": "",
        "label_overdue": "",
        "label_not_due": "",
        "label_period": "",
        "label_days": "",
        "label_base": "",  # the amount on which interest is counted
        "label_rate": "",
        "label_interest": "",
        "statement": "date",
        "plan": "number",
        "qr": "amount",
        "extras_interest": "number law",  # the title of the sum
        "extras_contract": "",  # in the place of the law, where interest was agreed
        "extras_formula": "year",  # days of the year that the sum divides by
        "extras_compensation": "law amount",
        "extras_total": "extras total date claim",  # claim: what is asked for, without them
    }.items()
}


def faults_in(phrases: Mapping[str, object], *, whole: bool = True) -> Sequence[tuple[str, str]]:
    """What is wrong with the phrases of one language: the phrase, and the fault.

    Args:
        whole: all of them have to be there; the familiar form writes only those that differ.
    """
    return faults_of(phrases, WORDING, optional=_OPTIONAL, whole=whole)
