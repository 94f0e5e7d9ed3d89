"""Is a mail really from the address in its From?  What the owner's own mail server says, else a signature.

Anybody can write any From, so a mail commands only when one of these vouches for it:

- the field `Authentication-Results` of the server that the config names (RFC 8601): `dmarc=pass` for the domain in
  From, or `dkim=pass` of a signature by exactly that domain.  `spf=pass` alone speaks of the envelope, which a stranger
  chooses, and a sealed chain (ARC) of what others have seen: neither is enough.
- a DKIM signature by exactly the domain in From that we verify ourselves, where the config says so and that server is
  silent.  Exactly: whether bianchi.example may speak for mail.bianchi.example is a matter of the public suffix list.

A sender can write an `Authentication-Results` with our server's name himself.  RFC 8601 section 5 wants border servers
to remove such fields, and many do not.  So we go down the header from the top, where nobody but our own servers writes:

1. Every `Received` that was handed over within a machine or a network of ours is passed.  The first one that came from
   outside is the border; what stands above it, no stranger has written.  There all fields of the server count.
2. Behind a hop within a private network we cannot be as sure, for some servers see all the world come from one private
   address.  And OpenDKIM, rspamd and Gmail write their field right *below* the `Received` of their own server
   (trusteddomainproject/OpenDKIM#126, rspamd#1847), where the header of the stranger begins.  In both places only the
   top-most field of our server counts, and only where none stood higher up: one of a stranger's stands below it.
   That field need not tell of `dkim` or `dmarc`: "none" has spoken too, and what stands below it is not believed.
3. Below a `Received` of somebody who logged in, nothing counts: such mail often gets no field, and then a stranger's
   would be the top-most one.  Nor does anything count below the next `Received`, or below a field that cannot be read:
   a sender can make our server's own unreadable (`i=a(b@evil.example` opens a comment in it).

A signature may cover the beginning of the text only (`l=`), and servers let it pass: whoever has such a mail can write
orders below it.  So a mail that carries one is not believed, whatever its server says.

It covers the lowest field of a name as well, and readers take the top-most (RFC 6376 section 8.15): whoever has a mail
of hers can put another subject on top.  So a mail that has a field twice of which there is one at most is not believed.

What remains to be trusted is that the server writes its field into *every* mail that comes from outside.  If it does
not always, for instance when its filter is down, a stranger who also holds a token of ours could command.

Exchange Online names no server in its field.  It is known by the `Received` on top of it; see `_exchange_online`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.domain.books.authenticity import Authentic, Flaw, NotAuthentic, Signature, Verdict, Why
from daemon.domain.books.owner import M365, CommandTrust
from daemon.mail.whose.author import Fields, author_of, fields_of, wire_form
from daemon.mail.whose.results import Result, Results, authentication_results, is_named
from daemon.mail.whose.trace import hop

_MOST_FIELDS = 400  # from the top; our own server's are among the first twenty
_FIELD = "authentication-results"
_LENGTH = re.compile(r"(?:^|;)\s*l\s*=", re.IGNORECASE)  # RFC 6376 section 3.5
_ONCE = frozenset(  # RFC 5322 section 3.6, RFC 2045 section 3; From is looked at more closely
    {"date", "to", "cc", "subject", "in-reply-to", "references", "content-type", "content-transfer-encoding"}
)
_SPEAKING = frozenset({"dmarc", "dkim"})  # the methods that can vouch for a From
_UNDECIDED = frozenset({"none", "temperror", "bestguesspass"})  # of dmarc: the domain has no policy, or it was not read
_EXCHANGE = (".outlook.com", ".office365.com")
_EXCHANGE_BORDER = ".mail.protection.outlook.com"


def by_results(raw: bytes, trust: CommandTrust) -> Verdict:
    """What the server that the config names says about a mail.

    Args:
        raw: the mail as the mailbox gave it; its header is enough.

    Never raises; linear in the header.
    """
    if trust.nobody:
        return NotAuthentic(Why.NO_TRUST)
    author = author_of(raw)
    fields = fields_of(raw)
    if not author or fields is None:
        return NotAuthentic(Why.SEVERAL_FROM)
    names = [name for name, _ in fields if name in _ONCE]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        return NotAuthentic(Why.SEVERAL_FIELDS, twice)
    if trust.authserv_id is None:
        return NotAuthentic(Why.NO_RESULTS)
    if trust.authserv_id == M365:
        return _whole(_exchange_online(fields[:_MOST_FIELDS], author), fields)
    found = list(_on_top(fields[:_MOST_FIELDS]))
    said = _said_by(trust.authserv_id, found)
    if not _speaks(said):
        others = "" if said else next((one.authserv_id for one, _ in found), "")
        return NotAuthentic(Why.OTHER_SERVER, _shown(others)) if others else NotAuthentic(Why.NO_RESULTS)
    return _whole(_weighed(said, author), fields)


def wants_signatures(verdict: Verdict, trust: CommandTrust) -> bool:
    """Whether a signature can still vouch: the config allows it, and the server that it names has not spoken."""
    silent = (Why.NO_RESULTS, Why.OTHER_SERVER)
    return trust.dkim and isinstance(verdict, NotAuthentic) and verdict.why in silent


def by_signatures(raw: bytes, signatures: Sequence[Signature], before: Verdict) -> Verdict:
    """What the verified signatures of a mail say, where `before` is what was said without them."""
    author = author_of(raw)
    if not author:
        return NotAuthentic(Why.SEVERAL_FROM)
    if not signatures:
        return before
    flaws = [signature.flaw for signature in signatures if signature.domain == _domain(author)]
    if None in flaws:
        return Authentic(author, "signature")
    if Flaw.LOOK_UP_FAILED in flaws:
        return NotAuthentic(Why.LOOK_UP_FAILED)
    if Flaw.LENGTH in flaws:
        return NotAuthentic(Why.DKIM_LENGTH)
    if flaws:
        return NotAuthentic(Why.DKIM_FAIL, str(flaws[0]))
    return NotAuthentic(Why.NOT_ALIGNED, _shown(signatures[0].domain))


def servers_named(raw: bytes) -> tuple[str, ...]:
    """The servers whose results would count in a mail, top-most first, m365 where it is of that kind.

    For `check --online`, which proposes one of them.
    """
    fields = (fields_of(raw) or ())[:_MOST_FIELDS]
    found = list(_on_top(fields))
    names = [one.authserv_id for one, _ in found if one.authserv_id]
    named = [name for name in dict.fromkeys(names) if _speaks(_said_by(name, found))]
    exchange = [M365] if next(_on_top_of_exchange(fields), None) else []
    return tuple(dict.fromkeys([*exchange, *named]))


def _said_by(authserv_id: str, found: Sequence[tuple[Results, bool]]) -> list[Results]:
    """What a server has said: every field that is surely its own, else the top-most that may be."""
    said: list[Results] = []
    for one, sure in found:
        if is_named(one.authserv_id, authserv_id) and (sure or not said):
            said.append(one)
    return said


def _on_top(fields: Fields) -> Iterator[tuple[Results, bool]]:
    """The fields that our own servers may have written, from the top, and whether nobody else can have.

    One that cannot be read may be our server's: a sender can bring a bracket into its values that nothing closes.
    What stands below it is then his, so it ends the search.
    """
    sure = True
    border = False
    for name, value in fields:
        if name == "received":
            if border:
                return
            crossed = hop(value)
            if crossed.logged_in:
                return
            sure = sure and crossed.local
            border = not crossed.inside
        elif name == _FIELD:
            found = authentication_results(value)
            if found is None:
                return
            yield found, sure


def _weighed(said: Sequence[Results], author: str) -> Verdict:
    results = [result for found in said for result in found.results]
    domain = _domain(author)
    dmarc = [result for result in results if result.method == "dmarc"]
    if any(result.result not in _UNDECIDED | {"pass"} for result in dmarc):
        return NotAuthentic(Why.RESULTS_FAIL, "dmarc")
    passed = [result for result in dmarc if result.result == "pass"]
    if passed:
        about = {wire_form(result.properties.get("header.from", "")) for result in passed}
        if len(passed) == len(dmarc) and about == {domain}:
            return Authentic(author, "dmarc")
        return NotAuthentic(Why.NOT_ALIGNED, _shown(passed[0].properties.get("header.from", "")))
    signed = [_signer(result) for result in results if result.method == "dkim" and result.result == "pass"]
    if domain in signed:
        return Authentic(author, "dkim")
    return NotAuthentic(Why.NOT_ALIGNED, _shown(signed[0])) if signed else NotAuthentic(Why.RESULTS_FAIL, "dkim")


def _whole(verdict: Verdict, fields: Fields) -> Verdict:
    """The verdict of a server, unless what it let pass may have been a part of the text."""
    in_part = any(name == "dkim-signature" and _LENGTH.search(value) for name, value in fields)
    return NotAuthentic(Why.DKIM_LENGTH) if in_part and isinstance(verdict, Authentic) else verdict


def _exchange_online(fields: Fields, author: str) -> Verdict:
    """The same for Exchange Online, whose field names no server: that it is theirs shows from the `Received` above it.

    From outside, mail comes in by `*.mail.protection.outlook.com`; the field stands on top of that `Received`, below
    others of theirs, and one that the sender brought is renamed.  Mail within the organisation never crosses that
    border, has no results, and says `X-MS-Exchange-Organization-AuthAs: Internal`: its sender had logged in, and may
    only use his own addresses.  Fields of that name are taken out of mail from outside (Microsoft: header firewall).
    """
    by = [hop(value).by for name, value in fields if name == "received"]
    if not by or not by[0].endswith(_EXCHANGE):
        return NotAuthentic(Why.OTHER_SERVER, _shown(by[0] if by else ""))
    logged_in_as = [value.lower() for name, value in fields if name == "x-ms-exchange-organization-authas"]
    crossed = any(name.endswith(_EXCHANGE_BORDER) for name in by)
    if logged_in_as == ["internal"] and not crossed:
        return Authentic(author, "m365-internal")
    said = next(_on_top_of_exchange(fields), None)
    if said is None or len(logged_in_as) != 1 or not _speaks([said]):
        return NotAuthentic(Why.NO_RESULTS)
    if any(result.method == "compauth" and result.result == "fail" for result in said.results):
        return NotAuthentic(Why.RESULTS_FAIL, "compauth")
    return _weighed([said], author)


def _on_top_of_exchange(fields: Fields) -> Iterator[Results]:
    """The fields between the mailbox and the border of Exchange Online; none where there is no such border."""
    above: list[str] = []
    for name, value in fields:
        if name == _FIELD:
            above.append(value)
        elif name == "received":
            by = hop(value).by
            if by.endswith(_EXCHANGE_BORDER):
                for found in map(authentication_results, above):
                    if found is None:
                        return
                    if not found.authserv_id:
                        yield found
                return
            if not by.endswith(_EXCHANGE):
                return


def _speaks(said: Sequence[Results]) -> bool:
    return any(result.method in _SPEAKING for found in said for result in found.results)


def _signer(result: Result) -> str:
    """The domain of a DKIM signature; Gmail names only the identity."""
    named = result.properties.get("header.d")
    return wire_form(named if named is not None else result.properties.get("header.i", "").rpartition("@")[2])


def _domain(author: str) -> str:
    return author.rpartition("@")[2]


def _shown(name: str) -> str:
    """A name of the mail as it may be told to the owner."""
    return name[:120] if name.isprintable() else ""
