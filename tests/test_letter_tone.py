"""How our letters sound, in any language and however firm: calm, with an easy way out (FIELD S8, S9, S25, S29)."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest

from daemon.domain.books.client import Form
from daemon.domain.books.policy import BROKEN_PROMISE, LATE_LETTERS
from daemon.mail.letters.kinds import BROKEN, SHIPPED_LETTERS
from tests.letter_cases import FAMILIAR, LANGUAGES, a_letter, write
from tests.letter_text import words

FORMS = [(language, Form.FORMAL) for language in LANGUAGES] + [(language, Form.INFORMAL) for language in FAMILIAR]
LATE = [(letter, *form) for letter, form in itertools.product((*LATE_LETTERS, *BROKEN), FORMS)]
EXCUSE = {  # it crossed with the payment, or the payment is already there
    "en": r"crossed with|already paid|arrived in the meantime",
    "it": r"incrociat|già pagato|già provveduto",
    "es": r"cruzado|ya (?:ha|has) pagado|ya ha llegado",
    "tr": r"verdiyse|yaptıysa",
    "de": r"überschnitten|schon bezahlt|inzwischen",
    "fr": r"croisé|déjà payé|entre-temps",
    "pt": r"cruz|já pag|entretanto",
    "nl": r"gekruist|al betaald|intussen betaald",
}
ANSWER = {  # an invitation to write or to say what is wrong
    "en": r"answer|tell us",
    "it": r"rispo|ci dica|dicci",
    "es": r"respond|respuesta|díganos|dinos",
    "tr": r"yanıt|yaz",
    "de": r"Antwort|antworte|sag",
    "fr": r"répon|dites|dis-nous",
    "pt": r"respo|diga-nos|diz-nos",
    "nl": r"antwoord|laat .{0,20}weten|zeg ons",
}
BEFORE = {  # a day that still counts
    "en": r"before that day",
    "it": r"prima di (?:quella data|quel giorno)",
    "es": r"antes de ese día",
    "tr": r"günden önce",
    "de": r"vor diesem (?:Tag|Termin)",
    "fr": r"avant cette date",
    "pt": r"antes (?:desse dia|dessa data)",
    "nl": r"vóór die dag",
}
CODES = {"IBAN", "BIC", "XXXXITMM", "VAT", "IVA", "NIF", "KDV", "TVA"}  # and the tax by its local name


def _written(letter: str, language: str, form: Form) -> str:
    promised = date(2026, 11, 16) if letter == BROKEN_PROMISE else None
    rendered = write(a_letter(letter, language, promised_on=promised), client={"form": form})
    return words(f"{rendered.subject} {rendered.text}")


@pytest.mark.parametrize(("letter", "language", "form"), LATE)
def test_whoever_is_late_has_an_easy_way_out(letter: str, language: str, form: Form) -> None:
    """S8: the payment may have crossed with the letter; S29: and whatever is wrong, a word is welcome."""
    text = _written(letter, language, form)

    assert re.search(EXCUSE[language], text)
    assert re.search(ANSWER[language], text)


@pytest.mark.parametrize(("language", "form"), FORMS)
def test_no_letter_raises_its_voice(language: str, form: Form) -> None:
    """S9: no word in capitals, and an exclamation mark only in friendly thanks."""
    for letter in SHIPPED_LETTERS:
        text = _written(letter, language, form)
        loud = {word for word in re.findall(r"[^\W\d_]{3,}", text) if word.isupper()}

        assert loud <= CODES, letter
        assert letter not in (*LATE_LETTERS, *BROKEN) or not re.search("[!¡]", text), letter


@pytest.mark.parametrize(("language", "form"), FORMS)
def test_the_day_by_which_an_answer_is_asked_for_is_the_one_of_the_payment(language: str, form: Form) -> None:
    """Pay by Monday, answer before Monday: the day itself counts for both."""
    for letter in SHIPPED_LETTERS:
        text = _written(letter, language, form)
        assert not re.search(BEFORE[language], text), letter
