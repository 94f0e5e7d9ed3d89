"""What is read, filed and found in a real Dovecot, and whom we let in."""

import asyncio
import os
import time
import tracemalloc
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient

from daemon.adapters.imap import ImapMailbox
from daemon.ports import Cursor, ImapSettings, Security, Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import Reader, a_mail
from tests.real.imap_accounts import MakeDovecot, MakeMailbox, account, settings_for, started
from tests.real.servers import Account, Certificates, Dovecot, MailHouse


async def test_F30_after_a_change_of_uidvalidity_the_mails_are_found_again(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)
    for number in (1, 2):
        dovecot.put(user.username, a_mail(number))
    before = await reader.read()
    old = reader.cursors["INBOX"]
    await asyncio.sleep(1)  # Dovecot makes it from the time
    await asyncio.to_thread(dovecot.renew_uidvalidity, user.username)
    with pytest.raises(Unreachable):
        await reader.read()
    again = await reader.read()
    flagged = [batch.rescan for batch in reader.batches if batch.folder == "INBOX"]
    after = await reader.read()

    assert before == again == {"INBOX": [a_mail(1), a_mail(2)]}
    assert set(flagged) == {True}
    assert reader.cursors["INBOX"].uidvalidity != old.uidvalidity
    assert after == {}


async def test_F31_a_folder_deleted_from_under_us_is_told_with_those_that_are_there(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    dovecot.put(user.username, a_mail(0), "Clienti")
    mailbox = open_mailbox(dovecot, user, watch=("Clienti",))
    reader = await started(mailbox)
    dovecot.remove_folder(user.username, "Clienti")
    with pytest.raises(Unreachable) as told:
        await reader.read()

    assert told.value.ours
    assert "watch: there is no folder 'Clienti'" in str(told.value)
    assert "INBOX, Junk, Sent" in str(told.value)


async def test_F33_mails_stay_unseen_whatever_we_do(dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox) -> None:
    """And what a person has seen is read all the same."""
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)
    dovecot.put(user.username, a_mail(1))
    dovecot.put(user.username, a_mail(2), flags="S")
    dovecot.put(user.username, a_mail(3, body="x" * 3_000_000))
    found = await reader.read()
    await mailbox.find("<1@acme.example>")
    with IMAPClient("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context()) as other:
        other.login(user.username, user.password)
        other.select_folder("INBOX", readonly=True)
        unseen = other.search("UNSEEN")

    assert len(found["INBOX"]) == 3
    assert len(unseen) == 2


async def test_F34_what_was_there_before_the_first_start_is_not_read(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    for number in range(20):
        dovecot.put(user.username, a_mail(number))
    reader = Reader(open_mailbox(dovecot, user))
    first = await reader.read()
    dovecot.put(user.username, a_mail("new"))

    assert first == {}
    assert reader.cursors["INBOX"].uid == 20
    assert await reader.read() == {"INBOX": [a_mail("new")]}


async def test_F37_a_mail_of_sixty_megabytes_costs_the_memory_of_its_beginning(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)
    line = b"0123456789abcdef" * 4 + b"\r\n"
    raw = a_mail("large") + line * (60_000_000 // len(line))
    dovecot.put(user.username, a_mail("before"))
    dovecot.put(user.username, raw)
    dovecot.put(user.username, a_mail("after"))
    size, head = len(raw), raw[: raw.index(b"\r\n\r\n") + 4]
    start = raw[len(head) : len(head) + 262_144]
    del raw
    tracemalloc.start()
    await reader.read()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    small, large, last = reader.mails()

    assert (small.content, last.content) == (a_mail("before"), a_mail("after"))
    assert (large.size, large.whole) == (size, False)
    assert large.content == head + start
    assert peak < 8_000_000


async def test_F37_a_header_of_sixty_megabytes_is_cut_too(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)
    dovecot.put(user.username, b"From: x@acme.example\r\nX-Long: " + b"x" * 3_000_000 + b"\r\n\r\nbody\r\n")
    await reader.read()
    [mail] = reader.mails()

    assert not mail.whole
    assert len(mail.content) == 262_144
    assert mail.content.startswith(b"From: x@acme.example\r\n")


async def test_mails_delivered_while_we_read_are_found_by_the_same_read_or_the_next(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    """Each of 300 mails once, in the order of arrival, while a writer and a reader race."""
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)

    def write() -> None:
        for number in range(300):
            dovecot.put(user.username, a_mail(number))
            time.sleep(0.001)

    writing = asyncio.create_task(asyncio.to_thread(write))
    seen: list[bytes] = []
    while True:
        last = writing.done()
        seen += (await reader.read()).get("INBOX", [])
        if last:
            break

    assert sorted(seen) == sorted(a_mail(number) for number in range(300))


async def test_a_copy_in_sent_is_seen_dated_and_found(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    mailbox = open_mailbox(dovecot, user)
    reader = await started(mailbox)
    letter = a_mail("letter", date="Tue, 10 Nov 2026 09:30:00 +0100")
    assert not await mailbox.find("<letter@acme.example>")
    await mailbox.file_sent(letter)
    with IMAPClient("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context()) as other:
        other.login(user.username, user.password)
        other.normalise_times = False
        other.select_folder("Sent", readonly=True)
        [copy] = other.fetch([1], ["FLAGS", "INTERNALDATE"]).values()

    assert await mailbox.find("<letter@acme.example>")
    assert not await mailbox.find("<letter@acme.exampl>")
    assert b"\\Seen" in copy[b"FLAGS"]
    assert copy[b"INTERNALDATE"].astimezone(UTC) == datetime(2026, 11, 10, 8, 30, tzinfo=UTC)
    assert await reader.read() == {"Sent": [letter]}


@pytest.mark.parametrize("folder", ["INBOX", "Junk"])
async def test_F1_a_letter_is_found_by_its_message_id_wherever_it_lies(
    dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox, folder: str
) -> None:
    """Put there while another folder is open, and while it is."""
    mailbox = open_mailbox(dovecot, user)
    await started(mailbox)
    dovecot.put(user.username, a_mail('odd"(x)%*'), folder)
    first = await mailbox.find('<odd"(x)%*@acme.example>')
    dovecot.put(user.username, a_mail("second"), folder)

    assert first
    assert await mailbox.find("<second@acme.example>")


async def test_F12_a_certificate_of_another_authority_host_or_time_is_never_accepted(
    make_dovecot: MakeDovecot,
) -> None:
    """Only an expired one is not ours to mend; none of them gets the password."""
    asked: list[int] = []
    told: dict[str, set[bool]] = {}
    stranger = Certificates()
    for kind, presented in (
        ("authority", Certificates()),
        ("host", Certificates(names=("elsewhere.example.test",))),
        ("expired", Certificates(expired=True)),
    ):
        dovecot = make_dovecot(certificates=presented)
        ca_file = stranger.ca_file if kind == "authority" else dovecot.ca_file
        made = settings_for(dovecot, account(dovecot), ca_file=os.fspath(ca_file))
        for change in ({}, {"security": Security.STARTTLS, "port": dovecot.starttls_port}):
            stated = {name: getattr(made, name) for name in made.__slots__} | change
            mailbox = ImapMailbox(ImapSettings(**stated), lambda: asked.append(1) or PASSWORD, socket_timeout=10)  # type: ignore[arg-type, func-returns-value]
            with pytest.raises(Unreachable, match="certificate") as error:
                await mailbox.folders()
            told.setdefault(kind, set()).add(error.value.ours)
            await mailbox.close()

    assert told == {"authority": {True}, "host": {True}, "expired": {False}}
    assert asked == []


async def test_a_server_that_comes_back_is_read_again(make_dovecot: MakeDovecot, open_mailbox: MakeMailbox) -> None:
    dovecot = make_dovecot()
    user = account(dovecot)
    reader = await started(open_mailbox(dovecot, user))
    dovecot.stop()
    dovecot.put(user.username, a_mail(1))
    for _ in range(2):  # the line is gone; then nobody listens
        with pytest.raises(Unreachable) as told:
            await reader.read()
        assert not told.value.ours
    await asyncio.to_thread(dovecot.restart)

    assert await reader.read() == {"INBOX": [a_mail(1)]}


async def test_F36_reading_what_is_new_costs_the_same_in_a_folder_of_many(
    dovecot: Dovecot, mail_house: MailHouse, open_mailbox: MakeMailbox
) -> None:
    """20,000 mails below the cursor: none of them is listed or fetched."""
    user = mail_house.new_user("voll")
    raw = a_mail("old")
    for _ in range(20_000):
        dovecot.put(user.username, raw)
    mailbox = open_mailbox(dovecot, user, patience=60)
    reader = await started(mailbox)
    dovecot.put(user.username, a_mail("new"))
    found = await reader.read()

    assert found == {"INBOX": [a_mail("new")]}
    assert reader.cursors["INBOX"] == Cursor(reader.cursors["INBOX"].uidvalidity, 20_001)
