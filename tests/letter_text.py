"""The words of a letter's two parts, for the tests to look in."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class _Words(HTMLParser):
    """The words of an HTML part, and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> str:
    """The text on one line, so that a wrapped sentence is found."""
    return re.sub(r"[ \n]+", " ", text)


def shown(html: str) -> str:
    return words(_Words(html).text)
