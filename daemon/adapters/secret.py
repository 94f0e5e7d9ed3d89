"""Passwords, from where the config says that they are.  They are never written into it, and never into a message."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

from daemon.ports import Secret

_PATIENCE = 30  # seconds for a command that prints a password
_LONGEST = 16_384  # octets; an OAuth token has about two thousand


class NoSecret(LookupError):
    """The password is not to be had; the message says where it was looked for."""


def resolve(secret: Secret) -> str:
    """The password itself, without the line end that an editor leaves behind it.

    Raises:
        NoSecret: it is not there, empty, or not one line of text.
    """
    match secret.how:
        case "credential":
            found, where = _credential(secret.where[0])
        case "file":
            found, where = _file(Path(secret.where[0]), f"the file {secret.where[0]}")
        case "env":
            found, where = _environment(secret.where[0])
        case "command":
            found, where = _command(secret.where)
        case _:
            raise NoSecret(f"a password is looked for in a credential, file, env or command, not in `{secret.how}`")
    try:
        password = found.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise NoSecret(f"{where} holds something that is not text (UTF-8)") from None
    if not password:
        raise NoSecret(f"{where} is empty")
    if any(sign in password for sign in "\n\r\0"):
        raise NoSecret(f"{where} holds more than one line; only the password may be in it")
    return password


def remark(secret: Secret) -> str | None:
    """What is worth a word about a password file before anybody logs in; None: nothing, or it cannot be seen by us."""
    if secret.how != "file":
        return None
    try:
        mode = os.stat(secret.where[0]).st_mode
    except FileNotFoundError:
        return f"the password file {secret.where[0]} is not there yet"
    except OSError:
        return None  # who runs the daemon may see it
    if mode & stat.S_IROTH:
        return f"the password file {secret.where[0]} can be read by everybody here: chmod 600"
    return None


def _credential(name: str) -> tuple[bytes, str]:
    """systemd.exec(5), LoadCredential=: a file in a directory that only this service can read."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise NoSecret(
            f"the systemd credential `{name}` can be read only by a service: $CREDENTIALS_DIRECTORY is not set;"
            f" add LoadCredential={name}:/path to the unit, or use file, env or command"
        )
    path = Path(folder, name)
    if not os.path.exists(path):
        raise NoSecret(
            f"there is no systemd credential `{name}` in {folder}: add LoadCredential={name}:/path to the unit"
        )
    return _file(path, f"the systemd credential `{name}` ({path})")


def _file(path: Path, where: str) -> tuple[bytes, str]:
    try:
        with path.open("rb") as stream:
            return stream.read(_LONGEST), where
    except OSError as error:
        raise NoSecret(f"{where} cannot be read: {error.strerror}") from None


def _environment(name: str) -> tuple[bytes, str]:
    found = os.environb.get(os.fsencode(name))
    if found is None:
        raise NoSecret(f"the environment variable {name} is not set")
    return found, f"the environment variable {name}"


def _command(words: tuple[str, ...]) -> tuple[bytes, str]:
    """The first program's standard output.  Its error output is ours, so that it may say what is wrong with it."""
    where = f"the output of the command {words[0]}"
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=_PATIENCE, check=False)  # noqa: S603 - the owner's own command, no shell
    except subprocess.TimeoutExpired:
        raise NoSecret(f"the command {words[0]} did not end within {_PATIENCE} seconds") from None
    except OSError as error:
        raise NoSecret(f"the command {words[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        raise NoSecret(f"the command {words[0]} failed (exit status {done.returncode})")
    return done.stdout[:_LONGEST], where
