"""The command for old debts at the very first start: triage."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from daemon.adapters.terminal_triage import show_row
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.triage import Answer, Standing, read_answer
from daemon.ports import Problem, Settings, Unreachable
from daemon.wiring import inquiry
from daemon.wiring import triage as room
from daemon.wiring.argv import (
    CONFIG,
    FAILED,
    config_option,
    config_path,
    faults_have_codes,
    json_option,
    list_problems,
    print_json,
)
from daemon.wiring.settings import load_settings

_QUESTION = "chase, paid, disputed, promised DATE, leave (Enter: nothing; show: the letter; quit)"


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 730), help="How far back to look at mails."
)
@click.option("--offline", is_flag=True, help="Do not look into the mailbox.")
@click.option(
    "--answers", type=click.Path(dir_okay=False), help="Take the answers from this file: CLIENT ANSWER, a line each."
)
@json_option
@faults_have_codes
def triage(
    config: str | None, config_file: str | None, days: int, offline: bool, answers: str | None, as_json: bool
) -> None:
    """Decide about what is overdue already.

    For the first evening: every client with something overdue, what is owed, the last mail between you, the letter
    that would go. Your answer is recorded at once; who gets none waits, and hears nothing. Inbox and Sent are only
    looked at. Letters leave to a few clients a day (`first_start:` of the config).

    A line of a file of answers is `acme chase`, or `beta promised 2026-12-15`; one that begins with # is a remark.

    \b
    Example:
      sollecito triage
      sollecito triage --json --offline
      sollecito triage --answers answers.txt
    """
    settings = load_settings(config_path(config, config_file))
    now = datetime.now(UTC)
    try:
        rows = asyncio.run(room.look(settings, None if offline or answers else days, now))
    except Unreachable as trouble:
        click.echo(f"sollecito: {trouble}; --offline shows the rest", err=True)
        sys.exit(FAILED)
    if answers is not None:
        told = _from_file(Path(answers), {row.standing.client: row.standing for row in rows})
        done = asyncio.run(_record_all(settings, told))
        if as_json:
            print_json({"recorded": [row for row, _ in done]})
        else:
            for row, _ in done:
                click.echo(f"{row['client']}: {'; '.join(row['words'])}")
        if not all(recorded for _, recorded in done):
            sys.exit(FAILED)
    elif as_json:
        print_json(room.as_document(rows))
    elif not rows:
        click.echo("Nothing is overdue about which you have not decided.")
    else:
        asyncio.run(_ask(settings, rows))


async def _ask(settings: Settings, rows: list[room.Row]) -> None:
    """One client after the other; each answer is recorded before the next question."""
    click.echo(f"{len(rows)} client{'s' * (len(rows) > 1)} with something overdue. Unanswered means: no letter.")
    async with room.desk_of(settings) as handle:
        for place, row in enumerate(rows, start=1):
            show_row(room.as_document([row])["clients"][0], place, len(rows))
            left: Standing | None = row.standing
            while left is not None:
                typed = click.prompt(_QUESTION, default="", show_default=False).strip()
                if typed.lower() == "quit":
                    return
                if not typed:
                    break
                if typed.lower() == "show":
                    _show_letter(settings, row.standing.client)
                    continue
                answer = read_answer(typed, left.numbers)
                if isinstance(answer, Refusal):
                    click.echo(f"  {answer.because}")
                    continue
                for words in (await room.record(handle, answer, left)).words:
                    click.echo(f"  {words}")
                left = left.after(answer)
    click.echo("\nWho got no answer waits. `sollecito triage` asks again, `sollecito plan` shows what goes when.")


def _show_letter(settings: Settings, client: str) -> None:
    try:
        [letter] = inquiry.preview(settings, client, None)
    except inquiry.CannotTell as why:
        click.echo(f"  {why}")
        return
    click.echo(f"\nTo: {letter.to}\nSubject: {letter.subject}\n\n{letter.text}")


def _from_file(path: Path, known: dict[str, Standing]) -> list[tuple[Standing, Answer]]:
    """All answers of a file, or every problem in it: nothing is recorded then."""
    found, problems = [], []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        click.echo(f"sollecito: {path}: {getattr(fault, 'strerror', None) or 'this is no text'}", err=True)
        sys.exit(CONFIG)
    for number, line in enumerate(lines, start=1):
        client, _, text = line.strip().partition(" ")
        if not client or client.startswith("#"):  # further on it may belong to an invoice's number
            continue
        standing = known.get(client)
        answer = read_answer(text, standing.numbers) if standing else Refusal(f"nothing is asked about {client!r}")
        if isinstance(answer, Refusal):
            problems.append(Problem(file=str(path), line=number, column=1, message=answer.because))
        elif standing is not None:
            found.append((standing, answer))
    if problems:
        list_problems(tuple(problems))
        sys.exit(CONFIG)
    return found


async def _record_all(settings: Settings, told: list[tuple[Standing, Answer]]) -> list[tuple[dict[str, Any], bool]]:
    """For each answer its row of `--json`, and whether all of it was recorded."""
    rows = []
    async with room.desk_of(settings) as handle:
        for standing, answer in told:
            done = await room.record(handle, answer, standing)
            rows.append(({"client": standing.client, "answer": answer.kind, "words": done.words}, done.all_of_it))
    return rows


TRIAGE = (triage,)
