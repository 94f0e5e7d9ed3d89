# ruff: noqa: E501  tables read better unbroken
"""What the words of a refusal mean for the address: dead, refused, given up (RFC 3463, RFC 5321, RFC 7505)."""

from __future__ import annotations

import pytest

from daemon.domain.books.reading import Meaning
from daemon.mail.machines.meaning import code_in, meaning_of, refused_at_data, status_in

DEAD = [
    "550 5.1.1 User unknown", "550 No such user here", "550 No such person at this address", "550 <anna@acme.example>... User unknown", "550 sorry, no mailbox here by that name. (#5.1.1)",
    "550 Invalid recipient anna@acme.example", "550 unknown local part anna in <anna@acme.example>", "550 Mailbox not found", "550 Mailbox does not exist",
    "550 that user is not a known user", "550 anna@acme.example is not a valid mailbox", "550 Requested action not taken: mailbox unavailable", "550 #5.1.0 Address rejected.", "550 5.1.1 bad address anna@acme.example",
    "550 <anna@acme.example>, Recipient unknown", "550 no mailbox by that name is currently available", "550 no account by that name here", "550 There is no one at this address", "550 recipient not found", "550 RCPT TO:<anna@acme.example> User not known",
    "553 5.3.0 <anna@acme.example>... Addressee unknown", "550 This user doesn't have a mail.example account (anna@acme.example) [0]", "550 cannot find user in directory: user not found", "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)",
    "550 5.4.1 Recipient address rejected: Access denied", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "Host or domain name not found. Name service error for name=acme.example type=A: Host not found",
    "550 Domain acme.example does not exist", "550 unrouteable address", "no MX found for domain acme.example", "Domain acme.example does not accept mail (nullMX)", "556 5.1.10 Recipient address has null MX", "551 user has moved; please try anna@new.example",
    "550 the email account that you tried to reach does not exist", "550 utilisateur inconnu", "550 Destinatario sconosciuto", "550 El usuario no existe", "550 Benutzer unbekannt", "550 kullanıcı bulunamadı", "550 nobody by that name here", "542 anna@acme.example Rejected",
]  # fmt: skip
REFUSED = [
    "550 5.7.1 Message rejected as spam", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.example", "550 5.7.26 Unauthenticated email from bianchi.example is not accepted due to domain's DMARC policy", "552 5.3.4 Message size exceeds fixed maximum message size",
    "554 5.7.1 <anna@acme.example>: Relay access denied", "550 relaying denied", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "550 Sender verify failed", "550 5.1.8 Sender address rejected: Domain not found", "553 Domain of sender address fatture@bianchi.example does not exist",
    "550 sender domain does not exist", "550 5.7.27 Sender address has null MX", "550 5.2.1 The email account that you tried to reach is disabled", "550 This account has been suspended", "550 inactive account", "550 anna@acme.example: invalid/inactive user", "550 mailbox is frozen", "550 5.2.1 mailbox disabled",
    "554 Transaction failed: virus found", "550 Refused due to recipient preferences", "550 too many recipients", "550 DKIM signature is not valid", "550 Reverse DNS lookup failed for host 192.0.2.1", "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation",
]  # fmt: skip
GAVE_UP = [
    "552 5.2.2 Mailbox full", "550 mailbox is full", "452 4.2.2 Over quota", "550 user has exceeded his mailbox quota", "4.4.7 delivery time expired", "451 4.3.0 try again later", "connect to mx.acme.example[192.0.2.2]:25: Connection timed out",
    "550 4.4.7 QUEUE.Expired; message expired", "retry timeout exceeded", "connect to mx.acme.example[192.0.2.2]:25: Connection refused", "Name service error for name=acme.example type=MX: Malformed or unexpected name server reply", "550 Postfach voll", "552 casella piena", "550 posta kutusu dolu",
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (words, meaning)
        for table, meaning in ((DEAD, Meaning.DEAD), (REFUSED, Meaning.REFUSED), (GAVE_UP, Meaning.GAVE_UP))
        for words in table
    ],
)
def test_the_words_of_a_refusal_say_what_it_means_for_the_address(words: str, meaning: Meaning) -> None:
    """Only a dead address is taken off the list of contacts; a refused or late letter is another matter."""
    assert meaning_of("failed", status_in(words), code_in(words), words) is meaning


@pytest.mark.parametrize(
    ("prose", "at_data"),
    [
        ("550 Unknown user (in reply to end of DATA\n    command)", True),
        ("SMTP error from remote mail server after end of data:\n 550 unknown user", True),
        ("... while talking to mx.acme.example.:\n>>> DATA\n<<< 550 Unknown user", True),
        (">>> RCPT To:<anna@acme.example>\n<<< 550 Unknown user", False),
        (">>> DATA\n<<< 550 5.1.1 User unknown\n<<< 503 5.0.0 Need RCPT (recipient)", False),
        ("550 Unknown user (in reply to RCPT TO command)", False),
        ("550 Unknown user", False),
    ],
)
def test_unknown_user_said_to_the_message_is_a_filter_said_to_the_recipient_is_the_truth(
    prose: str, at_data: bool
) -> None:
    """Mobile carriers answer DATA with "unknown user" where the user only refuses such mail; with PIPELINING the 503 gives the truth away."""
    meaning = meaning_of("failed", "", 550, "550 Unknown user", at_data=refused_at_data(prose))

    assert meaning is (Meaning.REFUSED if at_data else Meaning.DEAD)
