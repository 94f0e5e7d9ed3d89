"""The HMAC keys of a creditor: they make our Message-IDs and tokens, and old ones go on verifying."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import msgspec

from daemon.adapters.disk import asking, read_private, sync_directory, write_private
from daemon.mail.tokens.keys import Keys
from daemon.ports import StateFault

FILE = "keys.json"
LENGTH = 32  # bytes of a new key
_ID = re.compile(r"[a-z0-9]{1,8}")  # what stands in a token


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    current: str
    keys: dict[str, str]  # id -> hex digits


def new_key(keys: Keys | None = None) -> Keys:
    """One key more, and the current one from now on."""
    old = keys.secrets if keys else ()
    key_id = str(len(old) + 1)
    return Keys(current=key_id, secrets=(*old, (key_id, secrets.token_bytes(LENGTH))))


def save_keys(directory: Path, keys: Keys) -> None:
    """Replace the key file, durably and whole.  `DiskTrouble` without room."""
    path = directory / FILE
    file = _File(current=keys.current, keys={key_id: key.hex() for key_id, key in keys.secrets})
    with asking(str(path)):
        new = path.with_name(FILE + ".new")
        write_private(new, msgspec.json.format(msgspec.json.encode(file)) + b"\n")
        new.rename(path)
        sync_directory(directory)


def load_keys(directory: Path) -> Keys | None:
    """The keys of a state directory; None: there is no file.

    Raises:
        StateFault: it cannot be read, is open to others, or is not what `save_keys` wrote.
    """
    path = directory / FILE
    try:
        content, mode = read_private(path)
        if mode & 0o077:
            raise StateFault(f"{path}: others may read it. Run: chmod 600 {path}")
        file = msgspec.json.decode(content, type=_File)
        keys = Keys(current=file.current, secrets=tuple((i, bytes.fromhex(key)) for i, key in file.keys.items()))
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise StateFault(f"{path}: {fault.strerror}") from fault
    except (ValueError, msgspec.MsgspecError) as fault:
        raise StateFault(f"{path}: it is garbled ({fault}). Restore it from a backup") from None
    if keys.find(keys.current) is None or any(not _ID.fullmatch(i) or len(key) < 16 for i, key in keys.secrets):
        raise StateFault(f"{path}: a key or its id is malformed. Restore it from a backup")
    return keys
