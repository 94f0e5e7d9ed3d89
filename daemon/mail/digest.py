"""The owner's daily digest as a mail."""

from __future__ import annotations

from daemon.domain.digest import Digest
from daemon.domain.ledger import Ledger
from daemon.mail.calendar_task import call_tasks as call_tasks
from daemon.mail.digest_message import compose as compose
from daemon.mail.digest_page import digest_html
from daemon.mail.digest_parts import Buttons
from daemon.mail.digest_sheet import sheet
from daemon.mail.digest_text import digest_text
from daemon.mail.letter import Rendered
from daemon.mail.pack import Pack


def render(digest: Digest, ledger: Ledger, pack: Pack, buttons: Buttons | None = None) -> Rendered:
    """Write the digest in the owner's language, text and HTML from the same words.

    Args:
        buttons: how an answer reaches us; None: it takes no orders.

    Raises:
        KeyError: a phrase is missing in `pack.digest`; `daemon.mail.digest_wording.faults_in` tells beforehand.
    """
    made = sheet(digest, ledger, pack, buttons)
    return Rendered(subject=made.headline.replace("\u00a0", " "), text=digest_text(made), html=digest_html(made))
