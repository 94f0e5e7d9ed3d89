"""Write the manual page sollecito(1) from the commands themselves, so that it cannot say less than `--help`.

    .venv/bin/python scripts/man_page.py > sollecito.1

Source: man(7) for the macros, man-pages(7) for the order of the sections.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the checkout, whatever is installed

import click

from daemon import __version__
from daemon.__main__ import main

AFTER = r"""
.SH ENVIRONMENT
.TP
.B SOLLECITO_CONFIG
The config, where neither an argument nor
.B \-c
names one.
.TP
.B CREDENTIALS_DIRECTORY
Where a password that the config calls
.I {credential: name}
lies; systemd sets it for the service.
.SH FILES
.TP
.I /etc/sollecito/config.yaml
The config, mode 0640, readable for the group
.BR sollecito .
.TP
.I /etc/sollecito/invoices/
The invoices that the config names.
.TP
.I /etc/sollecito/credentials/
Passwords, which only systemd reads.
.TP
.I /var/lib/sollecito/
The journal: which letters were sent, and what was answered. Never delete it to get the daemon going.
.TP
.I /run/sollecito/
The socket by which commands reach the daemon.
.SH "EXIT STATUS"
.TP
.B 0
Done.
.TP
.B 1
Failed or refused; the message says why.
.TP
.B 2
The config or the command line is wrong; every problem is listed.
.TP
.B 3
The state cannot be trusted, or another daemon uses it.
.SH "SEE ALSO"
.BR systemctl (1),
.BR journalctl (1),
.BR systemd.exec (5)
"""


def page() -> str:
    """The whole page, as roff."""
    assert isinstance(main, click.Group)
    context = click.Context(main, info_name="sollecito")
    lines = [
        f'.TH SOLLECITO 1 "" "sollecito {__version__}" "User Commands"',
        ".SH NAME",
        r"sollecito \- follow up unpaid invoices by e\-mail, and listen to the answers",
        ".SH SYNOPSIS",
        r".B sollecito",
        r"[\fB\-c\fR \fIFILE\fR] \fICOMMAND\fR [\fIOPTIONS\fR] [\fIARGUMENTS\fR]",
        ".SH DESCRIPTION",
        *_prose(main.help or ""),
        ".SH OPTIONS",
        *_options(main, context),
        ".SH COMMANDS",
    ]
    for name in main.list_commands(context):
        command = main.commands[name]
        inside = click.Context(command, info_name=name, parent=context)
        usage = " ".join(command.collect_usage_pieces(inside))
        lines += [f'.SS "{_text(name)} {_text(usage)}"', *_prose(command.help or ""), *_options(command, inside)]
    return "\n".join(lines) + AFTER


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for param in command.get_params(context):
        if isinstance(param, click.Option) and not param.hidden and (record := param.get_help_record(context)):
            flags, words = record
            yield from (".TP", rf"\fB{_text(flags)}\fR", _line(words) or r"\&")


def _prose(words: str) -> Iterator[str]:
    r"""Paragraphs; those under click's mark `\b` keep their lines."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", inspect.cleandoc(words))):
        if number:
            yield ".PP"
        kept = paragraph.startswith("\b")
        lines = [line for line in paragraph.lstrip("\b\n").split("\n") if line.strip()]
        if kept:
            yield from (".nf", *map(_line, lines), ".fi")
        else:
            yield _line(" ".join(line.strip() for line in lines))


def _line(words: str) -> str:
    """A line of text; one that begins with a dot or an apostrophe would be a command of roff."""
    return rf"\&{_text(words)}" if words[:1] in ".'" else _text(words)


def _text(words: str) -> str:
    for plain, roff in _ESCAPES:
        words = words.replace(plain, roff)
    return words


_ESCAPES: Iterable[tuple[str, str]] = (
    ("\\", r"\e"),
    ("-", r"\-"),
    ("'", r"\(aq"),
    ('"', r"\(dq"),
    ("`", r"\(ga"),
    ("~", r"\(ti"),
    ("^", r"\(ha"),
)

if __name__ == "__main__":
    print(page())
