"""The control socket: who may ask, what is answered, and what a stranger's garbage does to it: nothing."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters import control
from daemon.adapters.control import ControlServer, PathTooLong, SocketTaken
from daemon.adapters.control_client import NoAnswer, NoDaemon, NotAllowed, ask


async def echo(command: str, args: dict[str, Any]) -> dict[str, Any]:
    return {"command": command, "args": args}


async def asked(path: Path, command: str = "status", *, timeout: float = 5.0, **args: Any) -> dict[str, Any]:
    """The client blocks, as in the command line; so it gets a thread."""
    return await asyncio.to_thread(ask, path, command, args, timeout)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "control.sock"


async def test_a_command_is_answered(path: Path) -> None:
    async with ControlServer(path, echo):
        answer = await asked(path, "paid", number="2026-041", amount="610.00")

    assert answer == {"ok": True, "command": "paid", "args": {"number": "2026-041", "amount": "610.00"}}


async def test_a_refusal_of_the_handler_goes_back_as_it_is(path: Path) -> None:
    async def refuse(command: str, args: dict[str, Any]) -> dict[str, Any]:
        return {"ok": False, "error": f"no invoice {args['number']}"}

    async with ControlServer(path, refuse):
        answer = await asked(path, "paid", number="X")

    assert answer == {"ok": False, "error": "no invoice X"}


async def test_several_clients_are_answered_at_once(path: Path) -> None:
    """A slow command does not make `status` wait."""
    release = asyncio.Event()

    async def slow(command: str, args: dict[str, Any]) -> dict[str, Any]:
        if command == "slow":
            await release.wait()
        return {"was": command}

    async with ControlServer(path, slow):
        waiting = asyncio.create_task(asked(path, "slow"))
        answers = await asyncio.gather(*(asked(path, f"quick{n}") for n in range(10)))
        finished_early = waiting.done()
        release.set()

        assert [answer["was"] for answer in answers] == [f"quick{n}" for n in range(10)]
        assert not finished_early
        assert (await waiting)["was"] == "slow"


async def test_one_connection_may_ask_several_times(path: Path) -> None:
    async with ControlServer(path, echo):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b'{"command": "a"}\n{"command": "b", "args": {"n": 1}}\n')
        lines = [await reader.readline(), await reader.readline()]
        writer.close()

    assert lines == [b'{"ok":true,"command":"a","args":{}}\n', b'{"ok":true,"command":"b","args":{"n":1}}\n']


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00\xff\xfe\n",
        b'{"command": 5}\n',
        b'{"args": {}}\n',
        b'{"command": "x", "args": [1]}\n',
        b'"command"\n',
        b"[" * 60_000 + b"\n",
        b'{"command":"x","args":' + b'{"a":' * 10_000 + b"\n",
        b"x" * 1_000_000 + b"\n",
    ],
    ids=[
        "empty",
        "http",
        "bytes",
        "number",
        "no command",
        "list",
        "text",
        "nested list",
        "nested object",
        "a megabyte",
    ],
)
async def test_garbage_is_refused_and_does_not_stop_the_daemon(path: Path, garbage: bytes) -> None:
    async with ControlServer(path, echo):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(garbage)
        answer = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        next_answer = await asked(path)

        assert answer.startswith(b'{"ok":false,"error":')
        assert next_answer["ok"] is True


async def test_a_client_that_hangs_up_at_once_or_halfway_does_no_harm(path: Path) -> None:
    async with ControlServer(path, echo):
        for said in (b"", b'{"command": "sta', b'{"command": "status"}\n'):
            _, writer = await asyncio.open_unix_connection(path)
            writer.write(said)
            await writer.drain()
            writer.transport.abort()

        assert (await asked(path))["ok"] is True


async def test_more_clients_than_there_is_room_for_are_sent_away_and_room_comes_back(path: Path) -> None:
    async with ControlServer(path, echo):
        idle = [await asyncio.open_unix_connection(path) for _ in range(control.MOST_CLIENTS)]
        for reader, writer in idle:  # a question each: so all of them are in
            writer.write(b'{"command": "here"}\n')
            await reader.readline()
        one_more, _ = await asyncio.open_unix_connection(path)
        refused = await one_more.read()
        for _, writer in idle:
            writer.close()
        async with asyncio.timeout(5):
            while not (await asked(path))["ok"]:
                await asyncio.sleep(0.02)

    assert refused == b'{"ok":false,"error":"the daemon is busy with other commands; try again"}\n'


async def test_an_exception_of_the_handler_reaches_the_client_and_ends_the_daemon(path: Path) -> None:
    """A lost disk must not become a command that failed while the daemon lives on."""

    async def broken(command: str, args: dict[str, Any]) -> dict[str, Any]:
        raise OSError("fsync failed")

    async def daemon() -> None:
        async with ControlServer(path, broken):
            await asyncio.sleep(30)

    running = asyncio.create_task(daemon())
    await asyncio.sleep(0.05)
    answer = await asked(path)
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(running, 5)

    assert answer == {"ok": False, "error": "the daemon failed: OSError: fsync failed"}
    assert [str(fault) for fault in caught.value.exceptions] == ["fsync failed"]
    assert not path.exists()


async def test_a_stop_lets_a_command_that_has_begun_finish(path: Path) -> None:
    begun = asyncio.Event()

    async def slow(command: str, args: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        await asyncio.sleep(0.3)
        return {"done": True}

    async with ControlServer(path, slow):
        waiting = asyncio.create_task(asked(path, "paid"))
        await begun.wait()

    assert await waiting == {"ok": True, "done": True}


async def test_a_stop_does_not_wait_for_clients_that_ask_nothing(path: Path) -> None:
    async with ControlServer(path, echo):
        _, writer = await asyncio.open_unix_connection(path)
        await asyncio.sleep(0.1)
        leaving_at = asyncio.get_running_loop().time()
    took = asyncio.get_running_loop().time() - leaving_at
    writer.close()

    assert took < 1.0


async def test_the_socket_is_for_its_user_and_group_and_goes_at_the_end(path: Path) -> None:
    group = 12345 if os.geteuid() == 0 else os.getgroups()[-1]
    os.chown(path.parent, -1, group)  # as systemd makes the runtime directory
    async with ControlServer(path, echo):
        status = path.stat()
    left = list(path.parent.iterdir())

    assert stat.S_IMODE(status.st_mode) == 0o660
    assert status.st_gid == group
    assert left == []


async def test_a_socket_left_behind_by_a_killed_daemon_is_replaced(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(NoDaemon):
        await asked(path)
    async with ControlServer(path, echo):
        answer = await asked(path)

    assert answer["ok"] is True


async def test_F61_a_socket_that_another_daemon_answers_is_refused_and_left_alone(path: Path) -> None:
    async with ControlServer(path, echo):
        with pytest.raises(SocketTaken, match="another daemon answers here"):
            await ControlServer(path, echo).__aenter__()

        assert (await asked(path))["ok"] is True


async def test_a_file_in_the_way_is_never_removed(path: Path) -> None:
    path.write_text("the owner's notes")
    with pytest.raises(SocketTaken, match="no socket"):
        await ControlServer(path, echo).__aenter__()

    assert path.read_text() == "the owner's notes"


async def test_a_path_too_long_for_a_socket_is_said_plainly(tmp_path: Path) -> None:
    """The kernel's own words are "AF_UNIX path too long", without a path and without a limit."""
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    with pytest.raises(PathTooLong, match=r"d/control.sock: too long for a Unix socket \(at most \d+ bytes\)"):
        await ControlServer(deep / "control.sock", echo).__aenter__()
    with pytest.raises(PathTooLong, match="too long for a Unix socket"):
        await asked(deep / "control.sock")


async def test_nobody_there_is_no_daemon(path: Path) -> None:
    with pytest.raises(NoDaemon, match="no daemon listens here"):
        await asked(path)


async def test_a_daemon_that_hangs_up_leaves_the_outcome_open(path: Path) -> None:
    """The command may have been carried out: never report it as not done, nor as done."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    server = await asyncio.start_unix_server(hang_up, path)
    async with server:
        with pytest.raises(NoAnswer, match="asked for `paid` and gave no answer"):
            await asked(path, "paid")


async def test_a_silent_daemon_is_given_up_after_the_time_out(path: Path) -> None:
    async def silent(command: str, args: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(1.0)
        return {}

    async with ControlServer(path, silent):
        with pytest.raises(NoAnswer):
            await asked(path, timeout=0.2)


def test_a_socket_that_is_not_for_this_user_is_not_taken_for_no_daemon(tmp_path: Path) -> None:
    """Else the command would go on without the daemon, beside it.  A child process gives up root to see it."""
    tmp_path.chmod(0o711)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o711)
    path = tmp_path / "s.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        path.chmod(0o660)
        child = os.fork()
        if child == 0:
            outcome = 1
            try:
                if os.geteuid() == 0:
                    os.setgroups([])
                    os.setgid(65534)
                    os.setuid(65534)
                else:
                    path.chmod(0)
                ask(path, "status", {}, 2.0)
            except NotAllowed:
                outcome = 0
            finally:
                os._exit(outcome)
        _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
