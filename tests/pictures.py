"""The pictures in docs/pictures, taken of what the demo leaves: `make pictures`, which is `python -m tests.pictures`.

Each is a file of the demo's folder in Debian's Chromium.  PAGES.json has the sum of the page that was taken, so that a
test can tell when a picture is out of date: the page itself has all that gives it its look, words and styles alike.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from daemon.demo.album import REPORT, clear
from daemon.demo.post import sort_mails
from daemon.demo.show import Performance, perform
from daemon.demo.stage import CREDITOR, OWNER
from daemon.demo.story import read_books
from tests.report_browser import Scheme, chromium

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
LIST = FOLDER / "PAGES.json"
DAYS = 25  # of the demo: by then much has happened, and little is over
MOST = 150_000  # octets of one picture
_COLOURS = 96  # enough for text and bars
_TOKEN = re.compile(rb"ask-[a-z2-7]{26}")  # another one in each run, and seen by nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture."""

    name: str  # of the PNG
    page: str  # a pattern below the demo's folder; of several the largest, on which most is to be seen
    size: tuple[int, int] = (1100, 1000)  # CSS pixels
    scheme: Scheme = "light"


PHONE = (390, 844)
SHOTS = (
    Shot(name="digest.png", page="digests/2026-03-18-*.html", size=(760, 900)),
    Shot(name="digest-phone.png", page="digests/2026-03-18-*.html", size=PHONE),
    Shot(name="digest-phone-dark.png", page="digests/2026-03-18-*.html", size=PHONE, scheme="dark"),
    Shot(name="letter.png", page="letters/*-ironbridge-first-reminder.html", size=(760, 900)),
    Shot(name="alert.png", page="alerts/*.html", size=(760, 560)),
    Shot(name="report.png", page="report/index.html", size=(1100, 1400)),
    Shot(name="report-phone-dark.png", page="report/index.html", size=PHONE, scheme="dark"),
    Shot(name="report-ahead-dark.png", page="report/ahead.html", scheme="dark"),
    Shot(name="report-invoice.png", page="report/invoice-esteban-*.html"),
    Shot(name="report-client-phone.png", page="report/client-hazar-*.html", size=PHONE),
)


def page_of(shot: Shot, out: Path) -> Path:
    """The file that a picture is of, in a demo's folder."""
    return max(out.glob(shot.page), key=lambda path: (path.stat().st_size, path.name))


def sum_of(shot: Shot, out: Path) -> str:
    """Of all that a picture shows, and of how it is taken."""
    page = _TOKEN.sub(b"", page_of(shot, out).read_bytes())
    return sha256(f"{shot.size} {shot.scheme}\n".encode() + page).hexdigest()


def play(out: Path) -> Performance:
    """The demo's first weeks, kept as `sollecito demo` keeps them."""
    clear(out)
    played = perform(1, frozenset(), days=DAYS, pages=out / REPORT)
    clients, _ = read_books()
    sort_mails(out, played.servers, creditor=CREDITOR, owner=OWNER, clients=clients, rows=played.rows)
    return played


def take(browser: Browser, shot: Shot, out: Path) -> bytes:
    """The top of a page, as a small PNG."""
    width, height = shot.size
    phone = shot.size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=shot.scheme, device_scale_factor=1.5 if phone else 1
    )
    page = context.new_page()
    page.goto(page_of(shot, out).as_uri())
    height = min(height, page.evaluate("Math.ceil(document.body.getBoundingClientRect().bottom)"))
    taken = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height})
    context.close()
    return _small(taken)


def _small(png: bytes) -> bytes:
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sollecito-pictures-") as folder:
        out = Path(folder) / "demo-out"
        print(f"playing {DAYS} days of the demo ...", flush=True)
        play(out)
        sums = {shot.name: sum_of(shot, out) for shot in SHOTS}
        with chromium() as browser:
            for shot in SHOTS:
                png = take(browser, shot, out)
                (FOLDER / shot.name).write_bytes(png)
                print(f"{shot.name}: {len(png) // 1000} kB", flush=True)
    for old in FOLDER.glob("*.png"):
        if old.name not in {shot.name for shot in SHOTS}:
            old.unlink()
    LIST.write_text(json.dumps(sums, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
