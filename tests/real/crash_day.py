"""A day with everything durable in it, lived by processes that are killed, and counted where the mails arrive.

Letters to four clients, one of whom has no such mailbox; two answers; a provider that files a letter in Sent; an
order by mail with its answer; digest and alerts; a payment in a bank's file and one by the control socket; a hand-over
with its dossier.  While nobody listens the others do their part all the same.
"""

from __future__ import annotations

import asyncio
import signal
import zipfile
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from email.message import EmailMessage
from time import monotonic, sleep
from typing import Any

from daemon.adapters.control_client import NoAnswer, NoDaemon, ask
from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from tests.cli_place import day
from tests.real.crash_books import remember_yesterday, write_books
from tests.real.killed_at import PARTS
from tests.real.process_house import Place, Running, an_answer, an_order, running
from tests.real.servers import MailHouse
from tests.small_disk import tmpfs

WROTE = {"asks": "Good morning, which order is this about?", "promises": "We will pay the whole amount tomorrow."}
LATER = day(40)
_PATIENCE = 60.0  # seconds after which a life that has not brought the day to its end is stuck
_TRACED = 4  # times as long, where every line is counted
_LETTERS = ("asks", "promises", "files", "gone")
_SILENT = ("pays", "tells", "held", "hands")  # get no letter
_SURE = 2.0  # seconds after which a letter that was handed over lies in its mailbox, if no queue has it


class Day:
    """The creditor's place, the clients, the bank and the owner; `live` as often as wanted, then `counts`.

    Args:
        fresh: the very first start, without an invoice to hand over.
        disk: size in octets of a disk of its own for the state; None: it lies in the usual folder.
    """

    def __init__(self, mail: MailHouse, *, fresh: bool = False, disk: int | None = None) -> None:
        self.mail = mail
        self.clients = {key: mail.new_user(key) for key in (*_LETTERS[:3], *_SILENT)}
        self.fresh = fresh
        self.place = Place(mail, mail.new_user("fatture"), mail.new_user("giulia"))
        self._undo = ExitStack()
        if disk is not None:
            self.disk = self._undo.enter_context(tmpfs(self.place.folder / "disk", size=disk))
            self.place.state = self.place.folder / "disk" / "state"
        self.notes = self.place.folder / "steps"
        self.kills = self.failures = 0
        self._answers: dict[str, bytes] = {}  # client -> what he wrote
        self._filed = False
        self._orders = 0  # mails with the one order
        self._acknowledged = False  # the payment told by the socket
        write_books(self.place, mail, self.clients, fresh=fresh)
        if not fresh:
            asyncio.run(remember_yesterday(self.place, self.clients["hands"]))

    # -- its lives ----------------------------------------------------------------------------------------------

    def live(self, when: str = "never", *, may_fail: bool = False) -> bool:
        """One process, started as the unit does; False: the day came to its end before the process did.

        Args:
            when: see `tests.real.killed_at`.
            may_fail: it may also end with exit code 1, after which the unit starts it again.
        """
        program = ["-m", "tests.real.killed_at", when, str(self.notes)]
        patience = _PATIENCE * (_TRACED if when.partition(":")[0] in PARTS else 1)
        began = monotonic()
        with running(self.place, program=program) as daemon:
            while daemon.process.poll() is None:
                if daemon.told("READY=1"):
                    self.others_do_their_part()
                    if not self.missing():
                        daemon.signal(signal.SIGTERM)
                        daemon.process.wait(60)
                        break
                assert monotonic() - began < patience, self._told(daemon)
                sleep(0.03)
            code = daemon.process.returncode
            self.kills += code == -signal.SIGKILL
            self.failures += code == 1
            # SIGTERM: told to stop while it was failing
            ends = (0, -signal.SIGKILL, *((1, -signal.SIGTERM) if may_fail else ()))
            assert code in ends, f"exit {code}; {self._told(daemon)}"
            return code != 0

    def last_step(self) -> str:
        """At which step the last process ended."""
        lines = self.notes.read_text().splitlines()
        return lines[-1] if lines else ""

    def others_do_their_part(self) -> None:
        for key, words in WROTE.items():
            if key not in self._answers and (letters := self.place.has(self.clients[key])):
                self._answers[key] = an_answer(self.place, self.clients[key], letters[0], words)
                self._arrives(self._answers[key])
        if not self._filed and (letters := self.place.has(self.clients["files"])):
            self.mail.dovecot.put(self.place.creditor.username, letters[0].as_bytes(), "Sent", flags="S")
            self._filed = True
        self._order()
        if not self._acknowledged:
            self._tell_of_a_payment()
        self._settle()

    def missing(self) -> list[str]:
        """What was to happen today and does not stand in the journal yet."""
        if not self.place.state.exists():
            return ["a state"]
        entries = self.place.entries()
        kinds = Counter(type(entry).__name__ for entry in entries)
        wants = {
            "ReplyReceived": 2, "ContactFailed": 1, "OrdersTaken": 1, "AnswerSent": 1, "DigestSent": 1,
            "DossierMade": 0 if self.fresh else 1,
        }  # fmt: skip
        found = [f"{name} {kinds[name]} of {count}" for name, count in wants.items() if kinds[name] < count]
        paid = {entry.number for entry in entries if isinstance(entry, j.PaymentRecorded)}
        found += [f"payment of {number}" for number in ("2026-041", "2026-105") if number not in paid]
        ends = [entry for entry in entries if isinstance(entry, j.DeliveryAccepted | j.DoubtSettled)]
        ended = {entry.client for entry in ends if getattr(entry, "outcome", "sent") == "sent"}
        found += [f"the letter to {key}" for key in _LETTERS if key not in ended]
        told = {client for entry in entries if isinstance(entry, j.AlertSent) for client in entry.clients}
        digests = [entry.at for entry in entries if isinstance(entry, j.DigestSent)]
        for entry in entries:  # what the digest has told already, no alert tells
            if isinstance(entry, j.ReplyReceived | j.ContactFailed) and entry.client not in told and digests:
                found += [f"news of {entry.client}"] if entry.at > digests[0] else []
        found += [] if self._acknowledged else ["an answer to the payment"]
        return found or self._copies_missing()

    def _copies_missing(self) -> list[str]:
        """Mails and letters that the archive has no copy of."""
        names = [f"mail-{entry.mail}.eml" for entry in self.place.entries(j.ReplyReceived)]
        names += [f"letter-{entry.letter_id}.eml" for entry in self.place.entries(j.LetterQueued)]
        with StateDir.read_only(self.place.state) as state:
            return [name for name in names if state.archive.find(name) is None]

    # -- what came of it ----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Counted at the receiving end, after the last process has ended."""
        while self.mail.postfix.queued():
            sleep(0.05)
        place = self.place
        arrived = {key: len(place.has(self.clients[key])) for key in self.clients}
        wrote = Counter(e.client for e in place.entries(j.ReplyReceived))
        payments = Counter(e.number for e in place.entries(j.PaymentRecorded))
        to_owner = Counter(str(mail["X-Sollecito-Loop"]) for mail in place.has(place.owner))

        expected = {key: int(key in _LETTERS) for key in self.clients}
        assert arrived == expected, f"lost, or twice: {arrived}\n{self._story()}"
        assert len(self._bounces()) == 1
        assert wrote == {"asks": 1, "promises": 1}, "a reply was forgotten, or counted twice"
        assert len(place.entries(j.PromiseMade)) == 1
        assert [e.client for e in place.entries(j.ContactFailed)] == ["gone"]
        assert payments["2026-041"] == payments["2026-105"] == 1
        assert len(place.entries(j.OrdersTaken)) == 1
        assert [e.until.isoformat() for e in place.entries(j.HoldPlaced) if e.client == "held"] == [LATER]
        assert len(place.entries(j.DigestSent)) == 1
        assert len(place.entries(j.DossierMade)) == (0 if self.fresh else 1)
        assert place.status()["in_doubt"] == []
        assert self._copies_missing() == []
        for kind, sent in (("digest", j.DigestSent), ("answer", j.AnswerSent), ("alert", j.AlertSent)):
            times = len(place.entries(sent))
            assert times <= to_owner[kind] <= times + self.kills + self.failures, f"{kind}: {to_owner[kind]} came"
        for made in place.entries(j.DossierMade):
            with zipfile.ZipFile(made.file) as dossier:
                assert dossier.testzip() is None

    # -- the others ---------------------------------------------------------------------------------------------

    def _order(self) -> None:
        """The owner answers the digest.

        Where that was sent, and the process ended before it knew, the answer is refused; she is told so, and answers
        the next one.
        """
        digests = [mail for mail in self.place.has(self.place.owner) if mail["X-Sollecito-Loop"] == "digest"]
        refused = self.place.entries(j.OrdersRefused) if self._orders else []
        if len(digests) > self._orders and len(refused) == self._orders:
            order = f"hold 2026-106 until {LATER}"
            self._arrives(an_order(self.place, digests[-1], order, datetime.now(UTC)))
            self._orders += 1

    def _arrives(self, raw: bytes) -> None:
        self.mail.dovecot.put(self.place.creditor.username, raw)

    def _ask(self, command: str, **args: str) -> dict[str, Any] | None:
        """None: nobody has answered, and it may have been done or not."""
        for path in self.place.folder.glob("[!.]*.sock"):
            try:
                return ask(path, command, args, timeout=10)
            except (NoAnswer, NoDaemon):
                return None
        return None

    def _tell_of_a_payment(self) -> None:
        """Again until it is answered, as people do; what is answered is durable."""
        answer = self._ask("paid", target="2026-105") or {"ok": False, "error": "nobody answered"}
        refusal = answer.get("error", "")
        self._acknowledged = answer["ok"] or "paid already" in refusal
        if self._acknowledged:
            assert [e for e in self.place.entries(j.PaymentRecorded) if e.number == "2026-105"]
        else:  # nobody, a full disk, or a broken one
            assert refusal.startswith(("nobody answered", "nothing was recorded", "the daemon failed: LostDisk")), (
                refusal
            )

    def _settle(self) -> None:
        """What did not arrive and left no trace, the owner sends again; for the rest there is evidence to be found."""
        if not self.place.state.exists() or self.mail.postfix.queued():
            return
        entries, now = self.place.entries(j.DeliveryInDoubt, j.DoubtSettled), datetime.now(UTC)
        doubts = {entry.client: entry for entry in entries}  # the last word about each
        for key, entry in doubts.items():
            if isinstance(entry, j.DeliveryInDoubt) and (now - entry.at).total_seconds() > _SURE:
                came = self._bounces() if key == "gone" else self.place.has(self.clients[key])
                if not came:
                    self._ask("settle", target=entry.letter_id, text="resend")

    def _bounces(self) -> list[EmailMessage]:
        return [m for m in self.place.has(self.place.creditor) if "delivery-status" in str(m["Content-Type"])]

    def _story(self) -> str:
        """What the journal knows of letters, and what Postfix says."""
        return "\n".join([*map(str, self.place.entries(j.LetterEntry)), self.mail.postfix.log()[-6000:]])

    def _told(self, daemon: Running) -> str:
        return f"missing: {self.missing()}\n{daemon.log.read_text()[-4000:]}"

    def __enter__(self) -> Day:
        self.place.__enter__()
        return self

    def __exit__(self, *how: object) -> None:
        self._undo.close()
        self.place.__exit__(*how)  # type: ignore[arg-type]  # as they come
