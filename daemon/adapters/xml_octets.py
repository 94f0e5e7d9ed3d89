"""What is looked for in XML of strangers before anything is parsed.

No DOCTYPE at all.  In one hide entities (some hundred octets that become gigabytes), external ones (a file of this
machine, an address to fetch) and all that a DTD can add; no invoice and no statement has one.  It is looked for in the
octets: expat takes only encodings in which markup is ASCII, and UTF-16, which is ASCII with zeros.
"""

from __future__ import annotations

import re

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)")


def without_zeros(content: bytes) -> bytes:
    """UTF-16 as ASCII, as far as it is that: all that is looked for is."""
    return content.replace(b"\0", b"") if b"\0" in content else content


def doctype_line(plain: bytes) -> int | None:
    """The line in which a DOCTYPE stands, from 1; None: there is none.

    Args:
        plain: octets without zeros.
    """
    odd = _DOCTYPE.search(plain)
    return plain.count(b"\n", 0, odd.start()) + 1 if odd else None
