"""The log-in to a relay by a token, and a session that ends with it, against a scripted server (F13, F27)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.smtp import SmtpRelay
from daemon.ports import Accepted, Deferred, Fault, OAuth, Refused
from tests.canary import MARK
from tests.smtp_parcels import USER, send, smtp_settings
from tests.smtp_peer import Script, SmtpPeer

GOOD = f"good-{MARK}"
OAUTH = OAuth(provider="custom", client_id="sollecito", token_url="https://login.example/token")


@asynccontextmanager
async def relay_with(
    peer: SmtpPeer, token: Callable[[], str], renew: Callable[[str], str] | None = None, **settings: Any
) -> AsyncIterator[SmtpRelay]:
    stated = smtp_settings(peer.port, username=USER, oauth=OAUTH, **settings)
    relay = SmtpRelay(stated, token, renew=renew, reply_timeout=5, connect_timeout=5)
    try:
        yield relay
    finally:
        await relay.close()


def a_peer(**script: Script) -> SmtpPeer:
    return SmtpPeer(users={USER: GOOD}, auth_needs_tls=False, **script)  # type: ignore[arg-type]  # only scripts here


async def test_the_token_is_said_once_and_by_xoauth2() -> None:
    """A server that offers PLAIN too is not told the token as a password."""
    async with a_peer() as peer, relay_with(peer, lambda: GOOD) as relay:
        answer = await send(relay)

        assert isinstance(answer, Accepted)
        assert [c for c in peer.commands if c.startswith("AUTH")] == ["AUTH XOAUTH2"]
        assert peer.accepted[0].login == USER


async def test_a_refused_token_is_explained_acknowledged_and_replaced_once() -> None:
    """The refusal comes as a challenge first; whoever does not answer it waits for ever."""
    renewed: list[str] = []

    def renew(token: str) -> str:
        renewed.append(token)
        return GOOD

    async with a_peer() as peer, relay_with(peer, lambda: "taken back", renew) as relay:
        answer = await send(relay)

        assert isinstance(answer, Accepted)
        assert renewed == ["taken back"]
        assert [c for c in peer.commands if c.startswith("AUTH")] == ["AUTH XOAUTH2"] * 2


async def test_F13_where_no_token_is_taken_it_is_our_fault_and_not_tried_again_at_once() -> None:
    async with a_peer() as peer, relay_with(peer, lambda: f"bad-{MARK}", lambda token: token) as relay:
        answers = [await send(relay) for _ in range(3)]

        assert {type(answer) for answer in answers} == {Refused}
        assert isinstance(answers[0], Refused)
        assert answers[0].fault is Fault.OURS
        assert "see smtp.username, auth.scopes" in answers[0].reason
        assert "status 4" in answers[0].reason  # of the challenge
        assert len([c for c in peer.commands if c.startswith("AUTH")]) == 1


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("reply", ["530 5.7.57 Client not authenticated", "535 5.7.3 Token expired"])
async def test_F27_a_session_whose_token_has_ended_is_replaced_and_the_letter_goes_once(phase: str, reply: str) -> None:
    """Between two letters, and between MAIL and DATA: nothing was offered yet, so nothing is in doubt."""
    peer = a_peer(**{phase: ["ok", reply, "ok"]})
    async with peer, relay_with(peer, lambda: GOOD, connections=1) as relay:
        first, second = await send(relay), await send(relay)

        assert isinstance(first, Accepted)
        assert isinstance(second, Accepted)
        assert len(peer.accepted) == 2
        assert peer.connections == 2


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
async def test_a_fresh_session_that_is_shut_out_is_our_fault_and_no_loop(phase: str) -> None:
    peer = a_peer(**{phase: "530 5.7.57 Client not authenticated"})
    async with peer, relay_with(peer, lambda: GOOD) as relay:
        answer = await send(relay)

        assert isinstance(answer, Refused)
        assert answer.fault is Fault.OURS
        assert peer.connections == 1


async def test_a_switched_off_smtp_auth_is_told_as_what_it_is() -> None:
    """Exchange Online says 535 to a good token as well, where nobody may send by SMTP."""
    said = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."
    async with a_peer(auth=said) as peer, relay_with(peer, lambda: GOOD, lambda token: token) as relay:
        answer = await send(relay)

        assert isinstance(answer, Refused)
        assert "'Authenticated SMTP' is switched off" in answer.reason


async def test_a_temporary_refusal_passes_by_itself() -> None:
    async with a_peer(auth="454 4.7.0 Temporary failure") as peer, relay_with(peer, lambda: GOOD) as relay:
        answer = await send(relay)

        assert isinstance(answer, Deferred)
        assert answer.ours


async def test_F65_without_a_token_nothing_is_said_to_the_server() -> None:
    def none() -> str:
        raise LoginFault("the log-in counts no more, run `sollecito login`", revoked=True)

    async with a_peer() as peer, relay_with(peer, none) as relay:
        answer = await send(relay)

        assert answer == Deferred("smtp.auth: the log-in counts no more, run `sollecito login`", ours=True)
        assert peer.connections == 0


async def test_a_server_without_a_mechanism_for_tokens_is_told_by_name() -> None:
    peer = SmtpPeer(users={USER: GOOD}, auth_needs_tls=False, auth_mechanisms=("PLAIN", "LOGIN"))
    async with peer, relay_with(peer, lambda: GOOD) as relay:
        answer = await send(relay)

        assert isinstance(answer, Refused)
        assert "offers no XOAUTH2 or OAUTHBEARER" in answer.reason
        assert not [c for c in peer.commands if c.startswith("AUTH")]
