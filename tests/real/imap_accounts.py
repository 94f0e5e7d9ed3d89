"""Users of a real Dovecot, and mailboxes that read them."""

from collections.abc import Callable

from daemon.adapters.imap import ImapMailbox
from daemon.ports import ImapSettings, Security
from tests.canary import PASSWORD
from tests.imap_desk import Reader, settings
from tests.real.servers import Account, Dovecot

MakeDovecot = Callable[..., Dovecot]
MakeMailbox = Callable[..., ImapMailbox]


def settings_for(dovecot: Dovecot, user: Account, **changes: object) -> ImapSettings:
    stated: dict[str, object] = {"security": Security.TLS, "ca_file": dovecot.ca_file, "username": user.username}
    return settings(**({"port": dovecot.tls_port} | stated | changes))  # type: ignore[arg-type]


def account(dovecot: Dovecot, name: str = "fatture") -> Account:
    """A user of a Dovecot of one's own."""
    address = f"{name}@example.test"
    dovecot.add_user(address)
    return Account(address=address, username=address, password=PASSWORD)


async def started(mailbox: ImapMailbox) -> Reader:
    """A reader that has set its cursors."""
    reader = Reader(mailbox)
    await reader.read()
    return reader
