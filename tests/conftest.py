"""After each test: has a secret leaked?"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.canary import MARK, leaks


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test that passed has printed, logged and left in its folder holds no secret (`tests/canary.py`)."""
    report = yield
    if call.when == "call" and report.passed:
        found = [name for name, text in report.sections if MARK in text]
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        found += [*leaks(folder)] if isinstance(folder, Path) else []
        if found:
            report.outcome = "failed"
            report.longrepr = f"a secret has leaked into {', '.join(found)}"
    return report
