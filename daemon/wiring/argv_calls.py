"""Commands about telephone calls: whom to ring, and how it went."""

from __future__ import annotations

import click

from daemon.wiring.argv import config_option, config_path, faults_have_codes, json_option, print_json
from daemon.wiring.argv_telling import ask
from daemon.wiring.calls import calls as open_calls
from daemon.wiring.settings import load_settings


@click.command()
@click.argument("number", required=False)
@config_option
@json_option
@faults_have_codes
def calls(number: str | None, config_file: str | None, as_json: bool) -> None:
    """Print a sheet for each call to be made today.

    Whom to ring and when, what has happened so far, what to ask, and the commands that record how it went; in the
    language of your digest. With NUMBER those about one invoice or client.

    \b
    Example:
      sollecito calls
      sollecito calls 2026-041 --json
    """
    found = open_calls(load_settings(config_path(None, config_file)), number)
    if as_json:
        print_json([call.document for call in found])
    elif not found:
        click.echo("no call to be made today")
    else:
        click.echo("\n\n".join(call.text for call in found))


@click.command()
@click.argument("number")
@click.argument("result", nargs=-1, required=True)
@config_option
@faults_have_codes
def called(number: str, result: tuple[str, ...], config_file: str | None) -> None:
    """Record how a telephone call went.

    \b
    RESULT is one of these, and other words may follow; natural spellings are understood:
      reached        a person spoke: no letters until you are asked again in 7 days
      voicemail      or: no answer, left a message; suggested again in 2 business
                     days, three times at most
      wrong-number   the number is not suggested again; the next contact's is
      promised DATE  held until then, as by `promise`; DATE as 2026-12-15
      disputes WHY   held as by `dispute`
      paid           they say so: held, and you are asked whether the money came;
                     never marked as paid by it
      any words      noted; letters go on

    \b
    Example:
      sollecito called 2026-041 promised 2026-12-15
      sollecito called 5 left a message
      sollecito called 2026-041 disputes four hours are missing
    """
    ask(config_file, "called", target=number, text=" ".join(result))


CALLING = (calls, called)
