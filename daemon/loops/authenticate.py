"""Whether a mail is from its author: what the owner's server says, and where it is silent, a signature."""

from __future__ import annotations

from daemon.domain.books.authenticity import Verdict
from daemon.domain.books.owner import CommandTrust
from daemon.mail.whose.authenticity import by_results, by_signatures, wants_signatures
from daemon.mail.whose.author import author_of
from daemon.ports import Signatures


async def authenticate(raw: bytes, trust: CommandTrust, signatures: Signatures) -> Verdict:
    """The verdict on one mail.  Ask it only about mail that carries a token of ours: it may look into the DNS.

    Args:
        raw: the whole mail; of one that was fetched in part no signature can hold.

    Returns:
        `Authentic` with the author that From names.  A `NotAuthentic` because a look-up failed is to be asked again.
    """
    verdict = by_results(raw, trust)
    if not wants_signatures(verdict, trust):
        return verdict
    domain = author_of(raw).rpartition("@")[2]
    return by_signatures(raw, await signatures.verify(raw, domain), verdict)
