"""A real process that owns a state directory: `python -m tests.state_writer DIRECTORY [hold]`.

It appends facts one at a time and prints the number of each one after it was acknowledged; with `hold` it appends
nothing and waits.
"""

from __future__ import annotations

import asyncio
import sys
import time

from daemon.adapters.state_dir import StateDir
from tests.journals.entries import a_fact, facts


async def append_for_ever(state: StateDir) -> None:
    last = state.journal.last
    print("from", last, flush=True)
    while True:
        entries = (
            facts(3, after=last, size=30_000) if last % 50 == 49 else [a_fact(last + 1)]
        )  # now and then a large one
        last = await state.journal.append(last, entries)
        print(last, flush=True)


if __name__ == "__main__":
    with StateDir.open(sys.argv[1]) as state:
        if sys.argv[2:] == ["hold"]:
            print("held", flush=True)
            time.sleep(600)
        asyncio.run(append_for_ever(state))
