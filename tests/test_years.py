"""Whole years in every time zone there is: a digest a day, and each letter once, on its day, in its window (F63, F19).

The loops themselves live here, on a clock that jumps from one appointment to the next.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from secrets import token_bytes
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.policy import Group, LetterLevel, SendOn
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.owner_post import OwnerPost
from daemon.loops.post import Post
from daemon.loops.report import Reporter
from daemon.ports import Parcel, Submission
from tests.builders import a_policy, an_invoice
from tests.fakes import MemoryArchive, MemoryJournal, World
from tests.loop_house import Relay, token_of
from tests.owner_house import OwnerHouse, owned_books
from tests.virtual_time import run_virtually

DAY = timedelta(days=1)
YEAR = timedelta(days=366)
LEVELS = (LetterLevel(letter="first-reminder", day=1), LetterLevel(letter="second-reminder", day=4))
ZONES = sorted(available_timezones())
WINDOWS = [
    (time(0), time(0, 30)), (time(0, 30), time(1, 30)), (time(2), time(3)), (time(2, 15), time(2, 45)),
    (time(10), time(17)), (time(23), time(23, 30)), (time(23, 30), time(23, 59)),
]  # fmt: skip
HOURS = [time(0), time(0, 30), time(2), time(2, 30), time(7, 30), time(23, 30), time(23, 59)]


@dataclass(frozen=True, kw_only=True)
class Year:
    """What is drawn; `suspended` is the day of the year on which the machine sleeps for two weeks."""

    begins: date
    here: str  # the creditor's zone
    there: str  # the client's
    window: tuple[time, time] = (time(10), time(17))
    digest_at: time = time(7, 30)
    send_on: SendOn = SendOn.EVERY_DAY
    suspended: int | None = None


years = st.builds(
    Year,
    begins=st.dates(date(2000, 1, 1), date(2036, 12, 31)),
    here=st.sampled_from(ZONES),
    there=st.sampled_from(ZONES),
    window=st.sampled_from(WINDOWS),
    digest_at=st.sampled_from(HOURS),
    send_on=st.sampled_from(SendOn),
    suspended=st.none() | st.integers(20, 300),
)


@pytest.fixture(autouse=True, scope="module")
def no_watchdog() -> Iterator[None]:
    """Nobody looks for signs of life, and a year has three million of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("daemon.loops.bell.SIGN_OF_LIFE", DAY.total_seconds())
        yield


def lived(year: Year) -> tuple[list[j.AnyEntry], list[j.DigestSent]]:
    """What is recorded in it, with an invoice that falls due every thirty days; and the digests, which say nothing."""
    begins = datetime.combine(year.begins, time(), UTC)
    dues = [year.begins + timedelta(days=n) for n in range(5, 340, 30)]
    opens, closes = year.window
    books = owned_books("acme")
    policy = a_policy(levels=LEVELS, rest_days=0, group=Group.INVOICE, send_on=year.send_on, opens=opens, closes=closes)
    books = replace(
        books,
        creditor=replace(books.creditor, timezone=ZoneInfo(year.here)),
        owner=replace(books.owner, digest_at=year.digest_at, digest_on=frozenset(range(7))),
        policies={"standard": policy},
        clients={"acme": replace(books.clients["acme"], timezone=ZoneInfo(year.there))},
        invoices=tuple(an_invoice(str(due), due_on=due, issued_on=due - 30 * DAY) for due in dues),
    )

    async def life() -> OwnerHouse:
        house = OwnerHouse(books, begins)

        async def digests() -> None:
            while True:
                await house.world.sleep_until(house.reporter.next_at())
                await house.book.record(lambda draft: (j.DigestSent(at=draft.at, on=house.book.today(), items=()),))

        loops = [asyncio.ensure_future(run) for run in (house.planner.run(), house.deliverer.run(), digests())]
        if year.suspended is not None:
            await asyncio.sleep(year.suspended * DAY.total_seconds())
            house.world.start += 14 * DAY
        await house.world.sleep_until(begins + YEAR)
        for task in loops:
            task.cancel()
        for result in await asyncio.gather(*loops, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError), result
        return house

    entries = [j.decode(line) for line in run_virtually(life()).world.lines]
    return entries, [entry for entry in entries if isinstance(entry, j.DigestSent)]


@cache
def is_there(zone: str, day: date, opens: time = time(0), closes: time = time.max) -> bool:
    """Whether a clock in that zone ever shows the hours of that day: an hour may be missing, or a whole day."""
    noon = datetime.combine(day, time(12), UTC)
    moments = (noon + timedelta(minutes=5 * n) for n in range(-30 * 12, 30 * 12))
    locals_ = (moment.astimezone(ZoneInfo(zone)) for moment in moments)
    return any(local.date() == day and opens <= local.time() < closes for local in locals_)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(years)
@example(Year(begins=date(2027, 11, 1), here="Asia/Kathmandu", there="America/Havana", window=WINDOWS[0]))  # a leap day
@example(Year(begins=date(2011, 3, 1), here="Pacific/Apia", there="Pacific/Apia"))  # has no 30 December
@example(
    Year(begins=date(2026, 3, 1), here="Europe/Rome", there="Europe/Rome", window=WINDOWS[2], digest_at=time(2, 30))
)
@example(  # Easter puts the first reminder off to the day of the second
    Year(begins=date(2035, 1, 17), here="Africa/Abidjan", there="Africa/Abidjan", send_on=SendOn.BUSINESS_DAYS)
)
def test_F63_F19_a_year_in_any_zone_has_a_digest_a_day_and_each_letter_once_in_its_window(year: Year) -> None:
    entries, digests = lived(year)
    here, there = ZoneInfo(year.here), ZoneInfo(year.there)
    days, asleep = [digest.on for digest in digests], asleep_days(year, here)
    ends = (datetime.combine(year.begins, time(), UTC) + YEAR).astimezone(here).date()
    awake = [day for n in range(366) if (day := days[0] + n * DAY) < ends and day not in asleep]

    assert days == sorted(set(days)), "one a day"
    assert [day for day in awake if day not in days and is_there(year.here, day)] == []

    starts = [entry for entry in entries if isinstance(entry, j.DeliveryStarted)]
    calendar = BusinessCalendar("IT")
    for entry in starts:
        local = entry.at.astimezone(there)
        assert year.window[0] <= local.time() < year.window[1]
        assert year.send_on is SendOn.EVERY_DAY or calendar.is_business_day(local.date())
        assert entry.on == local.date()
    queued = {e.letter_id: e for e in entries if isinstance(e, j.LetterQueued)}
    left = [(queued[e.letter_id].claims[0].number, queued[e.letter_id].letter, e.on) for e in starts]
    assert Counter((number, letter) for number, letter, _ in left) == {
        (str(year.begins + timedelta(days=n)), level.letter): 1 for n in range(5, 340, 30) for level in LEVELS
    }
    before: dict[str, date] = {}  # the last letter's day, by number: there is one letter a day
    for number, letter, on in left:
        level = next(level for level in LEVELS if level.letter == letter)
        due = date.fromisoformat(number)
        wanted = max(due + level.day * DAY, before.get(number, date.min) + DAY)
        assert on == next_day(year, wanted) or (year.suspended is not None and on > due)
        before[number] = on


def asleep_days(year: Year, zone: ZoneInfo) -> set[date]:
    """The days that were spent asleep, those of falling asleep and waking up included."""
    if year.suspended is None:
        return set()
    slept = datetime.combine(year.begins, time(), UTC).astimezone(zone) + year.suspended * DAY
    return {(slept + n * DAY).date() for n in range(15)}


def next_day(year: Year, day: date) -> date:
    """The first day from `day` on that is a sending day and has the window."""
    calendar = BusinessCalendar("IT")
    while not (year.send_on is SendOn.EVERY_DAY or calendar.is_business_day(day)) or not is_there(
        year.there, day, *year.window
    ):
        day += DAY
    return day


def test_F63_wherever_the_clocks_change_there_is_one_digest_a_day() -> None:
    """Every zone of the world, each of its changes in two years, each hour of `HOURS`."""
    changes = [(zone, day) for zone in ZONES for day in clock_changes(ZoneInfo(zone), date(2027, 1, 1), 731)]
    wrong = [
        (zone, day, at)
        for zone, day in changes
        for at in HOURS
        if digests_around(zone, day, at) != days_around(zone, day)
    ]

    assert len({zone for zone, _ in changes}) > 100
    assert wrong == []


def clock_changes(zone: ZoneInfo, first: date, days: int) -> list[date]:
    """The local days on which they do, in a span of days."""
    noons = [datetime.combine(first + n * DAY, time(12), UTC).astimezone(zone) for n in range(days)]
    return [
        noon.date() for noon, before in zip(noons[1:], noons, strict=False) if noon.utcoffset() != before.utcoffset()
    ]


def days_around(zone: str, day: date) -> list[date]:
    return [around for n in (-1, 0, 1) if is_there(zone, around := day + n * DAY)]


def digests_around(zone: str, day: date, at: time) -> list[date]:
    """The days whose digests leave from the day before one to the day behind it."""
    books = owned_books("acme")
    books = replace(
        books,
        creditor=replace(books.creditor, timezone=ZoneInfo(zone)),
        owner=replace(books.owner, digest_at=at, digest_on=frozenset(range(7))),
    )
    world = World(datetime.combine(day - 2 * DAY, time(12), ZoneInfo(zone)).astimezone(UTC), Random(1), slow=0.0)

    async def life() -> list[date]:
        book = Book(books, MemoryJournal(world), MemoryArchive(world), world, token_of)
        reporter = a_reporter(book)
        found: list[date] = []
        while not found or found[-1] <= day:
            world.start = max(world.start, reporter.next_at())
            found.append(book.today())
            await book.record(lambda draft: (j.DigestSent(at=draft.at, on=book.today(), items=()),))
        return [each for each in found if abs(each - day) <= DAY]

    return run_virtually(life())


def a_reporter(book: Book) -> Reporter:
    """One that is asked for its hours alone, and writes nothing."""
    post = OwnerPost(book, Relay(no_answer), Health(), token_bytes, lambda _: {}, plus_token=False)
    letters = Post({}, token_of, lambda _: b"", plus_token=False)
    return Reporter(book, post, {}, letters, lambda _: "", Health())


async def no_answer(parcel: Parcel) -> Submission:
    raise AssertionError(f"nothing is sent here: {parcel.recipient}")
