"""Mails in which the owner of `tests.owner_house` sends an invoice by hand, with a blind copy to the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar

import yaml

from daemon.adapters.followed_file import path_of
from tests.owner_house import OWNER, PASSED, SERVER, OwnerHouse
from tests.virtual_time import run_virtually

T = TypeVar("T")

SAMPLES = Path(__file__).parent / "invoices"
ACME = "anna@acme.example"
TAG = "[2026-041 1,220.00 EUR due 15/12/2026]"
UBL = SAMPLES / "ubl" / "invoice.xml"  # 2026-101, 1220.00 EUR, due 2026-12-02


def a_sending(
    house: OwnerHouse, subject: str = f"Your invoice {TAG}", *files: Path | tuple[str, bytes], to: str = ACME,
    **changes: str | None,
) -> bytes:  # fmt: skip
    """What her mail program sends and her server delivers; a field of None is left out."""
    house.written += 1
    at = format_datetime(house.world.now())
    fields: dict[str, str | None] = {
        "Authentication-Results": PASSED,
        "Received": f"from mail.bianchi.example (mail.bianchi.example [192.0.2.7]) by {SERVER}; {at}",
        "From": f"Giulia Bianchi <{OWNER}>",
        "To": to,
        "Subject": subject,
        "Date": at,
        "Message-ID": f"<sent-{house.written}@mail.bianchi.example>",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    mail = EmailMessage(policy=SMTP)
    for name, value in fields.items():
        if value is not None:
            mail[name] = value
    mail.set_content("Dear Anna,\n\nplease find our invoice attached.\n\nKind regards\nGiulia Bianchi\n")
    for file in files:
        name, content = file if isinstance(file, tuple) else (file.name, file.read_bytes())
        subtype = "pdf" if name.endswith(".pdf") else "pkcs7-mime" if name.endswith(".p7m") else "xml"
        mail.add_attachment(content, "application", subtype, filename=name)
    return bytes(mail)


def played(life: Callable[[OwnerHouse], Awaitable[T]], folder: Path, house: OwnerHouse | None = None) -> T:
    async def all_of_it() -> T:
        here = house or OwnerHouse(folder=folder)
        await here.read()
        return await life(here)

    return run_virtually(all_of_it())


async def proposed(house: OwnerHouse, *mails: bytes, folder: str = "INBOX") -> EmailMessage | None:
    """Let mails be read, and return the alert that they lead to."""
    before = len(house.box.of("alert"))
    for mail in mails:
        house.world.deliver(mail, folder)
    await house.read()
    if (moment := await house.teller.tell()) is not None:
        await house.world.sleep_until(moment)
        await house.teller.tell()
    alerts = house.box.of("alert")
    return alerts[-1] if len(alerts) > before else None


def written(folder: Path) -> list[tuple[str, str, str]]:
    """What stands in the file: client, number and what is owed."""
    path = path_of(folder)
    rows = yaml.load(path.read_text(), yaml.BaseLoader) if path.exists() else []
    return [(row["client"], row["number"], row["total"]) for row in rows]


def squeezed(text: str) -> str:
    """A mail's text without the marks and breaks of its lines."""
    return " ".join(text.replace("|", " ").split())
