"""Mail that came through a list of our own: the address on the invoices is a group of colleagues.

Where the domain of who wrote lets nobody else send in its name (DMARC, RFC 7489), a group puts its own address into
From and says elsewhere whose mail it is.  Read as it stands, a client's answer would be the owner's.
"""

from __future__ import annotations

from collections.abc import Set

from daemon.mail.octets.headers import addresses_in
from daemon.mail.octets.parse import Mail

# Google Groups keeps the From, Mailman and others move it to Reply-To (RFC 5322 section 3.6.2)
_WRITER = ("x-original-from", "reply-to", "x-original-sender")


def is_own_list(mail: Mail, own: Set[str]) -> bool:
    """Whether the list is one of these addresses (RFC 2369 section 3.4, RFC 2919)."""
    posts = addresses_in(mail.headers.first("list-post"), most=5)
    named = mail.headers.first("list-id").lower()
    return any(post in own for post in posts) or any(f"<{address.replace('@', '.')}>" in named for address in own)


def writer_behind(mail: Mail, own: Set[str]) -> str:
    """Who wrote a mail into whose From a list of ours has put itself, lower case; "" where it has not."""
    if mail.sender not in own or not is_own_list(mail, own):
        return ""
    named = (address for name in _WRITER for address in addresses_in(mail.headers.decoded(name), most=1))
    return next((address for address in named if address not in own), "")
