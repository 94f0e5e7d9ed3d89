"""The pool, the pace and the plain course of a transaction (F6 to F10, F14)."""

import asyncio
from unittest.mock import ANY

import pytest

from daemon.ports import Accepted, Deferred, Fault, Refused, Stale
from tests.smtp_parcels import CLIENT, CREDITOR, LETTER, a_parcel, relay_to, send
from tests.smtp_peer import After, SmtpPeer


async def test_a_letter_arrives_byte_for_byte() -> None:
    """Lines that begin with a dot are the classic loss (RFC 5321 section 4.5.2)."""
    content = b".first\r\nSubject: a\r\n\r\n.\r\n..\r\nend"
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        answer = await send(relay, a_parcel(content=content))

        assert answer == Accepted("2.0.0 Ok: queued as 1")
        assert [(m.sender, m.recipients, m.data) for m in peer.accepted] == [(CREDITOR, [CLIENT], content + b"\r\n")]


async def test_a_large_letter_arrives_byte_for_byte() -> None:
    """It goes in pieces, and a dot at the seam of two pieces is still doubled once."""
    content = b"".join(b".%06d %s\r\n" % (number, b"x" * 990) for number in range(3000))
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        answer = await send(relay, a_parcel(content=content))

        assert isinstance(answer, Accepted)
        assert peer.accepted[0].data == content


async def test_lines_are_reused_and_left_with_quit() -> None:
    async with SmtpPeer() as peer:
        async with relay_to(peer) as relay:
            for _ in range(3):
                await send(relay)

        assert len(peer.accepted) == 3
        assert peer.connections == 1
        assert peer.commands[-1] == "QUIT"


async def test_no_more_lines_at_one_time_than_configured() -> None:
    async with SmtpPeer(dot=After(0.05)) as peer, relay_to(peer, connections=3) as relay:
        await asyncio.gather(*(send(relay) for _ in range(12)))

        assert len(peer.accepted) == 12
        assert peer.most_connections == 3


async def test_data_is_not_said_after_data_by() -> None:
    """Promise 2: the mailbox was read too long ago, so the letter is held back before anything is offered."""
    async with SmtpPeer(rcpt=After(0.3)) as peer, relay_to(peer) as relay:
        late = await send(relay, within=0.1)
        peer.script["rcpt"] = "ok"
        next_one = await send(relay)

        assert late == Stale()
        assert peer.commands[3] == "RSET"
        assert isinstance(next_one, Accepted)
        assert len(peer.received) == 1
        assert peer.connections == 1


async def test_a_letter_that_is_stale_already_costs_no_command() -> None:
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        answer = await send(relay, within=-1.0)

        assert answer == Stale()
        assert not any(command.startswith("MAIL") for command in peer.commands)


@pytest.mark.parametrize("reply", ["450 4.2.0 Greylisted, come back later", "451 4.7.1 Try again", "450 busy"])
async def test_F6_greylisting_is_a_delay_of_this_letter_and_no_fault_of_the_relay(reply: str) -> None:
    async with SmtpPeer(rcpt=[reply, "ok"]) as peer, relay_to(peer) as relay:
        first = await send(relay)
        second = await send(relay)

        assert first == Deferred(f"RCPT: {reply}", int(reply[:3]), ours=False)
        assert isinstance(second, Accepted)
        assert peer.connections == 1


async def test_F7_a_delay_in_the_middle_of_a_batch_touches_only_its_letter() -> None:
    """Also when the letters follow each other on one line."""
    async with SmtpPeer(dot=["ok", "452 4.3.1 Queue full", "ok"]) as peer, relay_to(peer) as relay:
        async with relay.line() as line:
            assert not isinstance(line, Deferred | Refused)
            answers = [await line.submit(a_parcel(f"{name}@acme.example"), float("inf")) for name in "abc"]

        assert [type(answer) for answer in answers] == [Accepted, Deferred, Accepted]
        assert [m.recipients for m in peer.accepted] == [["a@acme.example"], ["c@acme.example"]]


async def test_F8_a_server_that_ends_the_session_after_some_letters_costs_no_letter() -> None:
    """421 to MAIL on a line that had served: the letter goes at once on a fresh one, and nobody hears of it."""
    async with SmtpPeer(max_messages=2) as peer, relay_to(peer, connections=1) as relay:
        answers = [await send(relay) for _ in range(7)]

        assert [type(answer) for answer in answers] == [Accepted] * 7
        assert [m.connection for m in peer.accepted] == [1, 1, 2, 2, 3, 3, 4]


@pytest.mark.parametrize("fault", ["hang up", "reset", "503 5.5.1 Bad sequence of commands"])
async def test_F8_a_line_that_died_unseen_costs_no_letter(fault: str) -> None:
    async with SmtpPeer(mail=["ok", fault, "ok"]) as peer, relay_to(peer) as relay:
        answers = [await send(relay), await send(relay)]

        assert [type(answer) for answer in answers] == [Accepted, Accepted]
        assert peer.connections == 2


async def test_F8_421_on_a_fresh_line_is_reported_and_not_tried_for_ever() -> None:
    async with SmtpPeer(mail="421 4.3.2 Shutting down") as peer, relay_to(peer) as relay:
        answer = await send(relay)

        assert answer == Deferred("MAIL: 421 4.3.2 Shutting down", 421, ours=True)
        assert peer.connections == 1


async def test_F8_421_in_place_of_a_greeting_is_the_relays_trouble() -> None:
    async with SmtpPeer(connect="421 4.7.0 Too many connections") as peer, relay_to(peer) as relay:
        answer = await send(relay)

        assert answer == Deferred(ANY, 421, ours=True)
        assert "does not take us: 421 4.7.0 Too many connections" in answer.reason


async def test_F8_a_line_is_made_anew_after_so_many_letters() -> None:
    async with SmtpPeer() as peer, relay_to(peer, per_connection=2) as relay:
        for _ in range(3):
            await send(relay)
        async with relay.line() as line:
            assert not isinstance(line, Deferred | Refused)
            for _ in range(2):
                await line.submit(a_parcel(), float("inf"))

        assert [m.connection for m in peer.accepted] == [1, 1, 2, 2, 3]


async def test_F9_each_recipient_has_a_transaction_of_its_own() -> None:
    """One refused, one accepted: two answers, and no refusal hidden among the acceptances."""
    reply = "550 5.1.1 No such user"
    async with (
        SmtpPeer(rcpt=lambda argument: reply if "gone@" in argument else "ok") as peer,
        relay_to(peer) as relay,
    ):
        gone = await send(relay, a_parcel("gone@acme.example"))
        here = await send(relay, a_parcel("here@acme.example"))

        assert gone == Refused(Fault.ADDRESS, f"RCPT: {reply}", 550)
        assert isinstance(here, Accepted)
        assert [m.recipients for m in peer.accepted] == [["here@acme.example"]]


async def test_F10_a_report_is_asked_for_where_the_server_can_give_one() -> None:
    """RFC 3461: only the headers come back, and our token with them."""
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        await send(relay, a_parcel(envelope_id="k1+a=b é"))

        assert peer.accepted[0].mail_parameters == [f"SIZE={len(LETTER)}", "RET=HDRS", "ENVID=k1+2Ba+3Db+20+C3+A9"]
        assert peer.accepted[0].rcpt_parameters == {CLIENT: ["NOTIFY=FAILURE,DELAY"]}


async def test_F10_no_report_is_asked_for_where_the_server_knows_none() -> None:
    """It would answer 555, which looks like a refusal for good."""
    async with SmtpPeer(extensions=()) as peer, relay_to(peer) as relay:
        answer = await send(relay)

        assert isinstance(answer, Accepted)
        assert peer.accepted[0].mail_parameters == []
        assert peer.accepted[0].rcpt_parameters == {CLIENT: []}


async def test_a_letter_larger_than_the_server_takes_is_not_offered() -> None:
    async with SmtpPeer(extensions=("SIZE 1000",)) as peer, relay_to(peer) as relay:
        answer = await send(relay, a_parcel(content=b"x" * 999 + b"\r\n"))

        assert answer == Refused(Fault.MESSAGE, ANY, 552)
        assert "takes at most 1000" in answer.reason
        assert not any(command.startswith("MAIL") for command in peer.commands)


async def test_F14_letters_keep_the_pace_over_all_lines() -> None:
    """300 a minute are 0.2 seconds apart, however many lines there are and however a letter gets its line."""
    loop = asyncio.get_running_loop()
    async with SmtpPeer() as peer, relay_to(peer, per_minute=300, connections=4) as relay:
        began = loop.time()
        await asyncio.gather(*(send(relay) for _ in range(3)))
        async with relay.line() as line:
            assert not isinstance(line, Deferred | Refused)
            for _ in range(3):
                await line.submit(a_parcel(), float("inf"))
        took = loop.time() - began

        assert len(peer.accepted) == 6
        assert 1.0 <= took < 1.6


async def test_F14_a_line_that_nobody_used_spends_no_turn() -> None:
    """A letter that was withdrawn after its last look into the mailbox."""
    loop = asyncio.get_running_loop()
    async with SmtpPeer() as peer, relay_to(peer, per_minute=10) as relay:
        began = loop.time()
        for _ in range(5):
            async with relay.line():
                pass

        assert loop.time() - began < 3
        assert peer.connections == 1


async def test_an_idle_line_is_asked_before_it_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.adapters.smtp._TRUSTED_SECONDS", 0.0)
    async with SmtpPeer(noop=["ok", "hang up", "ok"]) as peer, relay_to(peer) as relay:
        answers = [await send(relay) for _ in range(3)]

        assert [type(answer) for answer in answers] == [Accepted] * 3
        assert [m.connection for m in peer.accepted] == [1, 1, 2]
        assert peer.commands.count("NOOP") == 2


async def test_an_idle_line_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.adapters.smtp._IDLE_SECONDS", 0.1)
    async with SmtpPeer() as peer, relay_to(peer, connections=2) as relay:
        await asyncio.gather(send(relay), send(relay))
        await peer.until_left()

        assert peer.commands.count("QUIT") == 2


async def test_a_closed_relay_gives_no_line() -> None:
    async with SmtpPeer() as peer, relay_to(peer) as relay:
        await send(relay)
        await relay.close()
        answer = await send(relay)
        await peer.until_left()

        assert answer == Deferred("the relay is closed", ours=True)
