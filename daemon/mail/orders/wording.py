"""The wording of `commands.yaml`: which sections, commands and phrases there are, and what a phrase has filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from daemon.domain.books.refusal import Known
from daemon.domain.commands.orders import Refused
from daemon.mail.language.phrases import section_of, strings
from daemon.mail.letters.wording_faults import Wording, faults_of
from daemon.mail.orders import done as order_done
from daemon.mail.orders import standing as order_standing
from daemon.mail.orders.shapes import SHAPES, NoOrder
from daemon.mail.orders.words import LISTS, MOST_SPELLINGS, formed, spelled
from daemon.mail.owner import order_short

OUTCOMES = ("reached", "voicemail", "wrong-number", "promised", "disputes", "paid")
_SAID_BY_ORDERS = ("nothing-asked", "settled-already", "no-right")  # why a line did nothing, beside `NoOrder`
WORDING: Wording = {
    name: frozenset(fields.split())
    for name, fields in {
        "subject": "what",
        **{f"count_{outcome}": "n" for outcome in ("done", "asked", "refused", "unclear")},
        "done": "",
        "asked": "",
        "asked_how": "",
        "refused": "",
        "unclear": "",
        "unclear_how": "",
        "near": "example",
        "such_as": "example",
        "nothing_changed": "",
        "called-off": "",
        "how": "",
        "help": "",
        "help_how": "",
        **{f"why_{why}": "" for why in (*NoOrder, *_SAID_BY_ORDERS)},
        **{f"why_{known}": "what" for known in Known},
        "why_nothing-waits": "",
        **{f"refused_{why}": "" for why in Refused},
    }.items()
}
_SECTIONS = ("numbers", "dates", "words", "currencies", "every", "outcomes", "forms", "answer", "did", "short",
    "standing", "help",
)  # fmt: skip
_MAY_LACK = ("currencies",)  # English has them for all


def faults_in(tree: Mapping[str, object]) -> Sequence[tuple[tuple[str, ...], str]]:
    """What is wrong with the tree of one language: where (section, name), and the fault."""
    found = [(name,) for name in tree if name not in _SECTIONS]
    faults: list[tuple[tuple[str, ...], str]] = [
        (where, f"`{where[0]}` is no section; there are {', '.join(_SECTIONS)}") for where in found
    ]
    for name in _SECTIONS:
        if name not in tree and name not in _MAY_LACK:
            faults.append(((), f"the section `{name}` is missing"))
        elif name in tree and not isinstance(tree[name], Mapping):
            faults.append(((name,), f"`{name}` holds names and values"))
    if faults:
        return faults
    faults += _names(tree, "forms", SHAPES, whole=True)
    faults += _names(tree, "words", (*LISTS, "endings", "due"), whole=False)
    faults += _names(tree, "outcomes", OUTCOMES, whole=True)
    faults += _names(tree, "help", SHAPES, whole=True)
    for section in ("forms", "words", "outcomes", "currencies", "every"):
        faults += _phrases(tree, section)
    faults += [(("answer", name), fault) for name, fault in faults_of(section_of(tree, "answer"), WORDING, forms=True)]
    for section, phrases in (
        ("did", order_done.PHRASES),
        ("standing", order_standing.PHRASES),
        ("short", order_short.PHRASES),
    ):
        wording = {name: frozenset(fields.split()) for name, fields in phrases.items()}
        faults += [((section, name), fault) for name, fault in faults_of(section_of(tree, section), wording)]
    for name, entry in section_of(tree, "help").items():
        if not isinstance(entry, Mapping) or set(entry) != {"example", "does"}:
            faults.append((("help", name), f"`{name}` has an `example` and says what it `does`"))
    if str(section_of(tree, "numbers").get("decimal", "")) not in (".", ","):
        faults.append((("numbers",), "`decimal` is the mark before the cents: . or ,"))
    if not strings(section_of(tree, "dates").get("on")):
        faults.append((("dates",), "`on` is missing: the words behind which `15.6` is a day"))
    return faults


def _names(
    tree: Mapping[str, object], section: str, known: Sequence[str] | Mapping[str, object], *, whole: bool
) -> Iterator[tuple[tuple[str, ...], str]]:
    written = section_of(tree, section)
    for name in written:
        if name not in known:
            near = get_close_matches(name, list(known), 1)
            yield (section, name), f"{section}: there is no `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")
    if whole:
        for name in known:
            if name not in written:
                yield (section,), f"{section}: `{name}` is missing"


def _phrases(tree: Mapping[str, object], section: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a phrase cannot be compiled to, or would cost too much."""
    for name, phrases in section_of(tree, section).items():
        for phrase in strings(phrases):
            spellings = list(zip(range(MOST_SPELLINGS + 1), spelled(phrase), strict=False))
            if not spellings:
                yield (section, name), f"{section}: `{name}` has a phrase without a word"
            elif len(spellings) > MOST_SPELLINGS:
                yield (section, name), f"{section}: `{phrase}` has more than {MOST_SPELLINGS} spellings: write several"
            elif section == "forms" and not all(form.head for form in formed(name, phrase)):
                yield (section, name), f"{section}: `{phrase}` is to begin with a word, not with *"
