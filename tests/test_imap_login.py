"""Connecting and logging in: what is refused, whose fault it is, and what is never sent (a scripted server)."""

import logging
import socket
from collections.abc import Callable

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.imap_connect import _is_loopback
from daemon.ports import Security, Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import Reader, a_mail, settings
from tests.imap_peer import Conversation, ImapPeer


async def refused(peer: ImapPeer, *, password: Callable[[], str] = lambda: PASSWORD, **changes: object) -> Unreachable:
    """Why there is no mailbox."""
    mailbox = ImapMailbox(settings(peer.port, **changes), password, socket_timeout=5)
    with pytest.raises(Unreachable) as told:
        await mailbox.folders()
    await mailbox.close()
    return told.value


async def test_F11_a_stripped_starttls_ends_before_the_password_is_even_asked_for() -> None:
    asked = []
    async with ImapPeer() as peer:
        told = await refused(peer, security=Security.STARTTLS, password=lambda: str(asked.append(1)))

    assert told.ours
    assert "STARTTLS" in str(told)
    assert asked == []
    assert peer.heard == ["CAPABILITY"]


@pytest.mark.parametrize(
    ("answer", "ours"),
    [
        ("NO [AUTHENTICATIONFAILED] Authentication failed.", True),
        ("NO Invalid credentials", True),
        ("NO [UNAVAILABLE] Temporary authentication failure.", False),
        ("NO [LIMIT] slow down", False),
        ("NO Maximum number of connections from user+IP exceeded", False),
        ("NO User is authenticated but not connected.", False),
    ],
)
async def test_F28_a_refusal_for_now_is_not_the_passwords_fault(answer: str, ours: bool) -> None:
    async def refuse(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say(f"{tag} {answer}\r\n")
        return True

    async with ImapPeer() as peer:
        peer.scripts["LOGIN"] = refuse
        told = await refused(peer)

    assert told.ours is ours
    assert ("imap: password (env: IMAP_PASSWORD)" in str(told)) is ours
    assert peer.count("LOGIN") == 1  # one failure counts once towards a lock-out


async def test_F28_a_server_that_greets_with_bye_is_out_of_reach_and_no_more() -> None:
    async with ImapPeer() as peer:
        peer.greeting = "* BYE Too many connections\r\n"
        told = await refused(peer)

    assert not told.ours
    assert "Too many connections" in str(told)


async def test_a_line_that_breaks_during_the_log_in_is_no_refusal() -> None:
    """imapclient calls it a LoginError too."""

    async def hang_up(line: Conversation, tag: str, arguments: str) -> bool:
        line.hang_up()
        return True

    async with ImapPeer() as peer:
        peer.scripts["LOGIN"] = hang_up
        told = await refused(peer)

    assert not told.ours


async def test_a_server_that_forbids_log_in_in_clear_text_does_not_hear_the_password() -> None:
    async with ImapPeer(capabilities="IMAP4rev1 LOGINDISABLED") as peer:
        told = await refused(peer)

    assert told.ours
    assert peer.heard == ["CAPABILITY"]


async def test_a_password_that_cannot_be_had_is_our_fault() -> None:
    def missing() -> str:
        raise FileNotFoundError(2, "No such file or directory", "/run/credentials/imap")

    async with ImapPeer() as peer:
        told = await refused(peer, password=missing)

    assert told.ours
    assert "imap: password (env: IMAP_PASSWORD)" in str(told)
    assert "/run/credentials/imap" in str(told)


async def test_a_password_with_a_line_break_does_not_become_a_command() -> None:
    async with ImapPeer() as peer:
        told = await refused(peer, password=lambda: 'x"\r\na1 DELETE INBOX')

    assert told.ours
    assert peer.heard == ["CAPABILITY"]


async def test_a_closed_port_is_out_of_reach_and_not_our_fault() -> None:
    async with ImapPeer() as peer:
        closed = peer
    told = await refused(closed)

    assert not told.ours
    assert "refused" in str(told)


def test_clear_text_is_for_the_loopback_only() -> None:
    """A UDP socket knows its peer without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect(("127.0.0.2", 9))
        assert _is_loopback(line)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect(("192.0.2.1", 9))  # TEST-NET-1
        assert not _is_loopback(line)


async def test_clear_text_to_another_machine_is_refused_before_the_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The connection seems to end elsewhere."""
    monkeypatch.setattr(socket.socket, "getpeername", lambda _: ("192.0.2.1", 143), raising=False)
    async with ImapPeer() as peer:
        told = await refused(peer)

    assert told.ours
    assert "loopback only" in str(told)
    assert peer.count("LOGIN") == 0


@pytest.mark.parametrize("answer", ["OK done", "BAD no"])
async def test_we_say_who_we_are_and_a_refusal_of_that_is_no_obstacle(answer: str) -> None:
    async def identified(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say(f"{tag} {answer}\r\n")
        return True

    async with ImapPeer(capabilities="IMAP4rev1 ID") as peer:
        peer.scripts["ID"] = identified
        mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5)
        folders = await mailbox.folders()
        await mailbox.close()

    assert folders["inbox"] == "INBOX"
    assert 'ID ("name" "Sollecito")' in peer.heard


async def test_special_uses_that_are_told_only_on_request_are_asked_for() -> None:
    async def on_request(line: Conversation, tag: str, arguments: str) -> bool:
        if arguments.startswith("(SPECIAL-USE)"):
            await line.say('* LIST (\\HasNoChildren \\Sent) "/" "Verschickt"\r\n')
            await line.say('* LIST (\\Junk) "/" "M&APw-ll"\r\n')
        else:
            for name in ("INBOX", "Spam", "Sent", "M&APw-ll", "Verschickt"):
                await line.say(f'* LIST () "/" "{name}"\r\n')
        await line.say(f"{tag} OK done\r\n")
        return True

    async with ImapPeer() as peer:
        peer.scripts["LIST"] = on_request
        mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5)
        folders = await mailbox.folders()
        await mailbox.close()

    assert folders == {"inbox": "INBOX", "junk": "Müll", "sent": "Verschickt"}


async def test_without_a_sent_folder_a_copy_has_no_place_and_the_rest_goes_on() -> None:
    async with ImapPeer() as peer:
        del peer.folders["Sent"]
        mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5)
        with pytest.raises(Unreachable, match="imap: sent: ") as told:
            await mailbox.file_sent(a_mail(1))
        found = await Reader(mailbox).read()
        await mailbox.close()

    assert told.value.ours
    assert found == {}
    assert peer.connections == 1


async def test_the_libraries_log_nothing_of_what_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Their debug log carries mails and passwords."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("imapclient").setLevel(logging.NOTSET)
        async with ImapPeer() as peer:
            mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5)
            reader = Reader(mailbox)
            await reader.read()
            peer.folders["INBOX"].add(a_mail(1))
            await reader.read()
            await mailbox.close()

    assert [record for record in caplog.records if record.name.startswith("imap")] == []


@pytest.mark.parametrize("message_id", ["<a b@x>", '<a@x>"\r\nA1 DELETE INBOX\r\n', "<ä@x>", ""])
async def test_what_is_no_message_id_is_not_searched_for(message_id: str) -> None:
    async with ImapPeer() as peer:
        mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5)
        with pytest.raises(ValueError, match="not a Message-ID"):
            await mailbox.find(message_id)
        await mailbox.close()

    assert peer.connections == 0
