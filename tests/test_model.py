"""The whole daemon in memory, driven at random: what DESIGN 1 and 6 promise holds after each step.

2,000 steps here; `SOLLECITO_MODEL_STEPS=100000` (as `make faults` sets it) runs so many, each batch with a seed of its
own that stands in the test's name.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests import model_mails as mails
from tests.model_answers import PEOPLE, client_writes, message_id_of
from tests.model_house import ModelHouse, first_books
from tests.model_looks import look_at
from tests.model_world import Offer, Temper
from tests.virtual_time import VirtualLoop

STEPS = int(os.environ.get("SOLLECITO_MODEL_STEPS", "2000"))
IN_A_LIFE, IN_A_BATCH = 50, 2000
INVOICES = tuple((invoice.client, invoice.number) for invoice in first_books().invoices)
COMMANDS = ("paid", "hold", "resume", "promise", "go", "stop", "remind", "dispute", "called", "write-off", "missing")
SAID = ("hold {}", "resume {}", "stop {}", "go {}", "paid {}", "write off {}", "yes", "no", "hold {}\nresume {}")

some = st.integers(0, 999)  # which, of however many there are
# When something happens: so many seconds after ten on a morning so many days ahead (0: from now), so that it falls into
# whatever goes on then.
When = tuple[int, float]
soon = st.tuples(st.sampled_from([0, 0, 1, 1, 2, 3]), st.floats(0, 25))


class Lives(RuleBasedStateMachine):
    """One daemon; most rules arrange for something, and time lets it happen.

    What is drawn for a step never depends on how the life went: the order in which tasks wake is not ours to fix.
    """

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)

    @initialize(dice=st.integers(0, 2**32))
    def begin(self, dice: int) -> None:
        async def first() -> None:
            asyncio.get_running_loop().set_exception_handler(
                lambda _, context: self.house.promises.faults.append(str(context.get("exception") or context))
            )
            self.house = ModelHouse(dice)
            await self.house.live(20.0)

        self.runner.run(first())
        look_at(self.house)

    def teardown(self) -> None:
        self.runner.run(self.house.end())
        self.runner.close()

    # -- time ---------------------------------------------------------------------------------------------------

    @rule(seconds=st.floats(5, 60))
    def time_passes(self, seconds: float) -> None:
        self._live(seconds)

    @rule(days=st.integers(1, 6), hour=st.sampled_from([1, 8, 10, 10, 11, 12, 15, 16, 17]))
    def days_pass(self, days: int, hour: int) -> None:
        self.house.days_pass(days, hour)
        self._live(25.0)

    @rule(days=st.integers(1, 4))
    def to_the_next_morning_in_the_window(self, days: int) -> None:
        self.house.days_pass(days, 10)
        self._live(30.0)

    @rule(points=st.integers(1, 60), days=st.integers(0, 3))
    def the_power_fails(self, points: int, days: int) -> None:
        if days:
            self.house.days_pass(days, 10)
        self.runner.run(self.house.crash(points))
        look_at(self.house)

    @rule()
    def it_is_restarted(self) -> None:
        self.runner.run(self.house.restart())
        self._live(5.0)

    @rule(days=st.sampled_from([2, 3, 30]))
    def the_clock_jumps(self, days: int) -> None:
        self.runner.run(self.house.clock_jumps(days))
        look_at(self.house)

    @rule(minutes=st.integers(-180, 180))
    def the_clock_is_set(self, minutes: int) -> None:
        self.house.world.set_clock(timedelta(minutes=minutes))

    # -- the servers --------------------------------------------------------------------------------------------

    @rule(temper=st.sampled_from([Temper.TAKES, *Temper, Temper.DOUBTS]), when=soon)
    def the_relay_changes_its_temper(self, temper: Temper, when: When) -> None:
        self._soon(when, lambda: setattr(self.house.world, "temper", temper))

    @rule(trouble=st.sampled_from([0.0, 0.0, 0.05, 0.4]))
    def doors_say_no(self, trouble: float) -> None:
        self.house.world.trouble = trouble

    @rule()
    def the_folders_are_numbered_anew(self) -> None:
        self.house.world.uidvalidity += 1

    @rule(which=some, to=st.sampled_from(["INBOX", "Junk"]), when=soon)
    def a_mail_is_there_once_more(self, which: int, to: str, when: When) -> None:
        folders = self.house.world.folders
        known = [mail for folder in ("INBOX", "Junk") for mail in folders[folder]]
        if known:
            content = known[which % len(known)].content
            self._soon(when, lambda: self.house.arrives(content, to))

    # -- the clients --------------------------------------------------------------------------------------------

    @rule(
        which=some, said=st.sampled_from(sorted(mails.SAYS)), ahead=st.integers(1, 12), when=soon,
        tie=st.sampled_from(["token", "token", "number", "none"]), folder=st.sampled_from(["INBOX", "INBOX", "Junk"]),
    )  # fmt: skip
    def a_client_writes(self, which: int, said: str, ahead: int, when: When, tie: str, folder: str) -> None:
        client, number = INVOICES[which % len(INVOICES)]
        letters = self._letters(client)
        if tie == "token" and not letters:
            tie = "number"
        letter = letters[which % len(letters)] if tie == "token" else None
        self._soon(when, lambda: client_writes(self.house, client, number, letter, said, ahead, tie, folder))

    @rule(which=some, when=soon, back=st.integers(1, 20))
    def an_auto_reply_comes(self, which: int, when: When, back: int) -> None:
        house = self.house
        if not (offer := self._offer(which)):
            return
        until = house.world.today + timedelta(days=back)
        content = mails.away(offer.to, house.next_serial(), house.world.now(), until, message_id_of(self.house, offer))
        self._soon(when, lambda: house.arrives(content))

    @rule(which=some, when=soon)
    def a_letter_comes_back(self, which: int, when: When) -> None:
        house = self.house
        if not (offer := self._offer(which)) or not offer.may_have_arrived:
            return
        content = mails.bounce(offer.content, offer.to, house.next_serial(), house.world.now())
        house.promises.came_back.add((offer.letter.letter_id, offer.to))
        self._soon(when, lambda: house.arrives(content))

    # -- strangers ----------------------------------------------------------------------------------------------

    @rule(which=some, when=soon)
    def a_bounce_is_forged(self, which: int, when: When) -> None:
        house = self.house
        to = PEOPLE[INVOICES[which % len(INVOICES)][0]]
        content = mails.forged_bounce(to, house.next_serial(), house.world.now())
        self._soon(when, lambda: house.arrives(content))

    @rule(which=some, said=st.sampled_from(["paid", "promise", "stop", "dispute"]), when=soon, as_client=st.booleans())
    def a_stranger_writes(self, which: int, said: str, when: When, as_client: bool) -> None:
        house = self.house
        client, number = INVOICES[which % len(INVOICES)]
        sender = PEOPLE[client] if as_client else "mallory@evil.example"
        day = house.world.today + timedelta(days=1)
        content = mails.from_a_person(sender, said, house.next_serial(), house.world.now(), day=day, about=number)
        self._soon(when, lambda: house.arrives(content))

    @rule(which=some, said=st.sampled_from(SAID), when=soon, trick=st.integers(0, 3))
    def a_stranger_gives_orders(self, which: int, said: str, when: When, trick: int) -> None:
        """He has come by a mail of ours to the owner, its token and all."""
        changes: dict[str, str | None] = [
            {"Authentication-Results": None},
            {"Authentication-Results": "mx.evil.example; dmarc=pass header.from=bianchi.example"},
            {"From": "Anna <anna@acme.example>"},
            {"From": "Giulia Bianchi <giulia@bianchi-example.test>"},
        ][trick]
        if not self.house.world.owner_box:
            return
        text = said.replace("{}", INVOICES[which % 5][1])
        content = self.house.reply(text, self._owners_mail(which), **changes)
        self._soon(when, lambda: self.house.arrives(content))

    # -- the owner ----------------------------------------------------------------------------------------------

    @rule(which=some, name=st.sampled_from(COMMANDS), when=soon, ahead=st.integers(0, 8))
    def the_owner_commands(self, which: int, name: str, when: When, ahead: int) -> None:
        client, number = INVOICES[which % len(INVOICES)]
        args: dict[str, object] = {"target": f"{client}/{number}", "text": "promised nothing"}
        if name in ("hold", "promise") and ahead:
            args["day"] = str(self.house.world.today + timedelta(days=ahead))
        if name == "paid" and ahead % 2:
            args["amount"] = "100.00"
        self._soon(when, lambda: asyncio.ensure_future(self.house.command(name, **args)))

    @rule(when=soon)
    def the_owner_lets_all_go(self, when: When) -> None:
        self._soon(when, lambda: asyncio.ensure_future(self.house.command("go", everything=True)))

    @rule(which=some, outcome=st.sampled_from(["sent", "resend"]), when=soon)
    def the_owner_settles_a_doubt(self, which: int, outcome: str, when: When) -> None:
        offers = self.house.world.offers
        if offers:
            letter_id = offers[which % len(offers)].letter.letter_id
            settle = self.house.command
            self._soon(when, lambda: asyncio.ensure_future(settle("settle", target=letter_id, text=outcome)))

    @rule(which=some, said=st.sampled_from(SAID), when=soon, times=st.sampled_from([1, 1, 2]))
    def the_owner_orders_by_mail(self, which: int, said: str, when: When, times: int) -> None:
        if not self.house.world.owner_box:
            return
        text = said.replace("{}", INVOICES[which % 5][1])
        content = self.house.reply(text, self._owners_mail(which))
        self.house.promises.owners_mails.add(f"<{self.house.written}@mail.bianchi.example>")
        for _ in range(times):
            self._soon(when, lambda: self.house.arrives(content))

    @rule(which=some, when=soon)
    def the_owner_writes_to_a_client(self, which: int, when: When) -> None:
        house = self.house
        if not (offer := self._offer(which)):
            return
        serial, number = house.next_serial(), offer.letter.claims[0].number
        content = mails.by_the_owner(offer.to, serial, house.world.now(), message_id_of(self.house, offer), number)
        self._soon(when, lambda: house.arrives(content, "Sent"))

    @rule(which=some, what=st.sampled_from(["all", "part", "lost", "total", "gone", "back", "held", "free"]), when=soon)
    def the_owner_edits_the_books(self, which: int, what: str, when: When) -> None:
        house = self.house
        one = client, number = INVOICES[which % len(INVOICES)]
        until: date | None = house.world.today + timedelta(days=which % 9) if which % 2 else None
        edit = {
            "all": lambda: house.pay(*one, Decimal("1220.00")),
            "part": lambda: house.pay(*one, Decimal(which % 1000 + 1)),
            "lost": lambda: house.lose_payments(*one),
            "total": lambda: house.change_total(*one, which + 10),
            "gone": lambda: house.edit(client, number, lambda _: None),
            "back": lambda: house.put_back(*one),
            "held": lambda: house.hold_in_yaml(*one, until, held=True),
            "free": lambda: house.hold_in_yaml(*one, None, held=False),
        }[what]
        self._soon(when, edit)

    # -- what holds ---------------------------------------------------------------------------------------------

    def _soon(self, when: When, happens: Callable[[], object]) -> None:
        days, seconds = when
        if days:
            self.house.days_pass(days, 10)
        self.house.soon(seconds, happens)
        if days:
            self._live(30.0)

    def _live(self, seconds: float) -> None:
        self.runner.run(self.house.live(seconds))
        look_at(self.house)

    # -- which --------------------------------------------------------------------------------------------------

    def _offer(self, which: int) -> Offer | None:
        offers = self.house.world.offers
        return offers[which % len(offers)] if offers else None

    def _letters(self, client: str) -> list[Offer]:
        """Those that the client may have got."""
        here = self.house.world.offers
        return [one for one in here if one.letter.client == client and one.may_have_arrived]

    def _owners_mail(self, which: int):  # type: ignore[no-untyped-def]  # a mail
        box = self.house.world.owner_box[-4:]
        return box[which % len(box)]


def batches() -> list[tuple[int, int]]:
    """Each batch's seed and steps."""
    return [(n + 1, min(IN_A_BATCH, STEPS - n * IN_A_BATCH)) for n in range(-(-STEPS // IN_A_BATCH))]


@pytest.mark.parametrize(("seeded", "steps"), batches(), ids=str)
def test_F68_every_promise_holds_after_each_step_of_any_life(seeded: int, steps: int) -> None:
    """Replies, bounces, payments, promises, edits, orders, forgeries; refusals, doubts, power cuts, full disks.

    So it is about F1, F4, F5, F6, F20, F30, F32, F33, F40, F41, F47, F48, F49, F53, F56, F57, F60 and F62, too.
    """
    config = settings(
        max_examples=max(steps // IN_A_LIFE, 1), stateful_step_count=IN_A_LIFE, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, *([Phase.shrink] if STEPS == 2000 else [])],
    )  # fmt: skip

    run_state_machine_as_test(seed(seeded)(Lives), settings=config)
