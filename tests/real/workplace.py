"""The temporary directory, the ports and the process of one real server."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

INSTALL_HINT = "run `make test`, or scripts/install-debian-packages, which installs it"
_PREFIX = "sollecito-server-"


class ServerDidNotStart(Exception):
    """A real server is missing or is not answering; the text says why and shows its log."""


def program(path: str) -> str:
    """The path itself when the program is installed; the tests fail otherwise, they never skip.

    Raises:
        ServerDidNotStart: it is missing.
    """
    if not os.access(path, os.X_OK):
        raise ServerDidNotStart(f"{path} is not installed: {INSTALL_HINT}")
    return path


class Workplace:
    """One server's directory, ports and process.

    Ports stay reserved from the first moment on by a bound socket that does not listen: Linux lets the server bind
    the same port because both set SO_REUSEADDR, no one else is given it by chance, and while nothing listens a
    connection is refused.  Several test workers can so run side by side.
    """

    def __init__(self, kind: str) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{kind}-", dir="/tmp"))
        self.folder.chmod(0o755)
        (self.folder / "owner").write_text(str(os.getpid()))
        self._placeholders: list[socket.socket] = []
        self._process: subprocess.Popen[bytes] | None = None

    def port(self) -> int:
        """A free port of 127.0.0.1, ours until `clear`."""
        placeholder = socket.socket()
        placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        placeholder.bind(("127.0.0.1", 0))
        self._placeholders.append(placeholder)
        port: int = placeholder.getsockname()[1]
        return port

    def run(
        self,
        command: list[str],
        *,
        user: str | None,
        log: Path,
        ready: Callable[[], None],
        env: Mapping[str, str] | None = None,
        within: float = 10.0,
    ) -> None:
        """Start the process and wait until `ready` no longer raises OSError.

        Args:
            ready: talks to the server as a client would.
            within: seconds.

        Raises:
            ServerDidNotStart: the process ended, or was not ready in time; with the tail of its log.
        """
        with (self.folder / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **(env or {})},
                start_new_session=True,
                cwd=self.folder,
            )
        until = time.monotonic() + within
        while True:
            try:
                return ready()
            except OSError as error:  # includes what smtplib raises; imaplib's own error is turned into one by callers
                ended = self._process.poll()
                if ended is None and time.monotonic() < until:
                    time.sleep(0.01)
                    continue
                why = f"ended with code {ended}" if ended is not None else f"not ready after {within} s ({error!r})"
                tail = tail_of(self.folder / "console.log") + tail_of(log)
                self.kill()
                raise ServerDidNotStart(f"{command[0]} {why}. Its last words:\n{tail or '(nothing)'}") from error

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def terminate(self, within: float = 10.0) -> None:
        """Ask the server to end (SIGTERM), as an administrator would, and wait; then as `kill`."""
        if self._process is not None and self.running:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(within)
        self.kill()

    def kill(self) -> None:
        """End the server and all its children at once (SIGKILL)."""
        if self._process is None:
            return
        _kill_session(self._process.pid)
        self._process.wait()
        self._process = None

    def clear(self) -> None:
        """End everything and leave nothing behind."""
        self.kill()
        for placeholder in self._placeholders:
            placeholder.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def tail_of(log: Path, lines: int = 25) -> str:
    """The last lines of a log, "" when there is none."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _kill_session(session: int) -> None:
    """SIGKILL every process of a session, again until none is left.

    Dovecot's and Postfix's children stay in the session of the process that we started, though not in its group.
    """
    for _ in range(50):
        members = [pid for pid in _processes() if _session_of(pid) == session]
        if not members:
            return
        for pid in members:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.002)


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _session_of(pid: int) -> int:
    """The session id of a living process, 0 when it is gone (a zombie is gone)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] in "ZX" else int(fields[3])


def _sweep() -> None:
    """Clear servers and folders of an earlier run that was killed before it could."""
    for folder in Path("/tmp").glob(f"{_PREFIX}*"):
        try:
            owner = int((folder / "owner").read_text())
        except (OSError, ValueError):
            continue
        if Path(f"/proc/{owner}").exists():
            continue
        for pid in _processes():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in command:  # only a server started from that very folder
                _kill_session(_session_of(pid) or -1)
        shutil.rmtree(folder, ignore_errors=True)
