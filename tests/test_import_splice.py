"""Text between text: a file that the owner keeps has new lines in it, and is else what it was, octet for octet."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.import_splice import CannotSplice, Figures, with_clients, with_figures, with_invoices
from tests.import_place import KEPT, is_put_into

ITEM = ['- number: "9"', "  client: acme", "  total: 1.00"]


@pytest.mark.parametrize(
    "text",
    [
        KEPT,
        KEPT.replace("\n", "\r\n"),
        KEPT.rstrip("\n"),
        "invoices:\n" + "".join(f"  {row}\n" if row else "\n" for row in KEPT.splitlines()),
        'invoices:\n- {number: "1", total: 5}   # in braces\n',
        'invoices:\n  - number: "1"\n    terms: |\n      Several lines,\n      of text.\n\n\n# below\n',
        'invoices:\n  - number: "1"\n    lines:\n      - {what: a}\n      - what: "b\n          c"   # two lines\n',
        'x: &d {client: acme}\ninvoices:\n  - number: "1"\n    <<: *d   # an alias at the end\nclients: {}\n',
        'invoices:\n  - number: "1"\n    due:\n',
        'invoices:\n  - number: "1"\n    total: 1\nclients:\n  acme: {name: A}\n# the end\n',
    ],
)
def test_an_item_goes_below_the_list_and_nothing_else_changes(text: str) -> None:
    after = with_invoices(text, [ITEM])
    items, first = yaml.safe_load(after), yaml.safe_load(text)
    rows, known = (items["invoices"], first["invoices"]) if isinstance(items, dict) else (items, first)

    assert is_put_into(text.rstrip("\n") if not text.endswith("\n") else text, after)
    assert rows[:-1] == known
    assert rows[-1] == {"number": "9", "client": "acme", "total": 1.0}


def test_a_remark_about_the_last_invoice_stays_with_it() -> None:
    after = with_invoices(KEPT, [ITEM])

    assert after == KEPT.replace(
        "  # Anna promised this one\n", "  # Anna promised this one\n" + "\n".join(ITEM) + "\n"
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", ""),
        ("# only a remark\n", "# only a remark\n"),
        ("[]\n", ""),
        ("invoices: []   # none yet\nclients: {}\n", "invoices:   # none yet\nclients: {}\n"),
        ("invoices:\nclients: {}\n", "invoices:\nclients: {}\n"),
        ("invoices: ~  # none\nclients: {}\n", "invoices:  # none\nclients: {}\n"),
        ("clients: {}\n", "clients: {}\n"),
    ],
)
def test_an_empty_list_is_begun(text: str, left: str) -> None:
    after = with_invoices(text, [ITEM])
    read = yaml.safe_load(after)
    rows = read["invoices"] if isinstance(read, dict) else read

    assert rows == [{"number": "9", "client": "acme", "total": 1.0}]
    assert all(row in after.splitlines() for row in left.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "invoices: [invoices/*.yaml]\n",
        "{invoices: }\n",
        "invoices: 5\n",
        "just words\n",
        'a: &x {number: "1"}\ninvoices:\n  - {number: "2"}\n  - *x\n',
        'a: &x\n  - number: "1"\ninvoices: *x\n',
    ],
)
def test_what_nothing_can_be_put_into_is_left_alone(text: str) -> None:
    with pytest.raises(CannotSplice):
        with_invoices(text, [ITEM])


REMARKS = st.lists(st.sampled_from(["", "# a remark", "  # further in", "      # far in"]), max_size=4)


@given(
    above=REMARKS,
    between=REMARKS,
    below=REMARKS,
    indent=st.sampled_from([0, 2, 4]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_remarks_and_empty_lines_may_stand_anywhere(
    above: list[str], between: list[str], below: list[str], indent: int, end: str
) -> None:
    pad = " " * indent
    rows = [*above, "invoices:", f'{pad}- number: "1"', f"{pad}  total: 1", *between, f'{pad}- number: "2"', *below]
    text = end.join(rows) + end
    after = with_invoices(text, [ITEM])

    assert [row["number"] for row in yaml.safe_load(after)["invoices"]] == ["1", "2", "9"]
    assert is_put_into(text, after)


def test_clients_go_below_the_last_one_and_remarks_stay() -> None:
    text = "clients:\n    acme:\n        name: A   # ours\n        # pays late\n# below\ninvoices: []\n"
    after = with_clients(text, [["beta:", "  name: B"]])

    assert after == text.replace("# below", "    beta:\n      name: B\n# below")


@pytest.mark.parametrize(
    "text", ["clients:\ninvoices: []\n", "clients: ~  # none\nx: 1\n", "clients: {}\nx: 1\n", "x: 1\n"]
)
def test_the_first_client_can_be_put_under_a_key_that_has_none(text: str) -> None:
    after = with_clients(text, [["beta:", "  name: B"]])

    assert yaml.safe_load(after) == {**yaml.safe_load(text), "clients": {"beta": {"name": "B"}}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t: &c\n  acme: {name: A}\nclients: *c\n", "alias"),
        ("t: &c []\nclients: *c\n", "alias"),
        ("clients: {\n}\n", "over several lines"),
        ("clients: {acme: {name: A}}\n", "in braces"),
        ("clients: 5\n", "no mapping"),
    ],
)
def test_clients_that_stand_elsewhere_or_in_braces_are_left_alone(text: str, said: str) -> None:
    with pytest.raises(CannotSplice, match=said):
        with_clients(text, [["beta:", "  name: B"]])


def test_a_figure_changes_where_it_stands_and_its_remark_stays() -> None:
    figures = Figures(2, 3, {"total": "120.00", "due": "2026-12-01", "payable": "110.00"})
    after, reasons = with_figures(KEPT, [figures])

    assert reasons == [""]
    assert after == KEPT.replace("due: 2026-11-30", "due: 2026-12-01").replace(
        "  total: 100.00\n", "  total: 120.00\n  payable: 110.00\n"
    )


def test_many_change_at_once_and_one_that_cannot_keeps_none_of_the_others_back() -> None:
    text = 'x: &t 100.00\ninvoices:\n  - {number: "1", total: *t}\n  - {number: "2", total: 7}  # b\n  - {total: 8}\n'
    wanted = [Figures(3, 5, {"total": "5"}), Figures(4, 5, {"total": "70.00"}), Figures(5, 5, {"due": "x"}),
              Figures(9, 9, {"total": "5"}), Figures(5, 5, {"total": "80"})]  # fmt: skip
    after, reasons = with_figures(text, wanted)

    assert after == text.replace("total: 7", "total: 70.00").replace("total: 8", "total: 80")
    assert [bool(reason) for reason in reasons] == [True, False, True, True, False]
    assert "an anchor" in reasons[0]
