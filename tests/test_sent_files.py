"""Which parts of a mail are looked at for invoices, and that their octets are what was attached."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from daemon.mail.octets.parse import parse
from daemon.mail.orders.sent_files import MOST_OCTETS, SentFile, sent_files

OCTETS = bytes(range(256)) * 40 + b"\r\n\r\n\n\r"


def a_mail(*files: tuple[str, str, bytes]) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "giulia@bianchi.example", "Invoice"
    mail.set_content("Attached.\n")
    for name, kind, content in files:
        main, sub = kind.split("/")
        mail.add_attachment(content, main, sub, filename=name)
    return mail


def files(mail: EmailMessage | bytes) -> tuple[SentFile, ...]:
    return sent_files(parse(bytes(mail), MOST_OCTETS))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", "application/pdf"),
        ("a.XML", "application/octet-stream"),
        ("IT01_1.xml.p7m", "application/pkcs7-mime"),
        ("Übersicht è.pdf", "application/pdf"),
        ("a.bin", "application/xml"),
    ],
)
def test_the_octets_are_what_was_attached_and_the_name_is_its_own(name: str, kind: str) -> None:
    assert files(a_mail((name, kind, OCTETS))) == (SentFile(name, OCTETS),)


def test_other_parts_are_none() -> None:
    """Pictures, the mail's own signature, and texts; and no part of a mail that is attached."""
    mail = a_mail(
        ("logo.png", "image/png", OCTETS),
        ("smime.p7s", "application/pkcs7-signature", OCTETS),
        ("smime.p7m", "application/pkcs7-mime", OCTETS),
        ("list.csv", "application/octet-stream", b"a;b\n"),
    )
    mail.add_attachment(a_mail(("a.xml", "application/xml", b"<a/>")))

    assert files(mail) == ()


def test_a_name_is_no_path_and_has_no_breaks() -> None:
    [found] = files(a_mail(("../../etc/a\u202e.xml", "application/xml", b"<a/>")))

    assert found.name == "a.xml"


def test_so_many_as_one_sends_at_a_time() -> None:
    many = [(f"{n}.xml", "application/xml", b"<a/>") for n in range(30)]

    assert len(files(a_mail(*many))) == 10


def test_an_attachment_of_a_megabyte_is_whole() -> None:
    content = OCTETS * 130  # 1.3 MB

    assert files(a_mail(("a.pdf", "application/pdf", content))) == (SentFile("a.pdf", content),)
