"""A small IMAP server of our own, which misbehaves on request: what no real server does when asked to."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date

from tests.loopback import Loopback

_NUMBERS = re.compile(r"(\d+)(?::(\d+|\*))?")


@dataclass
class Folder:
    """What a folder holds: UID -> message, ascending."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 700
    uidnext: int = 1
    flags: str = "\\HasNoChildren"
    arrived: dict[int, date] = field(default_factory=dict)  # for SEARCH SINCE; today where missing

    def add(self, raw: bytes, *, arrived: date | None = None) -> int:
        uid = self.uidnext
        self.uidnext += 1
        self.mails[uid] = raw
        if arrived is not None:
            self.arrived[uid] = arrived
        return uid


class Conversation:
    """One connection, as a script sees it."""

    def __init__(self, peer: "ImapPeer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.peer = peer
        self.reader = reader
        self.writer = writer
        self.selected: Folder | None = None

    async def say(self, text: str | bytes) -> None:
        """Send as it is; the script writes the CRLF."""
        self.writer.write(text if isinstance(text, bytes) else text.encode())
        await self.writer.drain()

    async def hear(self) -> str:
        """The next line; "" at the end."""
        return (await self.reader.readline()).decode().rstrip("\r\n")

    def hang_up(self) -> None:
        self.writer.close()

    def exists(self) -> str:
        return f"* {len(self.selected.mails) if self.selected else 0} EXISTS\r\n"


# Gets the conversation, the tag and the arguments; returns True when it has answered, False to let the peer do it.
Script = Callable[[Conversation, str, str], Awaitable[bool]]


class ImapPeer(Loopback):
    """`async with ImapPeer() as peer: ... peer.port`

    Args:
        capabilities: what it announces.
        tls: a server's context, for TLS from the first byte.
    """

    def __init__(self, *, capabilities: str = "IMAP4rev1 IDLE SPECIAL-USE", tls: ssl.SSLContext | None = None) -> None:
        self.folders = {"INBOX": Folder(), "Junk": Folder(flags="\\Junk"), "Sent": Folder(flags="\\Sent")}
        self.greeting = "* OK ready\r\n"
        self.capabilities = capabilities
        self.scripts: dict[str, Script] = {}  # command, such as "IDLE" or "UID SEARCH" -> what is done instead
        self.heard: list[str] = []  # command lines without their tags, of all connections
        self.idling = asyncio.Event()  # a client was told "+ idling" and waits
        self.ca_file: str | None = None  # by which its certificate is believed, where it is not the test's own business
        super().__init__(tls=tls)
        self._open: set[Conversation] = set()

    async def announce(self, text: str | bytes) -> None:
        """Say something to everyone, unasked."""
        for line in self._open:
            await line.say(text)

    def hang_up(self) -> None:
        for line in self._open:
            line.hang_up()

    def count(self, command: str) -> int:
        """How often a command was heard."""
        return sum(line.startswith(command) for line in self.heard)

    async def serve(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Conversation(self, reader, writer)
        self._open.add(line)
        try:
            await line.say(self.greeting)
            while (heard := await line.hear()) and not line.writer.is_closing():
                tag, _, rest = heard.partition(" ")
                self.heard.append(rest)
                words = rest.split(" ", 2 if rest.upper().startswith("UID ") else 1)
                command = " ".join(words[:2] if words[0].upper() == "UID" else words[:1]).upper()
                arguments = rest[len(command) :].strip()
                script = self.scripts.get(command)
                if script is not None and await script(line, tag, arguments):
                    continue
                await self._answer(line, tag, command, arguments)
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            self._open.discard(line)
            line.writer.close()

    async def _answer(self, line: Conversation, tag: str, command: str, arguments: str) -> None:
        match command:
            case "CAPABILITY":
                await line.say(f"* CAPABILITY {self.capabilities}\r\n")
            case "LIST":
                for name, folder in self.folders.items():
                    await line.say(f'* LIST ({folder.flags}) "/" "{name}"\r\n')
            case "STATUS":
                name = arguments.partition(" (")[0].strip('"')
                told = self.folders[name]
                await line.say(f'* STATUS "{name}" (UIDNEXT {told.uidnext} UIDVALIDITY {told.uidvalidity})\r\n')
            case "EXAMINE":
                if (found := self.folders.get(arguments.strip('"'))) is None:
                    await line.say(f"{tag} NO [NONEXISTENT] no such folder\r\n")
                    return
                line.selected = found
                await line.say(
                    f"* FLAGS ()\r\n{line.exists()}* 0 RECENT\r\n* OK [UIDVALIDITY {found.uidvalidity}] ok\r\n"
                    f"* OK [UIDNEXT {found.uidnext}] ok\r\n{tag} OK [READ-ONLY] done\r\n"
                )
                return
            case "UID SEARCH":
                await line.say(f"* SEARCH {' '.join(map(str, self._found(line, arguments)))}".rstrip() + "\r\n")
            case "UID FETCH":
                await self._fetch(line, arguments)
            case "IDLE":
                await line.say("+ idling\r\n")
                self.idling.set()
                self.heard.append(await line.hear())  # DONE
                self.idling.clear()
            case "LOGOUT":
                await line.say("* BYE see you\r\n")
        await line.say(f"{tag} OK done\r\n")

    def _found(self, line: Conversation, criteria: str) -> list[int]:
        """`UID set`, `SINCE date`, `HEADER Message-ID "x"`; a sequence set before them limits them to a window."""
        assert line.selected is not None
        uids = sorted(line.selected.mails)
        window, key, rest = re.fullmatch(r"(?:([\d:*]+) )?(UID|SINCE|HEADER) (.*)", criteria).groups()  # type: ignore[union-attr]
        if window:
            first, _, last = window.partition(":")
            uids = uids[int(first) - 1 : None if last == "*" else int(last)]
        if key == "UID":
            wanted = self._set(rest, max(line.selected.mails, default=0))
            return [uid for uid in uids if uid in wanted]
        if key == "SINCE":
            day, month, year = rest.split("-")
            months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            since = date(int(year), months.index(month) + 1, int(day))
            return [uid for uid in uids if line.selected.arrived.get(uid, date.max) >= since]
        wanted_id = rest.split('"')[1].encode()
        return [uid for uid in uids if wanted_id in line.selected.mails[uid]]

    @staticmethod
    def _set(text: str, highest: int) -> set[int]:
        wanted: set[int] = set()
        for first, last in _NUMBERS.findall(text.replace("*", str(highest))):
            low, high = sorted((int(first), int(last or first)))
            wanted.update(range(low, high + 1))
        return wanted

    async def _fetch(self, line: Conversation, arguments: str) -> None:
        assert line.selected is not None
        uids, _, items = arguments.partition(" ")
        wanted = self._set(uids, max(line.selected.mails, default=0))
        for number, (uid, raw) in enumerate(sorted(line.selected.mails.items()), start=1):
            if uid not in wanted:
                continue
            if "RFC822.SIZE" in items:
                await line.say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)})\r\n")
            elif "BODY.PEEK[]" in items:
                await line.say(f"* {number} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
