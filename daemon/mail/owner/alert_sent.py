"""The sections of an alert about invoices that the owner sent by hand: what was read, from where, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.domain import journal as j
from daemon.domain.incoming.intake import folded
from daemon.domain.reports.alert import SentNews
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.digest_parts import Section, Told
from daemon.mail.owner.digest_sheet import row
from daemon.mail.owner.digest_speech import Speech
from daemon.mail.owner.proposal_words import proposal_words, unclear_told

_MOST_LINES = 40  # of an invoice's YAML


def sent_sections(sent: Sequence[SentNews], more: int, speech: Speech) -> list[Section]:
    """All figures as they were read, as the YAML has them; then what there is to decide.

    Args:
        more: that are proposed as well, and of which only the digest tells.
    """
    if not sent:
        return []
    told = list(dict.fromkeys(one for news in sent for one in _told(news, speech)))  # one stranger, several invoices
    told += [Told(head=speech.say("sent_more", n=more))] if more else []
    made = [Section(title=speech.say("sent"), told=tuple(told))]
    rows = tuple(row(news.decide, speech, proposal_words(news.decide, speech)) for news in sent if news.decide)
    if rows:
        hint = speech.say("decide_reply" if speech.by_mail else "decide_how")
        made.append(Section(title=speech.say("decide"), hint=hint, rows=rows))
    return made


def _told(news: SentNews, speech: Speech) -> list[Told]:
    entry = news.entry
    if isinstance(entry, j.SendingUnclear):
        return [unclear_told(entry, speech)]
    lines = [f"number: {entry.number}", *(line.removeprefix("  ") for line in entry.yaml)]
    source = speech.quoted(entry.source) or speech.say("sent_tag")
    named = news.decide.name if news.decide else ""
    other = entry.buyer and folded(entry.buyer) not in map(folded, named.split(", "))
    if other:
        lines.append(f"# {speech.say('sent_buyer', name=speech.quoted(entry.buyer))}")
    if entry.seller:
        lines.append(f"# {speech.say('sent_seller', name=speech.quoted(entry.seller))}")
    if entry.iban:
        lines.append(f"# {speech.say('sent_account', iban=entry.iban)}")
    if entry.source.lower().endswith(".p7m"):
        lines.append(f"# {speech.say('sent_signed')}")
    if entry.pdf:
        lines.append(f"# {speech.say('sent_pdf', name=speech.quoted(entry.pdf))}")
    told = [Told(head=speech.say("sent_read", what=entry.number, source=source), quote=_lines(lines))]
    if entry.stranger:
        told.append(Told(head=speech.say("sent_stranger"), quote=_lines(entry.stranger)))
    return told


def _lines(lines: Sequence[str]) -> str:
    shown = [
        clean(line) if not line.startswith(" ") else f"{_indent(line)}{clean(line)}" for line in lines[:_MOST_LINES]
    ]
    return "\n".join([*shown, *(["…"] if len(lines) > _MOST_LINES else [])])


def _indent(line: str) -> str:
    return "\u00a0" * (len(line) - len(line.lstrip(" ")))
