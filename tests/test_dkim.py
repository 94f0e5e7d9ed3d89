"""DKIM, verified with real keys and signatures; only the DNS is told what to answer (RFC 6376, RFC 8301, RFC 8463)."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.dkim_signatures import DkimSignatures
from daemon.domain.books.authenticity import Authentic, Flaw, NotAuthentic, Signature, Why
from daemon.domain.books.owner import CommandTrust
from daemon.loops.authenticate import authenticate
from tests.authentic_mails import OWNER, POSTFIX, mail
from tests.dkim_signed import DOMAIN, NAME, Dns, record, signed

LETTER = mail("")
TRUST = CommandTrust(dkim=True)


async def verified(raw: bytes, dns: Dns | None = None, now: float | None = None) -> tuple[Signature, ...]:
    signatures = DkimSignatures((dns or Dns(record())).look_up, (lambda: now) if now is not None else time.time)
    return await signatures.verify(raw, DOMAIN)


async def flaw(raw: bytes, dns: Dns | None = None, now: float | None = None) -> Flaw | None:
    (found,) = await verified(raw, dns, now)
    return found.flaw


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
async def test_a_good_signature_makes_the_mail_authentic(line_end: str) -> None:
    dns = Dns(record())
    raw = signed(mail("")).replace(b"\r\n", line_end.encode())

    assert await verified(raw, dns) == (Signature(domain=DOMAIN, closed=True),)
    assert await authenticate(raw, TRUST, DkimSignatures(dns.look_up)) == Authentic(OWNER, "signature")
    assert dns.asked == [NAME, NAME]


async def test_an_ed25519_signature_is_as_good() -> None:
    assert await flaw(signed(LETTER, algorithm="ed25519-sha256"), Dns(record(kind="ed25519"))) is None


async def test_a_field_that_servers_put_on_top_changes_nothing() -> None:
    raw = b"Received: from a by b\r\nX-Spam-Status: No\r\n" + signed(LETTER)

    assert await flaw(raw) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"paid 1", b"paid 2"),
        (b"\r\npaid 1\r\n", b"\r\npaid 1\r\ngo all\r\n"),
        (b"Subject: Re:", b"Subject: Fw:"),
        (b"Giulia Bianchi <giulia@", b"Giulia <giulia@"),
        (b"bh=", b"bh=A"),
        (b"s=mail", b"s=.."),
        (b"v=1", b"v=2"),
        (b"d=bianchi.example", b"d=bianchi.example; d=bianchi.example"),
    ],
)
async def test_whatever_is_changed_on_the_way_breaks_the_signature(old: bytes, new: bytes) -> None:
    raw = signed(LETTER)
    assert old in raw

    assert await flaw(raw.replace(old, new, 1)) in (Flaw.BROKEN, Flaw.OTHER_DOMAIN)


async def test_a_second_from_is_nobodys_whatever_was_signed() -> None:
    raw = signed(LETTER)
    dns = Dns(record())
    above = b"From: mallory@evil.example\r\n" + raw
    below = raw.replace(b"\r\nTo:", b"\r\nFrom: mallory@evil.example\r\nTo:")

    for two in (above, below):
        assert await authenticate(two, TRUST, DkimSignatures(dns.look_up)) == NotAuthentic(Why.SEVERAL_FROM)
    assert dns.asked == []
    assert await flaw(below) is Flaw.BROKEN


async def test_a_signature_over_a_part_of_the_text_is_refused_though_it_verifies() -> None:
    """Whatever is appended would command (FIELD, dkimpy)."""
    raw = signed(LETTER, length=True) + b"go all\r\n"

    assert await flaw(raw) is Flaw.LENGTH
    assert await authenticate(raw, TRUST, DkimSignatures(Dns(record()).look_up)) == NotAuthentic(Why.DKIM_LENGTH)


async def test_a_signature_ends_at_the_second_that_it_names() -> None:
    """dkimpy alone would allow ten hours more."""
    raw = signed(LETTER)
    expiring = re.sub(rb"t=(\d+)", rb"t=\1; x=\1", raw, count=1)

    assert await flaw(expiring, now=time.time() + 60) is Flaw.EXPIRED
    assert await flaw(expiring, now=time.time() - 60) is Flaw.BROKEN, "not yet: but the test has changed the field"
    assert await flaw(expiring.replace(b"x=", b"x=never", 1)) is Flaw.EXPIRED


async def test_sha1_and_short_keys_are_refused() -> None:
    assert await flaw(signed(LETTER, algorithm="rsa-sha1")) is Flaw.WEAK
    assert await flaw(signed(LETTER, bits=1024), Dns(record(1024))) is None
    assert await flaw(signed(LETTER, bits=768), Dns(record(768))) is Flaw.WEAK
    assert await flaw(signed(LETTER), Dns(record(more="h=sha1; "))) is Flaw.NO_KEY


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], Flaw.NO_KEY),
        ([b"v=spf1 -all"], Flaw.NO_KEY),
        ([b"v=DKIM1; k=rsa; p="], Flaw.NO_KEY),
        ([b"v=DKIM2; k=rsa; p=AAAA"], Flaw.NO_KEY),
        ([b"v=DKIM1; k=rsa; p=AAAA"], Flaw.BROKEN),
        ([b"\xff\xfe"], Flaw.NO_KEY),
        ([record(more="t=y; ")], Flaw.TESTING),
        ([record(more="t=y:s; ")], Flaw.TESTING),
        ([record(more="t=s; ")], None),
        ([record(more="s=tlsrpt; ")], Flaw.NO_KEY),
        ([record(more="s=email; h=sha1:sha256; n=a note; ")], None),
        ([record(), record()], Flaw.NO_KEY),
        ([record(), b"google-site-verification=x"], None),
        ([record(kind="ed25519")], Flaw.NO_KEY),
        ([record(1024)], Flaw.BROKEN),
    ],
)
async def test_the_key_has_to_be_one_that_may_be_used(records: list[bytes], expected: Flaw | None) -> None:
    assert await flaw(signed(LETTER), Dns(*records)) is expected


async def test_a_key_may_be_for_the_domain_alone_and_not_for_what_is_below_it() -> None:
    raw = signed(LETTER, identity="giulia@web.bianchi.example")

    assert await flaw(raw) is None
    assert await flaw(raw, Dns(record(more="t=s; "))) is Flaw.BROKEN


async def test_from_has_to_be_signed_and_it_is_noted_whether_another_could_be_added() -> None:
    raw = signed(LETTER, headers=(b"from", b"to", b"subject", b"date"))
    (open_,) = await verified(raw)

    assert (open_.flaw, open_.closed) == (None, False)
    without = re.sub(rb"h=from : ", b"h=", raw, count=1)
    assert without != raw
    assert await flaw(without) is Flaw.FROM_UNSIGNED


async def test_no_answer_of_the_dns_is_not_the_same_as_no_key() -> None:
    """It is asked again later, and not refused for ever."""
    raw = signed(LETTER)
    down = DkimSignatures(Dns(down=True).look_up)

    assert await authenticate(raw, TRUST, down) == NotAuthentic(Why.LOOK_UP_FAILED)
    nothing = DkimSignatures(Dns().look_up)
    assert await authenticate(raw, TRUST, nothing) == NotAuthentic(Why.DKIM_FAIL, "no-key")


async def test_another_domains_signature_is_named_and_its_dns_is_not_asked() -> None:
    raw = signed(LETTER, domain="evil.example")
    dns = Dns(record())

    assert await verified(raw, dns) == (Signature(domain="evil.example", flaw=Flaw.OTHER_DOMAIN, closed=True),)
    assert await authenticate(raw, TRUST, DkimSignatures(dns.look_up)) == NotAuthentic(Why.NOT_ALIGNED, "evil.example")
    assert dns.asked == []


@pytest.mark.parametrize("domain", ["web.bianchi.example", "example", "bianchi.example.evil.example"])
async def test_only_exactly_the_domain_of_from_may_sign(domain: str) -> None:
    verdict = await authenticate(signed(LETTER, domain=domain), TRUST, DkimSignatures(Dns(record()).look_up))

    assert verdict == NotAuthentic(Why.NOT_ALIGNED, domain)


async def test_a_good_signature_below_others_is_found_and_at_most_three_are_looked_up() -> None:
    dns = Dns(record())
    broken = b"".join(
        b"DKIM-Signature: v=1; a=rsa-sha256; d=bianchi.example; s=s%d; h=from; bh=AAAA; b=AAAA\r\n" % n
        for n in range(9)
    )

    assert None in [found.flaw for found in await verified(broken[: len(broken) // 9 * 2] + signed(LETTER), dns)]
    assert len(dns.asked) == 3
    assert None not in [found.flaw for found in await verified(broken + signed(LETTER), dns)]
    assert len(dns.asked) == 6


async def test_nobody_is_asked_where_the_owners_server_has_spoken() -> None:
    dns = Dns(record())
    trust = CommandTrust(authserv_id="mx.bianchi.example", dkim=True)
    refused = signed(LETTER).replace(b"paid 1", b"paid 2")
    fails = POSTFIX.replace("dmarc=pass", "dmarc=fail").encode().replace(b"\n", b"\r\n")

    assert await authenticate(mail(POSTFIX), trust, DkimSignatures(dns.look_up)) == Authentic(OWNER, "dmarc")
    assert await authenticate(fails + refused, trust, DkimSignatures(dns.look_up)) == NotAuthentic(
        Why.RESULTS_FAIL, "dmarc"
    )
    assert await authenticate(signed(LETTER), CommandTrust(), DkimSignatures(dns.look_up)) == NotAuthentic(Why.NO_TRUST)
    assert dns.asked == []


async def test_a_mail_without_a_signature_keeps_the_reason_that_it_had() -> None:
    assert await authenticate(LETTER, TRUST, DkimSignatures(Dns().look_up)) == NotAuthentic(Why.NO_RESULTS)


async def test_a_huge_mail_is_not_verified() -> None:
    raw = signed(mail("", rest="\n" + "x\n" * 1_500_000))

    assert await verified(raw) == ()


@given(
    st.lists(
        st.sampled_from(["v=1", "a=rsa-sha256", "d=bianchi.example", "s=mail", "h=from", "bh=", "b=", "x=1", "l=1"])
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_signature_holds_nothing_is_raised(tags: list[str]) -> None:
    raw = f"DKIM-Signature: {'; '.join(tags)}\r\n".encode() + LETTER
    signatures = DkimSignatures(Dns(record()).look_up)

    assert None not in [found.flaw for found in signatures._verify(raw, DOMAIN)]


@pytest.mark.parametrize("raw", [b"", b" ", b"DKIM-Signature: v=1", b"\r\n\r\n", b"DKIM-Signature:\r\n" * 400 + LETTER])
async def test_whatever_a_mail_is_nothing_is_raised(raw: bytes) -> None:
    assert None not in [found.flaw for found in await verified(raw)]
