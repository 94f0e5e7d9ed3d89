"""The creditor and the clients of the config: their schema, and what they inherit from each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_extras import EXTRAS
from daemon.adapters.config_names import KEY_PATTERN, key
from daemon.adapters.config_payment import PAYMENT_WAYS
from daemon.adapters.config_phones import dials
from daemon.adapters.config_shape import FAULT, ByName, Checked, Field, ListOf, Names, Record
from daemon.adapters.config_wording import hint
from daemon.adapters.yaml_nodes import ListNode, MapNode, Report
from daemon.domain.books.calendar import BusinessCalendar, DateRange
from daemon.domain.books.client import Channel, Client, Contact, Creditor, Form, Role
from daemon.domain.books.extras_terms import NOTHING_SAID
from daemon.domain.books.policy import LetterLevel, Policy, Window


def _closed(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    first, last = values["from"], values["to"]
    if last < first:
        report.wrong(node.entries["to"], f"closed until {last}, before it begins on {first}: swap the two")
        return FAULT
    return DateRange(first, last)


def _contact(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    if "from_level" in values and values.get("role") is not Role.CC:
        report.wrong(node.key("from_level"), "`from_level` is for a contact who gets copies: add `role: cc`")
        return FAULT
    return Contact(**values)


CLOSED = ListOf(
    Record(
        "a closed range",
        {
            "from": Field(kinds.DATE, "the first day, as in 2026-08-08", required=True),
            "to": Field(kinds.DATE, "the last day, included", required=True),
        },
        _closed,
    ),
    what="closed ranges",
)
CREDITOR = Record(
    "`creditor`",
    {
        "name": Field(kinds.NAME, "your company, as on your invoices", required=True),
        "contact": Field(kinds.NAME, "the person whom a client may ask; printed on every letter", required=True),
        "email": Field(
            kinds.EMAIL, "the address that the letters come from, and whose mailbox is watched", required=True
        ),
        "phone": Field(kinds.PHONE, "printed on every letter"),
        "address": Field(kinds.PARAGRAPH, "postal address, printed on every letter"),
        "tax_id": Field(kinds.line(40), "VAT or tax number"),
        "language": Field(kinds.LANGUAGE, "language of the daily digest", required=True),
        "timezone": Field(kinds.ZONE, "as in Europe/Rome", required=True),
        "calendar": Field(kinds.REGION, "whose public holidays count: IT, or with a part, DE-BY", required=True),
        "closed": Field(CLOSED, "days on which your office is closed"),
        "payment": Field(PAYMENT_WAYS, "how you can be paid"),
    },
    partial=True,
)
CONTACT = Record(
    "a contact",
    {
        "name": Field(kinds.NAME, "a person or a department", required=True),
        "email": Field(kinds.EMAIL, "one address, as in anna@acme.example", required=True),
        "phone": Field(kinds.PHONE, "for when mail does not help"),
        "greeting": Field(kinds.line(120), 'how a letter begins, where not by the name: "Sehr geehrte Frau Verdi,"'),
        "role": Field(kinds.words("billing", "cc", make=Role), "billing: is written to; cc: gets a copy"),
        "from_level": Field(kinds.KEY, "of a cc: the first letter that is copied"),
    },
    _contact,
)
CLIENT = Record(
    "a client",
    {
        "name": Field(kinds.NAME, "the company, as on the invoice", required=True),
        "language": Field(kinds.LANGUAGE, "of the letters; left out, yours"),
        "policy": Field(kinds.KEY, "how they are reminded: gentle, standard, strict, or one of your own"),
        "late_payer": Field(kinds.TRISTATE, "auto: learned from what happens; true; false"),
        "address": Field(kinds.PARAGRAPH, "postal address"),
        "tax_id": Field(kinds.line(40), "VAT or tax number"),
        "timezone": Field(kinds.ZONE, "letters leave in their working hours; left out, yours"),
        "calendar": Field(kinds.REGION, "whose public holidays count; left out, yours"),
        "closed": Field(CLOSED, "days on which they want no letters; the ladder waits"),
        "contacts": Field(ListOf(CONTACT, what="contacts", empty=False), "whom to write to, in order", required=True),
        "channel": Field(kinds.words("mail", "portal", make=Channel), "portal: you get a task, they no letter"),
        "manual": Field(kinds.BOOLEAN, "true: nothing goes by itself, only what you ask for with `remind`"),
        "consumer": Field(kinds.BOOLEAN, "true: no business; no flat sum, and the law's rate for consumers"),
        "extras": Field(EXTRAS, "where interest and flat sums differ from the policy's: {interest: none}"),
        "form": Field(
            kinds.words("formal", "informal", make=Form), "how they are addressed, where the language has both"
        ),
    },
    partial=True,
)
CLIENTS = ByName(CLIENT, key, what="clients", pattern=KEY_PATTERN)


def creditor_from(read: Checked, languages: tuple[str, ...], report: Report) -> Creditor | None:
    """None where it does not fit together; that is reported."""
    values = dict(read.values)
    if not _known_language(read, languages, report) or not read.whole:
        return None
    values["calendar"] = BusinessCalendar(values["calendar"], values.pop("closed", ()))
    if not dials(values.get("phone"), read.place("phone"), values["calendar"].region, report):
        return None
    return Creditor(**values)


def clients_from(
    written: Names,
    creditor: Creditor | None,
    policies: Mapping[str, Policy],
    policy_names: Collection[str],
    languages: tuple[str, ...],
    report: Report,
) -> dict[str, Client]:
    """The clients that are good; what is wrong with the others is reported.

    Args:
        creditor: whose language, time zone and calendar a client has that states none; None: it is not good itself.
        policy_names: also those that are written, and not good.
    """
    found: dict[str, Client] = {}
    for name, read in written.values.items():
        known = len(report.problems)
        _known_language(read, languages, report)
        policy = read.get("policy", "standard")
        if policy not in policy_names:
            names = tuple(policy_names)
            report.wrong(
                read.place("policy"),
                f"there is no policy `{policy}`{hint(policy, names)}",
            )
        _check_contacts(read, policies.get(policy), creditor.email if creditor else None, report)
        _check_phones(read, creditor, report)
        if len(report.problems) > known or creditor is None or not read.whole:
            continue
        late_payer = read.get("late_payer", "auto")
        found[name] = Client(
            key=name,
            name=read.get("name"),
            language=read.get("language", creditor.language),
            policy=policy,
            contacts=read.get("contacts"),
            timezone=read.get("timezone", creditor.timezone),
            calendar=BusinessCalendar(read.get("calendar", creditor.calendar.region), read.get("closed", ())),
            address=read.get("address", ""),
            tax_id=read.get("tax_id"),
            late_payer=None if late_payer == "auto" else late_payer,
            channel=read.get("channel", Channel.MAIL),
            manual=read.get("manual", False),
            window_zone=_window_zone(policies.get(policy), creditor),
            consumer=read.get("consumer", False),
            extras=read.get("extras", NOTHING_SAID),
            form=read.get("form", Form.FORMAL),
        )
    return found


def _check_phones(read: Checked, creditor: Creditor | None, report: Report) -> None:
    """The contacts' numbers, as they are dialled in the client's country, else in the creditor's."""
    region, place = read.get("calendar", creditor.calendar.region if creditor else None), read.place("contacts")
    if region is None or not read.get("contacts"):
        return  # reported already
    assert isinstance(place, ListNode)
    for contact, node in zip(read.get("contacts"), place.items, strict=True):
        if contact.phone:
            assert isinstance(node, MapNode)
            dials(contact.phone, node.entries["phone"], region, report)


def _window_zone(policy: Policy | None, creditor: Creditor) -> ZoneInfo | None:
    return creditor.timezone if policy is not None and policy.window is Window.CREDITOR else None


def _known_language(read: Checked, languages: tuple[str, ...], report: Report) -> bool:
    language = read.get("language")
    if language is None or language in languages:
        return True
    report.wrong(
        read.place("language"),
        f"there are no templates for `{language}`{hint(language, languages)}",
    )
    return False


def _check_contacts(read: Checked, policy: Policy | None, ours: str | None, report: Report) -> None:
    """Somebody is written to, nobody twice, never we ourselves, and copies begin with a letter that the policy has."""
    place, contacts = read.place("contacts"), read.get("contacts")
    if contacts is None:
        return  # reported already
    assert isinstance(place, ListNode)
    if not any(contact.role is Role.BILLING for contact in contacts):
        report.wrong(place, "nobody here is written to: at least one contact is needed without `role: cc`")
    lines: dict[str, int] = {}
    for contact, node in zip(contacts, place.items, strict=True):
        assert isinstance(node, MapNode)
        at, folded = node.entries["email"], contact.email.lower()
        if folded in lines:
            said = f"{contact.email} is already a contact of this client, in line {lines[folded]}: keep one of the two"
            report.wrong(at, said)
        lines.setdefault(folded, at.start_mark.line + 1)
        if ours is not None and folded == ours.lower():
            report.wrong(at, f"{contact.email} is your own address, from which the letters come: write the client's")
        if contact.from_level is not None and policy is not None:
            letters = tuple(level.letter for level in policy.levels if isinstance(level, LetterLevel))
            if contact.from_level not in letters:
                report.wrong(
                    node.entries["from_level"],
                    f"the policy `{policy.name}` has no letter `{contact.from_level}`"
                    f"{hint(contact.from_level, letters)}",
                )
