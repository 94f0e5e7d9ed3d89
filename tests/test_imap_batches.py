"""Reading in batches: other folders, vanished mails, odd answers, and where a read ends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.imap_read import ASKED
from daemon.ports import Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import Reader, a_mail, settings
from tests.imap_peer import Conversation, ImapPeer

TODAY = date(2026, 11, 16)


@pytest.fixture
async def peer() -> AsyncIterator[ImapPeer]:
    async with ImapPeer() as peer:
        yield peer


@pytest.fixture
async def mailbox(peer: ImapPeer) -> AsyncIterator[ImapMailbox]:
    mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5, today=lambda: TODAY)
    yield mailbox
    await mailbox.close()


async def test_other_folders_are_opened_only_when_uidnext_moved(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    """Also when the mails up to UIDNEXT are gone: they are looked for once."""
    reader = Reader(mailbox)
    await reader.read()
    peer.folders["Sent"].add(a_mail(1))
    peer.folders["Sent"].mails.clear()
    peer.heard.clear()
    for _ in range(3):
        assert await reader.read() == {}
    opened = [line for line in peer.heard if line.startswith("EXAMINE")]

    assert opened == ['EXAMINE "Sent"', 'EXAMINE "INBOX"']


async def test_after_a_read_of_other_folders_the_inbox_is_open_again(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    """So that the wait listens at once, and to the inbox."""
    reader = Reader(mailbox)
    await reader.read()
    peer.folders["Junk"].add(a_mail(1))
    await reader.read()
    waiting = asyncio.create_task(mailbox.wait(60))
    await asyncio.wait_for(peer.idling.wait(), 5)
    peer.folders["INBOX"].add(a_mail(2))
    await peer.announce("* 1 EXISTS\r\n")
    await asyncio.wait_for(waiting, 5)

    assert await reader.read() == {"INBOX": [a_mail(2)]}


async def test_a_read_from_an_older_cursor_finds_again_what_was_not_recorded(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """The disk was full: the batch was given and never made durable."""
    reader = Reader(mailbox)
    await reader.read()
    before = dict(reader.cursors)
    peer.folders["Sent"].add(a_mail(1))
    first = await reader.read()
    reader.cursors = before
    second = await reader.read()

    assert first == second == {"Sent": [a_mail(1)]}


@pytest.mark.parametrize("answer", ["OK done", "NO [EXPUNGEISSUED] Some of the requested messages no longer exist"])
async def test_a_mail_expunged_between_search_and_fetch_is_passed_over(
    peer: ImapPeer, mailbox: ImapMailbox, answer: str
) -> None:
    """Dovecot says NO and gives the others; another server says OK."""

    async def expunged(line: Conversation, tag: str, arguments: str) -> bool:
        if "BODY" not in arguments:
            return False
        inbox.mails.pop(2, None)
        await peer._fetch(line, arguments)
        await line.say(f"{tag} {answer}\r\n")
        return True

    inbox = peer.folders["INBOX"]
    reader = Reader(mailbox)
    await reader.read()
    for number in (1, 2, 3):
        inbox.add(a_mail(number))
    peer.scripts["UID FETCH"] = expunged
    found = await reader.read()

    assert found == {"INBOX": [a_mail(1), a_mail(3)]}
    assert reader.cursors["INBOX"].uid == 3
    assert peer.connections == 1


async def test_answers_in_unusual_forms_are_read_as_well(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    """A quoted string for a short mail, flags told unasked, items in another order."""

    async def unusual(line: Conversation, tag: str, arguments: str) -> bool:
        if "BODY" in arguments:
            await line.say(b"* 1 FETCH (BODY[] {%d}\r\n" % len(a_mail(1)) + a_mail(1) + b" UID 1 FLAGS (\\Recent))\r\n")
            await line.say('* 2 FETCH (FLAGS (\\Seen) UID 2 BODY[] "From: \\"A\\" <a@b.example>")\r\n')
        else:
            await line.say("* 1 FETCH (RFC822.SIZE 100 UID 1)\r\n* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 23)\r\n")
        await line.say(f"* 2 FETCH (FLAGS (\\Answered))\r\n{tag} OK done\r\n")
        return True

    reader = Reader(mailbox)
    await reader.read()
    for number in (1, 2):
        peer.folders["INBOX"].add(a_mail(number))
    peer.scripts["UID FETCH"] = unusual
    found = await reader.read()

    assert found == {"INBOX": [a_mail(1), b'From: "A" <a@b.example>']}
    assert [mail.size for mail in reader.mails()] == [100, 23]


async def test_F38_a_mail_that_the_server_cannot_give_is_told_as_such_and_the_folder_goes_on(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    async def broken(line: Conversation, tag: str, arguments: str) -> bool:
        if "BODY" not in arguments:
            return False
        spoilt = inbox.mails.pop(2)
        await peer._fetch(line, arguments)
        inbox.mails[2] = spoilt
        await line.say(f"{tag} NO [SERVERBUG] cannot read message\r\n")
        return True

    inbox = peer.folders["INBOX"]
    reader = Reader(mailbox)
    await reader.read()
    for number in (1, 2, 3):
        inbox.add(a_mail(number))
    peer.scripts["UID FETCH"] = broken
    for _ in range(ASKED - 1):  # it may be given the next time
        with pytest.raises(Unreachable, match="gives nothing of mail 2"):
            await reader.read()
    await reader.read()

    assert [(mail.uid, mail.whole, mail.content != b"") for mail in reader.mails()] == [
        (1, True, True),
        (2, False, False),
        (3, True, True),
    ]


async def test_a_mail_moved_into_the_inbox_while_the_others_are_read_is_found(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """The inbox is searched last of all: its last batch says what the whole read could see."""

    async def moves(line: Conversation, tag: str, arguments: str) -> bool:
        if "Junk" in arguments and junk.mails:
            inbox.add(junk.mails.popitem()[1])
        return False

    inbox, junk = peer.folders["INBOX"], peer.folders["Junk"]
    reader = Reader(mailbox)
    await reader.read()
    junk.add(a_mail(1))
    peer.scripts["STATUS"] = moves
    found = await reader.read()

    assert found == {"INBOX": [a_mail(1)]}
    assert (reader.batches[-1].folder, reader.batches[-1].at_end) == ("INBOX", True)


async def test_another_errand_between_two_batches_does_not_disturb_the_read(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """`find` opens other folders; the read comes back to its own."""
    reader = Reader(mailbox)
    await reader.read()
    for number in range(1_200):
        peer.folders["INBOX"].add(a_mail(number))
    async for batch in mailbox.read(dict(reader.cursors)):
        assert not await mailbox.find("<unknown@acme.example>")
        reader.take(batch)

    assert [mail.uid for batch in reader.batches if batch.folder == "INBOX" for mail in batch.mails] == list(
        range(1, 1_201)
    )
    assert max(len(batch.mails) for batch in reader.batches) == 500
    assert peer.connections == 1


async def test_the_end_is_asked_for_only_after_the_batch_before_it_was_taken(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """Promise 2: what arrives in any folder while the caller works on a batch is still seen by this read."""
    reader = Reader(mailbox)
    await reader.read()
    peer.folders["INBOX"].add(a_mail(1))
    seen = []
    async for batch in mailbox.read(dict(reader.cursors)):
        if not seen:
            await asyncio.sleep(0.1)  # the caller writes to its journal, and the thread is free
            for number, folder in enumerate(peer.folders.values(), start=2):
                folder.add(a_mail(number))
        seen += [mail.content for mail in batch.mails]

    assert sorted(seen) == [a_mail(number) for number in (1, 2, 3, 4)]


async def test_large_batches_are_cut_at_eight_mebibytes(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    reader = Reader(mailbox)
    await reader.read()
    reader.batches.clear()
    for number in range(15):
        peer.folders["Junk"].add(a_mail(number, body="x" * 1_500_000))
    async for batch in mailbox.read(dict(reader.cursors)):
        reader.take(batch)
        assert not await mailbox.find("<unknown@acme.example>")  # which leaves the inbox open

    assert [len(batch.mails) for batch in reader.batches if batch.mails] == [5, 5, 5]
    assert all(mail.whole for mail in reader.mails())


async def test_a_line_that_broke_between_two_batches_ends_the_read(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    """The other errand's new connection is not mistaken for the old one."""
    reader = Reader(mailbox)
    await reader.read()
    for number in range(1_200):
        peer.folders["INBOX"].add(a_mail(number))
    batches = mailbox.read(dict(reader.cursors))
    reader.take(await anext(batches))  # type: ignore[call-overload]
    reader.take(await anext(batches))  # type: ignore[call-overload]
    peer.hang_up()
    with pytest.raises(Unreachable):
        await mailbox.find("<x@acme.example>")
    await mailbox.folders()
    with pytest.raises(Unreachable, match="broke while the folders were read"):
        [reader.take(batch) async for batch in batches]
    before = len([mail for batch in reader.batches for mail in batch.mails])
    rest = await reader.read()

    assert before + len(rest["INBOX"]) == 1_200
