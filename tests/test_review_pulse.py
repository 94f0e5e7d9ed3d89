"""A loop that waits for a slow server is alive; the watchdog must not kill what is being sent."""

from __future__ import annotations

import asyncio
from secrets import token_bytes

from daemon.adapters.templates_dir import load_packs
from daemon.loops.owner_post import OwnerPost
from daemon.loops.post import Post
from daemon.loops.report import Reporter
from daemon.loops.supervise import STUCK_AFTER
from daemon.ports import Accepted, Parcel, Submission
from tests.loop_house import House, books, token_of
from tests.virtual_time import run_virtually


def test_a_digest_that_a_slow_server_takes_is_no_loop_that_is_stuck() -> None:
    """The server may take ten minutes for its answer (RFC 5321 4.5.3.2.6); the pulse of the loop lasts as long."""

    async def life() -> float:
        house = House(books())
        packs = load_packs(())
        post = Post(packs, token_of, house.read, plus_token=False)
        owner_post = OwnerPost(
            house.book, house.relay, house.health, token_bytes, lambda language: {}, plus_token=False
        )
        reporter = Reporter(house.book, owner_post, packs, post, lambda mail: "", house.health)
        silent = 0.0

        async def answer(parcel: Parcel) -> Submission:
            nonlocal silent
            await asyncio.sleep(590)
            silent = asyncio.get_running_loop().time() - house.health.beats["report"]
            return Accepted("2.0.0 queued")

        house.relay.answer = answer
        await house.planner.run_once()
        house.health.beats["report"] = asyncio.get_running_loop().time()
        assert await reporter.send()
        return silent

    assert run_virtually(life()) <= STUCK_AFTER
