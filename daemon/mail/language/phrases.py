"""Phrases of the language packs as their translators write them, and how they are spelled out.

A phrase is plain words.  What a translator may use besides:
    a|b     one of these words           word~   the word with any ending; ~word: with any beginning; ~: any one word
    [word]  may be missing               *       up to four words in between, ** up to twelve
    a_b|c   several words as one choice  <name>  one of the words that the pack's `vocabulary` has under that name
    =word   with its accents, and with no others, in a text that has any: "=pagué" is not "pague"; ==word: in any text
Else case, accents and the shape of quotes do not matter: people leave them out.  A number is one word: "4.860,00".

`phrase_words` compares a phrase with a text, `phrase_index` looks for all of a list at once, `lexicon` is what all
lists of a language share; those for days are in `day_phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_NAME = re.compile(r"<([\w-]{1,40})>")
_NOBODY = "\ue000"  # a character of private use: no mail holds it as a word


def strings(value: object) -> list[str]:
    """A list of phrases from a pack, whatever the YAML made of it."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, Iterable):
        return [str(item) for item in value]
    return [str(value)]


def section_of(tree: Mapping[str, object], name: str) -> Mapping[str, object]:
    """A section of a pack; an empty one where the YAML has none."""
    value = tree.get(name)
    return value if isinstance(value, Mapping) else {}


def spelled_word(word: str, vocabulary: Mapping[str, str]) -> str:
    """One word of a phrase with each `<name>` replaced by its words; `the_<number>` is each number behind `the_`.

    A name that the vocabulary lacks matches nothing.
    """
    optional = word.startswith("[") and word.endswith("]")
    choices: list[str] = []
    for choice in word.strip("[]").split("|") if optional else word.split("|"):
        found = _NAME.search(choice)
        named = vocabulary.get(found[1], _NOBODY).split("|") if found else []
        choices += [choice[: found.start()] + one + choice[found.end() :] for one in named] if found else [choice]
    spelled = "|".join(choices)
    if "<" in spelled and _NAME.search(spelled) and spelled != word:
        spelled = spelled_word(spelled, vocabulary)
    return f"[{spelled}]" if optional else spelled


def vocabulary_of(lists: Mapping[str, object]) -> dict[str, str]:
    """A pack's `vocabulary`: name -> its words as one choice; an entry may use the names that stand before it."""
    known: dict[str, str] = {}
    for name, words in lists.items():
        entries = [entry.strip().replace(" ", "_") for entry in strings(words)]
        known[str(name)] = "|".join(choice for entry in entries if (choice := spelled_word(entry, known)))
    return known
