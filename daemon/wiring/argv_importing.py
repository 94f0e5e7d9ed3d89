"""The command that takes over invoices which other programs wrote."""

from __future__ import annotations

import sys

import click

from daemon.wiring.argv import FAILED, config_if_any, config_option, faults_have_codes, json_option, print_json
from daemon.wiring.import_document import as_document, words_of, yaml_of
from daemon.wiring.import_writing import write_out
from daemon.wiring.importing import Asked, CannotImport, NotWritten, take_in


@click.command("import")
@click.argument("paths", metavar="FILE|DIR... [CONFIG]", nargs=-1, required=True, type=click.Path())
@config_option
@click.option("--client", metavar="KEY", help="All of it is this client's, whatever the documents say.")
@click.option("--into", type=click.Path(dir_okay=False), help="Add the new ones below the list in this YAML file.")
@click.option(
    "--map", "column_map", type=click.Path(dir_okay=False), help="Of a CSV: which column is what; a YAML file."
)
@click.option("--new-clients", is_flag=True, help="Add clients that the config does not have to it.")
@click.option("--update", is_flag=True, help="Where a document differs from the books, take over its figures.")
@click.option("--due-days", type=click.IntRange(0, 730), help="For those without a due date: days from their date.")
@json_option
@faults_have_codes
def import_(
    paths: tuple[str, ...],
    config_file: str | None,
    client: str | None,
    into: str | None,
    column_map: str | None,
    new_clients: bool,
    update: bool,
    due_days: int | None,
    as_json: bool,
) -> None:
    """Take over invoices that another program wrote.

    Reads UBL (Peppol, XRechnung), CII, Factur-X and ZUGFeRD 2 PDFs, FatturaPA (also several in one, also signed),
    and CSV with a column map. Prints them as YAML, or adds them to a file of yours without touching what stands there.
    Knows a client by tax number, name or address; skips what the books have already, and says where they differ.
    Nothing is sent.

    \b
    Example:
      sollecito import invoice.xml
      sollecito import export/ --into invoices/2026.yaml
      sollecito import list.csv --map columns.yaml --into invoices/2026.yaml
    """
    *named, last = paths
    if config_file is None and named and last.endswith((".yaml", ".yml")):
        config_file, paths = last, tuple(named)
    asked = Asked(
        paths=paths,
        config=config_if_any(None, config_file),
        client=client,
        into=into,
        column_map=column_map,
        new_clients=new_clients,
        update=update,
        due_days=due_days,
    )
    try:
        intake = take_in(asked)
        write_out(asked, intake)
    except CannotImport as cannot:
        raise click.UsageError(str(cannot)) from None
    except NotWritten as cannot:
        click.echo(f"sollecito: {cannot}", err=True)
        sys.exit(FAILED)
    if as_json:
        print_json(as_document(intake))
    else:
        if not into:
            click.echo(yaml_of(intake), nl=False)
        for words in words_of(intake):
            click.echo(words, err=True)
    if intake.failed:
        sys.exit(FAILED)


IMPORTING = (import_,)
