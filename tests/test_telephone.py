"""Telephone numbers: what is dialled, and what `check` says about those that nobody can dial."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from daemon.domain.books.telephone import Telephone, dialled, telephone
from tests.config_builder import changed, problems


@pytest.mark.parametrize(
    ("text", "region", "e164", "link"),
    [
        ("+39 02 5550 1234", "IT", "+390255501234", "tel:+39-02-5550-1234"),
        ("02 5550 1234", "IT", "+390255501234", "tel:+39-02-5550-1234"),  # Italy dials its zero also from abroad
        ("0171 555 1234", "DE-BY", "+491715551234", "tel:+49-171-5551234"),
        ("(212) 555-0100", "US", "+12125550100", "tel:+1-212-555-0100"),  # reserved for fiction: possible, not valid
        ("+90 212 555 01 01", "IT", "+902125550101", "tel:+90-212-555-01-01"),
        ("+39 02 5550 1234 int. 12", "IT", "+390255501234", "tel:+39-02-5550-1234;ext=12"),
    ],
)
def test_a_number_is_kept_as_written_and_dialled_as_E164(text: str, region: str, e164: str, link: str) -> None:
    assert telephone(text, region) == Telephone(text, e164, link)


@pytest.mark.parametrize(
    ("text", "region", "wrong"),
    [
        ("12", "IT", "it is too short for IT (+39)"),
        ("555-0100", "US", "the area code is missing, for US"),
        ("+39 02 5550 1234 / 333 555 1234", "IT", "more than one number"),
        ("ask at the desk", "IT", "there is no number in it"),
        ("+999 123 456", "IT", "it needs its country"),
        ("+39 02 5550 1234 5678 90", "IT", "it is too long for IT (+39)"),
    ],
)
def test_what_nobody_can_dial_is_refused_and_says_how_it_is_written(text: str, region: str, wrong: str) -> None:
    with pytest.raises(ValueError) as refused:
        telephone(text, region)

    assert wrong in str(refused.value)
    assert str(refused.value).endswith('"+39 02 5550 1234" is how it is written')
    assert dialled(text, region) is None


ANNA = "email: anna@acme.example"
IN_AMERICA = f"{ANNA}, phone: 555-0100"


@pytest.mark.parametrize(
    ("spoilt", "place"),
    [
        (changed(ANNA, f'{ANNA}, phone: "55 12"'), "c.yaml:10:55: `55 12`"),
        (changed("    name: Acme", "    calendar: US\n    name: Acme").replace(ANNA, IN_AMERICA), "c.yaml:11:"),
        (changed("calendar: IT}", 'calendar: IT, phone: "02"}'), "c.yaml:1:"),
    ],
)  # fmt: skip
def test_check_names_the_place_of_a_number_that_nobody_can_dial(tmp_path: Path, spoilt: str, place: str) -> None:
    [problem] = problems(tmp_path, spoilt)

    assert problem.startswith(place)
    assert "is not a telephone number: " in problem
    assert problem.endswith('"+39 02 5550 1234" is how it is written')


def test_a_contacts_number_is_read_as_it_is_dialled_where_the_client_is(tmp_path: Path) -> None:
    text = changed(ANNA, f'{ANNA}, phone: "20 7946 0018"')

    assert problems(tmp_path, text.replace("    contacts:", "    calendar: GB\n    contacts:")) == []


def test_the_tables_of_the_worlds_numbers_are_loaded_only_where_there_is_one() -> None:
    """They take a twentieth of a second, calendars a tenth."""
    told = "import sys, daemon.__main__; print(sorted({'phonenumbers', 'icalendar'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout == "[]\n"
