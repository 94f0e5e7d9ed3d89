"""F68 with real processes: SIGKILL while one appends, and a look while one appends."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.adapters.state_dir import StateDir
from daemon.domain.journal import MailRead


@contextmanager
def a_writer(place: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.state_writer", str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline().startswith("from")
        try:
            yield writer
        finally:
            writer.kill()


def found(entries: Iterator[object]) -> list[int]:
    return [entry.uid for entry in entries if isinstance(entry, MailRead)]


def test_F68_every_acknowledged_entry_survives_a_sigkill_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(5)
    for _ in range(12):
        with a_writer(tmp_path) as writer:
            assert writer.stdout is not None
            heard = [writer.stdout.readline() for _ in range(chance.randint(1, 20))]  # so that each has written some
            time.sleep(chance.uniform(0.0, 0.01))
            writer.kill()
            said = [*heard, *writer.stdout.read().split("\n")[:-1]]  # the last line may be torn
        acknowledged = int(said[-1]) if said else 0
        with StateDir.open(tmp_path) as state:
            numbers = found(state.journal.replay())

        assert len(numbers) >= acknowledged
        assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 100


def test_who_looks_while_the_daemon_appends_sees_a_whole_history(tmp_path: Path) -> None:
    """`history`, `status` and `plan` take no lock: they see the journal as it was at one moment, never a fault."""
    seen = [0]
    enough = time.monotonic() + 30
    with a_writer(tmp_path):
        while len(set(seen)) < 40 and time.monotonic() < enough:
            with StateDir.read_only(tmp_path) as view:
                numbers = found(view.journal.replay())
            assert numbers == list(range(1, len(numbers) + 1))
            assert len(numbers) >= seen[-1]
            seen.append(len(numbers))

    assert len(set(seen)) == 40


def test_who_looks_while_the_journal_is_written_anew_sees_the_old_or_the_new(tmp_path: Path) -> None:
    with a_writer(tmp_path) as writer:
        time.sleep(1.0)  # a busy machine writes slowly
        writer.kill()
    code = (
        "import sys, itertools\nfrom daemon.adapters.state_dir import StateDir\n"
        "with StateDir.open(sys.argv[1]) as state:\n print('on', flush=True)\n"
        " for _ in itertools.count(): state.journal.rewrite(lambda entry: entry)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "on\n"
            lengths = set()
            for _ in range(60):
                with StateDir.read_only(tmp_path) as view:
                    lengths.add(len(found(view.journal.replay())))
        finally:
            other.kill()

    assert len(lengths) == 1
    assert lengths.pop() > 10
    with StateDir.open(tmp_path) as state:
        assert len(found(state.journal.replay())) == state.journal.last
