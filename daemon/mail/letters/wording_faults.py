"""What is wrong with the phrases of one section of a language.yaml: the check that the sections share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from string import Formatter

from daemon.domain.books.reading import Intent

SAID = (*Intent, "complaint", "unreadable")  # what an answer may come to: each section has a phrase for it
Wording = Mapping[str, frozenset[str]]  # the phrases that there are, and the words that each has filled in


def faults_of(
    phrases: Mapping[str, object],
    wording: Wording,
    *,
    optional: frozenset[str] = frozenset(),
    whole: bool = True,
    forms: bool = False,
    besides: Callable[[str], bool] = lambda _: False,
) -> Sequence[tuple[str, str]]:
    """The phrase, and the fault, of each thing that is wrong.

    Args:
        optional: words that a phrase may do without.
        whole: all phrases have to be there.
        forms: a phrase with `|` has two forms: for one, and for several.
        besides: whether a name that is not listed may stand there, too; such a phrase has nothing filled in.
    """
    faults = [(name, f"the phrase `{name}` is missing") for name in wording if whole and name not in phrases]
    for name, text in phrases.items():
        if name not in wording and not besides(name):
            near = get_close_matches(name, wording, 1)
            faults.append((name, f"there is no phrase `{name}`" + (f"; did you mean `{near[0]}`?" if near else "")))
        elif not isinstance(text, str) or not text.strip():
            faults.append((name, f"the phrase `{name}` is to be a text"))
        else:
            allowed = wording.get(name, frozenset())
            for form in text.split("|") if forms else [text]:
                faults += [(name, f"the phrase `{name}` {amiss}") for amiss in _amiss(form, allowed, optional)]
    return faults


def _amiss(text: str, allowed: frozenset[str], optional: frozenset[str]) -> list[str]:
    try:
        parsed = list(Formatter().parse(text))
    except ValueError as error:
        return [f"cannot be read: {error}"]
    if any(spec or conversion for _, _, spec, conversion in parsed):
        return [f"fills in plain words only, such as {{{min(allowed, default='number')}}}"]
    found = {field for _, field, _, _ in parsed if field is not None}
    return [f"knows no {{{field}}}" for field in sorted(found - allowed)] + [
        f"has to say {{{field}}}" for field in sorted(allowed - optional - found)
    ]
