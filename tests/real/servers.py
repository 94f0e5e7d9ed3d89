"""The mail house: a real Postfix and a real Dovecot, wired to each other, and users of their own for every test."""

import itertools
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.canary import PASSWORD
from tests.real.dovecot import FOLDERS, Dovecot
from tests.real.postfix import DOMAIN, Postfix
from tests.real.tls import Certificates
from tests.real.workplace import ServerDidNotStart

__all__ = ["DOMAIN", "FOLDERS", "Account", "Certificates", "Dovecot", "MailHouse", "Postfix", "ServerDidNotStart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One user of the mail house: gets mail at `address`, logs in to IMAP and SMTP with `username` and `password`."""

    address: str
    username: str
    password: str


class MailHouse:
    """Both servers, up and wired.  The fixture `mail_house` is one for the whole session; take `new_user()`s from it.

    Args: see `Dovecot` and `Postfix`; a house of its own costs about half a second.
    """

    def __init__(
        self,
        certificates: Certificates | None = None,
        *,
        without: tuple[str, ...] = (),
        special_use: bool = True,
        folders: Mapping[str, str] = FOLDERS,
        dovecot_settings: str = "",
        postfix_settings: Mapping[str, str] | None = None,
        routes: Mapping[str, int] | None = None,
        delay_warning: int = 2,
        give_up_after: int = 60,
    ) -> None:
        self.certificates = certificates or Certificates()
        self.dovecot = Dovecot(
            self.certificates, without=without, special_use=special_use, folders=folders, settings=dovecot_settings
        )
        self.postfix = Postfix(
            self.dovecot,
            settings=postfix_settings,
            routes=routes,
            delay_warning=delay_warning,
            give_up_after=give_up_after,
        )
        self.host = "localhost"
        self.ca_file = self.certificates.ca_file
        self._serial = itertools.count(1)

    def __enter__(self) -> Self:
        self.dovecot.__enter__()
        try:
            self.postfix.__enter__()
        except BaseException:
            self.dovecot.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.postfix.__exit__(kind, error, trace)
        self.dovecot.__exit__(kind, error, trace)

    def new_user(self, name: str = "user", *, password: str = PASSWORD) -> Account:
        """A user nobody has seen before, with an empty mailbox: `name` and a number."""
        address = f"{name}{next(self._serial)}@{DOMAIN}"
        self.dovecot.add_user(address, password)
        self.postfix.add_recipient(address)
        return Account(address=address, username=address, password=password)

    def unknown_address(self, name: str = "nobody") -> str:
        """An address of our domain that no user has."""
        return f"{name}{next(self._serial)}.unknown@{DOMAIN}"

    def submit(self, sender: Account, to: str, raw: bytes) -> None:
        """Send a mail as a person's mail program does: STARTTLS, log in, hand it in.

        Raises:
            smtplib.SMTPException: Postfix refused it.
        """
        with smtplib.SMTP("localhost", self.postfix.starttls_port, timeout=20) as line:
            line.starttls(context=self.certificates.client_context())
            line.login(sender.username, sender.password)
            line.sendmail(sender.address, [to], raw)

    def receive(self, raw: bytes, to: str, *, sender: str = "someone@client.test") -> None:
        """Let a mail from outside come in through Postfix's plain port."""
        self.postfix.deliver(raw, to, sender=sender)
