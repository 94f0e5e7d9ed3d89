"""The very first start with many overdue clients: after the owner's go a few hear of it each day."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.domain import journal as j
from daemon.domain.books.ledger import FirstStart
from daemon.domain.history import History
from daemon.domain.history.first_start import FirstRoom, is_first
from daemon.domain.journal import decode
from daemon.domain.ladder.forecast import forecast
from daemon.loops.desk import OwnersDesk
from daemon.loops.health import Health
from tests.config_builder import changed, loaded, problems
from tests.loop_house import START, House, books, forget_nobody
from tests.owner_house import OwnerHouse, owned_books
from tests.virtual_time import run_virtually

TWELVE = tuple(f"c{number:02}" for number in range(12))
DAY = 86_400.0  # seconds
WEEK = [date(2026, 11, day) for day in (2, 3, 4, 5, 6)]  # Monday, the day of the go, to Friday


async def live_for(house: House, seconds: float) -> None:
    """The planner and the deliverer alone: nobody answers."""
    loops = [asyncio.ensure_future(run()) for run in (house.planner.run, house.deliverer.run)]
    done, _ = await asyncio.wait(loops, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in loops:
        task.cancel()
    await asyncio.wait(loops)
    for task in done:
        task.result()


async def told(house: House, name: str, **args: object) -> None:
    answer = await OwnersDesk(house.book, Health(), None, forget_nobody).handle(name, args)
    assert answer["ok"], answer


def first_letters(history: History) -> dict[date, set[str]]:
    """Who got a first letter on which day."""
    found: dict[date, set[str]] = {}
    for key, known in history.clients.items():
        for record in known.letters.values():
            if record.counts and record.queued.letter == "first-reminder":
                found.setdefault(record.on, set()).add(key)
    return found


def a_house(start: datetime = START, **changes: object) -> House:
    return House(books(*TWELVE, first_start_sends=False, **changes), start)


@pytest.mark.parametrize(
    ("per_day", "expected"), [(5, [5, 5, 2, 0, 0]), (3, [3, 3, 3, 3, 0]), (0, [12, 0, 0, 0, 0]), (50, [12, 0, 0, 0, 0])]
)
def test_after_a_go_for_all_a_few_clients_a_day_get_their_first_letter(per_day: int, expected: list[int]) -> None:
    """Each exactly once, and the next day goes on where the last one stopped."""

    async def live() -> dict[date, set[str]]:
        house = a_house(first_start=FirstStart(per_day=per_day))
        await house.planner.run_once()
        await told(house, "go", everything=True)
        await live_for(house, 5 * DAY)
        return first_letters(house.book.history)

    sent = run_virtually(live())

    assert [len(sent.get(day, ())) for day in WEEK] == expected
    assert Counter(key for keys in sent.values() for key in keys) == Counter(TWELVE)


def test_a_go_that_comes_days_later_is_spread_all_the_same() -> None:
    """The letters' own day has passed by then: each is queued anew, once, on its day; and `plan` knows those days."""

    async def live() -> tuple[dict[date, set[str]], Counter[date], int]:
        house = a_house()
        book = house.book
        await live_for(house, 2 * DAY)
        assert not first_letters(book.history), "nobody said go"
        await told(house, "go", everything=True)
        await live_for(house, 60)
        ahead = forecast(book.ledger, book.history, book.today(), book.today() + 4 * timedelta(days=1)).letters
        await live_for(house, 8 * DAY)
        queued = sum(
            r.queued.letter == "first-reminder" for c in book.history.clients.values() for r in c.letters.values()
        )
        return first_letters(book.history), Counter(one.on for one in ahead if one.letter == "first-reminder"), queued

    sent, shown, queued = run_virtually(live())

    days = sorted(sent)
    assert [len(sent[one]) for one in days] == [5, 5, 2]
    assert [shown[one] for one in days[1:]] == [5, 2]
    assert queued == 2 * len(TWELVE)


def test_a_restart_in_the_middle_of_the_day_begins_no_new_day() -> None:
    async def live() -> dict[date, set[str]]:
        house = a_house()
        await house.planner.run_once()
        await told(house, "go", everything=True)
        await live_for(house, 3600)
        again = House(house.book.ledger, house.world.now())
        entries = [decode(line) for line in house.world.lines]
        await again.book.record(lambda _draft: entries)
        await live_for(again, 3600)
        return first_letters(again.book.history)

    sent = run_virtually(live())

    assert [len(keys) for keys in sent.values()] == [5]


def test_who_was_not_overdue_at_the_start_is_not_kept_waiting() -> None:
    """The limit is about the first start: a letter of every day goes on its day."""

    async def live() -> dict[date, set[str]]:
        house = House(books(*TWELVE, first_start_sends=True))
        await live_for(house, DAY)
        return first_letters(house.book.history)

    assert [len(keys) for keys in run_virtually(live()).values()] == [12]


def test_the_forecast_shows_the_days_on_which_they_will_leave() -> None:
    """What `plan` shows is what happens (rule 6), before the go and after it."""

    async def live() -> tuple[list[tuple[date, bool]], Counter[date], dict[date, set[str]]]:
        house = a_house()
        await house.planner.run_once()
        book = house.book
        waiting = forecast(book.ledger, book.history, book.today(), WEEK[-1]).letters
        await told(house, "go", everything=True)
        ahead = forecast(book.ledger, book.history, book.today(), WEEK[-1]).letters
        assert all(letter.waits_for is None for letter in ahead if letter.letter == "first-reminder"), (
            "they had their go"
        )
        await live_for(house, 5 * DAY)
        shown = Counter(letter.on for letter in ahead if letter.letter == "first-reminder")
        return [(one.on, bool(one.waits_for)) for one in waiting[:12]], shown, first_letters(book.history)

    waiting, shown, sent = run_virtually(live())

    assert waiting == [(WEEK[0], True)] * 12
    assert shown == {day: len(keys) for day, keys in sent.items()} == dict(zip(WEEK[:3], (5, 5, 2), strict=True))


def test_a_letter_by_a_go_of_another_kind_is_not_a_first_one() -> None:
    """A final notice that waited for its go is no concern of the first start's limit."""

    async def live() -> tuple[bool, bool]:
        house = a_house()
        await house.planner.run_once()
        known = house.book.history.of("c00")
        [record] = known.letters.values()
        other = j.LetterQueued(**{**{f: getattr(record.queued, f) for f in record.queued.__struct_fields__},
                                  "waits_for": j.Wait.APPROVAL})  # fmt: skip
        return is_first(known, record.queued), is_first(known, other)

    assert run_virtually(live()) == (True, False)


def test_a_client_counts_once_however_many_letters_there_are() -> None:
    room = FirstRoom()
    room.take("acme", WEEK[0])
    room.take("acme", WEEK[0])

    assert [room.is_full(key, WEEK[0], 1) for key in ("acme", "beta")] == [False, True]
    assert not room.is_full("beta", WEEK[1], 1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ask", FirstStart()),
        ("send", FirstStart(sends=True)),
        ("{per_day: 2}", FirstStart(per_day=2)),
        ("{overdue: send, per_day: 0, show: true}", FirstStart(sends=True, per_day=0, show=True)),
    ],
)
def test_the_config_says_it_by_a_word_or_by_entries(tmp_path: Path, written: str, expected: FirstStart) -> None:
    settings = loaded(tmp_path, changed("state:", f"first_start: {written}\nstate:")).settings

    assert settings is not None
    assert settings.ledger.first_start == expected
    assert settings.ledger.first_start_sends is expected.sends


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("now", "`now` is not one of ask or send"),
        ("{overdue: now}", "`now` is not one of ask or send"),
        ("{per_day: -1}", "-1"),
        ("{perday: 5}", "`perday` is not a key of `first_start`; did you mean `per_day`?"),
        ("[ask]", "`first_start` is written as `key: value` entries"),
    ],
)
def test_what_is_wrong_in_it_is_said_with_what_would_be_right(tmp_path: Path, written: str, said: str) -> None:
    [problem] = problems(tmp_path, changed("state:", f"first_start: {written}\nstate:"))

    assert said in problem


@pytest.mark.parametrize("shown", [False, True])
def test_where_it_is_wished_the_digest_brings_the_letters_that_wait(shown: bool) -> None:
    """In one piece, however many there are; the owner reads them before the go."""

    async def live() -> EmailMessage:
        start = FirstStart(show=shown)
        house = OwnerHouse(replace(owned_books(*TWELVE), first_start_sends=False, first_start=start))
        return await house.digest()

    mail = run_virtually(live())
    texts = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}

    assert ("first letters.txt" in texts) is shown
    if shown:
        assert all(f"Anna {key.title()} <anna@{key}.example>" in texts["first letters.txt"] for key in TWELVE)
