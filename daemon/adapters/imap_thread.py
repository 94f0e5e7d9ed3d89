"""The thread that owns the one client of a mailbox, and the way between it and the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Any, TypeVar

from daemon.ports import Unreachable

T = TypeVar("T")
_LOOK_AGAIN = 1.0  # seconds, while an errand waits for its turn or its end


@dataclass(frozen=True, slots=True)
class _Errand:
    job: Callable[[], Any]
    limit: float  # seconds that it may run
    answer: Future[Any]


class ClientThread:
    """Runs errands one after the other in a thread of its own.

    Args:
        name: for the thread, as debuggers show it.
        sever: closes the client's socket from outside, so that a stuck read ends (F35); called from the event loop.
        farewell: the last thing that runs in the thread.
    """

    def __init__(self, name: str, *, sever: Callable[[], None], farewell: Callable[[], None]) -> None:
        self._sever = sever
        self._farewell = farewell
        self._errands: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._gate = threading.Lock()  # nothing is queued behind the end
        self._bell, self.wake = socket.socketpair()  # `wake` is readable when an errand was queued
        self._bell.setblocking(False)
        self.wake.setblocking(False)
        self._stuck_at: float | None = None  # monotonic; None: nothing runs
        self._running: _Errand | None = None
        self._gone: Future[None] = Future()
        self.ended = False  # nothing is taken any more
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[], T], *, limit: float) -> T:
        """Let the thread do `job` after what was queued before it.

        A cancellation leaves a running job to its end, for a client in the middle of an answer is of no use to anyone;
        a job that has not begun is dropped.

        Raises:
            Unreachable: the thread is stuck, with this job or one before it, and was given up; or it ended or died.
        """
        errand = self.submit(job, limit=limit)
        answer = asyncio.wrap_future(errand)
        try:
            while not (await asyncio.wait({answer}, timeout=self._patience()))[0]:
                if self._is_stuck():
                    self.abandon("the mailbox connection was stuck and was cut")
                elif not self._thread.is_alive() and not errand.done():  # it may have taken the errand along
                    self.abandon("the thread of the mailbox connection had died", died=True)
                    with contextlib.suppress(InvalidStateError):
                        errand.set_exception(Unreachable("the thread of the mailbox connection had died", died=True))
            return answer.result()
        except asyncio.CancelledError:
            answer.cancel()
            raise

    def submit(self, job: Callable[[], T], *, limit: float) -> Future[T]:
        """Queue a job and ring the bell."""
        answer: Future[T] = Future()
        with self._gate:
            if self.ended:
                raise Unreachable("the mailbox connection was given up")
            self._errands.put(_Errand(job, limit, answer))
            self._ring()
        return answer

    def has_errands(self) -> bool:
        """Whether somebody waits for the thread."""
        return not self._errands.empty()

    def abandon(self, reason: str, *, died: bool = False) -> None:
        """Cut the socket, fail everything that waits, and let the thread end whenever it can."""
        running = self._running
        self._end(reason, died=died)
        if running is not None:
            with contextlib.suppress(InvalidStateError):  # it came to its end at this very moment
                running.answer.set_exception(Unreachable(reason, died=died))
        self._sever()

    async def leave(self, patience: float) -> None:
        """Let the thread end after what it does now; when that takes too long, cut the socket."""
        self._end("the mailbox was closed")
        gone = asyncio.wrap_future(self._gone)
        if not (await asyncio.wait({gone}, timeout=patience))[0]:
            self._sever()
            await asyncio.wait({gone}, timeout=patience)

    def _end(self, reason: str, *, died: bool = False) -> None:
        with self._gate:
            if self.ended:
                return
            self.ended = True
            waiting = self._take_all()
            self._errands.put(None)
            self._ring()
        for errand in waiting:
            if errand.answer.set_running_or_notify_cancel():
                errand.answer.set_exception(Unreachable(reason, died=died))

    def _take_all(self) -> list[_Errand]:
        found = []
        with contextlib.suppress(queue.Empty):
            while (errand := self._errands.get_nowait()) is not None:
                found.append(errand)
        return found

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full of bells that nobody heard yet: one more says nothing new
            self._bell.send(b"!")

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            if errand.answer.set_running_or_notify_cancel():
                self._running = errand
                self._stuck_at = time.monotonic() + errand.limit
                self._do(errand)
                self._stuck_at = None
                self._running = None
        self._farewell()
        with self._gate:
            self._bell.close()
            self.wake.close()
        self._gone.set_result(None)

    @staticmethod
    def _do(errand: _Errand) -> None:
        try:
            result = errand.job()
        except BaseException as failure:  # whoever asked shall see it; the thread serves the next one
            with contextlib.suppress(InvalidStateError):  # nobody waits any more: the thread was given up
                errand.answer.set_exception(failure)
        else:
            with contextlib.suppress(InvalidStateError):
                errand.answer.set_result(result)

    def _patience(self) -> float:
        """Seconds after which it is worth looking whether the thread is stuck, or dead."""
        stuck_at = self._stuck_at
        return _LOOK_AGAIN if stuck_at is None else min(max(stuck_at - time.monotonic(), 0.001), _LOOK_AGAIN)

    def _is_stuck(self) -> bool:
        stuck_at = self._stuck_at
        return stuck_at is not None and time.monotonic() >= stuck_at
