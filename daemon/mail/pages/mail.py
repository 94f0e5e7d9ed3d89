"""A mail for the pages: its head and its words, as text, whatever its author put into it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.mail.letters.sheet import clean
from daemon.mail.octets.parse import Mail, parse
from daemon.mail.pages.names import mail_page
from daemon.mail.pages.view import MailView, Page
from daemon.mail.pages.words import Words

INLINE = 6_000  # characters of a mail among others; a longer one has a page of its own
# What turns the letters around it, or is no letter: shown as a mark, so that nobody is misled by what is not seen.
_AMISS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff]")
_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_BLANK = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """A mail that fills a page."""

    view: MailView
    new_words: str  # titles
    whole: str


def mail_view(raw: bytes, new_words: str, words: Words, name: str, language: str = "") -> tuple[MailView, Page | None]:
    """A mail as it stands in a timeline, and its own page where it is too long to stand there as a whole.

    Args:
        new_words: without what is quoted and signed; "" for a letter of ours.
        name: in the archive.
        language: of a letter of ours.
    """
    mail = parse(raw)
    text = block(mail.text)
    said = block(new_words)
    facts = _head(mail, words)
    whole = MailView(facts=facts, words=said if said != text else "", text=text, language=language)
    if len(text) <= INLINE:
        return whole, None
    file = mail_page(name)
    title = clean(mail.subject) or words.say("mail_whole")
    body = MailPage(view=whole, new_words=words.say("mail_new"), whole=words.say("mail_whole"))
    page = Page(file=file, template="mail", title=title, body=body)
    cut = MailView(
        facts=facts,
        words=f"{said[:INLINE]}…" if len(said) > INLINE else said,
        text=f"{text[:INLINE].rstrip()}…",
        language=language,
        more=words.say("mail_more", n=words.number(len(text) - INLINE)),
        more_href=file,
    )
    return cut, page


def block(text: str) -> str:
    """Text of several lines, with nothing in it that cannot be seen."""
    lines = _AMISS.sub("\ufffd", _ENDS.sub("\n", text))
    return _BLANK.sub("\n\n", lines).strip("\n ")


def _head(mail: Mail, words: Words) -> tuple[tuple[str, str], ...]:
    sent = words.local(mail.sent_at) if mail.sent_at else ""
    facts = (
        ("mail_from", clean(mail.author)),
        ("mail_to", clean(mail.headers.decoded("to"))),
        ("mail_date", sent),
        ("mail_subject", clean(mail.subject)),
    )
    return tuple((words.say(label), value[:500]) for label, value in facts if value)
