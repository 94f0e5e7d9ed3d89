"""The `Received` fields on the way from the world to the mailbox (RFC 5321 section 4.4): which of them are ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

_MOST_SIGNS = 4_000
_OUTSIDE_OF_COMMENTS = re.compile(r"[^()]*+")
_PATH = re.compile(r"\s*(?:from\s+(\S+)\s+)?by\s+(\S+)(?:\s+via\s+\S+)?(?:\s+with\s+(\S+))?", re.IGNORECASE)
_ADDRESSES = re.compile(r"\[(?:ipv6:)?([0-9a-f:.]{2,45})\]", re.IGNORECASE)
_IN_COMMENT = re.compile(r"\([^()\[]*\[(?:ipv6:)?([0-9a-f:.]{2,45})\]", re.IGNORECASE)
_LOGGED_IN = re.compile(r"(?:utf8)?e?smtps?a|\(authenticated", re.IGNORECASE)
_BY = re.compile(r"\sby\s", re.IGNORECASE)
_LOCAL: tuple[IPv4Network | IPv6Network, ...] = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))
_PRIVATE: tuple[IPv4Network | IPv6Network, ...] = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"))
)  # RFC 1918, RFC 3927, RFC 4193; `is_private` would add what is kept for examples


@dataclass(frozen=True, slots=True)
class Hop:
    """One `Received` field, which the server named in it wrote on top of what it got."""

    by: str  # the server, lower case; "" where it cannot be read
    local: bool = False  # handed over within one machine: LMTP, the loopback, or from no other machine at all
    inside: bool = False  # handed over within a network of ours, as far as its addresses tell
    logged_in: bool = False  # by somebody with an account: such mail is often not looked at (RFC 3848)


def hop(value: str) -> Hop:
    """What one unfolded `Received` says.  What is not sure is said to come from outside.  Never raises; linear.

    The name after `from` is what the other side calls itself: it decides nothing.  The addresses are those of the
    connection, in the brackets that nearly all servers write.
    """
    value = value[:_MOST_SIGNS]
    bare = _bare(value)
    found = _PATH.match(bare)
    if found is None:
        local = value.lower().startswith("(qmail") and "invoked from network" in value
        return Hop("", local=local, inside=local)
    helo, by, how = found.groups()
    how = (how or "").lower()
    logged_in = bool(_LOGGED_IN.fullmatch(how)) or "(authenticated" in value.lower()
    sender = _BY.split(value, maxsplit=1)[0]
    addresses = _ADDRESSES.findall(sender) if _IN_COMMENT.search(sender) else []
    local = how.startswith("lmtp") or (helo is None and bool(how) and "userid" not in value)
    local = local or _all_in(addresses, _LOCAL)
    inside = local or _all_in(addresses, _LOCAL + _PRIVATE)
    return Hop(by.lower().rstrip(".;"), local=local, inside=inside, logged_in=logged_in)


def _all_in(addresses: list[str], networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Whether there are addresses, and every one can be read and lies in one of the networks."""
    try:
        read = [ip_address(address) for address in addresses]
    except ValueError:
        return False
    return bool(read) and all(any(address in network for network in networks) for address in read)


def _bare(value: str) -> str:
    """The field without its comments, however they are nested."""
    kept, depth, at = [], 0, 0
    while at < len(value):
        found = _OUTSIDE_OF_COMMENTS.match(value, at)
        assert found is not None
        if not depth:
            kept.append(found[0])
        at = found.end()
        if at < len(value):
            depth = max(depth + (1 if value[at] == "(" else -1), 0)
            kept.append(" " if not depth else "")
            at += 1
    return "".join(kept)
