"""Mails that would have an invoice followed and must not: each proposes nothing.  See `attack_list`."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from tests.dkim_signed import signed
from tests.real.border import AUTHSERV_ID
from tests.real.owner_scene import EVIL, Scene, stamped

_SAMPLES = Path(__file__).parents[1] / "invoices"
_UBL = _SAMPLES / "ubl" / "invoice.xml"
_BOMBS = ("entity-bomb.xml", "external-entity.xml", "doctype-utf-16.xml", "deep.xml", "broken.xml", "plain.pdf")
_FORGED = f"{AUTHSERV_ID}; dkim=pass header.d=example.test; dmarc=pass header.from=example.test"


def a_sending(scene: Scene, *, tag: bool = True, file: Path | None = None, **changes: str) -> EmailMessage:
    """A mail with which she sends an invoice to somebody whom nobody knows, with a blind copy to the desk."""
    fields = {
        "From": f"Giulia Bianchi <{scene.owner}>",
        "To": f"somebody@{EVIL}",
        "Subject": "Your invoice" + (" [2026-099 1,220.00 EUR due 15/12/2026]" if tag else ""),
        **stamped(scene),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    mail = EmailMessage(policy=SMTP.clone(max_line_length=200))
    for name, value in fields.items():
        mail[name] = value
    mail.set_content("Please find our invoice attached.\n")
    if file is not None:
        mail.add_attachment(file.read_bytes(), "application", "xml", filename=file.name)
    return mail


def _any_sending(scene: Scene, **changes: str) -> EmailMessage:
    """By a tag, by a file, or by both."""
    which = scene.dice.randrange(3)
    return a_sending(scene, tag=which != 1, file=_UBL if which else None, **changes)


def _desk(scene: Scene) -> str:
    return scene.house.creditor.address


def an_invoice_forged(scene: Scene) -> None:
    """an invoice to be followed, in her name, sent by a stranger"""
    scene.border.silent = scene.dice.random() < 0.3
    mail = _any_sending(scene)
    scene.send(mail, sender=f"x@{EVIL}", to=_desk(scene), sign=scene.dice.choice(["", EVIL]))


def an_invoice_with_forged_results(scene: Scene) -> None:
    """the same, with results of her server brought along"""
    raw = bytes(_any_sending(scene))
    field = f"Authentication-Results: {_FORGED}\r\n".encode()
    hop = f"Received: from x by {AUTHSERV_ID} with LMTP; Mon, 2 Nov 2026 09:00:00 +0000\r\n".encode()
    raw = scene.dice.choice([field, hop + field, field + hop]) + raw
    scene.send(raw, sender=f"x@{EVIL}", to=_desk(scene), sign="")


def an_invoice_of_a_stranger(scene: Scene) -> None:
    """the same from a stranger, in his own name"""
    who = scene.dice.choice([f"giulia@{EVIL}", f"{scene.owner}.{EVIL}"])
    mail = _any_sending(scene, From=f"Giulia Bianchi <{who}>", Sender=scene.owner)
    scene.send(mail, sender=f"x@{EVIL}", to=_desk(scene), sign=EVIL)


def an_invoice_forwarded(scene: Scene) -> None:
    """an invoice that she forwards, or that lies in a mail which is attached to hers"""
    if scene.dice.random() < 0.5:
        subject = scene.dice.choice(["Fwd: ", "WG: ", "I: ", "TR: "]) + "[2026-099 1,220.00 EUR due 15/12/2026]"
        mail = a_sending(scene, file=_UBL, Subject=subject)
    else:
        mail = a_sending(scene, tag=False)
        mail.add_attachment(a_sending(scene, file=_UBL))
    scene.send(mail, to=_desk(scene))


def an_invoice_sent_on(scene: Scene) -> None:
    """a signed mail of hers with an invoice, sent on by somebody else"""
    raw = signed(bytes(_any_sending(scene)), domain="example.test")
    scene.send(f"Resent-From: x@{EVIL}\r\n".encode() + raw, sender=f"x@{EVIL}", to=_desk(scene), sign="")


def an_invoice_above_a_signed_mail(scene: Scene) -> None:
    """a signed mail of hers, another subject or addressee put above the signed one"""
    raw = signed(bytes(a_sending(scene, tag=False, Subject="Lunch?")), domain="example.test")
    on_top = [f"Subject: [{scene.dice.randrange(99)}-26 9.00 EUR due 15/12/2026]", f"To: other@{EVIL}"]
    kept = on_top[: scene.dice.randint(1, 2)]
    scene.send("".join(f"{one}\r\n" for one in kept).encode() + raw, sender=f"x@{EVIL}", to=_desk(scene), sign="")


def an_invoice_that_is_a_bomb(scene: Scene) -> None:
    """a file in a mail of hers that is no invoice, or would unpack to gigabytes or fetch something"""
    file = _SAMPLES / "hostile" / scene.dice.choice(_BOMBS)
    scene.send(a_sending(scene, tag=False, file=file), to=_desk(scene))


SENDINGS = (
    an_invoice_forged, an_invoice_with_forged_results, an_invoice_of_a_stranger, an_invoice_forwarded,
    an_invoice_sent_on, an_invoice_above_a_signed_mail,
    an_invoice_that_is_a_bomb,
)  # fmt: skip
