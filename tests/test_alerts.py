"""What the owner hears at once about clients: how it is put together, and what is no news."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from daemon.domain import journal as j
from daemon.domain.books.owner import Alerts
from tests.alert_home import MINUTE, Home, played
from tests.loop_house import START


def test_an_answer_is_told_at_once_with_its_words_and_the_point_to_decide() -> None:
    async def life(home: Home) -> list[EmailMessage]:
        await home.hears("We dispute this invoice: four hours are missing.")
        await home.later()
        return home.alerts

    [alert] = played(life)
    text = str(alert.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # ours always has one

    assert alert["Subject"] == "Acme S.p.A., acme-2026-1"
    assert "four hours are missing" in text
    assert "DECIDE" in text


def test_what_happens_within_twenty_seconds_is_one_mail() -> None:
    async def life(home: Home) -> list[int]:
        await home.hears("Which order is it?")
        at_once = len(home.alerts) + (await home.teller.tell() is None)
        await home.hears("Sorry, I meant: which project is it?")
        await home.later()
        return [at_once, len(home.alerts)]

    assert played(life) == [0, 1]


def test_news_that_never_pause_are_told_after_two_minutes() -> None:
    """Each would put the mail off for twenty seconds more: a storm of bounces was never told."""

    async def life(home: Home) -> float:
        began = home.world.now()
        for _ in range(100):
            await home.hears("And another thing?")
            await home.teller.tell()
            if home.alerts:
                break
            await home.world.sleep_until(home.world.now() + timedelta(seconds=10))
        return (home.world.now() - began).total_seconds()

    assert 100 <= played(life) <= 140


def test_each_client_has_a_mail_of_its_own_while_there_is_room() -> None:
    async def life(home: Home) -> list[str]:
        for client in ("acme", "beta"):
            await home.hears("Which order is it?", client)
        await home.later()
        return [str(mail["Subject"]) for mail in home.alerts]

    assert played(life, Home("acme", "beta")) == ["Acme S.p.A., acme-2026-1", "Beta S.p.A., beta-2026-1"]


def test_the_last_mail_of_an_hour_tells_all_the_rest() -> None:
    keys = ("acme", "beta", "luna", "nora", "iris")

    async def life(home: Home) -> tuple[list[str], str]:
        for client in keys:
            await home.hears("Which order is it?", client)
        await home.later()
        return [str(mail["Subject"]) for mail in home.alerts], home.text(home.alerts[-1])

    subjects, text = played(life, Home(*keys, alerts=Alerts(per_hour=3)))

    assert subjects == ["News of 5 clients"]
    assert all(key.title() in text for key in keys)


def test_no_more_than_so_many_an_hour_and_the_rest_together_when_there_is_room_again() -> None:
    async def life(home: Home) -> list[int]:
        counts = []
        for _ in range(6):
            await home.hears("And another thing?")
            await home.later(5)
            counts.append(len(home.alerts))
        await home.later(40)
        return [*counts, len(home.alerts)]

    assert played(life, Home(alerts=Alerts(per_hour=2))) == [1, 2, 2, 2, 2, 2, 3]


def test_one_invoice_is_one_thread_and_another_is_another() -> None:
    async def life(home: Home) -> list[str]:
        for client in ("acme", "beta", "acme"):
            await home.hears("And another thing?", client)
            await home.later(5)
        return [str(mail["References"]) for mail in home.alerts]

    first, second, third = played(life, Home("acme", "beta"))

    assert first == third != second


def test_a_call_that_is_suggested_again_because_nobody_was_reached_is_no_news() -> None:
    """She has told us so herself, in answer to the alert about it."""

    async def life(home: Home) -> tuple[int, int, str]:
        call = j.CallSuggested(
            at=home.world.now(), client="acme", call_id="acme-c1", numbers=("acme-2026-1",), reason="gave-up",
            because="mail to anna@acme.example does not get through", contact="Anna", phone="+39 02 5550 1111",
            on=home.book.today(), said="452 4.2.2 mailbox full",
        )  # fmt: skip
        await home.book.record(lambda _draft: (call,))
        await home.later(1)
        told = len(home.alerts)
        await home.order("called: voicemail", home.alerts[0])
        again = [one for one in home.book.history.of("acme").calls.values() if one.suggested.tries]
        assert len(again) == 1
        await home.later(10)
        return told, len(home.alerts), home.text(home.alerts[0])

    told, later, text = played(life)

    assert (told, later) == (1, 1)
    assert "mailbox of anna@acme.example is full" in " ".join(text.split()), (
        "in the owner's words, not in the journal's"
    )


def test_what_is_older_than_a_day_is_for_the_digest() -> None:
    async def life(home: Home) -> int:
        await home.hears("Which order is it?")
        await home.world.sleep_until(START + timedelta(days=1, minutes=1))
        await home.later(1)
        return len(home.alerts)

    assert played(life) == 0


def test_what_the_digest_has_told_is_not_told_again() -> None:
    async def life(home: Home) -> int:
        await home.hears("Which order is it?")
        await home.world.sleep_until(home.world.now() + MINUTE)
        await home.digest()
        await home.later(10)
        return len(home.alerts)

    assert played(life) == 0
