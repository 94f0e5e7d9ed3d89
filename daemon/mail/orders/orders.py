"""An owner's answer to a digest or an alert, line by line: the orders in it, and the lines that are none.

The text is what is new in the mail (`daemon.mail.answers.newwords`).  A line is an order or it is not understood, with
a reason; greetings and thanks are neither.  Nothing is guessed: two possible readings are none.  Whoever wrote the
text, nothing in here raises, and the work grows with the text's length and no faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from daemon.domain.commands.errand import Command
from daemon.mail.orders.about import About
from daemon.mail.orders.lines import Basis, Miss, read_line, starts_order
from daemon.mail.orders.shapes import SHAPES, NoOrder, Slot
from daemon.mail.orders.tokens import Token, tokens_of
from daemon.mail.orders.words import OrderWords

MOST_LINES = 200  # that are read; of what is longer the rest is not understood
MOST_TEXT = 20_000  # characters, likewise
LONGEST_LINE = 1000  # characters
_WRAPPED = 50  # characters of a line that a mail program has broken
_SHOWN = 200  # characters of a line in an answer
_NAMED = 4  # words of a line that may be the name below a greeting
_SHORT = 6  # words of a line in which a command may be misspelled
_MOST_NEAR = 20  # lines for which the nearest command is looked for
_QUOTED = (">", "|", "•", "*\u0020", "-\u0020", "–\u0020", "—\u0020", "·", "▪", "◦")
_ASKS = ("?", "？", "؟", "\u037e", "՞")  # question marks: ASCII, full-width, Arabic, Greek, Armenian


@dataclass(frozen=True, slots=True)
class Order:
    """A line that is an order."""

    line: str  # as typed
    command: Command


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line that is none."""

    line: str  # as typed, of a long one the beginning
    why: NoOrder
    near: str = ""  # an order of the kind that may be meant, as the owner would write it


def orders(text: str, words: OrderWords, *, today: date, about: About) -> tuple[Order | NotUnderstood, ...]:
    """What the owner orders, in the order of the text.

    Args:
        text: the new words of the mail; lines end with a line feed.
        words: of the language of the owner's digest, and English.
        today: the creditor's date; days without a year lie around it.
        about: what a line may name, and what is meant where it names nothing.
    """
    basis = Basis(words, about, today)
    lines = text[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rest = text[MOST_TEXT:]
    if rest.strip():
        lines.pop()  # it may be cut in two
    read = _Answer(basis)
    for line in lines[:MOST_LINES]:
        read.take(line.strip())
    if rest.strip() or any(line.strip() for line in lines[MOST_LINES:]):
        read.found.append(NotUnderstood("…", NoOrder.TOO_LONG))
    return tuple(read.found)


class _Answer:
    """The lines that were read so far."""

    __slots__ = ("_basis", "_closed", "_looked", "_prose_above", "_text_above", "found")

    def __init__(self, basis: Basis) -> None:
        self.found: list[Order | NotUnderstood] = []
        self._basis = basis
        self._closed = False  # "Kind regards": what follows is a name
        self._prose_above = False  # the line above is prose: the paragraph goes on
        self._text_above = False  # the line above is long and ends with free words: they may go on
        self._looked = 0

    def take(self, line: str) -> None:
        read = list(self._line(line)) if line else []
        why = read[0].why if len(read) == 1 and isinstance(read[0], NotUnderstood) else None
        if why is NoOrder.PROSE and self._text_above and isinstance(self.found[-1], Order):
            self.found[-1] = _longer(self.found[-1], line)
            return
        if why is NoOrder.PROSE and (self._prose_above or (self._closed and len(line.split()) <= _NAMED)):
            return  # one answer for a paragraph, and none for the name below the greeting
        self._prose_above = why is NoOrder.PROSE
        self.found += read
        last = read[-1] if read else None
        self._text_above = (
            isinstance(last, Order) and Slot.TEXT in SHAPES[last.command.name].takes and len(line) > _WRAPPED
        )

    def _line(self, line: str) -> Iterator[Order | NotUnderstood]:
        """What one line says; nothing for a greeting."""
        if line.startswith(_QUOTED):
            yield NotUnderstood(line[:_SHOWN], NoOrder.QUOTED)
            return
        if len(line) > LONGEST_LINE:
            yield NotUnderstood(line[:_SHOWN], NoOrder.PROSE)
            return
        said = tokens_of(line)
        tokens = self._without_courtesy(said)
        if not tokens:
            if self._basis.about.asks and self._nods(line):
                yield NotUnderstood(line[:_SHOWN], NoOrder.CONFIRM, self._basis.words.examples.get("yes", ""))
            return
        if "|" in line:
            yield NotUnderstood(line[:_SHOWN], NoOrder.ALTERNATIVES)
            return
        whole = read_line(line, said, self._basis)  # "keur 1 goed": its end is no courtesy
        if isinstance(whole, Miss):
            whole = read_line(line, tokens, self._basis)
        pieces = self._pieces(line, tokens)
        split = [(piece, read_line(piece, own, self._basis)) for piece, own in pieces] if len(pieces) > 1 else []
        if split and not any(isinstance(read, Miss) for _, read in split):
            both = Miss(NoOrder.AMBIGUOUS) if not isinstance(whole, Miss) else None
            found = [(line, both)] if both else split
        else:
            found = [(line, whole)]
        for piece, read in found:
            asked = self._asks(piece, read)
            if asked is not None:
                yield asked
            elif isinstance(read, Miss):
                yield self._missed(piece, tokens, read)
            elif read is not None:
                for command in read:
                    yield Order(piece, command)

    def _asks(self, line: str, read: tuple[Command, ...] | Miss | None) -> NotUnderstood | None:
        """A question orders nothing; one in the owner's own note is a part of it."""
        if not any(mark in line for mark in _ASKS):
            return None
        if isinstance(read, tuple) and read[0].name == "note":
            return None
        return NotUnderstood(line[:_SHOWN], NoOrder.QUESTION)

    def _pieces(self, line: str, tokens: Sequence[Token]) -> list[tuple[str, list[Token]]]:
        """The parts of a line that each may be an order: behind a comma, semicolon or full stop one may begin."""
        words, about = self._basis.words, self._basis.about
        cuts = [
            at
            for at in range(1, min(len(tokens), LONGEST_LINE // 8))
            if tokens[at - 1].ends and starts_order(tokens, at, words, about)
        ]
        bounds = [0, *cuts, len(tokens)]
        found = []
        for first, last in pairwise(bounds):
            piece = line[tokens[first].start : tokens[last - 1].end]
            found.append((piece, self._without_courtesy(tokens_of(piece))))
        return [(piece, own) for piece, own in found if own]

    def _without_courtesy(self, tokens: list[Token]) -> list[Token]:
        """Without the greetings and thanks at both ends; what may hang on them is not looked at."""
        lists = self._basis.words.lists
        while tokens:
            length, name = next(
                (found for key in ("courtesy", "closings", "acks") for found in lists[key].at(tokens, 0)), (0, "")
            )
            if not length:
                break
            if length == len(tokens):
                self._closed = self._closed or name == "closings"
            tokens = tokens[length:]
        while tokens:
            length = next(
                (
                    len(tokens) - at
                    for at in range(max(0, len(tokens) - _SHORT), len(tokens))
                    for key in ("courtesy", "closings", "acks")
                    for found, _ in lists[key].at(tokens, at)
                    if at + found == len(tokens)
                ),
                0,
            )
            if not length:
                break
            tokens = tokens[:-length]
        return tokens

    def _nods(self, line: str) -> bool:
        tokens = tokens_of(line)
        return any(any(True for _ in self._basis.words.lists["acks"].at(tokens, at)) for at in range(len(tokens)))

    def _missed(self, line: str, tokens: Sequence[Token], miss: Miss) -> NotUnderstood:
        examples, near = self._basis.words.examples, miss.command
        why = miss.why
        if why is NoOrder.PROSE and len(tokens) <= _SHORT and self._looked < _MOST_NEAR:
            self._looked += 1
            near = self._nearest(tokens)
            why = NoOrder.UNKNOWN_COMMAND if near else why
        near = "" if why is NoOrder.PROSE else near
        return NotUnderstood(line[:_SHOWN], why, examples.get(near, ""))

    def _nearest(self, tokens: Sequence[Token]) -> str:
        """The command whose word is misspelled at the head of a line."""
        single = self._basis.words.single
        for token in tokens[:2]:
            close = get_close_matches(token.word[:20], single, 1, 0.74) if len(token.word) > 2 else []
            if close:
                return single[close[0]]
        return ""


def _longer(order: Order, line: str) -> Order:
    command = replace(order.command, text=f"{order.command.text} {line}")
    return replace(order, line=f"{order.line} {line}", command=command)
