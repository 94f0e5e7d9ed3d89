"""What a stranger can write into a header to look like the owner (F48), and headers that want to stop the reader."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.books.authenticity import Authentic, NotAuthentic, Why
from daemon.domain.books.owner import CommandTrust
from daemon.mail.whose.authenticity import by_results, servers_named
from tests.authentic_mails import EVIL, FORGED, MX, OWNER, SAID, ask, mail


def _below(*lines: str) -> str:
    """What a stranger wrote, below what our server wrote on top of it."""
    return EVIL + SAID + "".join(lines)


FORGERIES = {
    "below the field of our server": _below(FORGED),
    "twice below": _below(FORGED, FORGED),
    "below a Received that he wrote himself": _below(f"Received: from a by {MX} with LMTP id 1\n", FORGED),
    "below one, where our server wrote nothing": EVIL
    + "Received: from x ([127.0.0.1]) by mx.bianchi.example with LMTP id 1\n"
    + FORGED,
    "in a comment": EVIL
    + f"Authentication-Results: {MX}; dkim=fail (dkim=pass header.d=bianchi.example; dmarc=pass)\n",
    "in a nested comment": EVIL
    + f"Authentication-Results: {MX}; dkim=fail (x (y) dmarc=pass header.from=bianchi.example)\n",
    "in a quoted reason": EVIL
    + f'Authentication-Results: {MX}; dmarc=fail reason="; dmarc=pass header.from=bianchi.example" header.from=x.y\n',
    "as the reason": EVIL + f"Authentication-Results: {MX}; dmarc=fail reason=pass header.from=bianchi.example\n",
    "as a sealed chain": EVIL
    + f"ARC-Authentication-Results: i=1; {MX}; dmarc=pass header.from=bianchi.example\n"
    + SAID,
    "with an envelope that passes": EVIL
    + f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=bianchi.example; dmarc=fail header.from=bianchi.example\n",
    "below our field, which a bracket in his signature's identity made unreadable": EVIL
    + f"Authentication-Results: {MX}; dkim=pass header.i=a(b@evil.example; dmarc=fail header.from=bianchi.example\n"
    + FORGED,
    "below our field, which a quote in it made unreadable": EVIL
    + f'Authentication-Results: {MX}; dkim=pass header.i=a"b@evil.example; dmarc=fail header.from=bianchi.example\n'
    + FORGED,
    "below the border, our unreadable field above it": f"Authentication-Results: {MX}; dkim=pass header.d=x(\n"
    + EVIL
    + FORGED,
    "below the border, where our server says above it that nothing was looked at": (
        f"Authentication-Results: {MX}; none\n" + EVIL + FORGED
    ),
    "below the border, where above it our server tells of the envelope": EVIL.replace(
        "Received: from mx.b", f"Authentication-Results: {MX}; spf=fail smtp.mailfrom=evil.example\nReceived: from mx.b"
    )
    + FORGED,
    "below a field of our server that says that it looked at nothing": EVIL
    + f"Authentication-Results: {MX}; none\n"
    + FORGED,
    "below a field of our server that tells of the envelope": EVIL
    + f"Authentication-Results: {MX}; spf=fail smtp.mailfrom=evil.example\n"
    + FORGED,
    "by somebody who logged in": EVIL.replace("ESMTPS", "ESMTPSA") + FORGED,
    "by somebody who logged in, as Exim says it": EVIL.replace("with ESMTPS", "with esmtpsa (TLS1.3)") + FORGED,
    "by somebody who logged in, as sendmail says it": EVIL.replace("ESMTPS", "ESMTP (authenticated bits=0)") + FORGED,
    "for another From": EVIL + f"Authentication-Results: {MX}; dmarc=pass header.from=evil.example\n",
    "for no From": EVIL + f"Authentication-Results: {MX}; dmarc=pass\n",
    "with a signature of a part of the text, which our server let pass": EVIL
    + f"Authentication-Results: {MX}; dkim=pass header.d=bianchi.example; dmarc=pass header.from=bianchi.example\n"
    + "DKIM-Signature: v=1; a=rsa-sha256; d=bianchi.example; s=mail; h=from:subject;\n\tl = 12; bh=x; b=y\n",
    "for two Froms": EVIL
    + f"Authentication-Results: {MX}; dmarc=pass header.from=bianchi.example header.from=evil.example\n",
    "for two Froms, ours last": EVIL
    + f"Authentication-Results: {MX}; dmarc=pass header.from=evil.example header.from=bianchi.example\n",
    "two verdicts": EVIL
    + f"Authentication-Results: {MX}; dmarc=pass header.from=bianchi.example; dmarc=none header.from=evil.example\n",
    "signed by a domain that looks alike": EVIL
    + f"Authentication-Results: {MX}; dkim=pass header.d=bianchi.example.evil.example header.i=@bianchi.example\n",
    "signed by a domain that ends alike": EVIL
    + f"Authentication-Results: {MX}; dkim=pass header.d=evilbianchi.example\n",
    "signed by the domain above": EVIL + f"Authentication-Results: {MX}; dkim=pass header.d=example\n",
    "signed by a part of the domain": EVIL + f"Authentication-Results: {MX}; dkim=pass header.d=web.bianchi.example\n",
    "signed by a domain with a bracket in it": EVIL
    + f"Authentication-Results: {MX}; dkim=pass header.d=bianchi.example(.evil.example (1024-bit key)) header.s=x\n",
    "signed by a domain with a quote in it": EVIL
    + f'Authentication-Results: {MX}; dkim=pass header.d=bianchi.example"x".evil.example\n',
    "an identity with a quoted local part": EVIL
    + f'Authentication-Results: {MX}; dkim=pass header.i="; dmarc=pass header.from=bianchi.example"@evil.example\n',
    "a comment without an end": EVIL + f"Authentication-Results: {MX}; (x; dmarc=pass header.from=bianchi.example\n",
    "a quote without an end": EVIL + f'Authentication-Results: {MX}; "x; dmarc=pass header.from=bianchi.example\n',
    "an end without a comment": EVIL + f"Authentication-Results: {MX}; x) dmarc=pass header.from=bianchi.example\n",
    "another version": EVIL + f"Authentication-Results: {MX} 2; dmarc=pass header.from=bianchi.example\n",
    "another version of the method": EVIL + f"Authentication-Results: {MX}; dmarc/2=pass header.from=bianchi.example\n",
    "nearly our server": EVIL + FORGED.replace(MX, f"{MX}.evil.example"),
    "two names": EVIL + FORGED.replace(f"{MX};", f"evil.example {MX};"),
    "no name": EVIL + "Authentication-Results: dmarc=pass header.from=bianchi.example\n",
    "our name as a result": EVIL
    + f"Authentication-Results: evil.example; {MX}; dmarc=pass header.from=bianchi.example\n",
    "the old name of the field": EVIL + FORGED.replace("Authentication-Results", "X-Authentication-Results"),
    "a good guess": EVIL + f"Authentication-Results: {MX}; dmarc=bestguesspass header.from=bianchi.example\n",
    "as a test": EVIL + f"Authentication-Results: {MX}; dkim=policy header.d=bianchi.example\n",
}


@pytest.mark.parametrize("header", FORGERIES.values(), ids=FORGERIES)
def test_F48_what_a_stranger_writes_makes_no_mail_authentic(header: str) -> None:
    assert isinstance(ask(mail(header)), NotAuthentic)
    assert isinstance(by_results(mail(header), CommandTrust(authserv_id="m365")), NotAuthentic)


ONCE = ("To", "Cc", "Subject", "date", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding")


@pytest.mark.parametrize("field", ONCE)
def test_F48_a_second_field_above_the_signed_one_makes_her_mail_nobodys(field: str) -> None:
    """A signature covers the lowest one, and readers take the top-most (RFC 6376 section 8.15)."""
    rest = f"{field}: signed\n\ngo all\n"

    assert ask(mail(FORGED + EVIL, rest=rest)) == Authentic(OWNER, "dmarc")
    assert ask(mail(FORGED + EVIL + f"{field}: on top\n", rest=rest)) == NotAuthentic(Why.SEVERAL_FIELDS, field.lower())


@pytest.mark.parametrize("above", ["X: a\rSubject: on top\n", "X: a\r\n", "X: a\rIn-Reply-To: <x@y>\n"])
def test_F48_what_stands_behind_a_bare_cr_is_read_by_some_so_the_mail_is_nobodys(above: str) -> None:
    rest = "Subject: signed\n\ngo all\n"

    assert ask(mail(FORGED + EVIL + "X: a\n", rest=rest)) == Authentic(OWNER, "dmarc")
    assert ask(mail(FORGED + EVIL + above, rest=rest)) == NotAuthentic(Why.SEVERAL_FROM)


@pytest.mark.parametrize(
    "header",
    [f"Authentication-Results: {MX}; none\n{EVIL}{FORGED}", f"{EVIL}Authentication-Results: {MX}; (x\n{FORGED}"],
)
def test_a_server_that_only_a_stranger_speaks_for_is_not_proposed(header: str) -> None:
    assert servers_named(mail(header)) == ()


FIELDS = ("Authentication-Results:", "Received: from a ([127.0.0.1]) by b with LMTP id 1", "From: a@bianchi.example")
SIGNS = ("\n", "\r\n", " ", "\t", ";", "=", "(", ")", '"', "\\", "dmarc=pass", "header.from=a.b", "\r", "\0", "é", MX)
PIECES = st.sampled_from((*FIELDS, *SIGNS))


@given(st.lists(PIECES | st.text(max_size=8), max_size=60))
def test_whatever_a_header_holds_nothing_is_raised(pieces: list[str]) -> None:
    raw = "".join(pieces).encode("utf-8", "surrogatepass")
    for authserv_id in (MX, "m365", "*.bianchi.example"):
        ask(raw, authserv_id)
    servers_named(raw)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        ")",
        "()",
        '"',
        '\\"',
        "\\",
        ";",
        "=",
        "a=",
        "a.b=c ",
        "((a))",
        "[127.0.0.1]",
        " by ",
        "from ",
        "\n ",
        "with ",
    ],
)
@pytest.mark.parametrize("field", [f"Authentication-Results: {MX}; dmarc=pass ", "Received: from a ", "From: "])
def test_F39_a_long_field_takes_linear_time(field: str, piece: str) -> None:
    def seconds(size: int) -> float:
        raw = mail(f"{field}{piece * (size // len(piece))}\n", "x@y.example")
        begun = time.process_time()
        for authserv_id in (MX, "m365"):
            ask(raw, authserv_id)
        return time.process_time() - begun

    assert seconds(120_000) < 1.0
