"""What providers say when they let nobody in, in their own words, and what we tell the owner to do."""

from __future__ import annotations

import time

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.obstacles import obstacle_in, obstacles
from daemon.ports import Deferred, Refused, Security, Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import settings
from tests.imap_peer import Conversation, ImapPeer
from tests.real.tls import Certificates
from tests.smtp_parcels import USER, relay_to, secured, send
from tests.smtp_peer import SmtpPeer

SMTP_REFUSALS = [
    (
        "smtp.office365.com",
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
        " Visit https://aka.ms/smtp_auth_disabled for more information.",
        "m365-smtp-auth-tenant",
    ),
    (
        "smtp.office365.com",
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
        "m365-smtp-auth-mailbox",
    ),
    (
        "smtp.office365.com",
        "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy."
        " Contact your administrator.",
        "m365-security-defaults",
    ),
    ("smtp-mail.outlook.com", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
     "m365-basic-auth"),
    (
        "smtp.office365.com",
        "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated"
        " successfully. Contact your administrator.",
        "m365-criteria",
    ),
    ("smtp.office365.com", "535 5.7.3 Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]",
     "m365-unsuccessful"),
    ("smtp.gmail.com",
     "534-5.7.9 Application-specific password required. For more information, go to\n"
     "534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor a1-gsmtp",
     "google-app-password"),
    ("smtp.gmail.com",
     "534-5.7.14 <https://accounts.google.com/signin/continue?sarp=1> Please log in via\n"
     "534-5.7.14 your web browser and then try again.\n534 5.7.14 a1-gsmtp",
     "google-web-log-in"),
    ("smtp.gmail.com",
     "535-5.7.8 Username and Password not accepted. For more information, go to\n"
     "535 5.7.8  https://support.google.com/mail/?p=BadCredentials a1 - gsmtp",
     "google-bad-credentials"),
    ("smtp.mail.me.com", "535 5.7.8 Error: authentication failed: authentication failure", "icloud-app-specific"),
    ("smtp.mail.yahoo.com", "535 5.7.0 (#AUTH005) Too many bad auth attempts.", "yahoo-app-password"),
    ("mail.gmx.net", "535 Authentication credentials invalid", "gmx-switched-off"),
    ("smtp.web.de", "535 Authentication credentials invalid", "web-de-switched-off"),
    ("smtp.yandex.com", "535 5.7.8 Error: authentication failed: This user does not have access rights to this service",
     "yandex-access-rights"),
    ("smtppro.zoho.com", "535 Authentication Failed", "zoho-region"),
    ("smtp.bianchi.example", "535 5.7.8 Error: authentication failed: (reason unavailable)", "wrong-password"),
]  # fmt: skip
IMAP_REFUSALS = [
    ("outlook.office365.com", "NO LOGIN failed.", "m365-imap-login"),
    ("outlook.office365.com", "NO Basic authentication is disabled.", "m365-basic-auth"),
    ("outlook.office365.com", "NO User is authenticated but not connected.", "m365-not-connected"),
    (
        "imap.gmail.com",
        "NO [ALERT] Application-specific password required: https://support.google.com/accounts/185833 (Failure)",
        "google-app-password",
    ),
    (
        "imap.gmail.com",
        "NO [ALERT] Please log in via your web browser: https://support.google.com/mail/78754 (Failure)",
        "google-web-log-in",
    ),
    ("imap.gmail.com", "NO [WEBALERT https://accounts.google.com/signin/continue] Web login required.",
     "google-web-log-in"),
    ("imap.gmail.com", "NO [ALERT] IMAP access is disabled for your domain. Please contact your domain administrator"
     " for questions about this feature. (Failure)", "google-imap-domain"),
    ("imap.gmail.com", "NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and"
     " enable your account for IMAP access. (Failure)", "google-imap-off"),
    ("imap.gmail.com", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "google-invalid-credentials"),
    ("imap.gmail.com", "NO [ALERT] Too many simultaneous connections. (Failure)", "too-many-connections"),
    ("imap.mail.me.com", "NO [AUTHENTICATIONFAILED] Authentication failed", "icloud-app-specific"),
    ("imap.mail.yahoo.com", "NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials", "yahoo-app-password"),
    ("imap.gmx.net", "NO authentication failed", "gmx-switched-off"),
    (
        "imappro.zoho.eu",
        "NO [ALERT] You are yet to enable IMAP for your account. Please contact your administrator (Failure)",
        "zoho-imap-off",
    ),
    ("imap.yandex.com", "NO [AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=cYXlpv732Cg1",
     "yandex-imap-off"),
    (
        "imap.bianchi.example",
        "NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=16)",
        "too-many-connections",
    ),
    ("imap.bianchi.example", "NO [AUTHENTICATIONFAILED] Authentication failed.", "wrong-password"),
    ("imap.bianchi.example", "NO [CONTACTADMIN] IMAP access is disabled", "switched-off"),
    ("imap.bianchi.example", "NO [EXPIRED] password has expired", "expired-password"),
]  # fmt: skip


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


@pytest.mark.parametrize(("host", "reply", "expected"), SMTP_REFUSALS)
async def test_a_refused_log_in_at_smtp_names_the_obstacle(
    certificates: Certificates, host: str, reply: str, expected: str
) -> None:
    """The words go the whole way: a server says them, the relay tells them, the table knows them."""
    peer = SmtpPeer(tls=certificates.server_context(), users={USER: "other"}, auth=reply)
    async with peer, relay_to(peer, **secured(certificates)) as relay:
        answer = await send(relay)

    assert isinstance(answer, Deferred | Refused)
    known = obstacle_in("smtp", host, answer.reason)
    assert known is not None
    assert known.id == expected


@pytest.mark.parametrize(("host", "reply", "expected"), IMAP_REFUSALS)
async def test_a_refused_log_in_at_imap_names_the_obstacle(host: str, reply: str, expected: str) -> None:
    async def refuse(line: Conversation, tag: str, arguments: str) -> bool:
        await line.say(f"{tag} {reply}\r\n")
        return True

    async with ImapPeer() as peer:
        peer.scripts["LOGIN"] = refuse
        mailbox = ImapMailbox(settings(peer.port), lambda: PASSWORD, socket_timeout=5)
        with pytest.raises(Unreachable) as told:
            await mailbox.folders()
        await mailbox.close()

    known = obstacle_in("imap", host, str(told.value))
    assert known is not None
    assert known.id == expected


async def test_a_stripped_starttls_is_named_at_both_servers(certificates: Certificates) -> None:
    async with SmtpPeer() as peer, relay_to(peer, **secured(certificates)) as relay:
        answer = await send(relay)
    async with ImapPeer() as imap_peer:
        mailbox = ImapMailbox(settings(imap_peer.port, security=Security.STARTTLS), lambda: PASSWORD, socket_timeout=5)
        with pytest.raises(Unreachable) as told:
            await mailbox.folders()
        await mailbox.close()

    assert isinstance(answer, Deferred)
    found = [obstacle_in("smtp", "localhost", answer.reason), obstacle_in("imap", "localhost", str(told.value))]
    assert [known and known.id for known in found] == ["starttls-stripped"] * 2


@pytest.mark.parametrize(
    ("certificates", "expected"),
    [
        (Certificates(("mail.hoster.example",)), "certificate-name"),
        (Certificates(expired=True), "certificate-expired"),
    ],
)
async def test_a_certificate_that_does_not_fit_is_named(certificates: Certificates, expected: str) -> None:
    peer = SmtpPeer(tls=certificates.server_context(), implicit_tls=True)
    async with peer, relay_to(peer, **secured(certificates, Security.TLS)) as relay:
        answer = await send(relay)
    async with ImapPeer(tls=certificates.server_context()) as imap_peer:
        here = settings(imap_peer.port, security=Security.TLS, ca_file=certificates.ca_file)
        mailbox = ImapMailbox(here, lambda: PASSWORD, socket_timeout=5)
        with pytest.raises(Unreachable) as told:
            await mailbox.folders()
        await mailbox.close()

    assert isinstance(answer, Deferred)
    found = [obstacle_in("smtp", "localhost", answer.reason), obstacle_in("imap", "localhost", str(told.value))]
    assert [known and known.id for known in found] == [expected] * 2


async def test_an_authority_that_nobody_knows_is_named(certificates: Certificates) -> None:
    peer = SmtpPeer(tls=certificates.server_context(), implicit_tls=True)
    async with peer, relay_to(peer, **{**secured(certificates, Security.TLS), "ca_file": None}) as relay:
        answer = await send(relay)

    assert isinstance(answer, Deferred)
    known = obstacle_in("smtp", "localhost", answer.reason)
    assert known is not None
    assert known.id == "certificate-unknown"


async def test_a_port_with_the_wrong_security_is_named(certificates: Certificates) -> None:
    """TLS from the first byte, to a server that begins in clear text."""
    async with SmtpPeer() as peer, relay_to(peer, **secured(certificates, Security.TLS)) as relay:
        answer = await send(relay)

    assert isinstance(answer, Deferred)
    known = obstacle_in("smtp", "localhost", answer.reason)
    assert known is not None
    assert known.id == "wrong-tls-port"


def test_port_25_is_told_apart_from_another_port_without_an_answer() -> None:
    said = "smtp.bianchi.example:{} does not answer"

    found = [obstacle_in("smtp", "smtp.bianchi.example", said.format(port)) for port in (25, 587)]

    assert [known and known.id for known in found] == ["port-25", "no-answer"]


def test_a_rule_about_one_provider_is_never_told_at_another() -> None:
    """`login failed` has as many causes as there are servers; a name that only begins alike is not theirs."""
    found = [
        obstacle_in("imap", host, "NO LOGIN failed.")
        for host in ("outlook.office365.com", "notoffice365.com", "x.test")
    ]

    assert [known and known.id for known in found] == ["m365-imap-login", None, None]


@pytest.mark.parametrize(
    ("where", "host", "words"),
    [
        (
            "imap",
            "outlook.office365.com",
            "the server does not take our token for a@b.test: b'AUTHENTICATE failed.'; check imap: username,"
            " auth: scopes, and that IMAP is allowed for this mailbox",
        ),
        ("imap", "imap.gmail.com", "the server does not take our token for a@b.test: [AUTHENTICATIONFAILED] Invalid"
         " credentials (Failure) (status 400); check imap: username"),
        ("smtp", "smtp.gmail.com", "smtp.gmail.com:587 does not take our token for smtp.username: see smtp.username"
         " (535 5.7.8 Username and Password not accepted. gsmtp)"),
        ("smtp", "smtp.office365.com", "smtp.office365.com:587 does not take our token for smtp.username: see"
         " smtp.username (535 5.7.3 Authentication unsuccessful)"),
        ("smtp", "smtp.office365.com", "smtp.office365.com:587 does not take our token for smtp.username: see"
         " smtp.username (535 5.7.139 Authentication unsuccessful, the request did not meet the criteria)"),
    ],
)  # fmt: skip
def test_who_logs_in_by_oauth_is_not_told_to_use_it_nor_to_make_a_password(where: str, host: str, words: str) -> None:
    known = obstacle_in(where, host, words, oauth=True)

    assert known is not None
    assert known.id == "token-refused"
    assert "sollecito login" in known.do
    by_password = obstacle_in(where, host, words)
    assert by_password is not None
    assert by_password.way == "password"


def test_every_row_says_what_to_do_and_where_its_words_were_seen() -> None:
    ids = [known.id for known in obstacles()]

    assert len(ids) == len(set(ids))
    assert all(known.what and known.do and known.source and known.read_on for known in obstacles())


def test_no_text_of_a_stranger_keeps_the_table_busy() -> None:
    """Replies that nearly fit, of any length, are read in no time."""
    begin = time.perf_counter()
    for words in ("certificate ", "too many ", "5.7.9 ", "password ", "authentication ", "4.7.1 4xx 450 4.7.0 "):
        obstacle_in("smtp", "x.test", words * 20_000)

    assert time.perf_counter() - begin < 2
