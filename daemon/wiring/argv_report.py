"""The command that writes pages to look at."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from daemon.wiring.argv import config_option, config_path, faults_have_codes, json_option, print_json
from daemon.wiring.report import write_report
from daemon.wiring.settings import load_settings


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@click.option(
    "--out", required=True, type=click.Path(), help="The folder for the pages: new, empty, or an earlier report's."
)
@json_option
@faults_have_codes
def report(config: str | None, config_file: str | None, out: str, as_json: bool) -> None:
    """Write pages to look at, for your browser.

    What needs you, the money by age and by client, how long clients take to pay, what goes out in the next 60 days and
    why the rest waits, the calls to make, every client, and every invoice with all its mails. In the language of your
    digest; plain files, without a server, without scripts, nothing fetched. They hold personal data: only you can read
    the folder. Nothing is sent or changed.

    \b
    Example:
      sollecito report --out report && xdg-open report/index.html
    """
    settings = load_settings(config_path(config, config_file))
    quiet = as_json or not sys.stderr.isatty()
    written = write_report(settings, Path(out), lambda words: None if quiet else click.echo(f"{words} ...", err=True))
    if as_json:
        print_json(written.as_document())
    else:
        told = f"{written.pages} pages, {written.clients} clients, {written.invoices} invoices"
        click.echo(f"{written.folder / 'index.html'}: {told}")


REPORTING = (report,)
