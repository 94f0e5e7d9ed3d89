"""The owner's daily digest as a mail."""

from __future__ import annotations

from daemon.domain.books.ledger import Ledger
from daemon.domain.reports.digest import Digest
from daemon.mail.letters.letter import Rendered
from daemon.mail.letters.pack import Pack
from daemon.mail.owner.calendar_task import call_tasks as call_tasks
from daemon.mail.owner.digest_message import compose as compose
from daemon.mail.owner.digest_page import digest_html
from daemon.mail.owner.digest_parts import Buttons
from daemon.mail.owner.digest_sheet import sheet
from daemon.mail.owner.digest_text import digest_text


def render(digest: Digest, ledger: Ledger, pack: Pack, buttons: Buttons | None = None) -> Rendered:
    """Write the digest in the owner's language, text and HTML from the same words.

    Args:
        buttons: how an answer reaches us; None: it takes no orders.

    Raises:
        KeyError: a phrase is missing in `pack.digest`; `daemon.mail.owner.digest_wording.faults_in` tells beforehand.
    """
    made = sheet(digest, ledger, pack, buttons)
    return Rendered(subject=made.headline.replace("\u00a0", " "), text=digest_text(made), html=digest_html(made))
