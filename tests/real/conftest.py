"""Fixtures with real mail servers.  A missing server fails the test and says how to install it; nothing is skipped."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from daemon.adapters.imap import ImapMailbox
from tests.real.debian_machine import built_package
from tests.real.imap_accounts import MakeMailbox, settings_for
from tests.real.servers import Account, Certificates, Dovecot, MailHouse, Postfix, ServerDidNotStart

_HERE = Path(__file__).parent
Server = TypeVar("Server", MailHouse, Dovecot, Postfix)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the real servers, and says so by the mark `real`."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.real)


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    """One CA and certificate for all servers of the session."""
    return Certificates()


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our Debian package; only what runs in the group `systemd` takes it, so that it is built once."""
    return built_package(tmp_path_factory.mktemp("deb"))


@pytest.fixture(scope="session")
def mail_house(certificates: Certificates) -> Iterator[MailHouse]:
    """Postfix and Dovecot for the whole session (of each test worker): take a `new_user()`, change nothing else."""
    with ExitStack() as servers:
        yield _started(servers, MailHouse(certificates))


@pytest.fixture
def make_mail_house(certificates: Certificates) -> Iterator[Callable[..., MailHouse]]:
    """Houses of one's own, for tests that stop or change a server; arguments as of `MailHouse`."""
    with ExitStack() as servers:
        yield lambda **options: _started(servers, MailHouse(options.pop("certificates", certificates), **options))


@pytest.fixture
def make_dovecot(certificates: Certificates) -> Iterator[Callable[..., Dovecot]]:
    """A Dovecot of one's own, up in 0.15 s; arguments as of `Dovecot`."""
    with ExitStack() as servers:
        yield lambda **options: _started(servers, Dovecot(options.pop("certificates", certificates), **options))


@pytest.fixture
def make_postfix() -> Iterator[Callable[..., Postfix]]:
    """A Postfix of one's own in front of a given Dovecot; arguments as of `Postfix`."""
    with ExitStack() as servers:
        yield lambda dovecot, **options: _started(servers, Postfix(dovecot, **options))


def _started(servers: ExitStack, server: Server) -> Server:
    try:
        return servers.enter_context(server)
    except ServerDidNotStart as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
async def open_mailbox() -> AsyncIterator[MakeMailbox]:
    """Mailboxes that are closed after the test: `open_mailbox(dovecot, user, watch=("Clienti",))`."""
    made: list[ImapMailbox] = []

    def make(dovecot: Dovecot, user: Account, *, patience: float = 10, **changes: object) -> ImapMailbox:
        made.append(ImapMailbox(settings_for(dovecot, user, **changes), lambda: user.password, socket_timeout=patience))
        return made[-1]

    yield make
    for mailbox in made:
        await mailbox.close()


@pytest.fixture
def dovecot(mail_house: MailHouse) -> Dovecot:
    return mail_house.dovecot


@pytest.fixture
def user(mail_house: MailHouse) -> Account:
    return mail_house.new_user("fatture")


@pytest.fixture
def anna(mail_house: MailHouse) -> Account:
    """A client."""
    return mail_house.new_user("anna")
