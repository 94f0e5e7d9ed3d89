"""Mails to us without end: a responder, a flood of refused orders; the owner is told, and not for each."""

from __future__ import annotations

from datetime import timedelta

from tests.owner_house import OwnerHouse
from tests.virtual_time import run_virtually


def test_a_vacation_responder_that_answers_everything_is_answered_ever_more_slowly() -> None:
    """It marks nothing as automatic, as RFC 3834 wants it to; a talk that leads nowhere must not go round for ever."""

    async def life() -> tuple[int, int]:
        house = OwnerHouse()
        await house.read()
        await house.digest()
        began, heard = house.world.now(), 0
        for _ in range(300):
            for mail in house.box.mails[heard:]:
                house.world.deliver(house.reply("I am away until the end of the month.", mail))
            heard = len(house.box.mails)
            await house.read()
            await house.world.sleep_until(house.world.now() + timedelta(minutes=10))
            await house.answerer.answer()
        return len(house.box.of("answer")), (house.world.now() - began).days

    answers, days = run_virtually(life())

    assert days >= 2
    assert 4 <= answers <= 10


def test_an_owner_who_is_understood_at_last_is_answered_at_once() -> None:
    async def life() -> list[bool]:
        house = OwnerHouse()
        await house.read()
        last = await house.digest()
        answered = []
        for text in (*["frobnicate"] * 4, "note acme-2026-1 at last"):
            answer = await house.order(text, last)
            answered.append(answer is not None)
            last = answer or last
        return answered

    assert run_virtually(life()) == [True, True, True, False, True]


def test_a_flood_of_refused_mails_is_told_a_few_times_an_hour() -> None:
    """And never takes the place of an alert: else a stranger with a token could keep the owner in the dark."""

    async def life() -> tuple[int, int]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        for _ in range(60):
            house.world.deliver(house.reply("stop acme-2026-1\nyes", digest, **{"Authentication-Results": None}))
            await house.read()
            await house.answerer.answer()
        house.health.mailbox_fault = "login refused"
        await house.teller.tell()
        await house.world.sleep_until(house.world.now() + timedelta(minutes=16))
        await house.teller.tell()
        return len(house.box.of("answer")), len(house.box.of("alert"))

    answers, alerts = run_virtually(life())

    assert 1 <= answers <= 6
    assert alerts == 1


def test_in_a_flood_of_refused_mails_every_one_is_told_the_owners_first_and_all_are_counted() -> None:
    async def life() -> list[tuple[str, str]]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        house.world.deliver(house.reply("go 1", digest, Subject="proven", Cc="someone@else.example"))
        for number in range(50):
            forged = {"Authentication-Results": None, "Subject": f"forged {number}"}
            house.world.deliver(house.reply("go 1", digest, **forged))
        house.world.deliver(house.reply("stop 1", digest, **{"Authentication-Results": None, "Subject": "the newest"}))
        await house.read()
        while house.book.history.owner.unanswered:
            moment = await house.answerer.answer()
            if moment is not None:
                await house.world.sleep_until(moment)
        return [(str(mail["Subject"]), house.text(mail)) for mail in house.box.of("answer")]

    answers = run_virtually(life())

    assert [subject.split()[2] for subject, _ in answers] == ["52", "32", "12"]
    assert "proven" in answers[0][1]
    assert "the newest" in answers[0][1]
    assert all(any(f"forged {number}" in text for _, text in answers) for number in range(50))


def test_a_flood_in_the_owners_name_is_told_in_part_and_counted_and_takes_nothing_from_the_owner() -> None:
    """Whoever writes her address into `From` needs no token for it."""

    async def life() -> tuple[list[str], list[str], timedelta]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        began = house.world.now()

        async def told() -> list[str]:
            before = len(house.box.of("answer"))
            while house.book.history.owner.unanswered:
                moment = await house.answerer.answer()
                if moment is None or moment > house.world.now() + timedelta(hours=2):
                    break
                await house.world.sleep_until(moment)
            return [str(mail["Subject"]).split()[2] for mail in house.box.of("answer")[before:]]

        def forge(number: int) -> None:
            forged = {"Authentication-Results": None, "Subject": f"forged {number}"}
            house.world.deliver(house.reply("go 1", digest, **forged))

        for number in range(300):
            forge(number)
        await house.read()
        flood = await told()
        forge(300)
        house.world.deliver(house.reply("go 1", digest, Subject="proven", Cc="someone@else.example"))
        await house.read()
        hers = await told()
        assert "proven" in house.text(house.box.of("answer")[-1])
        moment = await house.answerer.answer()
        assert moment is not None
        await house.world.sleep_until(moment)
        assert await told() == ["1"], "the next day"
        return flood, hers, moment - began

    flood, hers, waited = run_virtually(life())

    assert flood == ["300", "280", "260"]
    assert hers == ["1"]
    assert timedelta(days=1) <= waited < timedelta(days=1, hours=2)


def test_an_owner_whose_server_does_not_confirm_them_is_told_so_each_time_they_try() -> None:
    async def life() -> list[bool]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        answered = []
        for _ in range(6):
            answered.append(await house.order("go 1", digest, **{"Authentication-Results": None}) is not None)
            await house.world.sleep_until(house.world.now() + timedelta(hours=1))
        return answered

    assert all(run_virtually(life()))
