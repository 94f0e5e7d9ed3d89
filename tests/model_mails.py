"""What clients, their servers and strangers mail to the daemon of the model test."""

from __future__ import annotations

from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from daemon.demo.bounce import delivery_report

DESK = "fatture@bianchi.example"
SAYS = {
    "question": "Good morning, could you send me the purchase order number?",
    "promise": "Hello, we will pay the full amount on {day}.",
    "paid": "Hello, we have already paid this invoice by bank transfer last week.",
    "dispute": "We do not accept this invoice: four hours were never worked.",
    "stop": "Please stop writing to us.",
    "cannot-pay": "Unfortunately we cannot pay at the moment.",
    "unclear": "Dear Giulia, the geese have left the lake again, best wishes.",
}


def from_a_person(
    sender: str, said: str, serial: int, at: datetime, *, day: date | None = None, about: str = "", answers: str = ""
) -> bytes:
    """A person's mail.

    Args:
        said: a key of `SAYS`.
        about: an invoice's number for the subject.
        answers: the Message-ID of the letter that it answers.
    """
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Somebody <{sender}>", DESK
    mail["Subject"] = f"Invoice {about}" if about else "Hello"
    mail["Message-ID"], mail["Date"] = message_id(serial, sender), format_datetime(at)
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    day_said = f"{day.day} {day:%B %Y}" if day else ""
    mail.set_content(SAYS[said].format(day=day_said))
    return mail.as_bytes()


def message_id(serial: int, sender: str) -> str:
    return f"<model.{serial}@{sender.rpartition('@')[2]}>"


def away(sender: str, serial: int, at: datetime, back: date, answers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Somebody <{sender}>", DESK, "Automatic reply: Invoice"
    mail["Message-ID"], mail["Date"] = message_id(serial, sender), format_datetime(at)
    mail["Auto-Submitted"] = "auto-replied"
    mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(f"I am out of the office until {back.day} {back:%B %Y}.")
    return mail.as_bytes()


def bounce(letter: bytes, recipient: str, serial: int, at: datetime) -> bytes:
    """That an address is dead, with the letter that came back."""
    host = "mx." + recipient.rpartition("@")[2]
    return delivery_report(letter, sender=DESK, recipient=recipient, host=host, serial=serial, at=at)


def forged_bounce(recipient: str, serial: int, at: datetime) -> bytes:
    """The same from somebody who has never seen a letter of ours."""
    letter = f"From: {DESK}\r\nTo: {recipient}\r\nMessage-ID: <x.{serial}@bianchi.example>\r\n\r\nReminder\r\n"
    return bounce(letter.encode(), recipient, serial, at)


def by_the_owner(to: str, serial: int, at: datetime, answers: str, number: str) -> bytes:
    """A copy in Sent of what the owner wrote to a client with her mail program."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Giulia Bianchi <{DESK}>", to, f"Re: Invoice {number}"
    mail["Message-ID"], mail["Date"] = message_id(serial, DESK), format_datetime(at)
    mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content("Dear Anna, let us talk about it on the telephone.")
    return mail.as_bytes()
