"""The mailbox when the line misbehaves: a scripted server makes the faults happen (FAULTS.md, Mailbox)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.ports import Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import OVER, Reader, a_mail, a_peer, listening, mailbox_at, settings
from tests.imap_peer import Conversation, ImapPeer
from tests.real.line_proxy import LineProxy

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture(params=OVER)
async def peer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ImapPeer]:
    async with a_peer(request.param, tmp_path) as peer:
        yield peer


async def test_F22_a_half_open_line_is_found_after_the_slice_and_nothing_is_missed() -> None:
    """A NAT forgot the line: neither side is told.  The mail that came meanwhile is read after the reconnection."""
    async with ImapPeer() as peer, LineProxy(peer.port) as line:
        mailbox = ImapMailbox(settings(line.port), lambda: PASSWORD, socket_timeout=0.4, idle_slice=0.3)
        reader = Reader(mailbox)
        await reader.read()
        waiting = await listening(peer, mailbox)
        line.hold()
        peer.folders["INBOX"].add(a_mail("while the line was dead"))
        with pytest.raises(Unreachable) as told:
            await asyncio.wait_for(waiting, 5)
        line.release()
        found = await reader.read()
        await mailbox.close()

    assert not told.value.ours
    assert found == {"INBOX": [a_mail("while the line was dead")]}
    assert line.connections == 2


async def test_F23_a_peer_that_closes_during_idle_is_unreachable_at_once_and_each_time(peer: ImapPeer) -> None:
    """imapclient takes it for silence and spins; we say so, once for each connection."""

    async def close_in_idle(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say("+ idling\r\n")
        line.hang_up()
        return True

    peer.scripts["IDLE"] = close_in_idle
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    for _ in range(3):
        await reader.read()
        with pytest.raises(Unreachable):
            await asyncio.wait_for(mailbox.wait(60), 5)
    await mailbox.close()

    assert peer.connections == 3
    assert peer.count("IDLE") == 3


@pytest.mark.parametrize("and_closes", [True, False])
async def test_F24_a_bye_during_idle_is_unreachable_and_the_next_call_connects_anew(
    peer: ImapPeer, and_closes: bool
) -> None:
    """Also where the server forgets to close behind it."""
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    waiting = await listening(peer, mailbox)
    await peer.announce("* BYE Server shutting down\r\n")
    if and_closes:
        peer.hang_up()
    with pytest.raises(Unreachable, match="Server shutting down"):
        await asyncio.wait_for(waiting, 5)
    peer.folders["INBOX"].add(a_mail(1))
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}
    assert peer.connections == 2


async def test_F24_a_bye_instead_of_an_answer_is_unreachable(peer: ImapPeer) -> None:
    async def bye(line: Conversation, tag: str, arguments: str) -> bool:
        del peer.scripts["UID FETCH"]
        await line.say("* BYE Internal error\r\n")
        line.hang_up()
        return True

    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    peer.folders["INBOX"].add(a_mail(1))
    peer.scripts["UID FETCH"] = bye
    with pytest.raises(Unreachable, match="Internal error"):
        await reader.read()
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}


async def test_F25_an_exists_in_one_packet_with_the_continuation_ends_the_wait(peer: ImapPeer) -> None:
    async def glued(line: Conversation, tag: str, arguments: str) -> bool:
        peer.folders["INBOX"].add(a_mail(1))
        await line.say("+ idling\r\n* 1 EXISTS\r\n")
        assert await line.hear() == "DONE"
        await line.say(f"{tag} OK done\r\n")
        return True

    peer.scripts["IDLE"] = glued
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    await asyncio.wait_for(mailbox.wait(60), 5)  # the slice is 60 s
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}


async def test_F25_an_exists_before_the_continuation_ends_the_wait(peer: ImapPeer) -> None:
    async def early(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say("* 1 EXISTS\r\n+ idling\r\n")
        assert await line.hear() == "DONE"
        await line.say(f"{tag} OK done\r\n")
        return True

    peer.scripts["IDLE"] = early
    mailbox = mailbox_at(peer)
    await Reader(mailbox).read()
    await asyncio.wait_for(mailbox.wait(60), 5)
    await mailbox.close()

    assert peer.count("IDLE") == 1


async def test_F25_an_exists_told_with_the_last_search_is_not_waited_for(peer: ImapPeer) -> None:
    """A mail that arrives during the last SEARCH is announced in its answer, and never again."""
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()

    async def arrives(line: Conversation, tag: str, arguments: str) -> bool:
        if peer.count("UID SEARCH") < searches + 2:  # the second of a read is the inbox's last
            return False
        await line.say("* SEARCH\r\n")
        peer.folders["INBOX"].add(a_mail(1))
        del peer.scripts["UID SEARCH"]
        await line.say(f"* 1 EXISTS\r\n{tag} OK done\r\n")
        return True

    searches = peer.count("UID SEARCH")
    peer.scripts["UID SEARCH"] = arrives
    assert await reader.read() == {}
    await asyncio.wait_for(mailbox.wait(60), 5)
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}


async def test_a_server_that_repeats_exists_with_every_answer_does_not_make_us_spin(peer: ImapPeer) -> None:
    """Nothing has come: there is something to wait for."""

    async def chatty(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say(line.exists())
        return False

    async def chatty_idle(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say(f"{line.exists()}+ idling\r\n{line.exists()}")
        peer.idling.set()
        assert await line.hear() == "DONE"
        await line.say(f"{line.exists()}{tag} OK done\r\n")
        return True

    peer.folders["INBOX"].add(a_mail(1))
    peer.scripts = {"UID SEARCH": chatty, "NOOP": chatty, "IDLE": chatty_idle}
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    for _ in range(2):
        assert await reader.read() == {}
        waiting = await listening(peer, mailbox)
        await asyncio.sleep(0.1)
        assert not waiting.done()
        waiting.cancel()
        peer.idling.clear()
    await mailbox.close()


async def test_a_mail_that_takes_the_place_of_an_expunged_one_ends_the_wait(peer: ImapPeer) -> None:
    """The number of mails is the same as before."""
    inbox = peer.folders["INBOX"]
    inbox.add(a_mail(1))
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    waiting = await listening(peer, mailbox)
    del inbox.mails[1]
    await peer.announce("* 1 EXPUNGE\r\n")
    await asyncio.sleep(0.1)
    assert not waiting.done()
    inbox.add(a_mail(2))
    await peer.announce("* 1 EXISTS\r\n")
    await asyncio.wait_for(waiting, 5)
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(2)]}


async def test_F26_a_line_split_over_packets_is_read_whole(peer: ImapPeer) -> None:
    """Over TLS imapclient loses the first half silently."""
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    waiting = await listening(peer, mailbox)
    peer.folders["INBOX"].add(a_mail(1))
    await peer.announce("* 1 EX")
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await peer.announce("ISTS\r\n")
    await asyncio.wait_for(waiting, 5)
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}
    assert peer.connections == 1


async def test_F26_a_mail_cut_in_the_middle_is_not_taken_for_a_whole_one(peer: ImapPeer) -> None:
    async def cut(line: Conversation, tag: str, arguments: str) -> bool:
        if "BODY" not in arguments:
            return False
        del peer.scripts["UID FETCH"]
        await line.say(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % len(raw) + raw[: len(raw) // 2])
        line.hang_up()
        return True

    raw = a_mail(1)
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    peer.folders["INBOX"].add(raw)
    peer.scripts["UID FETCH"] = cut
    with pytest.raises(Unreachable):
        await reader.read()
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [raw]}
