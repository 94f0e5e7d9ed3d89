"""Rules about which language a text is in and how it is written, on small packs of their own."""

from __future__ import annotations

import pytest

from daemon.domain.books.reading import Intent
from daemon.mail.answers.intent import read_intent
from daemon.mail.language.speech import Speech
from tests.test_intent_rules import PACK, WRITTEN, meant


def _pack(stopwords: list[str], **words: list[str]) -> dict[str, object]:
    own: dict[str, object] = {
        "stopwords": stopwords,
        "intents": {"paid": ["paid"], "promise": ["will pay"]},
        "words": words,
    }
    return own


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("keyn paid", Intent.PAID),  # the other language has no word here
        ("paid al keyn", Intent.UNCLEAR),  # one, and the likelier none
        ("paid al keyn et", Intent.UNCLEAR),  # one each
        ("paid al keyn ons et", Intent.PAID),
        ("paid keyn og", Intent.PAID),  # a word of both is of neither
        ("will pay on friday al", Intent.PROMISE),  # without a day nothing is taken back
    ],
)
def test_a_language_that_the_text_is_not_written_in_takes_nothing_back(text: str, intent: Intent) -> None:
    likelier = Speech.of("xx", {**_pack(["et", "ons", "og"]), "dates": PACK["dates"]})
    others = [Speech.of(name, _pack(["al", "og"], negations=["keyn"])) for name in ("yy", "zz", "zy")]

    assert read_intent(text, [likelier, *others], WRITTEN).intent is intent


def test_what_the_likelier_of_two_languages_takes_back_the_other_does_not_say() -> None:
    likelier = Speech.of("xx", _pack(["al"], negations=["keyn"]))
    other = Speech.of("yy", _pack(["et"]))

    assert read_intent("keyn paid al", [likelier, other], WRITTEN).intent is Intent.UNCLEAR
    assert read_intent("keyn paid", [likelier, other], WRITTEN).intent is Intent.PAID  # neither is known
    assert read_intent("keyn paid al", [other, likelier], WRITTEN).intent is Intent.PAID


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("C'est réglé.", Intent.PAID),
        ("cest regle", Intent.PAID),  # no accent anywhere: it tells nothing
        ("Señor, regle.", Intent.PAID),  # ñ is a key of its own
        ("Il y a une règle très claire.", Intent.UNCLEAR),  # the text has accents, and others here
        ("Re\u0301gle\u0301 hier.", Intent.PAID),  # written in two characters each
        ("Payé hier.", Intent.PAID),  # what asks for a payment is strict, too
        ("Paye très vite.", Intent.UNCLEAR),
        ("paye hier", Intent.UNCLEAR),  # it may be either
    ],
)
def test_a_strict_word_has_its_accents_where_the_text_has_any(text: str, intent: Intent) -> None:
    """Folding makes "I paid" and "pay!" one word; people who write accents keep the two apart."""
    assert meant(text).intent is intent, meant(text).because
