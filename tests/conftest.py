"""After each test and each module: has a secret leaked?"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.canary import MARK, leaks


@pytest.fixture(scope="module", autouse=True)
def shared_folders_hold_no_secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the fixtures of a module have left for several tests; each test's own folder is looked through below."""
    base = tmp_path_factory.getbasetemp()
    before = {*base.iterdir()}
    yield
    shared = [folder for folder in base.iterdir() if folder not in before and not folder.name.startswith("test_")]
    found = [name for folder in shared for name in leaks(folder)]
    if found:
        pytest.fail(f"a secret has leaked into {', '.join(found)}")


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
