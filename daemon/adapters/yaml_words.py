"""What libyaml's messages mean to somebody who edits a file by hand."""

from __future__ import annotations

from typing import Protocol


class _Mark(Protocol):
    line: int


_MEANINGS = (  # a part of the words of libyaml or of PyYAML's own parser, and ours
    (
        "that cannot start any token",
        "a tab, or one of @ ` % stands where a value begins: indent with spaces, and put such a value in quotes",
    ),
    (
        "found a tab character",
        "a tab stands where spaces belong: indent with spaces only",
    ),
    (
        "mapping values are not allowed",
        "a colon that is not expected here: put a text that has `: ` in it in quotes, or look at the indentation",
    ),
    (
        "could not find expected ':'",
        "a `key: value` is expected here, and the colon is missing (or the line above is not complete)",
    ),
    (
        "did not find expected key",
        "this line does not fit in: it is indented otherwise than its neighbours, or a quote or bracket above is wrong",
    ),
    (
        "did not find expected '-' indicator",
        "this line does not fit into the list above: look at its indentation, and at the `- ` in front",
    ),
    (
        "expected ',' or '}'",
        "a `}` or a comma is missing: what was opened with `{` is not closed",
    ),
    (
        "expected ',' or ']'",
        "a `]` or a comma is missing: what was opened with `[` is not closed",
    ),
    (
        "found unexpected end of stream",
        "the file ends in the middle of a quoted text: a closing quote is missing, or the file is not complete",
    ),
    (
        "found unexpected document indicator",
        "a quoted text is not closed before this line",
    ),
    (
        "expected <block end>",
        "this line does not fit in: it is indented otherwise than its neighbours, or a quote or bracket above is wrong",
    ),
    ("found undefined alias", "this names an anchor (&name) that is not written above"),
    (
        "found unknown escape character",
        "a backslash in double quotes is followed by something that means nothing: use single quotes",
    ),
    ("block sequence entries are not allowed", "a list entry `- ` cannot stand here: begin it on its own line"),
    ("did not find expected node content", "a value is expected here"),
    ("did not find expected <document start>", "what stands here does not belong to what is above: the indentation?"),
)


def plain_words(problem: str, context: str = "", opened: _Mark | None = None) -> str:
    """Say a parser's problem in plain words; unknown ones are passed on as they are.

    Args:
        context: what the parser was at, in its words.
        opened: where that began.
    """
    said = next((ours for theirs, ours in _MEANINGS if theirs in problem), None)
    if said is None:
        said = f"this is not YAML: {problem or 'it cannot be read'}"
    since = f" ({context}, which began in line {opened.line + 1})" if context and opened is not None else ""
    return said + since
