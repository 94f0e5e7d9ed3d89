"""A stand-in for the daemon, to see what the unit lets a program do; it speaks through the daemon's own adapters.

It is told what to do over the control socket: `look`, `starve` (feed the watchdog no more), `leave` with an exit code.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from daemon.adapters.control import ControlServer, socket_path
from daemon.adapters.log import configure
from daemon.adapters.systemd import Notifier

STATE = Path("/var/lib/sollecito")


def _outcome(attempt: Callable[[], object]) -> str:
    try:
        return str(attempt())
    except OSError as fault:
        return type(fault).__name__


def _tcp() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as line:
        return f"connected to {line.getpeername()[0]}"


def _thread() -> str:
    found: list[str] = []
    thread = threading.Thread(target=found.append, args=("ran",))
    thread.start()
    thread.join()
    return found[0]


async def _look() -> dict[str, Any]:
    command = await asyncio.create_subprocess_exec("/bin/echo", "a password", stdout=asyncio.subprocess.PIPE)
    said, _ = await command.communicate()
    return {
        "user": os.environ.get("USER", ""),
        "root": os.geteuid() == 0,
        "credential": _outcome(lambda: Path(os.environ["CREDENTIALS_DIRECTORY"], "smtp").read_text()),
        "credential file": _outcome(lambda: Path("/etc/sollecito/credentials/smtp").read_text()),
        "config": _outcome(lambda: Path("/etc/sollecito/config.yaml").read_text()),
        "write state": _outcome(lambda: (STATE / "journal").write_text("x")),
        "write config": _outcome(lambda: Path("/etc/sollecito/config.yaml").write_text("x")),
        "write elsewhere": _outcome(lambda: Path("/opt/x").write_text("x")),
        "see homes": _outcome(lambda: os.listdir("/root")),
        "tcp": _outcome(_tcp),
        "packets": _outcome(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
        "thread": _thread(),
        "command": said.decode().strip(),
        "core": list(resource.getrlimit(resource.RLIMIT_CORE)),
    }


async def main() -> int:
    configure()
    log = structlog.get_logger()
    notify = Notifier()
    leave: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    fed = asyncio.Event()
    fed.set()

    async def handle(command: str, args: dict[str, Any]) -> dict[str, Any]:
        if command == "look":
            return await _look()
        if command == "starve":
            fed.clear()
        if command == "leave":
            leave.set_result(args["code"])
        return {}

    def reload() -> None:
        notify.reloading()
        log.warning("config_read_again")
        notify.ready("read again")

    async def feed() -> None:
        while True:
            await fed.wait()
            notify("WATCHDOG=1")
            await asyncio.sleep(1)  # of the three seconds that its unit gives

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, reload)
    loop.add_signal_handler(signal.SIGTERM, leave.set_result, 0)
    async with ControlServer(socket_path(STATE), handle):
        feeding = asyncio.create_task(feed())
        notify.ready("probe is up")
        log.info("started")
        code = await leave
        await asyncio.sleep(0.1)  # for the answer to the one who asked for it
        feeding.cancel()
    notify.stopping()
    return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
