"""From DATA on: what is known, what is in doubt, and that nothing goes out behind our back (F2 to F5)."""

import asyncio
import inspect
from typing import Any

import pytest

from daemon.adapters.smtp import SmtpRelay
from daemon.ports import Accepted, Deferred, Fault, InDoubt, Refused, Security
from tests.real.line_proxy import LineProxy, Rules
from tests.real.tls import Certificates
from tests.smtp_parcels import a_parcel, relay_to, send, smtp_settings
from tests.smtp_peer import After, SmtpPeer

LARGE = (b"x" * 998 + b"\r\n") * 2_000  # 2 MB: our kernel takes it all, the stalled server's does not
HUGE = LARGE * 20  # more than the kernels hold between them
STALLS: dict[str, Any] = {"body_bytes": 1000, "extensions": (), "receive_buffer": 65_536}


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


async def test_F2_the_reply_to_a_letter_is_waited_for() -> None:
    """A shorter wait "would typically result in delivery of multiple copies" (RFC 5321 section 4.5.3.2.6)."""
    async with SmtpPeer(dot=After(0.8)) as peer, relay_to(peer, reply_timeout=2.0) as relay:
        assert isinstance(await send(relay), Accepted)


def test_F2_by_default_the_wait_is_ten_minutes() -> None:
    assert inspect.signature(SmtpRelay).parameters["reply_timeout"].default == 600


async def test_F2_no_reply_to_a_letter_leaves_it_in_doubt() -> None:
    async with SmtpPeer(dot=["hang", "ok"]) as peer, relay_to(peer, reply_timeout=0.3) as relay:
        first = await send(relay)
        second = await send(relay)

        assert first == InDoubt("message: no answer in time")
        assert isinstance(second, Accepted)
        assert [m.connection for m in peer.received] == [1, 2]


@pytest.mark.parametrize("content", [LARGE, HUGE], ids=["in the kernel", "in the transport"])
async def test_F3_what_was_not_sent_when_we_gave_up_is_never_sent(content: bytes) -> None:
    """The server stalls in the middle of the letter and reads on after we gave up: it must not find a whole letter."""
    async with (
        SmtpPeer(body=After(1.5), **STALLS) as peer,
        relay_to(peer, reply_timeout=0.5) as relay,
    ):
        answer = await send(relay, a_parcel(content=content))
        await peer.until_left()

        assert answer == InDoubt("message: no answer in time")
        assert peer.received == []


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
async def test_F3_a_slow_line_has_its_time_as_long_as_it_moves(certificates: Certificates, security: Security) -> None:
    """The wait begins anew with each piece: a large attachment over a slow line is not a fault."""
    slow = Rules(pieces=131_072, gap=0.015)  # 8 MB a second at most
    tls = certificates.server_context() if security is Security.TLS else None
    async with (
        SmtpPeer(extensions=(), tls=tls, implicit_tls=tls is not None) as peer,
        LineProxy(peer.port, up=slow) as proxy,
    ):
        settings = smtp_settings(proxy.port, security=security, ca_file=str(certificates.ca_file))
        relay = SmtpRelay(settings, None, reply_timeout=2.0)
        began = asyncio.get_running_loop().time()
        answer = await send(relay, a_parcel(content=HUGE))
        await relay.close()

        assert isinstance(answer, Accepted)
        assert asyncio.get_running_loop().time() - began > 2.5
        assert len(peer.accepted[0].data) == len(HUGE)


@pytest.mark.parametrize("content", [LARGE, HUGE], ids=["in the kernel", "in the transport"])
async def test_F3_what_was_not_sent_over_tls_is_never_sent(certificates: Certificates, content: bytes) -> None:
    peer = SmtpPeer(body=After(1.5), tls=certificates.server_context(), implicit_tls=True, **STALLS)
    async with (
        peer,
        relay_to(peer, security=Security.TLS, ca_file=str(certificates.ca_file), reply_timeout=0.5) as relay,
    ):
        answer = await send(relay, a_parcel(content=content))
        await peer.until_left()

        assert answer == InDoubt("message: no answer in time")
        assert peer.received == []


async def test_F3_a_refusal_in_mid_letter_is_heard_and_the_line_is_dropped() -> None:
    """What is still to come would be read as commands."""
    async with (
        SmtpPeer(body=["552 5.3.4 Too large", "ok"], body_bytes=100_000, extensions=()) as peer,
        relay_to(peer) as relay,
    ):
        first = await send(relay, a_parcel(content=HUGE))
        async with asyncio.timeout(3):  # less than it takes to find out that the line is spoilt
            second = await send(relay)

        assert first == Refused(Fault.MESSAGE, "message: 552 5.3.4 Too large", 552)
        assert isinstance(second, Accepted)
        assert [m.connection for m in peer.received] == [2]


@pytest.mark.parametrize("fault", ["hang up", "reset"])
async def test_F4_a_line_lost_after_the_final_dot_leaves_the_letter_in_doubt(fault: str) -> None:
    """The server has it; whether it takes it is unknown."""
    async with SmtpPeer(dot=[fault, "ok"]) as peer, relay_to(peer) as relay:
        first = await send(relay)
        second = await send(relay)

        assert isinstance(first, InDoubt)
        assert isinstance(second, Accepted)
        assert len(peer.received) == 2


@pytest.mark.parametrize("fault", ["hang up", "reset"])
@pytest.mark.parametrize("phase", ["data", "body"])
async def test_F4_a_line_lost_from_data_on_leaves_the_letter_in_doubt(phase: str, fault: str) -> None:
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        peer.script[phase] = fault

        assert isinstance(await send(relay), InDoubt)
        assert peer.connections == 1  # never tried again by itself


@pytest.mark.parametrize("fault", ["hang up", "reset", "hang"])
@pytest.mark.parametrize("phase", ["mail", "rcpt"])
async def test_a_line_lost_before_data_leaves_the_letter_untouched(phase: str, fault: str) -> None:
    """Nothing was offered: it may go later, and the fault is the session's, not the recipient's."""
    async with SmtpPeer() as peer, relay_to(peer, reply_timeout=0.3) as relay:
        peer.script[phase] = fault
        answer = await send(relay)

        assert isinstance(answer, Deferred)
        assert answer.ours
        assert peer.received == []


async def test_a_reply_that_is_none_leaves_the_letter_in_doubt() -> None:
    async with SmtpPeer(dot=["what? no idea", "ok"]) as peer, relay_to(peer) as relay:
        first = await send(relay)
        second = await send(relay)

        assert isinstance(first, InDoubt)
        assert isinstance(second, Accepted)
        assert [m.connection for m in peer.received] == [1, 2]


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data", "dot"])
async def test_F5_a_cancelled_send_ends_its_line_and_the_next_letter_has_its_own_answers(phase: str) -> None:
    """Reused, the late reply would answer the next letter's command."""
    async with SmtpPeer() as peer, relay_to(peer, connections=1) as relay:
        await send(relay)
        peer.script[phase] = [After(0.4, "550 5.1.1 late"), "ok"]
        sending = asyncio.create_task(send(relay))
        await asyncio.sleep(0.15)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        answer = await send(relay, a_parcel("next@acme.example"))

        assert isinstance(answer, Accepted)
        assert peer.accepted[-1].recipients == ["next@acme.example"]
        assert peer.accepted[-1].connection == 2


@pytest.mark.parametrize("content", [LARGE, HUGE], ids=["in the kernel", "in the transport"])
async def test_F5_a_cancelled_send_leaves_no_whole_letter_behind(content: bytes) -> None:
    async with SmtpPeer(body=After(1.0), **STALLS) as peer, relay_to(peer) as relay:
        sending = asyncio.create_task(send(relay, a_parcel(content=content)))
        await asyncio.sleep(0.5)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await peer.until_left()

        assert peer.received == []


async def test_F5_a_cancelled_wait_for_a_line_takes_no_place() -> None:
    async with SmtpPeer(connect=[After(0.4), "ok"]) as peer, relay_to(peer, connections=1) as relay:
        waiting = asyncio.create_task(send(relay))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

        assert isinstance(await send(relay), Accepted)
