"""One call to an address of the owner's: whoever takes his time costs no more than we wait."""

from __future__ import annotations

import asyncio
import time

from daemon.adapters.web_call import web_call
from tests.loopback import Loopback


class Drip(Loopback):
    async def serve(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:  # each sign is a sign of life, and no answer
            writer.write(b"X")
            await asyncio.sleep(0.05)


async def test_a_server_that_drips_is_given_up_in_the_time_for_all_of_it() -> None:
    async with Drip() as server:
        began = time.monotonic()
        failure = await web_call("GET", f"http://127.0.0.1:{server.port}/secret", None, patience=0.3)

    assert failure == "127.0.0.1 is out of reach: no answer within 0.3 seconds"
    assert time.monotonic() - began < 5
