"""Answers as people's mail programs write them: each quotes in its own way, and some forget the thread."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from html import escape

from babel.dates import format_datetime as in_words

from daemon.demo.story import Manners


def parsed(content: bytes) -> EmailMessage:
    """A mail as a mail program sees it."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """The text part, or nothing."""
    part = mail.get_body(("plain",))
    return part.get_content().replace("\r\n", "\n") if part is not None else ""


def answer(
    mail: EmailMessage,
    words: str,
    *,
    name: str,
    address: str,
    message_id: str,
    at: datetime,
    manners: Manners,
    language: str,
    mailer: str = "gmail",
    subject: str = "",
    auto: bool = False,
) -> EmailMessage:
    """An answer to `mail`.

    Args:
        at: in the writer's own time zone.
        mailer: gmail, outlook, apple, or odd: one that names neither the mail it answers nor its thread.
        subject: with {subject} for that of the mail; "" for the usual prefix.
        auto: an autoresponder's (RFC 3834); it quotes nothing.
    """
    made = EmailMessage()
    asked = str(mail["Subject"])
    sender = mail["From"].addresses[0]
    made["From"] = _mailbox(name, address)
    made["To"] = _mailbox(sender.display_name, sender.addr_spec)
    made["Subject"] = subject.format(subject=asked) if subject else _answering(asked, manners.prefix)
    made["Date"] = format_datetime(at)
    made["Message-ID"] = message_id
    if mailer != "odd":
        made["In-Reply-To"] = str(mail["Message-ID"])
        made["References"] = f"{mail.get('References', '')} {mail['Message-ID']}".strip()
    if auto:
        made["Auto-Submitted"] = "auto-replied"
        made["X-Auto-Response-Suppress"] = "All"
        made.set_content(words)
        return made
    told = text_of(mail)
    text = f"{words}\n{_quoted(mail, told, manners, mailer, language)}"
    made.set_content(text, charset="windows-1254" if _fits(text, "windows-1254") and language == "tr" else "utf-8")
    if mailer in ("apple", "gmail"):
        made.add_alternative(_html(words, told, manners, mail, language), subtype="html")
    return made


def _mailbox(name: str, address: str) -> Address:
    return Address(name, addr_spec=address)


def _answering(subject: str, prefix: str) -> str:
    return subject if subject.lower().startswith(prefix.strip().lower()) else prefix + subject


def _quoted(mail: EmailMessage, told: str, manners: Manners, mailer: str, language: str) -> str:
    labels = manners.labels
    if mailer in ("outlook", "odd"):
        head = manners.original if mailer == "odd" else "_" * 32
        fields = (str(mail["From"]), _when(mail, language), str(mail["To"]), str(mail["Subject"]))
        lines = [f"{label}: {value}" for label, value in zip(labels, fields, strict=True)]
        return "\n".join([head, *lines, "", told])
    lines = [f"> {line}".rstrip() for line in told.splitlines()]
    return "\n".join([_wrote(mail, manners, language), "", *lines, ""])


def _wrote(mail: EmailMessage, manners: Manners, language: str) -> str:
    return manners.wrote.format(date=_when(mail, language), who=str(mail["From"]))


def _when(mail: EmailMessage, language: str) -> str:
    return in_words(mail["Date"].datetime, "EEE, d MMM y HH:mm", locale=language)


def _html(words: str, told: str, manners: Manners, mail: EmailMessage, language: str) -> str:
    new = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in words.splitlines())
    old = "<br>".join(escape(line) for line in told.splitlines())
    wrote = escape(_wrote(mail, manners, language))
    quoted = f'<div class="gmail_quote">{wrote}<blockquote type="cite">{old}</blockquote></div>'
    return f"<html><body>{new}<br>{quoted}</body></html>"


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
