"""The mailbox's own thread: stuck, interrupted, cancelled, closed."""

import asyncio
import ctypes
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daemon.adapters.imap_thread import ClientThread
from daemon.ports import Unreachable
from tests.imap_desk import OVER, Reader, a_mail, a_peer, listening, mailbox_at
from tests.imap_peer import Conversation, ImapPeer

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture(params=OVER)
async def peer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ImapPeer]:
    async with a_peer(request.param, tmp_path) as peer:
        yield peer


async def test_F35_a_thread_that_is_stuck_is_cut_off_and_replaced(peer: ImapPeer) -> None:
    """A byte now and then keeps every socket time-out from striking; the job as a whole is limited."""
    dribbling = asyncio.Event()

    async def dribble(line: Conversation, tag: str, arguments: str) -> bool:
        del peer.scripts["UID SEARCH"]
        dribbling.set()
        await line.say("* SEARCH")
        while True:
            await asyncio.sleep(0.05)
            await line.say(" 1")

    mailbox = mailbox_at(peer, patience=0.2)  # a job may take five times that
    reader = Reader(mailbox)
    await reader.read()
    stuck = _imap_threads()
    peer.folders["INBOX"].add(a_mail(1))
    peer.scripts["UID SEARCH"] = dribble
    reading = asyncio.create_task(reader.read())
    await dribbling.wait()
    behind = asyncio.create_task(mailbox.find("<1@acme.example>"))
    with pytest.raises(Unreachable, match="stuck"):
        await asyncio.wait_for(reading, 5)
    with pytest.raises(Unreachable, match="stuck"):
        await asyncio.wait_for(behind, 5)
    found = await reader.read()
    until = time.monotonic() + 5
    while stuck & _imap_threads() and time.monotonic() < until:
        await asyncio.sleep(0.01)
    left = stuck & _imap_threads()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}
    assert len(stuck) == 1
    assert left == set()  # the cut socket has set it free


def _imap_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("imap ")}


async def test_F35_a_thread_that_has_died_is_told_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever killed it, and took the errand along that it was just given: nobody waits for it for ever."""
    monkeypatch.setattr(threading, "excepthook", lambda death: None)  # its death is what this is about
    async with ImapPeer() as peer:
        mailbox = mailbox_at(peer)
        reader = Reader(mailbox)
        await reader.read()
        [dead] = _imap_threads()
        peer.folders["INBOX"].add(a_mail(1))
        _kill(dead)
        with pytest.raises(Unreachable, match="died") as trouble:
            await asyncio.wait_for(reader.read(), 5)
        found = await reader.read()
        await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}
    assert not dead.is_alive()
    assert trouble.value.died


async def test_F35_everybody_who_waits_is_told_that_the_thread_has_died(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also who did not look first: the listener tells the owner, and a letter's copy may find it before."""
    monkeypatch.setattr(threading, "excepthook", lambda death: None)

    class Dying(ClientThread):
        @staticmethod
        def _do(errand: object) -> None:
            time.sleep(0.1)
            raise SystemExit

    async def died(thread: ClientThread) -> bool:
        with pytest.raises(Unreachable) as trouble:
            await thread.run(lambda: None, limit=60)
        return trouble.value.died

    thread = Dying("mailbox", sever=lambda: None, farewell=lambda: None)
    assert await asyncio.gather(died(thread), died(thread)) == [True, True]


def _kill(thread: threading.Thread) -> None:
    """As soon as it is taken up again; SystemExit is the end of a thread that says nothing."""
    assert thread.ident is not None
    raised = ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
    assert raised == 1


async def test_F35_a_server_that_never_answers_costs_one_time_out(peer: ImapPeer) -> None:
    async def silence(line: Conversation, tag: str, arguments: str) -> bool:
        return True

    mailbox = mailbox_at(peer, patience=0.3)
    await Reader(mailbox).read()
    peer.scripts["NOOP"] = silence
    with pytest.raises(Unreachable, match="timed out"):
        await asyncio.wait_for(Reader(mailbox).read(), 5)
    await mailbox.close()


async def test_another_call_interrupts_the_wait_and_goes_on_the_same_line(peer: ImapPeer) -> None:
    """By order, not by time: DONE is said for the search, and the wait ends before it is answered."""
    mailbox = mailbox_at(peer)
    await Reader(mailbox).read()
    waiting = await listening(peer, mailbox)
    already = len(peer.heard)
    order = []
    waiting.add_done_callback(lambda _: order.append("wait"))
    await asyncio.wait_for(mailbox.find("<x@acme.example>"), 5)
    order.append("find")
    await mailbox.close()

    assert order == ["wait", "find"]
    assert peer.heard[already] == "DONE"
    assert peer.connections == 1


async def test_a_wait_that_is_cancelled_leaves_a_line_that_works(peer: ImapPeer) -> None:
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    waiting = await listening(peer, mailbox)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    peer.folders["INBOX"].add(a_mail(1))
    found = await asyncio.wait_for(reader.read(), 5)
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}
    assert peer.connections == 1


async def test_a_wait_that_has_to_open_the_inbox_does_not_wait(peer: ImapPeer) -> None:
    """What came while another folder was open is not announced any more."""
    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    peer.folders["Sent"].add(a_mail("letter"))
    await reader.read()
    assert await mailbox.find("<letter@acme.example>")
    peer.folders["INBOX"].add(a_mail(1))
    await asyncio.wait_for(mailbox.wait(60), 5)
    found = await reader.read()
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}


async def test_what_is_cancelled_before_its_turn_is_not_done(peer: ImapPeer) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(line: Conversation, tag: str, arguments: str) -> bool:
        asked.set()
        await go_on.wait()
        return False

    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    peer.scripts["NOOP"] = slow
    reading = asyncio.create_task(reader.read())
    await asked.wait()
    behind = asyncio.create_task(mailbox.find("<x@acme.example>"))
    await asyncio.sleep(0.05)
    behind.cancel()
    with pytest.raises(asyncio.CancelledError):
        await behind
    del peer.scripts["NOOP"]
    go_on.set()
    await asyncio.wait_for(reading, 5)
    await mailbox.folders()
    await mailbox.close()

    assert peer.count("UID SEARCH HEADER") == 0


async def test_a_read_cancelled_in_the_middle_of_an_answer_leaves_a_line_that_works(peer: ImapPeer) -> None:
    """The thread reads the answer to its end; nobody gets the half of another command's."""
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(line: Conversation, tag: str, arguments: str) -> bool:
        asked.set()
        await go_on.wait()
        return False

    mailbox = mailbox_at(peer)
    reader = Reader(mailbox)
    await reader.read()
    peer.folders["INBOX"].add(a_mail(1))
    peer.scripts["UID SEARCH"] = slow
    reading = asyncio.create_task(reader.read())
    await asked.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    del peer.scripts["UID SEARCH"]
    go_on.set()
    found = await asyncio.wait_for(reader.read(), 5)
    await mailbox.close()

    assert found == {"INBOX": [a_mail(1)]}
    assert peer.connections == 1


async def test_close_ends_a_wait_and_the_thread(peer: ImapPeer) -> None:
    mailbox = mailbox_at(peer)
    await Reader(mailbox).read()
    waiting = await listening(peer, mailbox)
    await asyncio.wait_for(mailbox.close(), 5)
    await asyncio.wait_for(waiting, 5)

    assert peer.heard[-1] == "LOGOUT"
    with pytest.raises(Unreachable, match="closed"):
        await mailbox.folders()
