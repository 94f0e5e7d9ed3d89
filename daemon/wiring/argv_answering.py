"""Commands that answer what the digest asks: did the money come, whose mail is it, where do letters go."""

from __future__ import annotations

import click

from daemon.wiring.argv import config_option, faults_have_codes
from daemon.wiring.argv_telling import ask


@click.command()
@click.argument("number")
@config_option
@faults_have_codes
def missing(number: str, config_file: str | None) -> None:
    """Say that money which the client reports has not come.

    The ladder goes on, and the next letter says so. Only where the client claims to have paid; `paid` is the other
    answer.

    \b
    Example:
      sollecito missing 1
      sollecito missing 2026-041
    """
    ask(config_file, "missing", target=number)


@click.command("write-off")
@click.argument("number")
@config_option
@click.option("--because", "text", help="A note for yourself.")
@faults_have_codes
def write_off(number: str, config_file: str | None, text: str | None) -> None:
    """Give up what is still open of an invoice.

    No letter and no call about it from then on, and it counts as overdue no more; it is never called paid. Money that
    comes all the same is recorded by `paid`. `resume` takes it back.

    \b
    Example:
      sollecito write-off 2026-041 --because "not worth the trouble"
      sollecito resume 2026-041
    """
    ask(config_file, "write-off", target=number, text=text)


@click.command()
@click.argument("item")
@click.argument("client")
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@config_option
@faults_have_codes
def assign(item: str, client: str, numbers: tuple[str, ...], config_file: str | None) -> None:
    """Say whose an unmatched mail is, or what a payment is for.

    ITEM is its number in the last digest. A mail then counts as an answer of that client: letters about the NUMBERs, or
    about all that is open, wait until you are asked again in 7 days. The address that wrote is not used by itself. A
    payment is booked on the NUMBERs, the oldest first, or on what is open.

    \b
    Example:
      sollecito assign 4 beta
      sollecito assign 4 beta 2026-050
      sollecito assign 5 beta/2026-050
    """
    ask(config_file, "assign", target=item, client=client, numbers=list(numbers) or None)


@click.command()
@click.argument("item")
@config_option
@faults_have_codes
def ignore(item: str, config_file: str | None) -> None:
    """Put a mail or a payment away: nothing comes of it.

    ITEM is its number in the last digest, or an invoice's number. Letters that waited for your answer to it go on.

    \b
    Example:
      sollecito ignore 4
    """
    ask(config_file, "ignore", target=item)


@click.command()
@click.argument("number")
@click.argument("address")
@click.argument("name", nargs=-1)
@config_option
@faults_have_codes
def email(number: str, address: str, name: tuple[str, ...], config_file: str | None) -> None:
    """Have letters to a client go to another address.

    That lasts until the config names other contacts, or the address fails. Calls that ask for an address are taken off
    the list. NUMBER may be a client's key; NAME is whom the letters greet.

    \b
    Example:
      sollecito email 5 anna.neri@acme.example
      sollecito email acme anna.neri@acme.example Anna Neri
    """
    ask(config_file, "email", target=number, text=" ".join((address, *name)))


@click.command()
@click.argument("number")
@click.argument("text", nargs=-1, required=True)
@config_option
@faults_have_codes
def note(number: str, text: tuple[str, ...], config_file: str | None) -> None:
    """Note something down about an invoice or a client.

    It changes nothing. `history`, the sheets of calls and the dossier show it.

    \b
    Example:
      sollecito note 2026-041 Anna is back on Monday
      sollecito note acme new owner since May
    """
    ask(config_file, "note", target=number, text=" ".join(text))


ANSWERING = (missing, write_off, assign, ignore, email, note)
