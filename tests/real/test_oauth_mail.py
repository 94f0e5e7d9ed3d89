"""Logging in to a real Dovecot and a real Postfix by tokens of a real authorization server."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.oauth_tokens import AccessTokens
from daemon.adapters.smtp import SmtpRelay
from daemon.ports import Accepted, Deferred, Fault, Parcel, Refused, Security, SmtpSettings, Unreachable
from tests.imap_desk import a_mail
from tests.real import clients
from tests.real.imap_accounts import MakeDovecot, account, settings_for, started
from tests.real.oauth_desk import everything_logged, logged_in
from tests.real.oauth_provider import OAuthProvider
from tests.real.servers import Account, Dovecot, MailHouse
from tests.smtp_parcels import send

MakeHouse = Callable[..., MailHouse]


@pytest.fixture
def provider(user: Account) -> Iterator[OAuthProvider]:
    with OAuthProvider(user.address) as running:
        yield running


@asynccontextmanager
async def mailbox_of(
    dovecot: Dovecot, user: Account, tokens: AccessTokens, provider: OAuthProvider, **changes: Any
) -> AsyncIterator[ImapMailbox]:
    stated = settings_for(dovecot, user, password=None, oauth=provider.oauth(), **changes)
    mailbox = ImapMailbox(stated, tokens.current, renew=tokens.renewed, socket_timeout=10)
    try:
        yield mailbox
    finally:
        await mailbox.close()


@asynccontextmanager
async def relay_of(
    house: MailHouse, user: Account, tokens: AccessTokens, provider: OAuthProvider, **changes: Any
) -> AsyncIterator[SmtpRelay]:
    stated: dict[str, Any] = {
        "host": "localhost",
        "port": house.postfix.starttls_port,
        "security": Security.STARTTLS,
        "username": user.username,
        "oauth": provider.oauth(),
        "per_minute": 0,
        "ca_file": str(house.ca_file),
    }
    relay = SmtpRelay(SmtpSettings(**(stated | changes)), tokens.current, renew=tokens.renewed, reply_timeout=20)
    try:
        yield relay
    finally:
        await relay.close()


def letter(user: Account, to: str, subject: str = "Reminder") -> Parcel:
    return Parcel(sender=user.address, recipient=to, content=clients.a_mail(subject), envelope_id="k1.t0ken")


async def test_one_log_in_opens_the_mailbox_and_the_relay(
    mail_house: MailHouse, user: Account, provider: OAuthProvider, tmp_path: Path
) -> None:
    client = mail_house.new_user("client")
    tokens = logged_in(provider, tmp_path)
    async with mailbox_of(mail_house.dovecot, user, tokens, provider) as mailbox:
        folders = await mailbox.folders()
    async with relay_of(mail_house, user, tokens, provider) as relay:
        answer = await send(relay, letter(user, client.address))

    assert folders["inbox"] == "INBOX"
    assert isinstance(answer, Accepted)
    assert provider.refreshes == 0
    await asyncio.to_thread(mail_house.dovecot.wait_for_mails, client.username)


async def test_oauthbearer_serves_where_nothing_else_is_offered(make_mail_house: MakeHouse, tmp_path: Path) -> None:
    """RFC 7628; aiosmtplib does not know it."""
    house = make_mail_house(dovecot_settings="auth_mechanisms = plain oauthbearer")
    user, client = house.new_user("fatture"), house.new_user("client")
    with OAuthProvider(user.address) as provider:
        tokens = logged_in(provider, tmp_path)
        async with mailbox_of(house.dovecot, user, tokens, provider) as mailbox:
            folders = await mailbox.folders()
        async with relay_of(house, user, tokens, provider) as relay:
            answer = await send(relay, letter(user, client.address))

    assert folders["inbox"] == "INBOX"
    assert isinstance(answer, Accepted)


async def test_a_server_that_takes_no_tokens_is_our_fault_and_says_which_setting(
    make_dovecot: MakeDovecot, tmp_path: Path
) -> None:
    dovecot = make_dovecot(settings="auth_mechanisms = plain")
    user = account(dovecot)
    with OAuthProvider(user.address) as provider:
        async with mailbox_of(dovecot, user, logged_in(provider, tmp_path), provider) as mailbox:
            with pytest.raises(Unreachable, match="offers no XOAUTH2 or OAUTHBEARER") as caught:
                await mailbox.folders()

    assert caught.value.ours


async def test_F27_a_session_that_ends_with_its_token_goes_on_with_a_new_one(
    dovecot: Dovecot, user: Account, provider: OAuthProvider, tmp_path: Path
) -> None:
    """In the middle of IDLE.  The mail that came meanwhile is read, and only one token was asked for."""
    provider.terms.lifetime = 3.0
    tokens = logged_in(provider, tmp_path)
    async with mailbox_of(dovecot, user, tokens, provider) as mailbox:
        reader = await started(mailbox)
        waiting = asyncio.create_task(mailbox.wait(30))
        await asyncio.sleep(3.2)  # the token has ended; Dovecot lets the session live, others do not
        provider.terms.lifetime = 3600.0
        assert not waiting.done()
        assert await asyncio.to_thread(dovecot.kick, user.username)
        with pytest.raises(Unreachable) as broken:
            await waiting
        dovecot.put(user.username, a_mail(1))
        found = await reader.read()

    assert not broken.value.ours  # an ordinary lost line: no alert
    assert found == {"INBOX": [a_mail(1)]}
    assert provider.refreshes == 1


async def test_a_token_that_has_ended_is_never_offered(
    mail_house: MailHouse, user: Account, provider: OAuthProvider, tmp_path: Path
) -> None:
    provider.terms.lifetime = 0.5
    tokens = logged_in(provider, tmp_path)
    time.sleep(0.6)
    provider.terms.lifetime = 3600.0
    client = mail_house.new_user("client")
    before = mail_house.dovecot.log().count("token expired")
    async with relay_of(mail_house, user, tokens, provider) as relay:
        answer = await send(relay, letter(user, client.address))

    assert isinstance(answer, Accepted)
    assert provider.refreshes == 1
    assert mail_house.dovecot.log().count("token expired") == before


@pytest.mark.parametrize("what", ["imap", "smtp"])
async def test_a_token_that_is_refused_before_its_time_is_replaced_once(
    mail_house: MailHouse, user: Account, provider: OAuthProvider, tmp_path: Path, what: str
) -> None:
    """The provider stated a longer life than it gave, as after a change of the password."""
    provider.terms.lifetime, provider.terms.stated = -10.0, 3600.0
    tokens = logged_in(provider, tmp_path)
    provider.terms.lifetime = 3600.0
    if what == "imap":
        async with mailbox_of(mail_house.dovecot, user, tokens, provider) as mailbox:
            assert (await mailbox.folders())["inbox"] == "INBOX"
    else:
        async with relay_of(mail_house, user, tokens, provider) as relay:
            assert isinstance(await send(relay, letter(user, mail_house.new_user("client").address)), Accepted)

    assert provider.refreshes == 1


async def test_F13_a_mailbox_that_the_token_does_not_open_is_our_fault_and_no_storm(
    mail_house: MailHouse, user: Account, provider: OAuthProvider, tmp_path: Path
) -> None:
    """However often it is tried, one new token is asked for; each refusal names the settings."""
    other = mail_house.new_user("other")
    tokens = logged_in(provider, tmp_path)
    client = mail_house.new_user("client")
    async with mailbox_of(mail_house.dovecot, other, tokens, provider) as mailbox:
        for _ in range(3):
            with pytest.raises(Unreachable) as caught:
                await mailbox.folders()
            assert caught.value.ours
            assert "check imap: username, auth: scopes" in str(caught.value)
    async with relay_of(mail_house, other, tokens, provider) as relay:
        answers = [await send(relay, letter(other, client.address)) for _ in range(3)]

    assert {type(answer) for answer in answers} == {Refused}
    assert {answer.fault for answer in answers if isinstance(answer, Refused)} == {Fault.OURS}
    assert "see smtp.username, auth.scopes" in str(answers[0])
    assert provider.refreshes == 1


async def test_a_token_with_the_wrong_scope_is_refused_with_what_the_server_says(
    make_dovecot: MakeDovecot, tmp_path: Path
) -> None:
    """The words are of the challenge that comes before the refusal: {"status": "401", "scope": "mail", ...}."""
    dovecot = make_dovecot(oauth_settings="scope = mail")
    user = account(dovecot)
    with OAuthProvider(user.address) as provider:
        tokens = logged_in(provider, tmp_path)
        async with mailbox_of(dovecot, user, tokens, provider) as mailbox:
            assert (await mailbox.folders())["inbox"] == "INBOX"
        provider.terms.grants = ("offline_access",)
        tokens.renewed(tokens.current())
        async with mailbox_of(dovecot, user, tokens, provider) as mailbox:
            with pytest.raises(Unreachable) as caught:
                await mailbox.folders()

    assert caught.value.ours
    assert "(status 401, scope mail)" in str(caught.value)


async def test_F65_a_revoked_log_in_is_told_and_asked_about_once(
    mail_house: MailHouse, user: Account, provider: OAuthProvider, tmp_path: Path
) -> None:
    """Letters wait; a new log-in ends it without a restart."""
    provider.terms.lifetime = 0.2
    tokens = logged_in(provider, tmp_path)
    provider.revoke_all()
    time.sleep(0.3)
    client = mail_house.new_user("client")
    async with (
        mailbox_of(mail_house.dovecot, user, tokens, provider) as mailbox,
        relay_of(mail_house, user, tokens, provider) as relay,
    ):
        for _ in range(3):
            with pytest.raises(Unreachable, match=r"the log-in counts no more, run `sollecito login`") as caught:
                await mailbox.folders()
            answer = await send(relay, letter(user, client.address))
            assert isinstance(answer, Deferred)
            assert answer.ours
        assert caught.value.ours
        assert provider.refreshes == 1
        assert tokens.revoked is not None

        provider.terms.lifetime = 3600.0
        logged_in(provider, tmp_path)
        folders = await mailbox.folders()
        answer = await send(relay, letter(user, client.address))

    assert folders["inbox"] == "INBOX"
    assert isinstance(answer, Accepted)
    assert tokens.revoked is None


async def test_no_token_is_logged_or_told_to_anyone(
    mail_house: MailHouse, user: Account, provider: OAuthProvider, tmp_path: Path
) -> None:
    """Whatever is logged at debug level by any library, and in every fault."""
    with everything_logged() as logged:
        tokens = logged_in(provider, tmp_path)
        first = tokens.current()
        async with mailbox_of(mail_house.dovecot, user, tokens, provider) as mailbox:
            await mailbox.folders()
        async with relay_of(mail_house, user, tokens, provider) as relay:
            await send(relay, letter(user, mail_house.new_user("client").address))
        other = mail_house.new_user("other")
        async with mailbox_of(mail_house.dovecot, other, tokens, provider) as mailbox:
            with pytest.raises(Unreachable) as caught:
                await mailbox.folders()
        second = tokens.current()
    kept = (tmp_path / "oauth.json").read_text()
    secrets = {first, second, *provider.kept.refresh_tokens, *provider.kept.used}

    assert first != second
    assert second in kept
    assert len(logged) > 3
    told = "\n".join((*logged, str(caught.value), repr(caught.value.__cause__), repr(tokens)))
    assert not [secret for secret in secrets if secret in told or secret[-40:] in told]
