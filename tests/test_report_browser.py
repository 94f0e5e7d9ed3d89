"""The pages in a real browser: on a telephone, at night, on paper, by keyboard, read aloud, and under attack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from daemon.mail.pages.names import invoice_page
from tests.report_browser import DESKTOP, PHONE, Scheme, chromium, looking, open_page
from tests.report_place import HOSTILE_NUMBERS, LONG, SCRIPT, STYLE, a_hostile_place, pages, the_scene

pytestmark = pytest.mark.xdist_group("browser")

KINDS = ("index.html", "ahead.html", "calls.html", "clients.html", "client-*.html", "invoice-*.html", "mail-*.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    pages(the_scene(folder / "creditor", "de"), folder / "report")  # long words
    return folder / "report"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    pages(a_hostile_place(folder / "creditor"), folder / "report")
    return folder / "report"


@pytest.fixture(scope="module")
def browser(site: Path, hostile: Path) -> Iterator[Browser]:
    """Begun when all pages are there: Playwright keeps a loop running, and writing a journal wants one, too."""
    with chromium() as found:
        yield found


def one_of_each(*sites: Path) -> list[Path]:
    """A page of each kind: the largest, on which most is to be seen."""
    found = [sorted(site.glob(kind), key=lambda path: path.stat().st_size)[-1:] for site in sites for kind in KINDS]
    return [path for paths in found for path in paths]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_axe_finds_nothing_serious(browser: Browser, site: Path, hostile: Path, width: int, scheme: Scheme) -> None:
    """Contrast, names, order of headings, heads of tables, landmarks: WCAG 2.2 AA as far as a program can tell."""
    axe, found = Axe(), []
    with looking(browser, width, scheme) as (page, _):
        for path in one_of_each(site, hostile):
            open_page(page, path)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            violations: list[dict[str, Any]] = axe.run(page).response["violations"]
            found += [
                f"{path.name}: {v['id']}: {node['html'][:160]}"
                for v in violations
                for node in v["nodes"][:3]
                if v["impact"] in ("serious", "critical") or v["id"] in ("heading-order", "region", "empty-heading")
            ]

    assert found == []


@pytest.mark.parametrize("which", ["site", "hostile"])
def test_nothing_is_wider_than_a_telephone(browser: Browser, which: str, request: pytest.FixtureRequest) -> None:
    with looking(browser, PHONE) as (page, _):
        for path in sorted(request.getfixturevalue(which).iterdir()):
            open_page(page, path)

            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, path.name


def test_no_page_asks_for_anything_or_complains(browser: Browser, site: Path, hostile: Path) -> None:
    with looking(browser) as (page, noted):
        for path in one_of_each(site, hostile):
            open_page(page, path)
        own = {path.as_uri() for path in (*site.iterdir(), *hostile.iterdir())}

    assert noted.said == []
    assert {url for url in noted.asked if not url.startswith("data:,")} <= own


def test_hostile_words_stay_words(browser: Browser, hostile: Path) -> None:
    with looking(browser) as (page, noted):
        for path in sorted(hostile.iterdir()):
            open_page(page, path)

            assert page.evaluate("window.taken") is None, path.name
            assert page.title() != "taken"
            assert page.locator("main").is_visible()
            assert page.locator("footer").is_visible()
        open_page(page, hostile / invoice_page("evil", HOSTILE_NUMBERS[0]))
        page.locator("summary").first.click()
        shown = page.locator("main").inner_text()

    assert noted.said == []
    for words in (SCRIPT, STYLE, "javascript:window.taken=3", LONG[:500]):
        assert words in shown


def test_the_night_is_dark_and_the_day_is_light(browser: Browser, site: Path) -> None:
    def paper(scheme: Scheme) -> int:
        with looking(browser, scheme=scheme) as (page, _):
            open_page(page, site / "index.html")
            colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.removeprefix("rgb(").rstrip(")").split(",")))

    assert paper("light") > 700
    assert paper("dark") < 120


def test_on_paper_mails_are_open_and_what_is_clicked_is_gone(browser: Browser, site: Path) -> None:
    with looking(browser, scheme="dark") as (page, _):
        open_page(page, site / invoice_page("rossi", "2026-038"))
        letter = page.get_by_text("vi ricordiamo la fattura 2026-038")
        on_screen = letter.is_visible()
        page.emulate_media(media="print")

        assert not on_screen
        assert letter.is_visible()
        assert not page.locator("nav").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_who_uses_keys_skips_the_navigation_and_sees_where_they_are(browser: Browser, site: Path) -> None:
    with looking(browser) as (page, _):
        open_page(page, site / "index.html")
        page.keyboard.press("Tab")
        first = _focused(page)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        behind = page.evaluate("document.activeElement.closest('main') !== null")

        assert first["href"] == "#content"
        assert first["left"] >= 0
        assert behind
        assert _focused(page)["outline"] == "solid"


def _focused(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """() => { const one = document.activeElement;
        return {href: one.getAttribute('href'), left: one.getBoundingClientRect().left,
                outline: getComputedStyle(one).outlineStyle} }"""
    )
    return found


def test_every_chart_says_in_words_what_it_draws_and_has_its_figures_beside_it(browser: Browser, site: Path) -> None:
    with looking(browser) as (page, _):
        open_page(page, site / "index.html")
        charts = page.locator("svg.chart")

        assert charts.count() >= 4
        for chart in charts.all():
            assert chart.get_attribute("role") == "img"
            assert chart.locator("title").text_content()
            assert chart.locator("desc").text_content()
            assert chart.locator("xpath=ancestor::section//table").count() == 1


def test_every_page_leads_to_every_other_without_a_script(browser: Browser, site: Path) -> None:
    """A walk by clicks, from the file on the disk."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 800})
    page = context.new_page()
    open_page(page, site / "index.html")
    page.locator("nav a").last.click()
    page.locator("tbody th a", has_text="Rossi").click()
    page.locator("tbody th a", has_text="2026-038").click()

    assert "2026-038" in page.title()
    context.close()
