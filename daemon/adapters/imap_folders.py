"""Which folders are watched: what the config names, and for "auto" what the server or custom says."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daemon.ports import ImapSettings, Unreachable

_SHOWN = 40  # folder names in a message

# In the order to be preferred.  Compared without regard to case.
_JUNK_NAMES = (
    *("junk", "junk email", "junk e-mail", "junk mail", "spam", "bulk mail", "bulk"),
    *("posta indesiderata", "indesiderata", "correo no deseado", "correo basura", "no deseado"),
    *("önemsiz", "önemsiz e-posta", "istenmeyen", "istenmeyen e-posta", "gereksiz", "gereksiz e-posta"),
    *("junk-e-mail", "unerwünscht", "unerwünschte werbung", "spamverdacht", "courrier indésirable", "indésirables"),
)
_SENT_NAMES = (
    *("sent", "sent items", "sent messages", "sent mail", "sent-mail", "sent objects"),
    *("posta inviata", "inviata", "inviati", "elementi inviati", "messaggi inviati"),
    *("enviados", "elementos enviados", "mensajes enviados", "correo enviado"),
    *("gönderilmiş", "gönderilenler", "gönderilmiş öğeler", "gönderilmiş postalar", "gönderilen öğeler"),
    *("gesendet", "gesendete elemente", "gesendete objekte", "éléments envoyés", "messages envoyés", "envoyés"),
)
_PARENTS = ("", "inbox", "[gmail]", "[google mail]")  # where such folders lie


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of LIST, its name decoded from modified UTF-7 (RFC 3501 5.1.3)."""

    name: str
    delimiter: str  # "" in a flat hierarchy
    flags: frozenset[str]  # lower case, with the backslash

    @property
    def can_be_read(self) -> bool:
        return not self.flags & {"\\noselect", "\\nonexistent"}


def watched_folders(listed: Sequence[Listed], settings: ImapSettings) -> Mapping[str, str]:
    """The folders by role: inbox, junk, sent, and `watch:NAME` for each of the others.

    A junk or sent folder that is `auto` and is not to be found is left out.

    Raises:
        Unreachable: the config names a folder that is not there (F31); the message names those that are.
    """
    folders = {"inbox": _configured("inbox", settings.inbox, listed)}
    for role, wanted, flag, names in (
        ("junk", settings.junk, "\\junk", _JUNK_NAMES),
        ("sent", settings.sent, "\\sent", _SENT_NAMES),
    ):
        found = _by_custom(flag, names, listed) if wanted == "auto" else wanted and _configured(role, wanted, listed)
        if found and found not in folders.values():
            folders[role] = found
    for wanted in settings.watch:
        found = _configured("watch", wanted, listed)
        if found not in folders.values():
            folders[f"watch:{found}"] = found
    return folders


def folder_missing(role: str, wanted: str, listed: Sequence[Listed]) -> Unreachable:
    """The config names a folder that is not there."""
    existing = sorted(folder.name for folder in listed if folder.can_be_read)
    shown = ", ".join(existing[:_SHOWN]) + (f" and {len(existing) - _SHOWN} more" if len(existing) > _SHOWN else "")
    return Unreachable(f"imap: {role}: there is no folder {wanted!r}; the mailbox has: {shown}", ours=True)


def _configured(role: str, wanted: str, listed: Sequence[Listed]) -> str:
    for folder in listed:
        if folder.can_be_read and (
            folder.name == wanted or (wanted.upper() == "INBOX" and folder.name.upper() == "INBOX")
        ):
            return folder.name
    if wanted.upper() == "INBOX":  # it exists everywhere (RFC 3501 5.1), listed or not
        return "INBOX"
    raise folder_missing(role, wanted, listed)


def _by_custom(flag: str, names: Sequence[str], listed: Sequence[Listed]) -> str | None:
    """By the special use that the server declares (RFC 6154), else by a well-known name."""
    readable = [folder for folder in listed if folder.can_be_read]
    for folder in readable:
        if flag in folder.flags:
            return folder.name
    known = {name: rank for rank, name in enumerate(names)}
    ranked = sorted((known[leaf], folder.name) for folder in readable if (leaf := _leaf(folder)) in known)
    return ranked[0][1] if ranked else None


def _leaf(folder: Listed) -> str | None:
    """The last part of the name where it lies at the top or under a usual parent; else None."""
    parent, _, leaf = folder.name.rpartition(folder.delimiter) if folder.delimiter else ("", "", folder.name)
    return _folded(leaf) if _folded(parent) in _PARENTS else None


def _folded(name: str) -> str:
    """Without regard to case, also of the Turkish i, and to how letters are composed."""
    return unicodedata.normalize("NFC", name.casefold().replace("i\u0307", "i"))
