"""Lays out pages: the templates in `pages/`, autoescaped, with one stylesheet inside each page and nothing to fetch.

There is no script.  The policy in each page names the stylesheet by its sum (CSP level 3, hash-source), so that a style
that somebody smuggled in would not be applied either.
"""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from daemon.mail.pages.view import Page, Site

FOLDER = Path(__file__).parent / "pages"
MARK = "<!-- sollecito report -->"  # stands at the head of every page
_SPACE = re.compile(r"\n\s*")


class Layout:
    """Turns the pages of one site into HTML."""

    def __init__(self, site: Site) -> None:
        style = _SPACE.sub("\n", (FOLDER / "style.css").read_text(encoding="utf-8"))
        environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        summed = base64.b64encode(sha256(style.encode()).digest()).decode()
        environment.globals.update(
            site=site,
            style=Markup(style),  # noqa: S704  our own file
            style_sum=Markup(f"sha256-{summed}"),  # noqa: S704  base64
            parts=environment.get_template("parts.html").module,
        )
        self._environment = environment

    def html(self, page: Page) -> str:
        """One page, `\\n` line ends."""
        template = self._environment.get_template(f"{page.template}.html")
        return template.render(page=page, body=page.body) + "\n"
