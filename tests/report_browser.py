"""Debian's Chromium, driven by Playwright, which brings no browser here.  Where there is none the tests fail.

`scripts/install-debian-packages` installs it; nothing is fetched, and every request that a page makes is noted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
Scheme = Literal["light", "dark"]
PHONE, DESKTOP = 360, 1200  # CSS pixels


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Noted:
    """What a page said and asked for while it was looked at."""

    said: list[str] = field(default_factory=list)  # errors, warnings, dialogs
    asked: list[str] = field(default_factory=list)  # addresses outside its folder


@contextmanager
def looking(browser: Browser, width: int = DESKTOP, scheme: Scheme = "light") -> Iterator[tuple[Page, Noted]]:
    """A fresh window of this width."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, noted = context.new_page(), Noted()
    page.on("console", lambda message: noted.said.append(message.text))
    page.on("pageerror", lambda error: noted.said.append(str(error)))
    page.on("dialog", lambda dialog: (noted.said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: noted.asked.append(request.url))
    try:
        yield page, noted
    finally:
        context.close()


def open_page(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
