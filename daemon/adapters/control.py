"""The socket by which commands reach the running daemon: one JSON object a line, asked and answered in turn.

    {"command": "paid", "args": {"number": "2026-041"}}  ->  {"ok": true, ...} or {"ok": false, "error": "..."}

Who may connect is decided by the file system: the socket's mode and group, and those of its directory.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import stat
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

RUNTIME_DIRECTORY = Path("/run/sollecito")
LONGEST_PATH = 107  # bytes; unix(7): sun_path has 108, one of them for the NUL
LONGEST_REQUEST = 64 * 1024  # bytes
MOST_CLIENTS = 32  # connections at once; one more is told to come back
IDLE_SECONDS = 60.0  # until a client that asks nothing is let go
GRACE_SECONDS = 5.0  # how long a stop waits for commands that have begun

Handle = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    command: str
    args: dict[str, Any] = {}


class SocketTaken(Exception):
    """Another daemon answers on this socket, or something that is no socket lies there."""


class PathTooLong(Exception):
    """A Unix socket cannot have a path this long."""


def socket_path(state: Path, environ: Mapping[str, str] = os.environ, runtime: Path = RUNTIME_DIRECTORY) -> Path:
    """Where the daemon of a state directory listens; the daemon and its clients come to the same answer.

    In the runtime directory (the service's own, else `runtime` where that is ours), else in the state directory.
    The name carries a digest of the state directory: several daemons share one runtime directory, and a command must
    never reach another creditor's.
    """
    name = f"{sha256(os.fsencode(os.path.realpath(state))).hexdigest()[:12]}.sock"
    if given := environ.get("RUNTIME_DIRECTORY", "").split(":")[0]:
        return Path(given) / name
    for path in (runtime / name, state / name):  # a client knows the daemon's choice by what is there
        if _is_socket(path):
            return path
    return (runtime if _is_ours(runtime) else state) / name


class ControlServer:
    """Answers commands for as long as its `async with` lasts.

    `handle` gets the command and its arguments, and its answer goes back with `"ok": true`, unless it says otherwise
    itself.  Arguments come from outside: `handle` judges them, and answers {"ok": False, "error": ...} to bad ones.
    An exception of `handle` is a bug or a lost disk: it cancels the body of the `async with` and leaves it, in an
    ExceptionGroup.  At the end, commands that have begun get `GRACE_SECONDS` to finish.

    Raises (on entering):
        SocketTaken, PathTooLong, OSError: the directory is missing or not ours.
    """

    def __init__(self, path: Path, handle: Handle) -> None:
        self._path = path
        self._handle = handle
        self._waiting: set[asyncio.Task[None]] = set()  # connections that have asked nothing yet, or no more
        self._working: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> ControlServer:
        async with contextlib.AsyncExitStack() as stack:
            listener = stack.enter_context(_listen(self._path))
            self._inode = self._path.stat().st_ino
            self._tasks = await stack.enter_async_context(asyncio.TaskGroup())
            self._server = await asyncio.start_unix_server(self._welcome, sock=listener, limit=LONGEST_REQUEST)
            stack.push_async_callback(self._hang_up)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._stack.__aexit__(kind, fault, trace)

    async def _hang_up(self) -> None:
        self._server.close()
        with contextlib.suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        for task in self._waiting:
            task.cancel()
        try:
            if self._working:
                await asyncio.wait(self._working, timeout=GRACE_SECONDS)
        finally:
            for task in self._working | self._waiting:
                task.cancel()

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._waiting) + len(self._working) >= MOST_CLIENTS:
            writer.write(_line(_no("the daemon is busy with other commands; try again")))
            writer.close()
            return
        task = self._tasks.create_task(self._serve(reader, writer))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)
        task.add_done_callback(self._working.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        me = asyncio.current_task()
        assert me is not None
        try:
            while (line := await _next_line(reader, writer)) is not None:
                self._waiting.discard(me)
                self._working.add(me)
                answer = await self._answer(line, writer)
                writer.write(_line(answer))
                await asyncio.wait_for(writer.drain(), IDLE_SECONDS)
                self._working.discard(me)
                self._waiting.add(me)
        except (ConnectionError, TimeoutError):
            pass  # the client has gone, or takes nothing; what it asked for is done
        finally:
            writer.close()

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> dict[str, Any]:
        try:
            request = msgspec.json.decode(line, type=Request)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            return _no(f'not a request like {{"command": "status", "args": {{}}}}: {fault}')
        try:
            return {"ok": True} | await self._handle(request.command, request.args)
        except Exception as fault:
            # Not swallowed: the client is told before this ends the process.
            writer.write(_line(_no(f"the daemon failed: {type(fault).__name__}: {fault}")))
            raise


async def _next_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
    """A request, or None when the client has done or has written too much to be one."""
    try:
        return await asyncio.wait_for(reader.readline(), IDLE_SECONDS) or None
    except ValueError:  # longer than the reader's limit
        writer.write(_line(_no(f"a request has at most {LONGEST_REQUEST} bytes")))
        return None


def _listen(path: Path) -> socket.socket:
    """Bind under a passing name and rename: the socket appears with mode, group and queue, or not at all."""
    passing = path.with_name(f".{os.getpid()}.{path.name}")
    if len(os.fsencode(passing)) > LONGEST_PATH:
        raise PathTooLong(
            f"{path}: too long for a Unix socket (at most {LONGEST_PATH - len(passing.name) + len(path.name)} bytes):"
            " choose a state directory with a shorter path"
        )
    if path.exists() or path.is_symlink():
        _refuse_unless_stale(path)
    passing.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(passing))
        group = path.parent.stat().st_gid
        if passing.stat().st_gid != group:
            with contextlib.suppress(PermissionError):  # a group that we are not in cannot be given
                os.chown(passing, -1, group)
        passing.chmod(0o660)
        listener.listen(MOST_CLIENTS)
        passing.rename(path)
    except BaseException:
        listener.close()
        passing.unlink(missing_ok=True)
        raise
    return listener


def _refuse_unless_stale(path: Path) -> None:
    if not _is_socket(path):
        raise SocketTaken(f"{path}: this is in the way of the control socket, and no socket; remove it")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.setblocking(False)
        answer = caller.connect_ex(str(path))
    if answer not in (errno.ECONNREFUSED, errno.ENOENT):
        raise SocketTaken(f"{path}: another daemon answers here; stop it first")


def _is_socket(path: Path) -> bool:
    try:
        return stat.S_ISSOCK(path.lstat().st_mode)
    except OSError:
        return False


def _is_ours(directory: Path) -> bool:
    try:
        status = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()


def _no(why: str) -> dict[str, Any]:
    return {"ok": False, "error": why}


def _line(answer: dict[str, Any]) -> bytes:
    return msgspec.json.encode(answer) + b"\n"
