"""The mailbox against a real Dovecot."""

import asyncio
import email
import time

import pytest
from imapclient import IMAPClient

from daemon.adapters.imap import ImapMailbox
from daemon.ports import Security, Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import a_mail
from tests.real.imap_accounts import MakeDovecot, MakeMailbox, account, settings_for, started
from tests.real.line_proxy import LineProxy, Rules
from tests.real.servers import Account, Dovecot, MailHouse


async def test_an_answer_is_seen_within_a_second_by_idle(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    """Half of it is Dovecot's own delay.  Twice, for the second IDLE begins in another state than the first."""
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)
    for number in (1, 2):
        waiting = asyncio.create_task(mailbox.wait(30))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        begin = time.monotonic()
        await asyncio.to_thread(dovecot.deliver, a_mail(number), user.address)
        await asyncio.wait_for(waiting, 10)
        found = await reader.read()
        took = time.monotonic() - begin

        assert [email.message_from_bytes(raw)["Message-ID"] for raw in found["INBOX"]] == [f"<{number}@acme.example>"]
        assert took < 1.0


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.NONE])
async def test_an_answer_is_seen_by_idle_over_starttls_and_in_clear_text_on_the_loopback(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox, security: Security
) -> None:
    mailbox = open_mailbox(dovecot, user, port=dovecot.starttls_port, security=security)
    reader = await started(mailbox)
    waiting = asyncio.create_task(mailbox.wait(30))
    await asyncio.sleep(0.2)
    dovecot.put(user.username, a_mail(1))
    await asyncio.wait_for(waiting, 10)

    assert await reader.read() == {"INBOX": [a_mail(1)]}


async def test_F29_without_idle_the_mailbox_is_polled(make_dovecot: MakeDovecot, open_mailbox: MakeMailbox) -> None:
    dovecot = make_dovecot(without=("IDLE", "CONDSTORE", "QRESYNC", "SPECIAL-USE", "UIDPLUS", "MOVE"))
    user = account(dovecot)
    mailbox = open_mailbox(dovecot, user, poll_seconds=1)
    reader = await started(mailbox)
    dovecot.put(user.username, a_mail(1))
    begin = time.monotonic()
    await mailbox.wait(60)
    took = time.monotonic() - begin

    assert await reader.read() == {"INBOX": [a_mail(1)]}
    assert 0.9 <= took < 5


async def test_F32_junk_sent_and_the_watched_folders_are_read_too(
    make_dovecot: MakeDovecot, open_mailbox: MakeMailbox
) -> None:
    """Named by custom and by the config; in modified UTF-7 on the wire."""
    dovecot = make_dovecot(folders={})
    user = account(dovecot)
    with IMAPClient("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context()) as other:
        other.login(user.username, user.password)
        for name in ("Elementi inviati", "Posta indesiderata", "Città è & qui"):
            other.create_folder(name)
        mailbox = open_mailbox(dovecot, user, watch=("Città è & qui",))
        reader = await started(mailbox)
        for number, folder in enumerate(("INBOX", "Posta indesiderata", "Elementi inviati", "Città è & qui")):
            other.append(folder, a_mail(number))
    found = await reader.read()

    assert await mailbox.folders() == {
        "inbox": "INBOX",
        "junk": "Posta indesiderata",
        "sent": "Elementi inviati",
        "watch:Città è & qui": "Città è & qui",
    }
    assert found == {
        "INBOX": [a_mail(0)],
        "Posta indesiderata": [a_mail(1)],
        "Elementi inviati": [a_mail(2)],
        "Città è & qui": [a_mail(3)],
    }


async def test_special_use_goes_before_a_name_that_custom_knows(
    make_dovecot: MakeDovecot, open_mailbox: MakeMailbox
) -> None:
    dovecot = make_dovecot(folders={"Sent": "", "Versandt": "\\Sent", "Spam": "", "Unrat": "\\Junk"})

    folders = await open_mailbox(dovecot, account(dovecot)).folders()

    assert folders == {"inbox": "INBOX", "junk": "Unrat", "sent": "Versandt"}


async def test_F24_a_kicked_session_is_unreachable_and_nothing_is_missed(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)
    waiting = asyncio.create_task(mailbox.wait(30))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(dovecot.kick, user.username)
    with pytest.raises(Unreachable) as told:
        await asyncio.wait_for(waiting, 10)
    dovecot.put(user.username, a_mail(1))

    assert not told.value.ours
    assert await reader.read() == {"INBOX": [a_mail(1)]}


async def test_F22_a_black_hole_before_a_real_server(dovecot: Dovecot, user: Account) -> None:
    """TLS all the way: the answer to DONE never comes, and the next connection reads what was missed."""
    async with LineProxy(dovecot.tls_port) as line:
        made = settings_for(dovecot, user, port=line.port)
        mailbox = ImapMailbox(made, lambda: user.password, socket_timeout=1.0, idle_slice=1.5)
        reader = await started(mailbox)
        waiting = asyncio.create_task(mailbox.wait(3600))
        await asyncio.sleep(0.5)  # until it idles
        line.hold()
        dovecot.put(user.username, a_mail(1))
        with pytest.raises(Unreachable):
            await asyncio.wait_for(waiting, 10)
        line.release()
        found = await reader.read()
        await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}


@pytest.mark.parametrize("how", ["close", "reset"])
async def test_F26_a_line_cut_within_an_answer_loses_nothing_and_doubles_nothing(
    dovecot: Dovecot, user: Account, how: str
) -> None:
    """60 mails of 50 KB; the first connection is cut after 1 MB and in pieces of odd length."""
    rules = Rules(cut_after=1_000_000, how=how, pieces=1_371, gap=0)  # type: ignore[arg-type]
    async with LineProxy(dovecot.tls_port, down=rules, times=1) as line:
        made = settings_for(dovecot, user, port=line.port)
        mailbox = ImapMailbox(made, lambda: user.password, socket_timeout=10)
        reader = await started(mailbox)
        for number in range(60):
            dovecot.put(user.username, a_mail(number, body="x" * 50_000))
        with pytest.raises(Unreachable):
            await reader.read()
        taken = [mail.content for mail in reader.mails()]
        rest = await reader.read()
        await mailbox.close()

    assert [*taken, *rest["INBOX"]] == [a_mail(number, body="x" * 50_000) for number in range(60)]


async def test_a_refused_login_is_our_fault_and_names_the_settings_but_not_the_password(
    dovecot: Dovecot, user: Account
) -> None:
    mailbox = ImapMailbox(settings_for(dovecot, user), lambda: f"not-{PASSWORD}", socket_timeout=10)
    with pytest.raises(Unreachable) as told:
        await mailbox.folders()
    await mailbox.close()

    assert told.value.ours
    assert "imap: username" in str(told.value)
    assert "env: IMAP_PASSWORD" in str(told.value)
    assert PASSWORD not in str(told.value)


async def test_a_new_password_is_asked_for_at_each_log_in(dovecot: Dovecot, user: Account) -> None:
    """The owner corrects it while we run."""
    answers = iter(["wrong", user.password])
    mailbox = ImapMailbox(settings_for(dovecot, user), lambda: next(answers), socket_timeout=10)
    with pytest.raises(Unreachable):
        await mailbox.folders()

    assert (await mailbox.folders())["inbox"] == "INBOX"
    await mailbox.close()


async def test_a_password_that_login_cannot_carry_goes_by_plain(mail_house: MailHouse, dovecot: Dovecot) -> None:
    user = mail_house.new_user("fatture", password='grüße "und\\mehr')
    mailbox = ImapMailbox(settings_for(dovecot, user), lambda: user.password, socket_timeout=10)

    assert (await mailbox.folders())["sent"] == "Sent"
    await mailbox.close()
