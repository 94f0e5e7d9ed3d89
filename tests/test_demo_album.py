"""The folder that the demo leaves: complete, safe to open, and nothing of anybody else's lost for it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from daemon.demo.album import FOLDERS, REPORT, NotOurs, clear, write_page
from daemon.demo.post import sort_mails
from daemon.demo.show import Performance, perform
from daemon.demo.stage import CREDITOR, OWNER
from daemon.demo.story import read_books
from tests.pictures import DAYS, LIST, SHOTS, Shot, sum_of

pytestmark = pytest.mark.xdist_group("demo-album")

TOLD = {
    "days": DAYS,
    "seed": 1,
    "seconds": 1,
    "without": "",
    "start": "2 March 2026",
    "end": "27 March 2026",
    "report": "report/index.html",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("album") / "demo-out"
    clear(folder)
    return folder


@pytest.fixture(scope="module")
def played(out: Path) -> Performance:
    return perform(1, frozenset(), days=DAYS, pages=out / REPORT)


@pytest.fixture(scope="module")
def album(played: Performance, out: Path) -> Path:
    mails = sort_mails(out, played.servers, creditor=CREDITOR, owner=OWNER, clients=read_books()[0], rows=played.rows)
    write_page(out, played.rows, [*played.sheets, *played.lines], mails, TOLD)
    return out


def test_every_mail_is_kept_as_it_arrived(played: Performance, album: Path) -> None:
    """Letters that got lost on the way are kept, too."""
    arrived = [one.content for one in played.servers.arrivals] + [one.content for one in played.servers.lost]
    kept = [path.read_bytes() for path in album.rglob("*.eml")]

    assert sorted(kept) == sorted(content for content in arrived if content)


class Markup(HTMLParser):
    """The elements and attributes that a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name == "href")


def test_the_page_asks_nothing_of_the_outside_and_runs_nothing(album: Path) -> None:
    """It is to work on a machine without a network, and to be safe whatever strangers have mailed."""
    page = (album / "index.html").read_text(encoding="utf-8")
    markup = Markup(page)

    assert not markup.tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not {name for name in markup.attributes if name.startswith("on") or name in ("src", "srcset", "style")}
    assert not [link for link in markup.links if not link.startswith(("#", *(f"{name}/" for name in FOLDERS)))]
    assert "url(" not in page
    assert "@import" not in page


def test_hostile_words_are_shown_as_words(album: Path) -> None:
    page = (album / "index.html").read_text(encoding="utf-8")

    assert "&lt;script&gt;document.title" in page
    assert "&lt;b&gt;Lucky&lt;/b&gt;" in page


def test_a_strangers_html_is_never_written_as_a_page(album: Path) -> None:
    """What others send is kept as .eml and .txt; opened in a browser, neither runs."""
    assert list((album / "answers").glob("*.txt"))
    assert not list((album / "answers").glob("*.html"))


def test_calls_are_shown_with_their_sheet(album: Path) -> None:
    page = (album / "index.html").read_text(encoding="utf-8")

    assert "the sheet for the call to Veerle Vermeer" in page
    assert "+31 20 555 0118 (+31205550118, tel:+31-20-555-0118)" in page


def test_every_link_of_the_page_leads_to_a_file_or_a_place_on_it(album: Path) -> None:
    page = (album / "index.html").read_text(encoding="utf-8")
    links = Markup(page).links
    places = {f"#{name}" for name in re.findall(r'\bid="([^"]+)"', page)}

    assert len(links) > 100
    assert {link for link in links if link not in places and not (album / link).is_file()} == set()


def test_the_report_of_the_last_day_lies_beside_it(played: Performance, album: Path) -> None:
    """By the code of the command, from the daemon's own state: what was paid in the meantime is paid there, too."""
    report = album / REPORT
    overview = (report / "index.html").read_text(encoding="utf-8")
    paid = [str(row["client"]) for row in played.rows if row["state"] == "paid"]

    assert "As of 27 Mar 2026, 07:00" in overview
    assert paid
    for client in paid:
        (page,) = report.glob(f"client-{client}-*.html")
        assert "state-paid" in page.read_text(encoding="utf-8")
    assert Markup(overview).tags & {"svg", "table", "nav"} == {"svg", "table", "nav"}
    assert not [page for page in report.iterdir() if "No copy is kept" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_no_picture_is_older_than_the_page_that_it_shows(shot: Shot, album: Path) -> None:
    told = json.loads(LIST.read_text(encoding="utf-8"))

    assert told[shot.name] == sum_of(shot, album), (
        f"docs/pictures/{shot.name} is out of date: run `make pictures`, look at it, and commit it"
    )


def test_an_earlier_demo_gives_way_and_a_folder_of_somebody_elses_does_not(album: Path, tmp_path: Path) -> None:
    """`--out ~` typed by mistake must cost nothing."""
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")

    with pytest.raises(NotOurs):
        clear(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    again = tmp_path / "again"
    clear(again)
    (again / "index.html").write_bytes((album / "index.html").read_bytes())
    (again / "letters" / "old.eml").write_text("old", encoding="utf-8")

    clear(again)

    assert not list((again / "letters").iterdir())
