"""Commands by which the owner tells us something."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import click

from daemon.wiring import errand
from daemon.wiring.argv import (
    DAY,
    FAILED,
    config_option,
    config_path,
    faults_have_codes,
)
from daemon.wiring.settings import load_settings


def ask(config_file: str | None, name: str, **args: Any) -> None:
    """Have one command carried out, by the daemon or here."""
    settings = load_settings(config_path(None, config_file))
    given = {key: value.isoformat() if isinstance(value, date) else value for key, value in args.items()}
    answer = errand.command(settings, name, {key: value for key, value in given.items() if value is not None})
    if not answer.get("ok"):
        click.echo(f"sollecito: {answer.get('error')}", err=True)
        sys.exit(FAILED)
    click.echo(answer["message"])


@click.command()
@click.argument("number")
@config_option
@click.option("--amount", help="A part payment, as 610.00; default: all that is open.")
@click.option("--on", "day", type=DAY, help="The day the money came in; default: today.")
@click.option("--more-than-owed", is_flag=True, help="Record an amount that is more than what is open.")
@faults_have_codes
def paid(number: str, config_file: str | None, amount: str | None, day: date | None, more_than_owed: bool) -> None:
    """Record that an invoice was paid, in full or in part.

    \b
    Example:
      sollecito paid 2026-041
      sollecito paid 2026-041 --amount 610.00 --on 2026-12-01
    """
    ask(config_file, "paid", target=number, amount=amount, day=day, at_most_owed=not more_than_owed)


@click.command()
@click.argument("number")
@config_option
@click.option("--until", "day", type=DAY, help="Last day held, included; default: until `resume`.")
@click.option("--because", "text", help="A note for yourself.")
@faults_have_codes
def hold(number: str, config_file: str | None, day: date | None, text: str | None) -> None:
    """Hold back the letters about an invoice.

    \b
    Example:
      sollecito hold 2026-041 --until 2026-12-15 --because "waiting for credit note"
    """
    ask(config_file, "hold", target=number, day=day, text=text)


@click.command()
@click.argument("number")
@config_option
@faults_have_codes
def resume(number: str, config_file: str | None) -> None:
    """Lift the holds of an invoice.

    Where there is none: trust an address again that had failed.

    \b
    Example:
      sollecito resume 2026-041
    """
    ask(config_file, "resume", target=number)


@click.command()
@click.argument("number")
@click.argument("day", metavar="DATE", type=DAY)
@config_option
@faults_have_codes
def promise(number: str, day: date, config_file: str | None) -> None:
    """Record a promise to pay by a date.

    No letter until then and two business days more.

    \b
    Example:
      sollecito promise 2026-041 2026-12-15
    """
    ask(config_file, "promise", target=number, day=day)


@click.command("plan-payment")
@click.argument("number")
@click.argument("parts", nargs=-1, metavar="[DATE=AMOUNT]...")
@config_option
@click.option("--parts", "count", type=click.IntRange(1, 60), help="So many equal parts; the last one takes the rest.")
@click.option("--first", "day", type=DAY, help="The day of the first one.")
@click.option("--every", help="month, 2w or 10d; default: month.")
@click.option("--cancel", is_flag=True, help="The plan is off: the invoice is owed as a whole again.")
@faults_have_codes
def plan_payment(
    number: str,
    parts: tuple[str, ...],
    config_file: str | None,
    count: int | None,
    day: date | None,
    every: str | None,
    cancel: bool,
) -> None:
    """Record that an invoice is paid in parts.

    Together the parts are what is open. Each gets its own letters; where one is missed, the next letter goes at once
    and says so. Holds of who asked for time are lifted.

    \b
    Example:
      sollecito plan-payment 2026-041 2026-12-15=400.00 2027-01-15=820.00
      sollecito plan-payment 2026-041 --parts 3 --first 2026-12-15 --every month
      sollecito plan-payment 2026-041 --cancel
    """
    if cancel and (parts or count or day or every):
        raise click.UsageError("--cancel takes no parts")
    if not cancel and bool(parts) == bool(count or day or every):
        raise click.UsageError("give DATE=AMOUNT for each part, or --parts with --first, or --cancel")
    if not cancel and not parts and (count is None or day is None):
        raise click.UsageError("equal parts need both --parts and --first")
    ask(
        config_file,
        "plan-payment",
        target=number,
        parts=list(parts) or None,
        count=count,
        day=day,
        every=every,
        cancel=cancel or None,
    )


@click.command()
@click.argument("number")
@click.argument("text", nargs=-1)
@config_option
@faults_have_codes
def dispute(number: str, text: tuple[str, ...], config_file: str | None) -> None:
    """Record that the client disputes an invoice, and hold it.

    \b
    Example:
      sollecito dispute 2026-041 four hours are missing
    """
    ask(config_file, "dispute", target=number, text=" ".join(text))


@click.command()
@click.argument("number", required=False)
@config_option
@click.option("--all", "everything", is_flag=True, help="Every letter that waits; never hand-overs or doubts.")
@faults_have_codes
def go(number: str | None, config_file: str | None, everything: bool) -> None:
    """Let a letter or a hand-over go.

    One that waits for you: an ITEM of the last digest, or all that waits about an invoice.

    \b
    Example:
      sollecito go 3
      sollecito go --all
    """
    if not number and not everything:
        raise click.UsageError("name an ITEM or NUMBER, or say --all")
    ask(config_file, "go", target=number, everything=everything)


@click.command()
@click.argument("number")
@config_option
@faults_have_codes
def stop(number: str, config_file: str | None) -> None:
    """Stop a letter that has not left yet.

    And hold its invoices until `resume`.

    \b
    Example:
      sollecito stop 8
    """
    ask(config_file, "stop", target=number)


@click.command()
@click.argument("number")
@config_option
@faults_have_codes
def remind(number: str, config_file: str | None) -> None:
    """Send the next letter now, by hand.

    Without the ladder's own pace, under all the other rules.

    \b
    Example:
      sollecito remind 2026-041
    """
    ask(config_file, "remind", target=number)


@click.command()
@click.argument("client", required=False)
@config_option
@click.option("--currency", help="Of what is owed in this currency, as EUR; needed where there are several.")
@click.option("--all", "everything", is_flag=True, help="To every client with something overdue.")
@faults_have_codes
def statement(client: str | None, config_file: str | None, currency: str | None, everything: bool) -> None:
    """Send a client a statement of account.

    It lists all that is open, also what is not due yet; what is held or disputed is left out, and it says so. It takes
    no step of the ladder. At most one a day.

    \b
    Example:
      sollecito statement acme
      sollecito statement acme --currency USD
      sollecito statement --all
    """
    if bool(client) == everything:
        raise click.UsageError("name one CLIENT, or say --all")
    ask(config_file, "statement", target=client, currency=currency, everything=everything)


@click.command()
@click.argument("letter")
@click.argument("outcome", type=click.Choice(["sent", "resend"]))
@config_option
@faults_have_codes
def settle(letter: str, outcome: str, config_file: str | None) -> None:
    """Settle a letter in doubt.

    `sent`: it counts; `resend`: it goes out once more. `sollecito status` lists the letters in doubt.

    \b
    Example:
      sollecito settle acme-3 sent
    """
    ask(config_file, "settle", target=letter, text=outcome)


@click.command()
@click.argument("client")
@config_option
@click.option("--yes", is_flag=True, help="Ask nothing; in a script nothing is asked anyway.")
@faults_have_codes
def forget(client: str, config_file: str | None, yes: bool) -> None:
    """Remove the texts and addresses of a client.

    The figures stay. It cannot be taken back. CLIENT is the key in the config; also of one who is in it no more.

    \b
    Example:
      sollecito forget acme
    """
    if sys.stdin.isatty() and not yes:
        click.confirm(f"Letters, answers and addresses of {client} will be gone for good. Go on?", abort=True, err=True)
    ask(config_file, "forget", target=client)


TELLING = (paid, hold, resume, promise, plan_payment, dispute, go, stop, remind, statement, settle, forget)
