"""New lines into a YAML file that a person keeps: every octet that was there stays as it was, remarks too.

No YAML library writes a file back as it was: quotes, indentation and line breaks become its own.  So the file is only
read (for the places of its nodes), and text is put in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, twenty times faster; both count characters


class CannotSplice(Exception):
    """The file is written in a way into which nothing can be put; the message says what to do."""


def _root(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        raise CannotSplice("it cannot be read as YAML") from None


def with_invoices(text: str, items: list[list[str]]) -> str:
    """The text with items below those of its list of invoices; an empty text becomes a list.

    Args:
        items: each the lines of one item, as `import_yaml.invoice_lines` makes them.
    """
    root = _root(text)
    lines = [line for item in items for line in item]
    if root is None:
        return _below(text, len(text), lines)
    if isinstance(root, yaml.SequenceNode):
        return _into(text, root, _INVOICES, lines, 0)
    if isinstance(root, yaml.MappingNode) and root.flow_style:
        raise CannotSplice("it is written in braces: write `invoices:` on a line of its own")
    if isinstance(root, yaml.MappingNode):
        return _under(text, root, _INVOICES, lines)
    raise CannotSplice("it is no list of invoices")


def with_clients(text: str, blocks: list[list[str]]) -> str:
    """The text of a config with clients below those that it has."""
    root = _root(text)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CannotSplice("it is no config with `clients:`")
    return _under(text, root, _CLIENTS, [line for block in blocks for line in block])


@dataclass(frozen=True, slots=True)
class _Key:
    """What stands under a key, and what is said where nothing can be put there."""

    name: str
    node: type[yaml.CollectionNode]
    kind: str
    empty: str
    in_signs: str


_INVOICES = _Key(
    "invoices", yaml.SequenceNode, "list", "[]",
    "its list of invoices is written in brackets: name one of the files in them, or write it with `- ` lines",
)  # fmt: skip
_CLIENTS = _Key(
    "clients", yaml.MappingNode, "mapping", "{}",
    "`clients:` is written in braces: write each client on lines of its own",
)  # fmt: skip


def _under(text: str, root: yaml.MappingNode, wanted: _Key, lines: list[str]) -> str:
    """The text with lines below what stands under a key, and under a new one where there is none."""
    found = next(((key, value) for key, value in root.value if key.value == wanted.name), None)
    if found is None:
        return _below(text, _end_of(root), [f"{wanted.name}:", *(f"  {line}" for line in lines)])
    key, value = found
    column = key.start_mark.column + 2
    if value.start_mark.index < key.end_mark.index:  # the node stands where its anchor is
        raise CannotSplice(f"`{wanted.name}:` in it is an alias (*): write it out")
    if isinstance(value, wanted.node):
        return _into(text, value, wanted, lines, column)
    if isinstance(value, yaml.ScalarNode) and value.value in {"", "~"} and not value.style:
        if value.value:
            text = text[: value.start_mark.index].rstrip(" ") + text[value.end_mark.index :]
        return _below(text, key.end_mark.index, [" " * column + line for line in lines])
    raise CannotSplice(f"`{wanted.name}:` in it is no {wanted.kind}")


def _into(text: str, node: yaml.CollectionNode, wanted: _Key, lines: list[str], column: int) -> str:
    """The text with lines below the last of a list or mapping.

    Args:
        column: where they begin, if nothing is in it yet.
    """
    if not node.flow_style:
        column = node.start_mark.column
        return _below(text, _end_of(node), [" " * column + line for line in lines], owned=column)
    if node.value:
        raise CannotSplice(wanted.in_signs)
    before, after = text[: node.start_mark.index].rstrip(" "), text[node.end_mark.index :]
    if "\n" in text[node.start_mark.index : node.end_mark.index] or (
        after.split("\n", 1)[0].strip() and not _remark(after)
    ):
        raise CannotSplice(f"its empty {wanted.kind} is written over several lines: write `{wanted.empty}`")
    return _below(before + after, len(before), [" " * column + line for line in lines])


def _remark(after: str) -> bool:
    return after.lstrip(" ").startswith("#")


@dataclass(frozen=True, slots=True)
class Figures:
    """Other values for one mapping, found by its place (from 1)."""

    line: int
    column: int
    values: Mapping[str, str]  # as they are written; a key that it has not goes below `total`


def with_figures(text: str, changes: Sequence[Figures]) -> tuple[str, list[str]]:
    """The text with other values where that can be done.

    Returns:
        The text; and for each change why it was not made, empty where it was.
    """
    places = dict(_mappings(_root(text)))
    edits: list[tuple[int, int, str]] = []
    reasons = []
    for change in changes:
        node = places.get((change.line - 1, change.column - 1))
        try:
            if node is None:
                raise CannotSplice("the invoice is no longer where it was read")
            edits += _edits(text, node, change.values)
            reasons.append("")
        except CannotSplice as cannot:
            reasons.append(str(cannot))
    pieces, end = [], len(text)
    for start, stop, figure in sorted(edits, reverse=True):
        pieces += [text[stop:end], figure]
        end = start
    return text[:end] + "".join(reversed(pieces)), reasons


def _edits(text: str, node: yaml.MappingNode, figures: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """What is to stand in place of what, in one mapping."""
    values = {key.value: value for key, value in node.value}
    edits, fresh = [], []
    for key, figure in figures.items():
        value = values.get(key)
        if value is None:
            fresh.append(f"{key}: {figure}")
        elif isinstance(value, yaml.ScalarNode) and _within(node, value):
            edits.append((value.start_mark.index, value.end_mark.index, figure))
        else:
            raise CannotSplice(f"its `{key}` stands elsewhere (an anchor)")
    if fresh:
        total = values.get("total")
        if node.flow_style or not isinstance(total, yaml.ScalarNode) or not _within(node, total):
            raise CannotSplice(f"there is no `{fresh[0].partition(':')[0]}` in it")
        at = _line_end(text, total.end_mark.index)
        indent = _newline(text) + " " * node.value[0][0].start_mark.column
        edits.append((at, at, "".join(indent + entry for entry in fresh)))
    return edits


def _within(outer: yaml.Node, inner: yaml.Node) -> bool:
    return bool(outer.start_mark.index <= inner.start_mark.index and inner.end_mark.index <= outer.end_mark.index)


def _mappings(node: yaml.Node | None) -> Iterator[tuple[tuple[int, int], yaml.MappingNode]]:
    """All mappings by their places; one that aliases repeat, once."""
    rest = [node] if node is not None else []
    seen: set[int] = set()
    while rest:
        here = rest.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if isinstance(here, yaml.MappingNode):
            yield (here.start_mark.line, here.start_mark.column), here
            rest.extend(value for _key, value in here.value)
        elif isinstance(here, yaml.SequenceNode):
            rest.extend(here.value)


def _end_of(node: yaml.Node) -> int:
    """Where the last thing that is written in a node ends; its own mark stands at what follows, behind remarks."""
    end = node.end_mark.index
    while isinstance(node, yaml.SequenceNode | yaml.MappingNode) and not node.flow_style and node.value:
        if isinstance(node, yaml.SequenceNode):
            begins, node = node.start_mark.index, node.value[-1]
            if node.start_mark.index < begins:  # an alias: the node stands where its anchor is
                raise CannotSplice("its list ends with an alias (*): write that item out")
        else:
            key, node = node.value[-1]
            if node.start_mark.index < key.end_mark.index:  # the same: it is on the line of its key
                return int(key.end_mark.index)
        end = node.end_mark.index
    return int(end)


def _below(text: str, at: int, lines: list[str], owned: int | None = None) -> str:
    """The text with lines below the line of a place.

    Args:
        owned: the column of the list; remarks further to the right belong to its last item, and stay above.
    """
    newline = _newline(text)
    end = at if at > 0 and text[at - 1] == "\n" else _line_end(text, at)  # a block of text ends at the next line
    if owned is not None:
        end = _past_remarks(text, end, owned)
    before, after = text[:end], text[end:]
    if before and not before.endswith("\n"):
        before += newline
        after = after.removeprefix("\r").removeprefix("\n")
    return before + newline.join(lines) + newline + after


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    end = len(text) if found < 0 else found
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _past_remarks(text: str, end: int, column: int) -> int:
    while True:
        start = end if end and text[end - 1] == "\n" else text.find("\n", end) + 1
        if start <= 0 and end:
            return end
        stop = _line_end(text, start)
        row = text[start:stop]
        if not row.lstrip(" ").startswith("#") or len(row) - len(row.lstrip(" ")) <= column:
            return end
        end = stop


def _newline(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
