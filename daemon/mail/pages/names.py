"""Names of the pages' files: told from a client's key and an invoice's number, whatever stands in them."""

from __future__ import annotations

from hashlib import sha256

from daemon.mail.dossier.manifest import safe_name

OVERVIEW, AHEAD, CALLS, CLIENTS = "index.html", "ahead.html", "calls.html", "clients.html"
_SUM = 10  # hexadecimal digits
_LONGEST = 40  # characters of what a person reads in it


def client_page(key: str) -> str:
    """`client-acme-3f1c....html`."""
    return f"client-{_told(key)}.html"


def invoice_page(client: str, number: str) -> str:
    return f"invoice-{_told(client, number)}.html"


def mail_page(name: str) -> str:
    """Of a mail in the archive that is too long to stand among others."""
    return f"mail-{_told(name)}.html"


def _told(*parts: str) -> str:
    """What can be read of it in a file's name, and a sum that tells it from all others.

    `a/b` and `a-b`, `A` and `a`, or a client `a-b` with the invoice `c` and a client `a` with `b-c` get names of
    their own, also where a file system takes upper and lower case for the same.
    """
    mark = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_SUM]
    readable = safe_name("-".join(parts)).replace(".", "-")[:_LONGEST].strip("-").lower()
    return f"{readable or 'unnamed'}-{mark}"
