"""The `Received` fields: what came from outside, and what was handed over among our own machines."""

from __future__ import annotations

import pytest

from daemon.mail.whose.trace import Hop, hop

MX = "mx.bianchi.example"


@pytest.mark.parametrize(
    "value",
    [
        f"from {MX} by {MX} with LMTP id X for <a@b.example>; Tue, 17 Nov 2026",
        f"from {MX} ([203.0.113.5]) by {MX} with LMTPS id X",
        f"from localhost (localhost [127.0.0.1])\tby {MX} (Postfix) with ESMTP id X",
        f"from localhost ([::1]) by {MX} with ESMTP id X",
        f"from x (localhost [IPv6:::1]) by {MX} with ESMTP id X",
        f"by {MX} with SMTP id b27csp312345dyk; Mon, 16 Nov 2026",
    ],
)
def test_what_was_handed_over_within_one_machine_is_passed(value: str) -> None:
    assert hop(value) == Hop(MX, local=True, inside=True)


@pytest.mark.parametrize("address", ["10.202.2.43", "172.17.0.1", "192.168.1.1", "IPv6:fd00::1", "fe80::1"])
def test_a_private_address_is_inside_and_not_as_sure(address: str) -> None:
    assert hop(f"from gateway (gateway [{address}]) by {MX} with ESMTPS id X") == Hop(MX, inside=True)


@pytest.mark.parametrize(
    "value",
    [
        f"from evil.example (evil.example [203.0.113.66]) by {MX} with ESMTPS id X",
        f"from [127.0.0.1] (evil.example [203.0.113.66]) by {MX} with ESMTPS id X",
        f"from [127.0.0.1] (unknown [203.0.113.66]) (using TLSv1.3) by {MX} with ESMTPS id X",
        f"from [203.0.113.66] (helo=[127.0.0.1]) by {MX} with esmtps id X",
        f"from evil.example ([203.0.113.66] helo=[127.0.0.1]) by {MX} with esmtps id X",
        f"from [127.0.0.1] by {MX} with SMTP id X",
        f"from {MX} by {MX} with ESMTP id LMTP",
        f"from x (x [172.32.0.1]) by {MX} with ESMTP id X",
        f"from x (x [127.0.0.1.evil]) by {MX} with ESMTP id X",
        f"from x (x [127.0.0.1] [999.9.9.9]) by {MX} with ESMTP id X",
        f"by {MX} (Postfix, from userid 33) id X",
        f"by {MX} (Postfix, from userid 33) with SMTP id X",
        f"from www-data by {MX} with local (Exim 4.96) id X",
    ],
)
def test_what_comes_from_elsewhere_is_outside_whatever_it_calls_itself(value: str) -> None:
    assert hop(value) == Hop(MX)


@pytest.mark.parametrize(
    "value",
    [
        f"from laptop (host [203.0.113.9]) by {MX} (Postfix) with ESMTPSA id X",
        f"from laptop (host [203.0.113.9]) by {MX} with esmtpsa (TLS1.3) (Exim 4.96) id X",
        f"from laptop (host [203.0.113.9]) by {MX} with UTF8SMTPSA id X",
        f"from laptop (host [203.0.113.9]) (authenticated bits=0) by {MX} (8.15.2) with ESMTP id X",
        f"from laptop (host [203.0.113.9]) (Authenticated sender: ada@x.example) by {MX} (Postfix) with ESMTP id X",
    ],
)
def test_who_logged_in_is_told_apart(value: str) -> None:
    assert hop(value) == Hop(MX, logged_in=True)


def test_qmail_writes_two_for_one() -> None:
    assert hop("(qmail 1234 invoked from network); 17 Nov 2026 07:02:14 -0000").inside
    assert not hop("(qmail 1234 invoked by uid 89); 17 Nov 2026 07:02:14 -0000").inside
    assert hop(f"from unknown (HELO x) (203.0.113.66) by {MX} with SMTP; 17 Nov 2026") == Hop(MX)


@pytest.mark.parametrize(
    "value", ["", "(", ")", "from", "by", "from a", "by ", "from  by  with ", "x" * 9_999, "(" * 9_999]
)
def test_what_cannot_be_read_came_from_outside(value: str) -> None:
    assert not hop(value).inside
