"""F68: what a SIGKILL takes of the copies beside the journal, the next process puts back."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from tests.real.process_house import Place, an_answer, debtor, overdue, running, until, with_changes
from tests.real.servers import Account, MailHouse
from tests.real.short_times import shortened

NEVER_KEEPS = with_changes(shortened({"daemon.loops.keep._GATHER": 3600.0}))  # it is killed long before


@pytest.fixture
def place(mail_house: MailHouse, anna: Account) -> Iterator[Place]:
    clients, invoices = {"acme": debtor(anna)}, [overdue()]
    with Place(mail_house, mail_house.new_user("fatture"), mail_house.new_user("giulia")) as found:
        found.edit(lambda document: document.update(clients=clients, invoices=invoices))
        yield found


def copy_of(place: Place, name: str) -> bytes | None:
    with StateDir.read_only(place.state) as state:
        return state.archive.find(name)


def lived_until_killed(place: Place, anna: Account) -> tuple[bytes, str]:
    """A letter was sent and answered, and nothing of both was kept: the answer, and the name of its copy."""
    with running(place, program=NEVER_KEEPS) as daemon:
        daemon.ready()
        [letter] = place.inbox(anna)
        place.recorded(j.DeliveryAccepted)
        answer = an_answer(place, anna, letter, "Good morning, which order is this about?")
        place.mail.dovecot.put(place.creditor.username, answer)
        [reply] = place.recorded(j.ReplyReceived)
        daemon.signal(signal.SIGKILL)
        daemon.ended()
    name = f"mail-{reply.mail}.eml"
    assert (copy_of(place, name), copy_of(place, "letter-acme-1.eml")) == (None, None), "there was nothing to lose"
    return answer, name


def await_copies(place: Place, *names: str) -> None:
    with running(place) as daemon:
        daemon.ready()
        until(lambda: all(copy_of(place, name) for name in names), "the copies", more=daemon.log.read_text)
        assert daemon.stop() == 0


def test_F68_the_copies_of_a_letter_and_of_an_answer_are_there_after_a_kill(place: Place, anna: Account) -> None:
    """Also where Sent has no copy of the letter yet."""
    place.edit(lambda document: document["imap"].update(file_sent=False))
    answer, name = lived_until_killed(place, anna)
    await_copies(place, name, "letter-acme-1.eml")

    kept, [arrived] = copy_of(place, "letter-acme-1.eml"), place.mail.dovecot.mails(anna.username)
    assert kept is not None
    assert arrived.replace(b"\r\n", b"\n").endswith(kept.replace(b"\r\n", b"\n")), "as it was sent"
    assert (copy_of(place, name) or b"").replace(b"\r\n", b"\n") == answer
    assert not [*(place.state / "archive" / "ahead").iterdir()]
    assert len(place.entries(j.ReplyReceived)) == len(place.entries(j.DeliveryAccepted)) == 1


def test_F68_an_answer_in_a_folder_that_was_numbered_anew_is_found_by_its_message_id(
    place: Place, anna: Account
) -> None:
    answer, name = lived_until_killed(place, anna)
    place.mail.dovecot.renew_uidvalidity(place.creditor.username)
    await_copies(place, name)

    assert (copy_of(place, name) or b"").replace(b"\r\n", b"\n") == answer


def test_F68_of_a_letter_whose_copy_a_power_cut_tore_the_one_in_sent_is_kept(place: Place, anna: Account) -> None:
    lived_until_killed(place, anna)
    [ahead] = (place.state / "archive" / "ahead").iterdir()
    whole = ahead.read_bytes()
    ahead.write_bytes(whole[: len(whole) // 2])
    for sent in place.mail.dovecot.mails(place.creditor.username, "Sent"):
        assert sent.replace(b"\r\n", b"\n") == whole.replace(b"\r\n", b"\n")
    await_copies(place, "letter-acme-1.eml")

    kept = copy_of(place, "letter-acme-1.eml") or b""
    assert kept.replace(b"\r\n", b"\n") == whole.replace(b"\r\n", b"\n")
