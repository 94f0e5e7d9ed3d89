"""What is wrong in a config, said to an owner who is no programmer: the place, what is wrong, what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config_builder import GOOD, changed, invoice_with, loaded, problems


def test_the_good_config_has_no_problem(tmp_path: Path) -> None:
    """Else the tests below would prove nothing."""
    read = loaded(tmp_path)

    assert read.problems == ()
    assert read.settings is not None
    assert [str(invoice.total) for invoice in read.settings.ledger.invoices] == ["EUR 100.00"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "owner:",
            "ower:",
            ["c.yaml:1:1: `owner` is missing in the config: who reads", "c.yaml:2:1: `ower` is not a key"],
        ),
        (
            "{email: giulia@",
            "{emial: giulia@",
            ["`email` is missing in `owner`", "`emial` is not a key of `owner`; did you"],
        ),
        ("language: it", "language: xx", ["there are no templates for `xx`"]),
        ("Europe/Rome", "Europe/Roma", ["not a time zone; did you mean `Europe/Rome`?"]),
        ("Europe/Rome", "Europe", ["`Europe` is not a time zone"]),
        ("calendar: IT", "calendar: XX", ["`XX` is not a country whose holidays are known"]),
        ("calendar: IT", "calendar: it", ["write it in capitals, IT"]),
        ("calendar: IT", "calendar: DE-XX", ["DE is known, but not that part of it"]),
        ("calendar: IT", "calendar: IT, payment: {iban: IT61X0542811101000000123456}", ["check digits of this IBAN"]),
        (
            "calendar: IT",
            "calendar: IT, payment: {iban: IT60X05428111010000001234}",
            ["an IBAN of IT has 27 characters"],
        ),
        ("calendar: IT", "calendar: IT, payment: {bic: xxx}", ["`xxx` is not a BIC"]),
        ("calendar: IT", 'calendar: IT, payment: {link: "https://p.example/{nummer}"}', ["`{nummer}` has no meaning"]),
        ("tinydb:///var/lib/sollecito", "postgresql://db/x", ["`postgresql:` is not available yet"]),
        ("tinydb:///var/lib/sollecito", "tinydb://var/x", ["write three slashes and the whole path"]),
        ("{host: localhost, security: none}", "{host: mail.example, security: none}", ["could be read on the way"]),
        ("{host: localhost, security: none}", "{host: localhost, security: non}", ["did you mean `none`?"]),
        ("{host: localhost, security: none}", "{host: localhost, port: 70000}", ["a whole number from 1 to 65535"]),
        ("{host: localhost, security: none}", "{host: localhost, username: u}", ["`username` without `password`"]),
        ("{host: localhost, security: none}", "{host: localhost, ca_file: no.pem}", ["there is no file", "no.pem"]),
        ("{host: localhost, security: none}", "{host: 'smtp://m.example:25'}", ["write m.example, and the port"]),
        (
            "{env: IMAP_PASSWORD}",
            "{envi: IMAP_PASSWORD}",
            ["one of {credential: ...}, {file: ...}", "did you mean `env`?"],
        ),
        ("{env: IMAP_PASSWORD}", "{env: A, file: b}", ["has one of credential, file, env, command, not two"]),
        ("    contacts:", "    policy: standart\n    contacts:", ["no policy `standart`; did you mean `standard`?"]),
        ("    contacts:", "    late_payer: sometimes\n    contacts:", ["`sometimes`: write auto, true or false"]),
        ("    contacts:", "    closed: [{from: 2026-08-25, to: 2026-08-08}]\n    contacts:", ["before it begins"]),
        ("{name: Anna, email", "{name: Anna, role: cc, email", ["at least one contact is needed without `role: cc`"]),
        ("{name: Anna, email", "{name: Anna, from_level: courtesy, email", ["add `role: cc`"]),
        (
            "      - {name: Anna, email: anna@acme.example}",
            "      - {name: A, email: anna@acme.example}\n      - {name: B, email: Anna@acme.example}",
            ["c.yaml:11:26: Anna@acme.example is already a contact of this client, in line 10"],
        ),
        (
            "      - {name: Anna, email: anna@acme.example}",
            "      - {name: A, email: a@acme.example}\n"
            "      - {name: B, email: b@acme.example, role: cc, from_level: corteous}",
            ["the policy `standard` has no letter `corteous`; did you mean `courtesy`?"],
        ),
        ("anna@acme.example", "F@bianchi.example", ["F@bianchi.example is your own address"]),
        ("  acme:", "  ac/me:", ["`ac/me` cannot be such a name", "there is no client `acme`; did you mean `ac/me`?"]),
        ("state:", "keep: forever\nstate:", ["`forever`: a whole number from 1"]),
        ("state:", "templates: [gone]\nstate:", ["there is no folder"]),
        ("state:", "first_start: now\nstate:", ["`now` is not one of ask or send"]),
        ("state:", "reply_token: +\nstate:", ["`+` is not one of none or plus"]),
    ],
)
def test_a_wrong_entry_is_named_with_what_would_be_right(
    tmp_path: Path, old: str, new: str, expected: list[str]
) -> None:
    """Each of these was written by somebody once; none may start the daemon."""
    read = loaded(tmp_path, changed(old, new))

    said = "\n".join(map(str, read.problems))
    assert read.settings is None
    assert all(part in said for part in expected), said


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"client": "acmee"}, "c.yaml:12:27: there is no client `acmee`; did you mean `acme`?"),
        ({"due": "2026-09-30"}, "due on 2026-09-30, before it was issued on 2026-10-01"),
        ({"due": None}, "`due` is missing in an invoice"),
        ({"currency": "EURO"}, "`EURO` is not a currency in use"),
        ({"currency": "ITL"}, "`ITL` is not a currency in use"),
        ({"currency": "€"}, "write EUR"),
        ({"total": "100.001"}, "`100.001` has 3 decimals, and EUR has 2 decimals: write 100.00 or 100001"),
        ({"total": "100.50", "currency": "JPY"}, "JPY has no decimals: write 100"),
        ({"total": "0"}, "`0` is not more than zero"),
        ({"total": "-5.00"}, "a credit note is written with `credit: true`"),
        ({"reference": "RF45 1234 5123 46"}, "the check digits of this RF reference do not fit"),
        ({"pdf": "gone.pdf"}, "there is no file"),
        ({"against": '"0"'}, "`against` belongs to a credit note"),
        ({"credit": "true", "payable": "90.00"}, "a credit note has no `payable`"),
        ({"credit": "true", "due": None, "issued": None}, "a credit note needs its date"),
        ({"instalments": "[]"}, "the list is empty"),
        ({"instalments": "[{due: 2026-10-31, amount: 60.00}]"}, "add up to 60.00, not to total 100.00"),
        (
            {"instalments": "[{due: 2026-11-30, amount: 60.00}, {due: 2026-10-31, amount: 40.00}]"},
            "not after the instalment before it",
        ),
        ({"instalments": "[{due: 2026-09-30, amount: 100.00}]"}, "before the invoice was issued"),
        ({"payments": "[{on: 2006-10-31, amount: 1.00}]"}, "years before it was issued"),
        ({"payments": "[{on: 2026-10-31, amount: 1.005}]"}, "EUR has 2 decimals"),
        ({"hold": "{until: 2026-12-01}"}, "`because` is missing in a hold"),
        ({"hold": "soon"}, "a hold is written as `key: value` entries"),
        ({"lines": "[{quantity: 1}]"}, "`what` is missing in a line of an invoice"),
        ({"lines": "[{what: Work, vat: 122}]"}, "write 0 to 100"),
        ({"lines": "[{what: Work}, ]"}, None),
        ({"dew": "2026-10-31"}, "`dew` is not a key of an invoice; did you mean `due`?"),
        ({"total": "1,220.00"}, "a comma ends a value within { }: write the amount without one, as in 1234.10"),
        ({"number": "“2026-041”"}, "write straight quotes, or none"),
        ({"number": '""'}, "nothing is written between the quotes"),
        ({"number": ""}, "`number` is empty: as printed on the invoice"),
        ({"number": "[1]"}, "one value is expected here, and a list is written"),
    ],
)
def test_a_wrong_invoice_is_named_with_its_place(
    tmp_path: Path, fields: dict[str, str | None], expected: str | None
) -> None:
    """The invoice is in line 12 of the good config; every problem is there."""
    found = problems(tmp_path, invoice_with(**fields))

    assert (expected is None) == (found == [])
    assert expected is None or any(expected in problem for problem in found), found
    assert all(problem.startswith("c.yaml:12:") for problem in found)


def test_all_problems_of_all_files_are_listed_at_once_by_file_and_line(tmp_path: Path) -> None:
    """Nobody wants to start ten times to find ten mistakes; also not those in an invoice that is wrong already."""
    text = changed("language: it", "language: xx").replace("invoices:\n", "invoices:\n  - more.yaml\n  - gone.yaml\n")
    more = (
        "- {number: 2, client: acne, issued: 2026-02-30, due: 2026-10-31, currency: EUR, total: '1,5'}\n- {number: 3}\n"
    )

    found = problems(tmp_path, text, more_yaml=more)

    assert [problem.split(": ")[0] for problem in found] == [
        "c.yaml:1:80",
        "c.yaml:13:5",
        "more.yaml:1:23",
        "more.yaml:1:37",
        "more.yaml:1:88",
        *["more.yaml:2:3"] * 4,
    ]


def test_F54_a_key_written_twice_is_an_error_with_both_places(tmp_path: Path) -> None:
    """PyYAML lets the second one win without a word."""
    found = problems(tmp_path, changed("    contacts:", "    language: it\n    language: en\n    contacts:"))

    assert found == [
        "c.yaml:10:5: `language` is here twice: it already stands in line 9, column 5; keep one of the two"
    ]


def test_F54_two_clients_under_one_name_are_an_error(tmp_path: Path) -> None:
    found = problems(tmp_path, changed("invoices:", "  acme:\n    name: Another\ninvoices:"))

    assert any(problem.startswith("c.yaml:11:3: `acme` is here twice") for problem in found)


def test_F54_a_number_twice_for_one_client_is_an_error_with_both_places(tmp_path: Path) -> None:
    more = '- {number: "1", client: acme, due: 2026-10-31, currency: EUR, total: 100.00}\n'
    found = problems(tmp_path, GOOD + "  - more.yaml\n", more_yaml=more)

    assert found == ["more.yaml:1:12: `1` of client `acme` is already in c.yaml:12:14: keep one of the two"]


def test_F58_a_number_may_be_there_for_two_clients(tmp_path: Path) -> None:
    """The identity of an invoice is (client, number)."""
    other = "  beta: {name: Beta, contacts: [{name: B, email: b@beta.example}]}\ninvoices:"
    text = (
        changed("invoices:", other) + '  - {number: "1", client: beta, due: 2026-10-31, currency: EUR, total: 5.00}\n'
    )

    assert problems(tmp_path, text) == []


def test_a_number_of_two_clients_is_worth_a_word(tmp_path: Path) -> None:
    """Who writes invoices seldom gives a number twice; credit notes may have numbers of their own."""
    other = "  beta: {name: Beta, contacts: [{name: B, email: b@beta.example}]}\ninvoices:"
    figures = "currency: EUR, total: 5.00"
    more = f"""\
- {{number: "1", client: beta, due: 2026-10-31, {figures}}}
- {{number: "2", client: acme, due: 2026-10-31, {figures}}}
- {{number: "2", client: beta, credit: true, issued: 2026-10-31, {figures}}}
"""
    read = loaded(tmp_path, changed("invoices:", other) + "  - more.yaml\n", more_yaml=more)

    assert read.settings is not None
    assert [notice.replace(f"{tmp_path}/", "") for notice in read.settings.notices] == [
        "more.yaml:1:12: `1` of client `beta` is a number of client `acme` too, in c.yaml:13:14:"
        " is one of the two mistyped?"
    ]


@pytest.mark.parametrize("written", ["hunter2", '"hunter2"', "[hunter2]", "12345"])
def test_a_password_as_text_is_refused_with_the_four_ways_and_never_shown(tmp_path: Path, written: str) -> None:
    found = problems(tmp_path, changed("{env: IMAP_PASSWORD}", written))

    assert len(found) == 1
    assert "a password is never written into this file" in found[0]
    assert all(way in found[0] for way in ("{credential:", "{file:", "{env:", "{command:"))
    assert "hunter2" not in found[0]
    assert "12345" not in found[0]


def test_ten_thousand_mistakes_are_all_listed_and_do_not_take_for_ever(tmp_path: Path) -> None:
    """Looking up the nearest of two thousand clients for each would take minutes."""
    clients = "".join(f"  c{n:04}: {{name: C, contacts: [{{name: A, email: a@c.example}}]}}\n" for n in range(2000))
    invoices = "".join(
        f"  - {{number: {n}, client: x{n:05}, due: 2026-10-31, currency: EUR, total: 1}}\n" for n in range(10_000)
    )
    found = problems(tmp_path, changed("invoices:\n", clients + "invoices:\n" + invoices))

    assert len(found) == 10_000


def test_a_digest_that_comes_after_the_letters_is_worth_a_word(tmp_path: Path) -> None:
    text = changed("{email: giulia@bianchi.example}", '{email: giulia@bianchi.example, digest_at: "11:00"}')
    settings = loaded(tmp_path, text).settings

    assert settings is not None
    assert len(settings.notices) == 1
    assert "the digest comes at 11:00, and letters of the policy `standard` leave from 10:00 on" in settings.notices[0]


@pytest.mark.parametrize(("name", "contact"), [("  ", " "), ("   ", "  "), ("  ", "   "), ("  ", "    ")])
def test_a_line_that_is_indented_wrongly_is_one_problem(tmp_path: Path, name: str, contact: str) -> None:
    """The parser ends the section there, and its author did not: what is missing in it stands below."""
    rest = ["  email: f@b.example", "  language: it", "  timezone: Europe/Rome", "  calendar: IT"]
    text = ["creditor:", f"{name}name: S", f"{contact}contact: G", *rest, *GOOD.splitlines()[1:], ""]
    (found,) = problems(tmp_path, "\n".join(text))

    assert found.startswith("c.yaml:3:"), found


def test_the_section_before_a_line_that_is_no_entry_is_read(tmp_path: Path) -> None:
    """That line stands at the margin: the section above has ended for its author too."""
    found = problems(tmp_path, GOOD.replace("name: Anna", "nam: Anna").replace("invoices:", "]\ninvoices:"))

    assert [problem.split(": ")[0] for problem in found] == ["c.yaml:10:9", "c.yaml:10:10", "c.yaml:11:1"]


def test_a_syntax_error_hides_nothing_that_stands_above_it(tmp_path: Path) -> None:
    """Only what has to fit together waits until the file can be read to its end."""
    text = (
        changed("language: it", "language: it, phone: x").replace("state: tinydb", "state: tiny") + "  - {number: 2\n"
    )
    found = problems(tmp_path, text.replace("total: 100.00", "total: 1e2"))

    assert [problem.split(": ")[0] for problem in found] == ["c.yaml:1:91", "c.yaml:5:8", "c.yaml:12:92", "c.yaml:14:1"]
