"""Is a mail really the owner's?  Headers as the servers of the world write them, and as forgers do (F48, F49)."""

from __future__ import annotations

import pytest

from daemon.domain.books.authenticity import Authentic, Flaw, NotAuthentic, Signature, Verdict, Why
from daemon.domain.books.owner import CommandTrust
from daemon.mail.whose.authenticity import by_results, by_signatures, servers_named, wants_signatures
from tests import authentic_mails as shapes
from tests.authentic_mails import EVIL, FORGED, MX, OWNER, SAID, ask, mail


def why(raw: bytes, authserv_id: str | None = MX) -> str:
    verdict = ask(raw, authserv_id)
    assert isinstance(verdict, NotAuthentic), verdict
    return verdict.why


@pytest.mark.parametrize(
    ("header", "authserv_id", "how"),
    [
        (shapes.GMAIL, "mx.google.com", "dmarc"),
        (shapes.EXCHANGE_ONLINE, "m365", "dmarc"),
        (shapes.EXCHANGE_INTERNAL, "m365", "m365-internal"),
        (shapes.FASTMAIL, "*.messagingengine.com", "dmarc"),
        (shapes.POSTFIX, MX, "dmarc"),
        (shapes.NEWER_MILTERS, MX, "dkim"),
        (shapes.RSPAMD, "mail.bianchi.example", "dmarc"),
        (shapes.YAHOO, "*.yahoo.com", "dmarc"),
        (shapes.GMX, "gmx.net", "dkim"),
        (shapes.ICLOUD, "dmarc.icloud.com", "dmarc"),
        (shapes.ICLOUD, "dkim-verifier.icloud.com", "dkim"),
        (shapes.ARUBA, "mx.aruba.it", "dmarc"),
    ],
    ids=[
        "gmail",
        "m365",
        "m365-internal",
        "fastmail",
        "postfix",
        "newer-milters",
        "rspamd",
        "yahoo",
        "gmx",
        "icloud",
        "icloud-dkim",
        "aruba",
    ],
)
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_the_owners_mail_is_known_at_the_servers_of_the_world(
    header: str, authserv_id: str, how: str, line_end: str
) -> None:
    raw = mail(header, line_end=line_end)

    assert ask(raw, authserv_id) == Authentic(OWNER, how)
    assert by_results(
        mail(header, "Mallory <mallory@evil.example>", line_end=line_end), CommandTrust(authserv_id=authserv_id)
    ) != Authentic(OWNER, how)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (shapes.GMAIL, "mx.google.com"),
        (shapes.EXCHANGE_ONLINE, "m365"),
        (shapes.FASTMAIL, "phl-mx-01.messagingengine.com"),
        (shapes.POSTFIX, MX),
        (shapes.ICLOUD, "dmarc.icloud.com"),
    ],
)
def test_the_server_to_believe_is_read_off_a_mail(header: str, found: str) -> None:
    assert servers_named(mail(header))[0] == found


def test_comments_may_be_nested_and_hold_anything() -> None:
    comment = '(p=none (a "\\(" comment; dmarc=fail))'
    header = f"Authentication-Results: {MX}; dmarc=pass {comment} header.from=bianchi.example\n"

    assert ask(mail(EVIL + header)) == Authentic(OWNER, "dmarc")


def test_without_trust_in_the_config_nobody_is_believed() -> None:
    assert why(mail(shapes.GMAIL), None) == Why.NO_TRUST


def test_a_server_that_the_config_does_not_name_is_not_believed() -> None:
    assert ask(mail(shapes.GMAIL)) == NotAuthentic(Why.OTHER_SERVER, "mx.google.com")
    assert why(mail(shapes.FASTMAIL), "messagingengine.com") == Why.OTHER_SERVER, "only `*.` stands for machines"
    assert (
        why(mail(shapes.GMAIL.replace("mx.google.com;", "evilmx.google.com;")), "*.mx.google.com") == Why.OTHER_SERVER
    )


def test_the_name_of_the_server_counts_in_whatever_case_and_in_quotes() -> None:
    header = FORGED.replace(MX, '"MX.Bianchi.EXAMPLE" 1 (a comment)')

    assert ask(mail(header + EVIL)) == Authentic(OWNER, "dmarc")


def test_a_mail_without_any_result_says_so_and_a_signature_may_vouch() -> None:
    """Submitted through the creditor's own server: Postfix writes nothing for those who have logged in."""
    raw = mail(
        "Received: from laptop (host.example [203.0.113.9]) by mx.bianchi.example (Postfix) with ESMTPSA id 4F3\n"
    )

    assert why(raw) == Why.NO_RESULTS
    assert wants_signatures(ask(raw), CommandTrust(authserv_id=MX, dkim=True))
    assert not wants_signatures(ask(raw), CommandTrust(authserv_id=MX)), "only where the config says so"


def test_where_the_server_has_spoken_no_signature_is_asked_for() -> None:
    trust = CommandTrust(authserv_id=MX, dkim=True)

    assert not wants_signatures(ask(mail(EVIL + SAID)), trust)
    assert not wants_signatures(ask(mail(shapes.POSTFIX)), trust)
    assert wants_signatures(ask(mail(shapes.GMAIL)), trust), "another server is no server of ours"
    assert wants_signatures(ask(mail(""), None, dkim=True), CommandTrust(dkim=True))
    assert not wants_signatures(ask(mail("From: x@y.example\n")), trust), "two Froms: nobody is looked up"


def test_behind_a_private_network_only_the_top_most_field_counts() -> None:
    """A container may see all the world come from one private address, a stranger's header with it."""
    hop = f"Received: from out.example (gateway [172.17.0.1]) by {MX} (Postfix) with ESMTPS id 4F3\n"
    none = f"Authentication-Results: {MX}; dkim=none; dmarc=none header.from=bianchi.example\n"

    assert why(mail(hop + none + FORGED)) == Why.RESULTS_FAIL
    assert ask(mail(hop + FORGED + none)) == Authentic(OWNER, "dmarc")


def test_above_the_border_every_field_of_the_server_counts() -> None:
    spf = f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=bianchi.example\n"

    assert ask(mail(spf + FORGED + EVIL)) == Authentic(OWNER, "dmarc")
    assert why(mail(FORGED + SAID + EVIL)) == Why.RESULTS_FAIL, "a no of ours counts, whatever else we said"
    assert why(mail(spf + EVIL)) == Why.NO_RESULTS, "the envelope alone says nothing of From"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("compauth=pass", "compauth=fail", Why.RESULTS_FAIL),
        ("dmarc=pass", "dmarc=fail", Why.RESULTS_FAIL),
        ("header.from=bianchi.example", "header.from=evil.example", Why.NOT_ALIGNED),
        ("X-MS-Exchange-Organization-AuthAs: Anonymous\n", "", Why.NO_RESULTS),
        ("by AM0PR02MB2222.eurprd02.prod.outlook.com with HTTPS", "by mx.evil.example with HTTPS", Why.OTHER_SERVER),
        (
            "by AM0PR02MB2222.eurprd02.prod.outlook.com with HTTPS",
            "by x.outlook.com.evil.example with HTTPS",
            Why.OTHER_SERVER,
        ),
        ("Authentication-Results: spf", "Authentication-Results-Original: spf", Why.NO_RESULTS),
        ("Authentication-Results: spf", "Authentication-Results: mx.evil.example; spf", Why.NO_RESULTS),
        ("AS4P190CA0001.outlook.office365.com", "relay.evil.example", Why.NO_RESULTS),
        ("X-MS-Exchange-Organization-AuthAs: Anonymous", "X-MS-Exchange-Organization-AuthAs: Internal", None),
    ],
)
def test_what_does_not_fit_at_exchange_online_is_refused(old: str, new: str, expected: Why | None) -> None:
    assert old in shapes.EXCHANGE_ONLINE
    verdict = ask(mail(shapes.EXCHANGE_ONLINE.replace(old, new)), "m365")

    assert verdict == Authentic(OWNER, "dmarc") if expected is None else getattr(verdict, "why", verdict) == expected


def test_a_mail_from_outside_is_never_internal_at_exchange_online() -> None:
    """The header firewall takes the stranger's field out; we do not rest on it."""
    header = shapes.EXCHANGE_ONLINE.replace("dmarc=pass", "dmarc=fail").replace("AuthAs: Anonymous", "AuthAs: Internal")

    assert why(mail(header), "m365") == Why.RESULTS_FAIL
    assert (
        why(mail(shapes.EXCHANGE_INTERNAL + "X-MS-Exchange-Organization-AuthAs: Internal\n"), "m365") == Why.NO_RESULTS
    )


def test_a_field_below_the_border_of_exchange_online_is_a_strangers() -> None:
    at = shapes.EXCHANGE_ONLINE.index("Authentication-Results")
    end = shapes.EXCHANGE_ONLINE.index("Received-SPF")
    field = shapes.EXCHANGE_ONLINE[at:end]

    assert why(mail(shapes.EXCHANGE_ONLINE.replace(field, "") + field), "m365") == Why.NO_RESULTS
    unreadable = field.replace("dmarc=pass", "dmarc=fail (")
    assert why(mail(shapes.EXCHANGE_ONLINE.replace(field, unreadable + field)), "m365") == Why.NO_RESULTS


DOMAIN_SIGNED = [Signature(domain="bianchi.example")]


@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        ([Signature(domain="bianchi.example")], Authentic(OWNER, "signature")),
        (
            [Signature(domain="bianchi.example", flaw=Flaw.BROKEN), Signature(domain="bianchi.example")],
            Authentic(OWNER, "signature"),
        ),
        ([Signature(domain="evil.example")], NotAuthentic(Why.NOT_ALIGNED, "evil.example")),
        ([Signature(domain="bianchi.example", flaw=Flaw.BROKEN)], NotAuthentic(Why.DKIM_FAIL, "broken")),
        ([Signature(domain="bianchi.example", flaw=Flaw.LENGTH)], NotAuthentic(Why.DKIM_LENGTH)),
        ([Signature(domain="bianchi.example", flaw=Flaw.LOOK_UP_FAILED)], NotAuthentic(Why.LOOK_UP_FAILED)),
        ([], NotAuthentic(Why.NO_RESULTS)),
    ],
)
def test_a_signature_vouches_only_for_exactly_its_own_domain(signatures: list[Signature], expected: Verdict) -> None:
    assert by_signatures(mail(""), signatures, NotAuthentic(Why.NO_RESULTS)) == expected


def test_no_signature_vouches_for_two_froms() -> None:
    raw = mail("From: mallory@evil.example\n")

    assert by_signatures(raw, DOMAIN_SIGNED, NotAuthentic(Why.NO_RESULTS)) == NotAuthentic(Why.SEVERAL_FROM)
