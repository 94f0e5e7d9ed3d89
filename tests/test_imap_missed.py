"""What could be passed over in a mailbox: while nobody looked, where UIDs begin anew, what is not given at once."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.ports import Cursor, Unreachable
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


def read_before(reader: Reader, since: date) -> None:
    """The cursors as the listening loop gives them: with the day up to which each folder was read."""
    reader.cursors = {name: Cursor(one.uidvalidity, one.uid, since) for name, one in reader.cursors.items()}


@pytest.mark.parametrize("name", ["Junk", "Spam"], ids=["made", "renamed"])
async def test_F31_F32_a_junk_folder_that_came_while_nobody_looked_is_read_from_the_last_days_on(
    peer: ImapPeer, mailbox: ImapMailbox, name: str
) -> None:
    """Between two processes, or while the line was broken: the answer in it is an answer."""
    junk = peer.folders.pop("Junk")
    if name == "Spam":
        peer.folders["Junk"] = junk
    reader = Reader(mailbox)
    await reader.read()
    read_before(reader, date(2026, 11, 12))
    peer.folders.pop("Junk", None)
    peer.folders[name] = junk
    junk.add(a_mail("of years ago"), arrived=date(2024, 5, 1))
    junk.add(a_mail("answer"), arrived=date(2026, 11, 14))
    peer.hang_up()
    with pytest.raises(Unreachable):
        await reader.read()
    found = await reader.read()
    quiet = await reader.read()

    assert found == {name: [a_mail("answer")]}
    assert quiet == {}


async def test_F30_after_a_long_absence_a_new_uidvalidity_is_looked_through_from_the_last_reading_on(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """Two months down, and the server was moved meanwhile: thirty days would leave out the first of them."""
    inbox = peer.folders["INBOX"]
    reader = Reader(mailbox)
    await reader.read()
    read_before(reader, date(2026, 9, 14))
    peer.hang_up()
    inbox.uidvalidity = 701
    inbox.add(a_mail("read long ago"), arrived=date(2026, 9, 13))
    inbox.add(a_mail("answer"), arrived=date(2026, 9, 20))
    with pytest.raises(Unreachable):
        await reader.read()

    assert await reader.read() == {"INBOX": [a_mail("answer")]}


@pytest.mark.parametrize("name", ["INBOX", "Junk"])
async def test_F30_a_folder_that_was_set_back_gives_its_uids_once_more_and_is_looked_through(
    peer: ImapPeer, mailbox: ImapMailbox, name: str
) -> None:
    """A server restored from yesterday's copy, with the UIDVALIDITY that it had: what comes has UIDs that were read."""
    folder = peer.folders[name]
    reader = Reader(mailbox)
    await reader.read()
    for number in range(5):
        folder.add(a_mail(f"lost-{number}"))
    await reader.read()
    peer.hang_up()
    folder.mails.clear()
    folder.uidnext = 2
    folder.add(a_mail("answer"))
    with pytest.raises(Unreachable):
        await reader.read()
    found = await reader.read()
    folder.add(a_mail("next"))
    following = await reader.read()

    assert found == {name: [a_mail("answer")]}
    assert following == {name: [a_mail("next")]}


async def test_F30_a_server_that_tells_a_wrong_uidnext_is_not_looked_through_again_and_again(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    inbox = peer.folders["INBOX"]
    reader = Reader(mailbox)
    for number in range(5):
        inbox.add(a_mail(number))
    reader.cursors["INBOX"] = Cursor(inbox.uidvalidity, 9)
    first = await reader.read()
    reader.cursors["INBOX"] = Cursor(inbox.uidvalidity, 9)

    assert len(first["INBOX"]) == 5
    assert await reader.read() == {}


async def test_F38_a_mail_that_the_server_cannot_give_for_a_while_is_read_once_it_can(
    peer: ImapPeer, mailbox: ImapMailbox
) -> None:
    """A provider's storage is out of reach: SEARCH finds the answer, FETCH says NO.  It was taken for unreadable."""
    no = 0

    async def out_of_reach(line: Conversation, tag: str, arguments: str) -> bool:
        nonlocal no
        no += 1
        await line.say(f"{tag} NO [UNAVAILABLE] Temporary System Error\r\n")
        return True

    reader = Reader(mailbox)
    await reader.read()
    peer.folders["INBOX"].add(a_mail("answer"))
    peer.scripts["UID FETCH"] = out_of_reach
    for _ in range(3):
        with pytest.raises(Unreachable, match="gives nothing of mail 1"):
            await reader.read()
    del peer.scripts["UID FETCH"]

    assert await reader.read() == {"INBOX": [a_mail("answer")]}
    assert no > 3
