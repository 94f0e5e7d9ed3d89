"""`check --online` proposes the server whose results can be believed."""

from __future__ import annotations

import pytest

from daemon.wiring.check_commands import proposed


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ([], None),
        ([(), ()], None),
        ([("mx.google.com",), (), ("mx.google.com", "x.example")], "mx.google.com"),
        ([("m365",), ("m365",), ("mx.a.example",)], "m365"),
        ([("phl-mx-01.messagingengine.com",), ("phl-mx-05.messagingengine.com",)], "*.messagingengine.com"),
        ([("a.example",), ("b.example",), ("a.example",)], "a.example"),
        ([("mx.evil.example",), ("mx.bianchi.example",), ("mx.bianchi.example",)], "mx.bianchi.example"),
    ],
)
def test_the_server_that_most_mails_name_is_proposed(named: list[tuple[str, ...]], expected: str | None) -> None:
    assert proposed(named) == expected
