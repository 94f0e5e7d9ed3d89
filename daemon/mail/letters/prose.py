"""The source of a letter: one prose, from which the text part and the HTML part are both made.

    # A comment, for translators.
    Subject: Reminder: {{ items }}

    A paragraph, over as many lines as you like.  {{ n("This invoice", "These invoices") }} picks the singular
    or the plural; {{ pay_by }} and the other words of `WORDS` are filled in.

    [invoices]

    A line with a name in brackets is a block: tables, ways to pay, terms, signature.  `BLOCKS` lists them.

The source is cut into paragraphs and blocks *before* anything is filled in, and is escaped for HTML *after*: what
a client is called, or an invoice says, can add neither a block nor markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.mail.letters.kinds import kind_of
from daemon.mail.letters.pack import Prose


def singular(one: str, many: str) -> str:
    """`n` where a letter speaks of one invoice."""
    return one


def plural(one: str, many: str) -> str:
    """`n` where it speaks of several."""
    return many


SEPARATOR = "\x1e"  # between paragraphs of a filled-in prose; data never holds a control character
STRONG, PLAIN = "\x02", "\x03"  # around what the HTML part prints bold

WORDS: Mapping[str, str | bool | Callable[[str, str], str]] = {  # what a prose may use, each with an example
    "greeting": "Dear Anna Verdi,",
    "client": "Acme S.p.A.",
    "creditor": "Studio Bianchi S.r.l.",
    "items": "invoice 2026-041",  # "invoices 2026-041 and 2026-044", "invoice 2026-041, instalment 2 of 3"
    "several": False,  # more than one invoice or instalment is claimed
    "n": singular,  # n("the invoice", "the invoices")
    "total": "€1,020.00",  # of what is claimed
    "due": "31 October 2026",  # due date, or "" where the invoices have different ones
    "due_day": "Saturday 31 October 2026",  # the same with its weekday, or ""
    "pay_by": "Friday 27 November 2026",  # the deadline or the wished day
    "promised": "Monday 16 November 2026",  # the day that the client had promised, or ""
    "repeated": True,  # every invoice claimed has had a letter of a lower level
    "terms": True,  # there are terms to be quoted
}
BLOCKS = (
    "promise", "plan", "invoices", "received", "statement", "attached", "extras", "also-open", "terms", "ways-to-pay",
    "signature",
)  # fmt: skip
_BLOCK = re.compile(r"\[([a-z-]+)\]")
_FOLDING = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class ProseFault:
    """What is wrong in a prose, and where; lines count from 1, 0 is the file as a whole."""

    line: int
    message: str


def _environment() -> jinja2.Environment:
    # autoescape would be wrong here: one filling-in serves both parts, and the HTML part escapes all of it afterwards
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.globals.clear()
    return environment


_ENVIRONMENT = _environment()


def read_prose(name: str, source: str) -> Prose | tuple[ProseFault, ...]:
    """Read the source of one letter; every fault that could show at sending shows here.

    Returns:
        The prose, or all that is wrong with it.
    """
    faults: list[ProseFault] = []
    subject, paragraphs, parts = "", list[str](), list[str | None]()
    used: set[str] = set()
    for line, text in _chunks(source):
        block = _BLOCK.fullmatch(text)
        if not subject and not parts:
            if not text.startswith("Subject:") or not text[8:].strip():
                faults.append(ProseFault(line, "a letter begins with its subject: `Subject: ...`"))
            subject = text.removeprefix("Subject:").strip() or "?"
            used |= _inspect(subject, line, faults)
        elif block:
            if block[1] not in BLOCKS:
                faults.append(ProseFault(line, f"[{block[1]}] is no block; there are {', '.join(BLOCKS)}"))
            elif block[1] in parts:
                faults.append(ProseFault(line, f"[{block[1]}] stands in the letter twice"))
            parts.append(block[1])
        else:
            used |= _inspect(text, line, faults)
            paragraphs.append(text)
            parts.append(None)
    if not parts:
        faults.append(ProseFault(0, "the letter is empty"))
    kind = kind_of(name)
    faults.extend(
        ProseFault(0, f"[{block}] is missing; every such letter needs it")
        for block in BLOCKS
        if block in kind.blocks - {*parts}
    )
    faults.extend(ProseFault(0, f"the letter never says {{{{ {word} }}}}") for word in sorted(kind.words - used))
    if faults:
        return tuple(faults)
    template = _ENVIRONMENT.from_string(SEPARATOR.join((subject, *paragraphs)))
    return _tried(Prose(name=name, template=template, parts=tuple(parts)))


def fill_in(prose: Prose, words: Mapping[str, object]) -> tuple[str, Sequence[str]]:
    """The subject and the paragraphs, filled in, in order; what came out empty is ""."""
    subject, *paragraphs = prose.template.render(words).split(SEPARATOR)
    subject = subject.replace(STRONG, "").replace(PLAIN, "").replace("\u00a0", " ")
    return _FOLDING.sub(" ", subject).strip(), [_FOLDING.sub(" ", text).strip() for text in paragraphs]


def _chunks(source: str) -> list[tuple[int, str]]:
    """Paragraphs and block lines, each with the number of its first line."""
    chunks: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        if text.startswith("#"):
            continue
        alone = bool(_BLOCK.fullmatch(text)) or text.startswith("Subject:")
        if text and (fresh or alone):
            chunks.append((number, [text]))
        elif text:
            chunks[-1][1].append(text)
        fresh = not text or alone
    return [(number, "\n".join(lines)) for number, lines in chunks]


def _inspect(text: str, line: int, faults: list[ProseFault]) -> set[str]:
    """The words that a paragraph uses; what it may not do goes to `faults`."""
    if any(ord(c) < 32 and c != "\n" for c in text):
        faults.append(ProseFault(line, "there is a control character in this paragraph"))
    try:
        tree = _ENVIRONMENT.parse(text)
        _ENVIRONMENT.compile(text)  # finds filters and tests that do not exist
    except jinja2.TemplateSyntaxError as error:
        faults.append(ProseFault(line + error.lineno - 1, f"{error.message}"))
        return set()
    used: set[str] = set()
    for node in tree.find_all(nodes.Name):
        used.add(node.name)
        if node.name not in WORDS:
            faults.append(
                ProseFault(line + node.lineno - 1, f"{{{{ {node.name} }}}} is no word; there are {', '.join(WORDS)}")
            )
    faults.extend(
        ProseFault(line + wrong.lineno - 1, "a letter fills in words and chooses with `if`; it needs no more")
        for wrong in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.For, nodes.Assign, nodes.Include, nodes.Import))
    )
    return used


def _tried(prose: Prose) -> Prose | tuple[ProseFault, ...]:
    """The prose, once it has been filled in for every way its conditions can turn out."""
    for several, repeated, terms, same_due in product((False, True), repeat=4):
        words = {
            **WORDS,
            "several": several,
            "n": plural if several else singular,
            "repeated": repeated,
            "terms": terms,
        }
        words |= {} if same_due else {"due": "", "due_day": ""}
        try:
            subject, _ = fill_in(prose, words)
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as error:
            return (ProseFault(0, f"it cannot be filled in: {error}"),)
        if not subject:
            return (ProseFault(0, f"the subject comes out empty where several={several}, terms={terms}"),)
    return prose
