"""Commands through the socket of a running daemon, and `check --online` against the mail house."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.domain import journal as j
from daemon.wiring import checkup
from tests.real.process_house import Place, an_answer, debtor, overdue, running, until
from tests.real.servers import Account, MailHouse


@pytest.fixture
def clients(mail_house: MailHouse) -> dict[str, Account]:
    return {key: mail_house.new_user(key) for key in ("acme", "beta", "luna")}


@pytest.fixture
def place(mail_house: MailHouse, clients: dict[str, Account]) -> Iterator[Place]:
    """Three clients with an overdue invoice each; at the first start their letters wait for a go."""
    with Place(
        mail_house, mail_house.new_user("fatture"), mail_house.new_user("giulia"), first_start="ask",
        clients={key: debtor(account, name=f"{key.title()} S.p.A.") for key, account in clients.items()},
        invoices=[overdue(f"2026-0{n}1", key) for n, key in enumerate(clients, 4)],
    ) as found:  # fmt: skip
        yield found


def _row(place: Place, number: str) -> dict[str, object]:
    [row] = [row for row in place.status()["invoices"] if row["number"] == number]
    assert isinstance(row, dict)
    return row


def test_the_owners_day(place: Place, clients: dict[str, Account], mail_house: MailHouse) -> None:
    """Every command that tells, each seen in the daemon's own journal while it runs."""
    with running(place) as daemon:
        daemon.ready()
        place.recorded(j.LetterQueued, 3)
        assert [set(row) for row in place.status()["waiting"]] == [
            {"letter_id", "client", "to", "letter", "invoices", "at"}] * 3  # fmt: skip
        assert all(row["at"].endswith("Z") for row in place.status()["waiting"])

        assert place.ask("go", "2026-041").code == 0
        [letter] = place.inbox(clients["acme"])
        assert place.ask("stop", "2026-051").code == 0
        assert place.ask("go", "--all").code == 0
        place.inbox(clients["luna"])
        time.sleep(1.0)
        assert place.has(clients["beta"]) == [], "stopped is stopped, also for --all"

        mail_house.dovecot.put(place.creditor.username, an_answer(place, clients["acme"], letter, "Which order is it?"))
        place.recorded(j.ReplyReceived)
        until(lambda: _row(place, "2026-041")["state"] == "held", "what is durable is known a moment later")
        refused = place.ask("remind", "2026-041")
        assert (refused.code, "held" in refused.err) == (1, True)
        for words, state in (
            (("resume", "2026-041"), "open"),
            (("promise", "2026-041", "2099-01-04"), "promised"),
            (("dispute", "2026-061", "hours", "missing"), "disputed"),
            (("called", "2026-051", "paid"), "held"),
            (("paid", "2026-041", "--amount", "1220.00"), "paid"),
        ):
            done = place.ask(*words)
            assert (done.code, done.err, done.out.count("\n")) == (0, "", 1), words
            assert _row(place, words[1])["state"] == state, words
        history = place.ask("history", "2026-041", "--json").document
        missing = {
            "LetterQueued", "LetterReleased", "DeliveryStarted", "DeliveryAccepted", "ReplyReceived", "HoldPlaced",
            "HoldLifted", "PromiseMade", "PaymentRecorded",
        } - {entry["entry"] for entry in history}  # fmt: skip
        assert missing == set()
        assert len(daemon.events("command_done")) >= 7
        seen = place.ask("status").out
        assert "Mailbox read to its end at" in seen
        assert daemon.stop() == 0
    assert "No daemon is running" in place.ask("status").out
    assert _row(place, "2026-041")["state"] == "paid", "the same from the state as it lies"


def test_forget_in_the_running_daemon(place: Place, clients: dict[str, Account], mail_house: MailHouse) -> None:
    """Addresses, words and texts go from the disk, and the daemon goes on: an answer in the old thread still counts."""
    anna = clients["acme"]
    with running(place) as daemon:
        daemon.ready()
        place.recorded(j.LetterQueued, 3)
        place.ask("go", "2026-041")
        [letter] = place.inbox(anna)
        mail_house.dovecot.put(place.creditor.username, an_answer(place, anna, letter, "I am in Cuba, which order?"))
        place.recorded(j.ReplyReceived)
        until(lambda: b"Cuba" in _bytes_below(place.state), "the copy, which is written in the background")
        before = _bytes_below(place.state)
        done = place.ask("forget", "acme")
        after = _bytes_below(place.state)

        assert done.code == 0
        assert all(word in before for word in (anna.address.encode(), b"Cuba"))
        assert not any(word in after for word in (anna.address.encode(), b"Cuba"))
        assert b"2026-041" in after
        mail_house.dovecot.put(place.creditor.username, an_answer(place, anna, letter, "Still there?"))
        place.recorded(j.ReplyReceived, 2)
        assert daemon.stop() == 0
    with running(place) as daemon:
        daemon.ready()
        assert _row(place, "2026-041")["state"] == "held"
        assert daemon.stop() == 0


def _bytes_below(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_check_online_logs_in_lists_the_folders_and_finds_a_plus_address_that_works(place: Place) -> None:
    """Nothing is sent to a client, and nothing is written."""
    done = place.ask("check", "--online", "--json")
    rows = {row["what"]: row for row in done.document["online"]}

    assert done.code == 0, done.err
    assert (rows["smtp"]["ok"], rows["imap"]["ok"], rows["reply_token"]["ok"]) == (True, True, True)
    assert all(folder in rows["imap"]["words"] for folder in ("INBOX", "Junk", "Sent"))
    assert "`plus` is safe" in rows["reply_token"]["words"]
    assert "the inbox is empty" in rows["commands"]["words"]
    assert len(place.has(place.creditor)) == 1, "the probe itself"
    assert not place.state.exists()


async def test_check_online_keeps_off_a_plus_address_that_does_not_work(
    make_mail_house: Callable[..., MailHouse], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = make_mail_house(dovecot_settings="recipient_delimiter =")
    monkeypatch.setattr(checkup, "_PROBE_SECONDS", 3)
    with Place(mail, mail.new_user("fatture"), mail.new_user("giulia"), clients={}, invoices=[]) as place:
        rows = {row["what"]: row for row in await checkup.check_online(str(place.config))}
        place.edit(lambda d: d.update(reply_token="plus"))
        wanted = {row["what"]: row for row in await checkup.check_online(str(place.config))}

    assert "keep `reply_token: none`" in rows["reply_token"]["words"]
    assert rows["reply_token"]["ok"], "nobody asked for it"
    assert not wanted["reply_token"]["ok"]


@pytest.mark.parametrize("server", ["smtp", "imap"])
def test_check_online_names_the_server_that_refuses(place: Place, server: str) -> None:
    (place.folder / "wrong").write_text("no")
    place.edit(lambda d: d[server].update(password={"file": str(place.folder / "wrong")}))
    done = place.ask("check", "--online")

    assert done.code == 1
    assert f"{server}" in done.out
    assert "FAULT" in done.out


def test_a_password_that_is_not_there_is_said_and_waited_for(place: Place, clients: dict[str, Account]) -> None:
    """The file is missing at the start and appears later: the daemon lives on, and nothing went out meanwhile."""
    password = (place.folder / "password").read_text()
    (place.folder / "password").unlink()
    place.edit(lambda d: d.update(first_start="send"))
    with running(place) as daemon:
        daemon.ready()
        until(lambda: place.status()["faults"], "a fault in status")
        faults = " ".join(place.status()["faults"])
        assert "password" in faults
        assert f"{place.folder}/password" in faults
        assert daemon.process.poll() is None
        assert place.entries(j.DeliveryStarted) == []
        (place.folder / "password").write_text(password)
        until(lambda: place.status()["mailbox"]["read_to_end_at"], "the mailbox is read", 60)
        assert daemon.stop() == 0
