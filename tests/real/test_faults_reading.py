"""What strangers put into the mailbox never stops it; and half a daemon is none."""

from __future__ import annotations

import time
from pathlib import Path

from daemon.domain import journal as j
from tests.real.process_house import Place, an_answer, debtor, overdue, running, with_changes
from tests.real.servers import MailHouse

_HEAD = (
    "From: {sender}\r\nTo: x@example.test\r\nSubject: hello\r\n"
    "Message-ID: <{name}@hostile.test>\r\nMIME-Version: 1.0\r\n"
)


def _bad_charset(head: str) -> bytes:
    return (head + 'Content-Type: text/plain; charset="=?no-such\\x00charset"\r\n\r\n').encode() + bytes(
        range(128, 256)
    ) * 50


def _nested(head: str) -> bytes:
    lines = [head.rstrip("\r\n")]
    for depth in range(1000):
        lines += [f'Content-Type: multipart/mixed; boundary="b{depth}"', "", f"--b{depth}"]
    return "\r\n".join([*lines, "Content-Type: text/plain", "", "deep", ""]).encode()


def _huge(head: str) -> bytes:
    return (head + "Content-Type: text/plain\r\n\r\n").encode() + (b"x" * 998 + b"\r\n") * 60_000


def test_F37_F38_hostile_mail_never_stops_the_folder(mail_house: MailHouse) -> None:
    """A charset that is none, a thousand nested parts, 60 MB; the client's answer behind them counts."""
    anna, creditor, owner = (mail_house.new_user(name) for name in ("anna", "fatture", "giulia"))
    with Place(mail_house, creditor, owner, clients={"acme": debtor(anna)}, invoices=[overdue()]) as place:
        with running(place) as daemon:
            daemon.ready()
            [letter] = place.inbox(anna)
            place.recorded(j.DeliveryAccepted)
            for name, make in (("charset", _bad_charset), ("nested", _nested), ("huge", _huge)):
                mail_house.dovecot.put(creditor.username, make(_HEAD.format(sender="stranger@client.test", name=name)))
            began = time.monotonic()
            mail_house.dovecot.put(creditor.username, an_answer(place, anna, letter, "Which order is this about?"))
            place.recorded(j.ReplyReceived)
            seconds = time.monotonic() - began
            memory = Path(f"/proc/{daemon.process.pid}/status").read_text()
            rss = int(memory.partition("VmHWM:")[2].split()[0])
            print(f"read behind them after {seconds:.2f} s; most memory {rss // 1024} MiB")
            assert place.status()["faults"] == []
            assert daemon.stop() == 0
        inbox = [entry for entry in place.entries(j.MailRead) if entry.folder == "INBOX" and entry.mail]

    assert len({entry.uid for entry in inbox}) == 4, "each of them was read and counts as read"
    assert seconds < 15
    assert rss < 250 * 1024


def test_a_loop_that_ends_or_fails_ends_the_process(mail_house: MailHouse) -> None:
    """Half a daemon is none: exit 1, and the service manager starts it again."""
    anna, creditor, owner = (mail_house.new_user(name) for name in ("anna", "fatture", "giulia"))
    ends = ("import daemon.loops.listen as listen", "async def gone(self): pass", "listen.Listener.run = gone")
    fails = (*ends[:1], "async def bad(self): raise KeyError('a bug of ours')", "listen.Listener.run = bad")
    with Place(mail_house, creditor, owner, clients={"acme": debtor(anna)}, invoices=[overdue()]) as place:
        for changes, said in ((ends, "listen"), (fails, "a bug of ours")):
            with running(place, program=with_changes(*changes)) as daemon:
                assert daemon.ended() == 1
                assert said in daemon.log.read_text()
                assert place.entries(j.DeliveryInDoubt) == []
