"""What is read, from where to where: cursors, folders and what is asked of the server (a scripted one)."""

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.ports import Cursor, Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import Reader, a_mail, settings
from tests.imap_peer import Conversation, Folder, ImapPeer

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


@pytest.mark.parametrize("refuses", [True, False])
async def test_F29_without_idle_or_with_one_that_is_refused_we_poll(refuses: bool) -> None:
    async def refused(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say(f"{tag} BAD not here\r\n")
        return True

    async with ImapPeer(capabilities="IMAP4rev1 IDLE" if refuses else "IMAP4rev1") as peer:
        peer.scripts["IDLE"] = refused
        mailbox = ImapMailbox(settings(peer.port, poll_seconds=0.05), lambda: PASSWORD, socket_timeout=5)
        reader = Reader(mailbox)
        await reader.read()
        for _ in range(3):
            await mailbox.wait(60)
        peer.folders["INBOX"].add(a_mail(1))
        found = await reader.read()
        await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}
    assert peer.count("IDLE") == (1 if refuses else 0)
    assert peer.connections == 1


async def test_F30_after_a_new_uidvalidity_the_last_thirty_days_are_found_again_and_nothing_older(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """30 days from the day of the rescan; afterwards the cursor is behind everything that was there."""
    inbox = peer.folders["INBOX"]
    reader = Reader(mailbox)
    await reader.read()
    peer.hang_up()
    inbox.uidvalidity = 701
    young = inbox.add(a_mail("young"), arrived=date(2026, 10, 17))
    inbox.add(a_mail("old"), arrived=date(2026, 10, 16))
    with pytest.raises(Unreachable):
        await reader.read()
    first = await reader.read()
    flagged = {batch.rescan for batch in reader.batches if batch.folder == "INBOX"}
    others = {batch.rescan for batch in reader.batches if batch.folder != "INBOX"}
    second = await reader.read()

    assert first == {"INBOX": [a_mail("young")]}
    assert (flagged, others) == ({True}, {False})
    assert (young, reader.cursors["INBOX"]) == (1, Cursor(701, 2))
    assert second == {}
    assert not any(batch.rescan for batch in reader.batches)


async def test_F30_a_rescan_that_finds_nothing_begins_at_uidnext(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    junk = peer.folders["Junk"]
    junk.add(a_mail("old"), arrived=date(2024, 1, 1))
    reader = Reader(mailbox)
    reader.cursors["Junk"] = Cursor(1, 99)

    assert await reader.read() == {}
    assert reader.cursors["Junk"] == Cursor(junk.uidvalidity, 1)


async def test_F31_a_configured_folder_that_is_not_there_is_our_fault_and_the_others_are_named(peer: ImapPeer) -> None:
    mailbox = ImapMailbox(settings(peer.port, watch=("Clienti",)), lambda: PASSWORD, socket_timeout=5)
    with pytest.raises(Unreachable) as told:
        await mailbox.folders()
    await mailbox.close()

    assert told.value.ours
    assert str(told.value) == "imap: watch: there is no folder 'Clienti'; the mailbox has: INBOX, Junk, Sent"


async def test_F31_a_folder_that_vanishes_is_told_by_name(peer: ImapPeer) -> None:
    """A refusal to STATUS or EXAMINE is looked into; once the folder is back, so are we."""

    async def no_such(line: Conversation, tag: str, arguments: str) -> bool:
        if "Clienti" not in arguments or "Clienti" in peer.folders:
            return False
        await line.say(f"{tag} NO [NONEXISTENT] gone\r\n")
        return True

    peer.folders["Clienti"] = Folder()
    peer.scripts["STATUS"] = no_such
    mailbox = ImapMailbox(settings(peer.port, watch=("Clienti",)), lambda: PASSWORD, socket_timeout=5)
    reader = Reader(mailbox)
    await reader.read()
    gone = peer.folders.pop("Clienti")
    with pytest.raises(Unreachable, match="watch: there is no folder 'Clienti'") as told:
        await reader.read()
    peer.folders["Clienti"] = gone
    gone.add(a_mail(1))
    found = await reader.read()
    await mailbox.close()

    assert told.value.ours
    assert found == {"Clienti": [a_mail(1)]}


async def test_F32_a_junk_folder_that_is_made_for_its_first_mail_is_read_from_that_mail_on(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """Many servers make it only then.  What a folder held before we came is still not ours (F34)."""
    junk = peer.folders.pop("Junk")
    reader = Reader(mailbox)
    await reader.read()
    junk.add(a_mail(1))
    peer.folders["Junk"] = junk
    found = await reader.read()
    quiet = await reader.read()

    assert found == {"Junk": [a_mail(1)]}
    assert quiet == {}
    assert peer.connections == 1


async def test_F31_a_junk_folder_that_the_server_named_and_took_away_is_told_once(peer: ImapPeer) -> None:
    """Nobody configured it: from then on there is none."""

    async def no_such(line: Conversation, tag: str, arguments: str) -> bool:
        if "Junk" not in arguments:
            return False
        await line.say(f"{tag} NO [NONEXISTENT] gone\r\n")
        return True

    mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5)
    reader = Reader(mailbox)
    await reader.read()
    del peer.folders["Junk"]
    peer.scripts["STATUS"] = no_such
    with pytest.raises(Unreachable, match="junk: there is no folder 'Junk'"):
        await reader.read()
    await reader.read()
    folders = await mailbox.folders()
    await mailbox.close()

    assert folders == {"inbox": "INBOX", "sent": "Sent"}


async def test_F33_nothing_is_ever_marked_as_seen(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    """Folders are opened by EXAMINE, bodies fetched by PEEK; flags are neither stored nor asked for."""
    reader = Reader(mailbox)
    await reader.read()
    for folder in peer.folders.values():
        folder.add(a_mail(1))
    await reader.read()
    await mailbox.find("<1@acme.example>")

    fetches = [line for line in peer.heard if line.startswith("UID FETCH")]
    assert len(fetches) == 6
    assert not any(re.search(r"BODY\[|RFC822\)|RFC822 |FLAGS", line) for line in fetches)
    assert not any(line.split()[0] in {"SELECT", "STORE"} or "STORE" in line for line in peer.heard)


async def test_F34_an_old_mailbox_is_begun_at_uidnext(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    for folder in peer.folders.values():
        for number in range(3):
            folder.add(a_mail(number))
    reader = Reader(mailbox)
    found = await reader.read()

    assert found == {}
    assert [(batch.folder, batch.last_uid, batch.at_end) for batch in reader.batches] == [
        ("Junk", 3, True),
        ("Sent", 3, True),
        ("INBOX", 3, True),
    ]
    assert peer.count("UID FETCH") == 0


async def test_F34_a_server_that_tells_no_uidnext_is_asked_for_its_last_mail(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    async def terse(line: Conversation, tag: str, arguments: str) -> bool:
        line.selected = peer.folders[arguments.strip('"')]
        await line.say(f"{line.exists()}* OK [UIDVALIDITY 700] ok\r\n{tag} OK [READ-ONLY] done\r\n")
        return True

    async def terse_status(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say(f"* STATUS {arguments.split()[0]} (UIDVALIDITY 700)\r\n{tag} OK done\r\n")
        return True

    peer.scripts |= {"EXAMINE": terse, "STATUS": terse_status}
    peer.folders["INBOX"].add(a_mail(1))
    reader = Reader(mailbox)
    await reader.read()
    begun = dict(reader.cursors)
    peer.folders["Junk"].add(a_mail(2))
    found = await reader.read()

    assert begun == {"INBOX": Cursor(700, 1), "Junk": Cursor(700, 0), "Sent": Cursor(700, 0)}
    assert found == {"Junk": [a_mail(2)]}


async def test_F36_in_a_large_folder_only_what_is_above_the_cursor_is_asked_for(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """And the last mail, which `n:*` always names, is not read twice."""
    inbox = peer.folders["INBOX"]
    inbox.mails = dict.fromkeys(range(1, 100_001), a_mail(0))
    inbox.uidnext = 100_001
    reader = Reader(mailbox)
    await reader.read()
    peer.heard.clear()
    quiet = await reader.read()
    inbox.add(a_mail("new"))
    found = await reader.read()

    assert (quiet, found) == ({}, {"INBOX": [a_mail("new")]})
    searches = [line for line in peer.heard if line.startswith("UID SEARCH")]
    assert set(searches) == {"UID SEARCH UID 100001:*", "UID SEARCH UID 100002:*"}
    assert peer.count("UID FETCH") == 2  # its size, and itself


async def test_F36_a_long_absence_is_searched_in_windows(peer: ImapPeer, mailbox: ImapMailbox) -> None:
    """One answer would have been longer than the 1,000,000 octets that imaplib takes."""
    inbox = peer.folders["INBOX"]
    inbox.mails = dict.fromkeys(range(1_000_000, 1_120_000), b"x")
    inbox.uidnext = 1_120_000
    reader = Reader(mailbox)
    reader.cursors["INBOX"] = Cursor(700, 999_999)
    first = await anext(mailbox.read(reader.cursors))  # type: ignore[call-overload]

    assert [mail.uid for mail in first.mails] == list(range(1_000_000, 1_000_500))
    assert peer.heard.count("UID SEARCH 20001:70000 UID 1000000:*") == 1
    assert peer.count("UID SEARCH") == 4  # three windows and what came meanwhile
    assert not any(line == "UID SEARCH UID 1000000:*" for line in peer.heard)
