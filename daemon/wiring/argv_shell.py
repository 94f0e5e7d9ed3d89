"""The command for the shell itself: completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
_ASKED_BY = "_SOLLECITO_COMPLETE"  # the name that click derives from that of the program


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what lets your shell complete commands and options.

    The Debian package brings it along. Else, once:

    \b
    Example:
      sollecito completion bash > ~/.local/share/bash-completion/completions/sollecito
      sollecito completion zsh > ~/.zfunc/_sollecito     with ~/.zfunc in fpath
      sollecito completion fish > ~/.config/fish/completions/sollecito.fish
    """
    written = get_completion_class(shell)
    assert written is not None  # click has all three
    click.echo(written(context.find_root().command, {}, "sollecito", _ASKED_BY).source())


SHELL = (completion,)
