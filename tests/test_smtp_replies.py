"""Whose fault a reply is: a dead address ends in a telephone call, so nothing else may look like one."""

import pytest

from daemon.adapters.smtp_replies import Phase, Reply, clean, verdict
from daemon.ports import Accepted, Deferred, Fault, InDoubt, Refused

DEAD_ADDRESS = [
    "550 5.1.1 <anna@acme.example>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.4.1 Recipient address rejected: Access denied.",  # Exchange Online's word for an unknown user
    "550 5.2.1 The email account that you tried to reach is disabled",
    "550 5.5.0 Requested action not taken: mailbox unavailable",
    "556 5.1.10 Domain does not accept mail",
    "553 5.1.3 Bad recipient address syntax",
    "550 No such user here",
    "551 User not local",
]
ABOUT_US = [
    "554 5.7.1 <anna@acme.example>: Relay access denied",
    "550 5.7.1 Relaying denied. Proper authentication required.",
    "550 relay not permitted",
    "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "530 5.7.57 Client not authenticated to send mail",
    "530 5.7.0 Authentication Required",
    "553 5.7.1 <f@bianchi.example>: Sender address rejected: not owned by user giulia",  # Postfix says so at RCPT
    "550 Sender verify failed",
    "555 5.5.4 Unsupported option: NOTIFY",
    "554 5.7.1 <unknown[203.0.113.7]>: Client host rejected: Access denied",
    "550 5.1.8 Access denied, bad outbound sender",
]
ABOUT_THE_MESSAGE = [
    "550 5.7.1 Message rejected due to content restrictions",
    "550 5.7.26 This mail has been blocked because the sender is unauthenticated",
    "554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using bl.example",
    "550 blocked by policy, see our reputation service",
    "552 5.3.4 Message size exceeds fixed limit",
    "554 Transaction failed",
]


@pytest.mark.parametrize("text", DEAD_ADDRESS)
def test_a_dead_address_is_the_addresss_fault(text: str) -> None:
    assert fault_at(Phase.RCPT, text) is Fault.ADDRESS


@pytest.mark.parametrize("text", ABOUT_US)
def test_F13_a_reply_about_us_never_bounces_a_client(text: str) -> None:
    assert fault_at(Phase.RCPT, text) is Fault.OURS


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DATA])
def test_F13_a_command_that_was_not_understood_is_no_fault_of_the_letter(phase: Phase) -> None:
    assert fault_at(phase, "500 5.5.2 Error: command not recognized") is Fault.OURS


@pytest.mark.parametrize("text", ABOUT_THE_MESSAGE)
def test_a_reply_about_the_message_leaves_the_address_alone(text: str) -> None:
    assert fault_at(Phase.RCPT, text) is Fault.MESSAGE


@pytest.mark.parametrize("phase", [Phase.DATA, Phase.DOT])
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("550 5.7.1 Spam", Fault.MESSAGE),
        ("554 Transaction failed", Fault.MESSAGE),
        ("552 Message too large", Fault.MESSAGE),
        ("550 5.1.1 No such user", Fault.ADDRESS),  # some servers look the recipient up only now
        ("554 5.2.252 SendAsDenied; f@bianchi.example not allowed to send as g@bianchi.example", Fault.OURS),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", Fault.OURS),
    ],
)
def test_a_refusal_from_data_on_is_mostly_about_the_message(phase: Phase, text: str, fault: Fault) -> None:
    assert fault_at(phase, text) is fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("553 5.1.8 Domain of sender address does not exist", Fault.OURS),
        ("550 5.7.1 Sender refused", Fault.OURS),
        ("501 Syntax error", Fault.OURS),
        ("552 5.3.4 Message too big for system", Fault.MESSAGE),
        ("552 Message size exceeds maximum", Fault.MESSAGE),
    ],
)
def test_a_refusal_at_mail_is_about_us_unless_the_letter_is_too_large(text: str, fault: Fault) -> None:
    assert fault_at(Phase.MAIL, text) is fault


@pytest.mark.parametrize("phase", [Phase.RCPT, Phase.DOT])
@pytest.mark.parametrize(
    "text",
    ["552 5.2.2 Mailbox full", "552 Mailbox quota exceeded", "550 5.2.2 <anna@acme.example>: user is over quota"],
)
def test_a_full_mailbox_is_alive_and_waits(phase: Phase, text: str) -> None:
    """It may have room tomorrow; a telephone call about a wrong address would embarrass."""
    answer = verdict(phase, reply(text))

    assert isinstance(answer, Deferred)
    assert not answer.ours


@pytest.mark.parametrize(
    ("phase", "text", "ours"),
    [
        (Phase.MAIL, "451 4.3.0 Temporary failure", True),
        (Phase.RCPT, "450 4.2.0 Greylisted", False),
        (Phase.RCPT, "450 4.7.1 Greylisted", False),
        (Phase.RCPT, "451 4.3.2 Server is busy", True),
        (Phase.DOT, "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", True),
        (Phase.DOT, "452 4.3.1 Insufficient system storage", False),
        (Phase.DATA, "421 4.7.0 Closing", False),
        (Phase.DOT, "550 5.4.5 Daily user sending limit exceeded", True),
        (Phase.RCPT, "503 5.5.1 Need MAIL first", True),
    ],
)
def test_F14_a_delay_says_whether_it_is_this_letters_or_everybodys(phase: Phase, text: str, ours: bool) -> None:
    answer = verdict(phase, reply(text))

    assert isinstance(answer, Deferred)
    assert answer.ours is ours
    assert answer.code == int(text[:3])


@pytest.mark.parametrize("code", [-1, 0, 199, 354, 999])
@pytest.mark.parametrize("phase", list(Phase))
def test_a_reply_outside_the_standard_is_in_doubt_from_data_on(phase: Phase, code: int) -> None:
    answer = verdict(phase, Reply(code, "?"))

    assert isinstance(answer, InDoubt if phase in (Phase.DATA, Phase.DOT) else Deferred)


def test_only_the_reply_to_the_message_accepts_it() -> None:
    assert verdict(Phase.DOT, reply("250 2.0.0 queued as 1")) == Accepted("2.0.0 queued as 1")
    assert isinstance(verdict(Phase.DATA, reply("250 2.0.0 Ok")), InDoubt)


def test_a_replys_text_is_one_short_clean_line() -> None:
    """It comes from a stranger and is kept in the journal: escapes and half a character must not spoil it."""
    hostile = "a\nb\x1b[31m\tc\udcff\x85" + "x" * 9000

    cleaned = clean(hostile)

    assert cleaned.startswith("a b [31m c\ufffd x")
    assert len(cleaned) == 500
    assert cleaned.encode()


def reply(text: str) -> Reply:
    return Reply(int(text[:3]), text[4:])


def fault_at(phase: Phase, text: str) -> Fault:
    answer = verdict(phase, reply(text))
    assert isinstance(answer, Refused), answer
    assert answer.code == int(text[:3])
    return answer.fault
