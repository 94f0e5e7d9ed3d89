"""F68: SIGKILL at any moment of a day with twenty letters: none lost, none twice, no answer forgotten."""

from __future__ import annotations

import random
import time

from daemon.domain import journal as j
from tests.real.line_proxy import Rules
from tests.real.process_house import PATIENCE, Place, Running, an_answer, debtor, overdue, running, slow_line, until
from tests.real.servers import Account, MailHouse

LETTERS = 20
KILLS = 30
SEED = 20261122
ANSWERS = 0.05  # seconds by which Postfix's come late: there is time between its taking a letter and our knowing it
# From `DeliveryStarted` on: MAIL, RCPT and DATA are answered at 1, 2 and 3 times `ANSWERS`, the dot at 4 times.
MOMENTS = [0.0, ANSWERS, 2 * ANSWERS, *(ANSWERS * (3 + part) for part in (0.3, 0.5, 0.7, 0.9)), 4.2 * ANSWERS]


def test_F68_F1_thirty_kills_during_a_day_of_twenty_letters(mail_house: MailHouse) -> None:
    """Counted in the clients' own mailboxes.

    Every second client's provider files what it takes in our Sent, as many do: a doubt about a letter to these is
    settled by that evidence.  The other doubts stay, and the owner settles them by asking: here, by a look into the
    client's mailbox.
    """
    chance = random.Random(SEED)
    clients = {f"c{n:02}": mail_house.new_user("debtor") for n in range(LETTERS)}
    books = {"clients": {key: debtor(account, name=f"Client {key}") for key, account in clients.items()}}
    invoices = [overdue(f"2026-1{n:02}", f"c{n:02}") for n in range(LETTERS)]
    creditor, owner = mail_house.new_user("fatture"), mail_house.new_user("giulia")
    answered: set[str] = set()
    filed: set[str] = set()
    in_time, doubts = 0, 0
    with (
        slow_line(mail_house.postfix.starttls_port, down=Rules(delay=ANSWERS)) as line,
        Place(mail_house, creditor, owner, **books, invoices=invoices) as place,
    ):
        place.edit(lambda d: d["smtp"].update(per_minute=60, connections=2, port=line.port))
        for kill in range(KILLS):
            with running(place) as daemon:
                in_time += _live_until(chance, place, daemon)
                daemon.kill()
            _others_do_their_part(chance, place, clients, answered, filed)
            if kill % 10 == 9:
                assert all(len(place.has(account)) <= 1 for account in clients.values()), f"twice, by kill {kill + 1}"
        with running(place) as daemon:
            daemon.ready()
            until(lambda: _through(place), "all letters settled or in doubt", 60)
            for row in place.status()["in_doubt"]:
                doubts += 1
                here = bool(place.has(clients[row["client"]]))
                assert place.ask("settle", row["letter_id"], "sent" if here else "resend").code == 0
            until(lambda: all(place.has(account) for account in clients.values()), "every letter in its mailbox", 60)
            time.sleep(1.0)
            until(lambda: len({e.mail for e in place.entries(j.ReplyReceived)}) >= len(answered), "all answers")
            assert daemon.stop() == 0
        counts = {key: len(place.has(account)) for key, account in clients.items()}
        settled = [entry.by for entry in place.entries(j.DoubtSettled)]
        replies = [entry.mail for entry in place.entries(j.ReplyReceived)]
        noted = len(place.entries(j.DeliveryInDoubt))

    print(
        f"{KILLS} kills, {in_time} of them while a letter was on its way; {noted} doubts: "
        f"{settled.count('evidence')} settled by evidence, {doubts} by the owner; {len(replies)} answers"
    )
    assert counts == dict.fromkeys(clients, 1)
    assert in_time >= KILLS // 4, "the kills have to hit"
    assert noted >= 3
    assert "evidence" in settled
    assert len(replies) == len(set(replies)) == len(answered)


def _live_until(chance: random.Random, place: Place, daemon: Running) -> int:
    """Let it live until a chosen moment; 1 when that is while a letter is on its way."""
    started = place.journal_text().count(b'"DeliveryStarted"')
    if chance.random() < 0.3:  # anywhere in its life, the start included
        time.sleep(chance.uniform(0.05, 1.5))
        return 0
    began = looked = time.monotonic()
    while place.journal_text().count(b'"DeliveryStarted"') == started:
        if time.monotonic() - looked > 0.5:
            if _through(place):
                return 0  # nothing is left to be sent
            looked = time.monotonic()
            assert looked - began < 2 * PATIENCE, daemon.log.read_text()[-3000:]
        time.sleep(0.001)
    time.sleep(chance.choice(MOMENTS))
    return 1


def _others_do_their_part(
    chance: random.Random, place: Place, clients: dict[str, Account], answered: set[str], filed: set[str]
) -> None:
    """While the daemon is dead: providers file what went through them, and clients write."""
    time.sleep(0.15)  # what Postfix has taken, it delivers
    in_sent = {mail["Message-ID"] for mail in place.has(place.creditor, "Sent")}
    for number, (key, account) in enumerate(clients.items()):
        for letter in place.has(account):
            if number % 2 == 0 and key not in filed and letter["Message-ID"] not in in_sent:
                place.mail.dovecot.put(place.creditor.username, letter.as_bytes(), "Sent", flags="S")
                filed.add(key)
            if key not in answered and len(answered) < 6 and chance.random() < 0.2:
                raw = an_answer(place, account, letter, "Good morning, which order is this about?")
                place.mail.dovecot.put(place.creditor.username, raw)
                answered.add(key)


def _through(place: Place) -> bool:
    """Every letter has an end, or is in doubt and was looked for."""
    ends = {entry.letter_id for entry in place.entries(j.DeliveryAccepted, j.DeliveryInDoubt)}
    return len(ends) == LETTERS
