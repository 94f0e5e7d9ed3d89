"""One client's weeks in one test each: the whole daemon, real Postfix and Dovecot, a clock that the test sets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from daemon.domain import journal as j
from tests.real.daemon_house import a_client, an_invoice, daemon_at
from tests.real.servers import MailHouse


def rome(month: int, day: int, hour: int = 10, minute: int = 5) -> datetime:
    """A moment of winter 2026/27 in Italy."""
    year = 2026 if month > 6 else 2027
    return datetime(year, month, day, hour - 1, minute, tzinfo=UTC)


async def test_a_letter_goes_out_and_the_clients_answer_pauses_the_ladder(
    mail_house: MailHouse, tmp_path: Path
) -> None:
    """Daemon -> Postfix -> Dovecot, the client asks something, and the second letter does not come."""
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2, 8), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna)}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        assert house.has(anna) == [], "nothing leaves before the window opens"
        await house.at(rome(11, 2))
        [letter] = await house.inbox(anna, 1)

        assert "2026-041" in letter["Subject"]
        assert [e.letter for e in house.entries(j.LetterQueued)] == ["first-reminder"]
        assert len(await house.recorded(j.DeliveryAccepted)) == 1

        await house.answer(anna, letter, "Good morning, could you send me the purchase order number?")
        [reply] = await house.recorded(j.ReplyReceived)
        assert reply.numbers == ("2026-041",)
        assert house.status("2026-041")["state"] == "held"
        for day in (9, 10, 16, 23):
            await house.at(rome(11, day))
        assert len(house.has(anna)) == 1, "an unanswered mail of the client keeps the ladder still"


async def test_the_owners_own_reply_in_the_thread_stops_the_ladder(mail_house: MailHouse, tmp_path: Path) -> None:
    """A person has taken over: what they wrote lies in Sent, and no letter follows until they say so."""
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna)}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        [letter] = await house.inbox(anna, 1)
        own = (
            f"From: {creditor.address}\r\nTo: {anna.address}\r\nSubject: Re: {letter['Subject']}\r\n"
            f"Message-ID: <own-1@example.test>\r\nIn-Reply-To: {letter['Message-ID']}\r\n"
            f"References: {letter['Message-ID']}\r\nDate: Tue, 03 Nov 2026 09:00:00 +0100\r\n\r\n"
            "Dear Anna, I will call you tomorrow.\r\n"
        ).encode()
        mail_house.dovecot.put(creditor.username, own, folder="Sent")
        await house.recorded(j.OwnerWrote)
        for day in (9, 10, 23):
            await house.at(rome(11, day))

        assert len(house.has(anna)) == 1
        assert house.status("2026-041")["hold"]["because"] == "owner-wrote"

        answer = await house.command("resume", target="2026-041")
        assert answer["ok"], answer
        await house.at(rome(12, 9))
        second = await house.inbox(anna, 2)
        assert len(second) == 2, "the owner lifted the hold"


async def test_an_unknown_user_ends_in_a_suggested_call(mail_house: MailHouse, tmp_path: Path) -> None:
    """Postfix writes a real DSN; the address has failed, and the owner gets a number to call."""
    creditor, owner = (mail_house.new_user(name) for name in ("fatture", "giulia"))
    gone = mail_house.unknown_address()
    client = a_client(creditor, contacts=[{"name": "Anna Verdi", "email": gone, "phone": "+39 02 5550 1111"}])
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2), creditor=creditor, owner=owner,
        clients={"acme": client}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        [call] = await house.recorded(j.CallSuggested)

        assert (call.contact, call.phone) == ("Anna Verdi", "+39 02 5550 1111")
        assert [failed.address for failed in house.entries(j.ContactFailed)] == [gone.lower()]
        assert house.status("2026-041")["call"]["phone"] == "+39 02 5550 1111"
        await house.at(rome(11, 9))
        assert len(house.entries(j.DeliveryStarted)) == 1, "nobody is left to write to"


async def test_a_bounce_turns_to_the_next_contact_who_starts_at_the_first_reminder(
    mail_house: MailHouse, tmp_path: Path
) -> None:
    creditor, owner, office = (mail_house.new_user(name) for name in ("fatture", "giulia", "office"))
    gone = mail_house.unknown_address()
    contacts = [{"name": "Anna Verdi", "email": gone}, {"name": "Office", "email": office.address}]
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2), creditor=creditor, owner=owner,
        clients={"acme": a_client(office, contacts=contacts)}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        await house.recorded(j.ContactFailed)
        await house.at(rome(11, 3))
        [letter] = await house.inbox(office, 1)

        assert "2026-041" in letter["Subject"]
        assert [e.letter for e in house.entries(j.LetterQueued)] == ["first-reminder", "first-reminder"]


async def test_a_promise_is_kept_waiting_for_and_then_mentioned(mail_house: MailHouse, tmp_path: Path) -> None:
    """Promised for the 10th, two business days of grace, then the next letter at once, which names the promise."""
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna)}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        [letter] = await house.inbox(anna, 1)
        await house.answer(anna, letter, "Hello Giulia,\n\nsorry for the delay, we will pay on 10 November.\n\nAnna")
        [promise] = await house.recorded(j.PromiseMade)

        assert promise.promised_on.isoformat() == "2026-11-10"
        assert house.status("2026-041")["state"] == "promised"
        await house.at(rome(11, 9))
        await house.at(rome(11, 12))
        assert len(house.has(anna)) == 1
        await house.at(rome(11, 13))
        assert len(await house.inbox(anna, 2)) == 2
        assert house.entries(j.LetterQueued)[-1].promised_on.isoformat() == "2026-11-10"
        body = house.has(anna)[-1].get_body(("plain",))
        assert body is not None
        assert "10 November" in body.get_content() or "November 10" in body.get_content()


async def test_paid_while_waiting_nothing_leaves(mail_house: MailHouse, tmp_path: Path) -> None:
    """F41: the owner enters the payment at nine; at ten no letter leaves."""
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2, 9), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna)}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        assert [e.letter for e in house.entries(j.LetterQueued)] == ["first-reminder"]
        house.rewrite(lambda d: d["invoices"][0].update(payments=[{"on": "2026-11-02", "amount": "1220.00"}]))
        await house.recorded(j.PaymentRecorded)
        await house.at(rome(11, 2))

        assert house.has(anna) == []
        assert house.status("2026-041")["state"] == "paid"


async def test_the_digest_comes_once_a_day_and_its_items_answer(mail_house: MailHouse, tmp_path: Path) -> None:
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2, 5), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna)}, invoices=[an_invoice()], first_start="ask",
    ) as house:  # fmt: skip
        await house.at(rome(11, 2, 7, 31))
        [digest] = await house.inbox(owner, 1)
        body = digest.get_body(("plain",))
        assert body is not None
        assert "2026-041" in body.get_content()
        [sent] = await house.recorded(j.DigestSent)
        [item] = [item for item in sent.items if item.kind == "letter"]
        await house.at(rome(11, 2))
        assert house.has(anna) == [], "F21: what was overdue at the first start waits for the owner's go"

        answer = await house.command("go", target=str(item.item))
        assert answer["ok"], answer
        await house.settled()
        assert len(await house.inbox(anna, 1)) == 1
        await house.at(rome(11, 2, 18))
        assert len(house.has(owner)) == 1


async def test_F6_greylisting_is_waited_out_and_is_no_bounce(
    make_mail_house: Callable[..., MailHouse], tmp_path: Path
) -> None:
    """450 at RCPT, tried again after half an hour; the letter arrives once."""
    mail_house = make_mail_house()
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    mail_house.postfix.answer_rcpt(anna.address, "450 4.2.0 greylisted, come back later")
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna)}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        [deferred] = await house.recorded(j.DeliveryDeferred)
        mail_house.postfix.answer_rcpt(anna.address, None)
        await house.at(rome(11, 2, 10, 20))
        assert house.has(anna) == [], "half an hour at least"
        await asyncio.to_thread(mail_house.postfix.restart)  # a line that is open still knows the old answer
        await house.at(rome(11, 2, 10, 40))
        assert len(await house.inbox(anna, 1)) == 1

        assert deferred.fault == "theirs"
        assert house.entries(j.ContactFailed) == []


async def test_F40_while_the_mailbox_is_out_of_reach_every_letter_waits(
    make_mail_house: Callable[..., MailHouse], tmp_path: Path
) -> None:
    """Promise 2: no letter leaves while the mailbox is unread; when it is back, it does."""
    house_of_mail = make_mail_house()
    creditor, owner, anna = (house_of_mail.new_user(name) for name in ("fatture", "giulia", "anna"))
    async with daemon_at(
        house_of_mail, tmp_path, rome(11, 2, 9), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna)}, invoices=[an_invoice()],
    ) as house:  # fmt: skip
        house_of_mail.dovecot.stop()
        fault = house.daemon.health
        await house.until(lambda: fault.mailbox_fault is not None, "a mailbox out of reach for some time")
        await house.at(rome(11, 2))
        assert house.entries(j.DeliveryStarted) == []

        house_of_mail.dovecot.restart()
        for hour in (11, 12, 13, 14):
            await house.at(rome(11, 2, hour))
        assert len(await house.inbox(anna, 1)) == 1


async def test_a_final_notice_waits_for_the_go_and_comes_with_the_digest(mail_house: MailHouse, tmp_path: Path) -> None:
    """Promise 6: the owner reads the letter before saying go; only then it leaves."""
    creditor, owner, anna = (mail_house.new_user(name) for name in ("fatture", "giulia", "anna"))
    levels = [
        {"letter": "first-reminder", "day": 2, "rest_days": 1},
        {"letter": "final-notice", "day": 9, "deadline_days": 10, "approval": True},
    ]
    async with daemon_at(
        mail_house, tmp_path, rome(11, 2), creditor=creditor, owner=owner,
        clients={"acme": a_client(anna, policy="short")}, invoices=[an_invoice()],
        policies={"short": {"like": "standard", "levels": levels}},
    ) as house:  # fmt: skip
        await house.inbox(anna, 1)
        await house.at(rome(11, 9, 6))
        await house.at(rome(11, 9, 7, 31))
        digest = (await house.inbox(owner, 2))[-1]
        [notice] = [part for part in digest.iter_attachments() if part.get_filename() == "acme-2 final-notice.txt"]
        assert "2026-041" in notice.get_content()
        await house.at(rome(11, 9))
        assert len(house.has(anna)) == 1, "it waits"

        item = next(i.item for i in house.entries(j.DigestSent)[-1].items if i.kind == "letter")
        assert (await house.command("go", target=str(item)))["ok"]
        await house.settled()
        assert len(await house.inbox(anna, 2)) == 2
