"""What meets a command line is checked once more (F15, F16)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.smtp_envelope import Envelope, seal, xtext
from daemon.ports import Accepted, Fault, Refused
from tests.smtp_parcels import a_parcel, relay_to, send
from tests.smtp_peer import SmtpPeer

HOSTILE = [
    "x@y.example NOTIFY=NEVER",
    "x@y.example> NOTIFY=NEVER",
    "x@y.example\r\nRCPT TO:<z@z.example",
    "x@y.example\nDATA",
    "x\0@y.example",
    "<x@y.example>",
    '"x y"@y.example',
    "x@y@z.example",
    "@y.example",
    "x@",
    "x",
    "",
    "x@-y.example",
    "x@y..example",
    "x@[127.0.0.1]",
    "x,z@y.example",
    "=?utf-8?q?x?=@y.example\r\n",
    "anna\u2028@y.example",
    "ännä@y.example",  # needs SMTPUTF8 all the way, which nobody can promise
    "x@" + "y" * 64 + ".example",
    "x" * 65 + "@y.example",
    "x@" + ".".join(["y" * 60] * 5),
]


@pytest.mark.parametrize("address", HOSTILE)
async def test_F16_a_hostile_address_reaches_no_command_line(address: str) -> None:
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        to = await send(relay, a_parcel(address))
        sender = await send(relay, a_parcel(sender=address))

        assert isinstance(to, Refused)
        assert to.fault is Fault.ADDRESS
        assert isinstance(sender, Refused)
        assert sender.fault is Fault.OURS  # `creditor.email` is wrong
        assert not any(command.startswith(("MAIL", "RCPT")) for command in peer.commands)


@given(st.text(max_size=40), st.text(max_size=40))
def test_F16_what_is_sealed_cannot_break_out_of_its_brackets(local: str, domain: str) -> None:
    sealed = seal(a_parcel(f"{local}@{domain}"))

    if isinstance(sealed, Envelope):
        assert sealed.recipient.isascii()
        assert not set(sealed.recipient) & set(b' <>\r\n\t\0"\\,;:()')
        assert sealed.recipient.count(b"@") == 1


@pytest.mark.parametrize("content", [b"", b"a\r\n.\nb\r\n", b"a\nb\r\n", b"a\rb\r\n", b"a\xe9\r\n", b"a\0b\r\n"])
async def test_F16_a_letter_that_servers_could_read_in_two_ways_is_not_offered(content: bytes) -> None:
    """A bare CR or LF around a dot is how letters are smuggled into letters."""
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        answer = await send(relay, a_parcel(content=content))

        assert isinstance(answer, Refused)
        assert answer.fault is Fault.MESSAGE
        assert not any(command.startswith("MAIL") for command in peer.commands)


async def test_F15_a_non_ascii_domain_travels_by_its_idna_name() -> None:
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        answer = await send(relay, a_parcel("info@Bücher.example", sender="büro@example.example"))
        good = await send(relay, a_parcel("info@Bücher.example", sender="buero@straße.example"))

        assert isinstance(answer, Refused)
        assert isinstance(good, Accepted)
        assert peer.accepted[0].recipients == ["info@xn--bcher-kva.example"]
        assert peer.accepted[0].sender == "buero@xn--strae-oqa.example"


@pytest.mark.parametrize(
    "address", ["anna+fatture@acme.example", "o'neill@acme.example", "a_b-c.d@sub.acme.example", "a..b.@acme.example"]
)
def test_addresses_that_people_really_have_pass_unchanged(address: str) -> None:
    sealed = seal(a_parcel(address))

    assert isinstance(sealed, Envelope)
    assert sealed.recipient == address.encode()


@given(st.text())
def test_xtext_is_what_rfc_3461_allows_and_can_be_read_back(text: str) -> None:
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        return  # no token has half a character
    encoded = xtext(text)
    parts = encoded.split(b"+")
    decoded = parts[0] + b"".join(bytes([int(part[:2], 16)]) + part[2:] for part in parts[1:])

    assert all(33 <= octet <= 126 and octet != ord("=") for octet in encoded)
    assert decoded == text.encode()


def test_a_token_too_long_for_an_envelope_id_is_left_out() -> None:
    """RFC 3461 section 4.4: at most 100 characters, else the server refuses the letter."""
    sealed = seal(a_parcel(envelope_id="é" * 20))

    assert isinstance(sealed, Envelope)
    assert sealed.envid == b""
