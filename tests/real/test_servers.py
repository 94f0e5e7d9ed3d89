"""The harness itself: if one of these fails, distrust every other test in this folder."""

import asyncio
import email
import imaplib
import smtplib
import time
from collections.abc import Callable

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from tests.canary import PASSWORD
from tests.real.clients import a_mail, imap
from tests.real.servers import Account, Dovecot, MailHouse
from tests.smtp_peer import SmtpPeer


def test_a_mail_handed_in_with_starttls_and_log_in_arrives_in_the_inbox(mail_house: MailHouse) -> None:
    """smtplib -> Postfix -> LMTP -> Dovecot -> imapclient, every line verified by the CA."""
    owner, client = mail_house.new_user("owner"), mail_house.new_user("client")

    mail_house.submit(owner, client.address, a_mail("Reminder"))
    [mail] = mail_house.dovecot.wait_for_mails(client.username)

    assert b"Subject: Reminder" in mail
    assert b".a line with a dot" in mail
    with imap(mail_house.dovecot, client) as line:
        assert line.select_folder("INBOX", readonly=True)[b"EXISTS"] == 1


def test_a_mail_handed_in_over_implicit_tls_arrives(mail_house: MailHouse) -> None:
    owner, client = mail_house.new_user(), mail_house.new_user()
    context = mail_house.certificates.client_context()

    with smtplib.SMTP_SSL("localhost", mail_house.postfix.tls_port, context=context) as line:
        line.login(owner.username, owner.password)
        line.sendmail(owner.address, [client.address], a_mail())

    assert len(mail_house.dovecot.wait_for_mails(client.username)) == 1


def test_the_world_can_write_to_a_plus_address(mail_house: MailHouse) -> None:
    """A reply token after the + must not keep the mail from its mailbox."""
    owner = mail_house.new_user()

    mail_house.receive(a_mail(), owner.address.replace("@", "+token.abc@"))
    [mail] = mail_house.dovecot.wait_for_mails(owner.username)

    assert b"+token.abc@" in mail


def test_an_unknown_user_gives_a_real_delivery_report_in_the_senders_inbox(mail_house: MailHouse) -> None:
    """RFC 3464, written by Postfix, not by us."""
    owner, nobody = mail_house.new_user(), mail_house.unknown_address()

    mail_house.submit(owner, nobody, a_mail())
    [raw] = mail_house.dovecot.wait_for_mails(owner.username)
    report = email.message_from_bytes(raw)

    assert report.get_content_type() == "multipart/report"
    assert report["Return-Path"] == "<>"
    assert f"Final-Recipient: rfc822; {nobody}".encode() in raw
    assert b"Action: failed\n" in raw
    assert b"Status: 5.1.1\n" in raw


def test_the_plain_port_refuses_an_unknown_user_and_relaying(mail_house: MailHouse) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
        mail_house.receive(a_mail(), mail_house.unknown_address())
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="554"):
        mail_house.receive(a_mail(), "someone@elsewhere.test")


def test_nothing_is_submitted_without_log_in(mail_house: MailHouse) -> None:
    user = mail_house.new_user()
    with smtplib.SMTP("localhost", mail_house.postfix.starttls_port) as line:
        line.starttls(context=mail_house.certificates.client_context())

        with pytest.raises(smtplib.SMTPRecipientsRefused, match="Access denied"):
            line.sendmail(user.address, [user.address], a_mail())


def test_a_wrong_password_is_refused_by_both_servers(mail_house: MailHouse) -> None:
    user = mail_house.new_user()
    wrong = Account(address=user.address, username=user.username, password="wrong")

    with pytest.raises(smtplib.SMTPAuthenticationError, match="535"):
        mail_house.submit(wrong, user.address, a_mail())
    with pytest.raises(LoginError), imap(mail_house.dovecot, wrong):
        pass


def test_a_password_can_change_and_a_user_can_go(make_dovecot: Callable[..., Dovecot]) -> None:
    dovecot = make_dovecot()
    user = Account(address="a@example.test", username="a@example.test", password="new")
    dovecot.add_user(user.username, "old")
    with pytest.raises(LoginError), imap(dovecot, user):
        pass

    dovecot.change_password(user.username, "new")
    with imap(dovecot, user):
        pass
    dovecot.remove_user(user.username)
    with pytest.raises(smtplib.SMTPRecipientsRefused, match=r"5\.1\.1"):
        dovecot.deliver(a_mail(), user.address)


def test_an_oauth_token_logs_in_and_an_expired_one_does_not(mail_house: MailHouse) -> None:
    user, dovecot = mail_house.new_user(), mail_house.dovecot
    context = dovecot.certificates.client_context()

    with IMAPClient("localhost", dovecot.tls_port, ssl_context=context) as line:
        line.oauth2_login(user.username, dovecot.access_token(user.address))
    with IMAPClient("localhost", dovecot.tls_port, ssl_context=context) as line, pytest.raises(LoginError):
        line.oauth2_login(user.username, dovecot.access_token(user.address, lifetime=-60))


def test_greylisting_answers_450_and_later_accepts(mail_house: MailHouse) -> None:
    owner, client = mail_house.new_user(), mail_house.new_user()
    mail_house.postfix.answer_rcpt(client.address, "450 4.2.0 Greylisted, try again later")

    with pytest.raises(smtplib.SMTPRecipientsRefused, match="450"):
        mail_house.submit(owner, client.address, a_mail())
    mail_house.postfix.answer_rcpt(client.address, None)
    mail_house.submit(owner, client.address, a_mail())

    assert len(mail_house.dovecot.wait_for_mails(client.username)) == 1


async def test_hard_test_is_refused_downstream_and_the_report_carries_the_words_of_the_other_server(
    mail_house: MailHouse,
) -> None:
    owner = mail_house.new_user()

    async with SmtpPeer(rcpt="550 5.7.1 blocked by policy", port=mail_house.postfix.hard_port):
        await asyncio.to_thread(mail_house.submit, owner, "anna@hard.test", a_mail())
        [report] = await asyncio.to_thread(mail_house.dovecot.wait_for_mails, owner.username)

    assert b"Status: 5.7.1\n" in report
    assert b"blocked by policy" in report


async def test_soft_test_is_deferred_reported_as_delayed_and_delivered_in_the_end(mail_house: MailHouse) -> None:
    """F18's raw material: a DSN with `Action: delayed` is not a bounce."""
    owner = mail_house.new_user()

    async with SmtpPeer(rcpt="451 4.7.1 try later", port=mail_house.postfix.soft_port) as peer:
        await asyncio.to_thread(mail_house.submit, owner, "anna@soft.test", a_mail())
        [report] = await asyncio.to_thread(mail_house.dovecot.wait_for_mails, owner.username)
        peer.script["rcpt"] = "ok"
        [message] = await peer.wait_for()

    assert b"Action: delayed\n" in report
    assert message.recipients == ["anna@soft.test"]


def test_mail_to_a_dead_server_waits_in_the_queue(make_mail_house: Callable[..., MailHouse]) -> None:
    house = make_mail_house(delay_warning=3600)

    house.submit(house.new_user(), "anna@dead.test", a_mail())
    house.postfix.wait_for_log("status=deferred")

    assert house.postfix.queued() == 1
    assert "Connection refused" in house.postfix.log()


def test_mail_that_waited_too_long_comes_back_as_failed(make_mail_house: Callable[..., MailHouse]) -> None:
    """A 4.x.x status that is nevertheless final: `Action` decides."""
    house = make_mail_house(delay_warning=3600, give_up_after=1)
    owner = house.new_user()

    house.submit(owner, "anna@dead.test", a_mail())
    [report] = house.dovecot.wait_for_mails(owner.username)

    assert b"Action: failed\n" in report
    assert b"Status: 4.4.1\n" in report


@pytest.mark.parametrize("extension", ["DSN", "8BITMIME", "SIZE", "SMTPUTF8"])
def test_postfix_announces_what_the_letters_use(mail_house: MailHouse, extension: str) -> None:
    with smtplib.SMTP("localhost", mail_house.postfix.plain_port) as line:
        line.ehlo()

        assert line.has_extn(extension)


def test_a_house_can_hide_dsn_and_limit_sessions(make_mail_house: Callable[..., MailHouse]) -> None:
    """F10 and F28 on real servers."""
    house = make_mail_house(
        postfix_settings={"smtpd_discard_ehlo_keywords": "dsn"}, dovecot_settings="mail_max_userip_connections = 1"
    )
    user = house.new_user()

    with smtplib.SMTP("localhost", house.postfix.plain_port) as line:
        line.ehlo()
        assert not line.has_extn("DSN")
    with (
        imap(house.dovecot, user),
        pytest.raises((LoginError, imaplib.IMAP4.error), match="connections"),
        imap(house.dovecot, user),
    ):
        pass


def test_idle_is_announced_and_tells_of_a_new_mail(mail_house: MailHouse) -> None:
    user = mail_house.new_user()
    with imap(mail_house.dovecot, user) as line:
        assert line.has_capability("IDLE")
        line.select_folder("INBOX", readonly=True)
        line.idle()

        mail_house.dovecot.put(user.username, a_mail())
        answers = line.idle_check(timeout=5)
        line.idle_done()

    assert (1, b"EXISTS") in answers


def test_a_dovecot_can_lack_idle_condstore_and_special_use(make_dovecot: Callable[..., Dovecot]) -> None:
    """F29 on a real server."""
    dovecot = make_dovecot(without=("IDLE", "CONDSTORE", "QRESYNC"), special_use=False, folders={"Posta": ""})
    user = Account(address="a@example.test", username="a@example.test", password=PASSWORD)
    dovecot.add_user(user.username)

    with imap(dovecot, user) as line:
        assert not line.has_capability("IDLE")
        assert not line.has_capability("CONDSTORE")
        assert line.has_capability("MOVE")
        assert line.find_special_folder(b"\\Sent") is None
        assert {name for _, _, name in line.list_folders()} == {"INBOX", "Posta"}


def test_mail_put_into_a_folder_is_seen_there_in_order_and_read_back_as_it_was(mail_house: MailHouse) -> None:
    user, dovecot = mail_house.new_user(), mail_house.dovecot
    mails = [a_mail(f"number {number}") for number in range(3)]

    for mail in mails:
        dovecot.put(user.username, mail, "Junk")
    dovecot.deliver(a_mail("by LMTP"), user.address)

    assert dovecot.mails(user.username, "Junk") == mails
    assert len(dovecot.mails(user.username)) == 1
    with imap(dovecot, user) as line:
        assert line.find_special_folder(b"\\Junk") == "Junk"
        assert line.select_folder("Junk", readonly=True)[b"EXISTS"] == 3
        assert line.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"] == mails[0]


def test_a_kick_ends_the_session_and_a_new_uidvalidity_comes(mail_house: MailHouse) -> None:
    """F30 on a real server."""
    user, dovecot = mail_house.new_user(), mail_house.dovecot
    dovecot.put(user.username, a_mail())
    with imap(dovecot, user) as line:
        before = line.select_folder("INBOX", readonly=True)
    time.sleep(1.1)  # UIDVALIDITY is the time in seconds

    with IMAPClient("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context()) as line:
        line.login(user.username, user.password)
        dovecot.renew_uidvalidity(user.username)

        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            line.noop()
    with imap(dovecot, user) as line:
        after = line.select_folder("INBOX", readonly=True)

    assert after[b"UIDVALIDITY"] != before[b"UIDVALIDITY"]
    assert after[b"EXISTS"] == before[b"EXISTS"] == 1
