"""A stop in mid-sending, a relay that cannot be used, a full disk: seen on the process, over real servers."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from daemon.adapters.control_client import ask
from daemon.domain import journal as j
from tests.real.line_proxy import Rules
from tests.real.process_house import Place, an_answer, debtor, overdue, running, slow_line, until, with_changes
from tests.real.servers import Account, MailHouse
from tests.real.short_times import shortened
from tests.small_disk import Limited, Tmpfs, tmpfs

SHORT_STOP = shortened({"daemon.wiring.life.FINISH_WITHIN": 2.0})
SHORT_PAUSE = shortened({"daemon.loops.deliver._DISK_PAUSE": 1, "daemon.loops.plan._DISK_PAUSE": 1})


def _many(mail: MailHouse, count: int) -> tuple[dict[str, Account], Place]:
    accounts = {f"c{n:02}": mail.new_user("debtor") for n in range(count)}
    place = Place(
        mail, mail.new_user("fatture"), mail.new_user("giulia"),
        clients={key: debtor(account, name=f"Client {key}") for key, account in accounts.items()},
        invoices=[overdue(f"2026-2{key[1:]}", key) for key in accounts],
    )  # fmt: skip
    return accounts, place


def _one(mail: MailHouse) -> tuple[str, Account, Place]:
    accounts, place = _many(mail, 1)
    [(key, account)] = accounts.items()
    return key, account, place


def _open_ends(place: Place) -> set[str]:
    """Letters that were begun and have no end in the journal."""
    begun = {entry.letter_id for entry in place.entries(j.DeliveryStarted)}
    ended = place.entries(j.DeliveryAccepted, j.DeliveryDeferred, j.DeliveryRefused, j.DeliveryInDoubt)
    return begun - {entry.letter_id for entry in ended}


def test_F5_a_stop_in_the_middle_of_sending_ends_each_letter_and_no_more(mail_house: MailHouse) -> None:
    accounts, place = _many(mail_house, 10)
    slow = Rules(delay=0.05)
    with place, slow_line(mail_house.postfix.starttls_port, down=slow) as line:
        place.edit(lambda d: d["smtp"].update(port=line.port))
        with running(place) as daemon:
            daemon.ready()
            place.recorded(j.DeliveryAccepted, 3)
            began = time.monotonic()
            code, seconds = daemon.stop(), time.monotonic() - began
        accepted = len(place.entries(j.DeliveryAccepted))
        begun = len(place.entries(j.DeliveryStarted))
        arrived = sum(len(place.has(account)) for account in accounts.values())

        assert code == 0
        assert seconds < 10
        assert begun < len(accounts), "the stop came in the middle"
        assert (_open_ends(place), accepted) == (set(), begun)
        assert arrived == accepted
        with running(place) as daemon:
            daemon.ready()
            place.recorded(j.DeliveryAccepted, len(accounts))
            assert daemon.stop() == 0
        assert {key: len(place.has(account)) for key, account in accounts.items()} == dict.fromkeys(accounts, 1)


def test_F5_a_stop_while_the_server_does_not_answer_leaves_a_doubt_and_no_second_letter(mail_house: MailHouse) -> None:
    """The final dot is out and no answer comes: after the stop time the line is cut; the letter may have arrived."""
    key, account, place = _one(mail_house)
    context = {
        "tls": mail_house.certificates.server_context(),
        "upstream_tls": mail_house.certificates.client_context(),
    }
    silent = Rules(silence_after=b"\r\n.\r\n")
    with place, slow_line(mail_house.postfix.tls_port, up=silent, **context) as line:
        place.edit(lambda d: d["smtp"].update(port=line.port, security="tls"))
        with running(place, program=with_changes(SHORT_STOP)) as daemon:
            daemon.ready()
            place.inbox(account)
            began = time.monotonic()
            code, seconds = daemon.stop(), time.monotonic() - began
        assert code == 0
        assert 1.5 < seconds < 20
        place.edit(lambda d: d["smtp"].update(port=mail_house.postfix.tls_port))
        with running(place) as daemon:
            daemon.ready()
            place.recorded(j.DeliveryInDoubt)
            time.sleep(2.0)
            [row] = place.status()["in_doubt"]
            assert (row["client"], row["invoices"]) == (key, ["2026-200"])
            assert len(place.has(account)) == 1, "never resent unasked"
            assert place.ask("settle", row["letter_id"], "sent").code == 0
            assert place.status()["in_doubt"] == []


def test_F11_a_stripped_starttls_puts_nothing_out_and_names_the_setting(
    make_mail_house: Callable[..., MailHouse],
) -> None:
    mail = make_mail_house(postfix_settings={"smtpd_discard_ehlo_keywords": "starttls", "smtpd_tls_auth_only": "no"})
    _, account, place = _one(mail)
    with place, running(place) as daemon:
        daemon.ready()
        daemon.said("relay_unreachable")
        faults = " ".join(place.status()["faults"])
        time.sleep(1.0)

        assert "smtp" in faults
        assert "starttls" in faults.lower()
        assert place.entries(j.DeliveryStarted) == []
        assert place.has(account) == []
        assert "sasl_username" not in mail.postfix.log(), "the password never went out"


@pytest.mark.parametrize("server", ["smtp", "imap"])
def test_F13_a_refused_login_puts_nothing_out_and_names_the_setting(mail_house: MailHouse, server: str) -> None:
    """Ours to mend: no retry storm, no client marked as bounced."""
    _, account, place = _one(mail_house)
    with place:
        wrong = place.folder / "wrong"
        wrong.write_text("not the password")
        place.edit(lambda d: d[server].update(password={"file": str(wrong)}))
        with running(place) as daemon:
            daemon.ready()
            until(lambda: place.status()["faults"], "a fault in status")
            faults = " ".join(place.status()["faults"])
            time.sleep(3.0)
            tries = len(daemon.events("relay_unreachable") + daemon.events("mailbox_unreachable"))

            assert f"{server}" in faults
            assert "password" in faults or "username" in faults
            assert place.entries(j.DeliveryStarted, j.ContactFailed, j.CallSuggested) == []
            assert place.has(account) == []
            assert tries <= 3
            assert "not the password" not in daemon.log.read_text()


@contextmanager
def _on_a_small_disk(place: Place) -> Iterator[Tmpfs | Limited]:
    with tmpfs(place.folder / "disk", size=600_000) as disk:
        place.state = place.folder / "disk" / "state"
        place.edit(lambda d: d.update(state=f"tinydb://{place.state}"))
        yield disk


def test_F60_on_a_full_disk_no_letter_leaves_and_it_recovers(mail_house: MailHouse) -> None:
    """What the daemon cannot write down, it does not do; what a client writes meanwhile is read when there is room."""
    accounts, place = _many(mail_house, 3)
    first, second, third = accounts.values()
    with place, _on_a_small_disk(place) as disk:
        place.edit(lambda d: d.update(first_start="ask"))
        with running(place, program=with_changes(SHORT_PAUSE)) as daemon:
            daemon.ready()
            place.recorded(j.LetterQueued, 3)
            assert place.ask("go", "2026-200").code == 0
            [letter] = place.inbox(first)
            place.recorded(j.DeliveryAccepted)
            disk.fill()
            refused = next(done for _ in range(100) if (done := place.ask("hold", "2026-200")).code)  # the last page
            gone = place.ask("go", "--all")
            mail_house.dovecot.put(place.creditor.username, an_answer(place, first, letter, "Which order is this?"))
            daemon.said("disk_trouble")
            status = place.status()
            time.sleep(2.0)

            assert (refused.code, gone.code) == (1, 1)
            assert "nothing was recorded" in gone.err
            assert any(str(place.state) in fault for fault in status["faults"]), status["faults"]
            assert [place.has(second), place.has(third)] == [[], []]
            assert daemon.process.poll() is None
            disk.free()
            place.recorded(j.ReplyReceived)
            assert place.ask("go", "--all").code == 0
            place.inbox(second)
            place.inbox(third)
            until(lambda: not place.status()["faults"], "no fault any more")
            assert daemon.stop() == 0
        assert [len(place.has(account)) for account in accounts.values()] == [1, 1, 1]


def test_F60_a_disk_that_fills_while_a_letter_is_on_its_way_forgets_no_answer(mail_house: MailHouse) -> None:
    """The server's 250 cannot be written down: kept in mind, it is recorded when there is room."""
    accounts, place = _many(mail_house, 1)
    [account] = accounts.values()
    context = {
        "tls": mail_house.certificates.server_context(),
        "upstream_tls": mail_house.certificates.client_context(),
    }
    with (
        place,
        _on_a_small_disk(place) as disk,
        slow_line(mail_house.postfix.tls_port, down=Rules(delay=0.4), **context) as line,
    ):
        place.edit(lambda d: d["smtp"].update(port=line.port, security="tls"))
        place.edit(lambda d: d["clients"].update(other=debtor(account)))
        place.edit(lambda d: d["invoices"].append(overdue("2026-300", "other", days=-60)))
        with running(place, program=with_changes(SHORT_PAUSE)) as daemon:
            daemon.ready()
            place.recorded(j.DeliveryStarted)
            disk.fill()
            [control] = place.folder.glob("*.sock")
            while ask(control, "hold", {"target": "2026-300"})["ok"]:
                pass  # until the page that is begun already has no room either
            accepted_before = place.entries(j.DeliveryAccepted)
            place.inbox(account)
            daemon.said("disk_trouble")
            time.sleep(2.5)
            still = place.entries(j.DeliveryAccepted)
            disk.free()
            [accepted] = place.recorded(j.DeliveryAccepted)

            assert (accepted_before, still) == ([], [])
            assert len(place.has(account)) == 1
            assert place.entries(j.DeliveryInDoubt) == []
            assert accepted.to == account.address
            daemon.signal(signal.SIGTERM)
            assert daemon.ended() == 0
