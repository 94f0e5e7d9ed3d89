"""docs/law.md tells the rates and laws that the program counts with, and no others."""

from __future__ import annotations

from tests.law_page import KNOWN, PAGE, page


def test_the_page_is_made_of_the_data() -> None:
    written = PAGE.read_text(encoding="utf-8")

    assert written == page(written), "run `python -m tests.law_page`"
    assert written.count("\n| ECB | ") == len(KNOWN["tables"]["ECB"]["rows"])
    assert all(f"(`{key}`)" in written for key in KNOWN["laws"])
