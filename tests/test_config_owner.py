"""The owner in the config: whom we believe that a mail is from them, who else may command, and what is told at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from daemon.domain.books.owner import AlertKind, Alerts, CommandTrust, Member, Owner, Right
from daemon.wiring.checkup import check
from tests.config_builder import changed, loaded, problems

TEAM = "team: [{email: Ada@bianchi.example, name: Ada, can: [hold, pay]}, {email: leo@bianchi.example}]"


def _with(more: str) -> str:
    return changed("owner: {email: giulia@bianchi.example}", f"owner: {{email: giulia@bianchi.example, {more}}}")


def _owner(folder: Path, more: str) -> Owner:
    read = loaded(folder, _with(more))
    assert read.settings is not None, read.problems
    return read.settings.ledger.owner


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", CommandTrust()),
        ("commands: none", CommandTrust()),
        ("commands: {}", CommandTrust()),
        ("commands: {dkim: false}", CommandTrust()),
        ("commands: {authserv_id: MX.Google.com}", CommandTrust(authserv_id="mx.google.com")),
        ("commands: {authserv_id: M365, dkim: true}", CommandTrust(authserv_id="m365", dkim=True)),
        (
            'commands: {authserv_id: "*.messagingengine.com"}',
            CommandTrust(authserv_id="*.messagingengine.com"),
        ),
        ("commands: {dkim: true}", CommandTrust(dkim=True)),
    ],
)
def test_mails_command_only_where_the_config_says_by_what_they_are_known(
    tmp_path: Path, written: str, expected: CommandTrust
) -> None:
    trust = _owner(tmp_path, written).commands

    assert trust == expected
    assert trust.nobody == (expected == CommandTrust())


def test_the_owner_may_do_everything_and_a_member_what_the_config_says(tmp_path: Path) -> None:
    owner = _owner(tmp_path, TEAM)

    assert owner.team == (
        Member(email="Ada@bianchi.example", name="Ada", can=frozenset({Right.READ, Right.HOLD, Right.PAY})),
        Member(email="leo@bianchi.example", can=frozenset({Right.READ})),
    )
    assert owner.members[0] == Member(email="giulia@bianchi.example", can=frozenset(Right))
    assert owner.who("ADA@BIANCHI.EXAMPLE") == owner.team[0], "in whatever case it is written"
    assert owner.who("mallory@bianchi.example") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", Alerts(kinds=frozenset(AlertKind), outage_after=timedelta(minutes=15), per_hour=6)),
        ("alerts: none", Alerts(kinds=frozenset())),
        ("alerts: {per_hour: 2}", Alerts(per_hour=2)),
        (
            "alerts: {on: [outage, disk], outage_after: 2h}",
            Alerts(kinds=frozenset({AlertKind.OUTAGE, AlertKind.DISK}), outage_after=timedelta(hours=2)),
        ),
    ],
)
def test_all_alerts_are_on_unless_the_config_says_otherwise(tmp_path: Path, written: str, expected: Alerts) -> None:
    assert _owner(tmp_path, written).alerts == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("commands: true", "c.yaml:2:50: `true`: write none here, or entries such as {authserv_id: ...}"),
        ("commands: {authservid: mx.google.com}", "did you mean `authserv_id`?"),
        (
            'commands: {authserv_id: "mx.google.com; dkim=pass"}',
            "c.yaml:2:64: `mx.google.com; dkim=pass` is not how a mail server names itself: write only the name:"
            " mx.google.com",
        ),
        ('commands: {authserv_id: "Authentication-Results: mx.a.example;"}', "write only the name: mx.a.example"),
        ('commands: {authserv_id: "*.com"}', "is not how a mail server names itself: it is a name such as"),
        ('commands: {authserv_id: "*"}', "is not how a mail server names itself"),
        ('commands: {authserv_id: "mx.*.example"}', "is not how a mail server names itself"),
        ("commands: {dkim: yes}", "`yes`: write true here"),
        ("team: {email: ada@bianchi.example}", "a list of members is expected"),
        ("team: [{name: Ada}]", "`email` is missing in a member of the team: from which they answer the digest"),
        (
            "team: [{email: ada@bianchi.example, can: [reed]}]",
            "one of read, hold, pay or approve; did you mean `read`?",
        ),
        (
            "team: [{email: GIULIA@bianchi.example}]",
            "c.yaml:2:55: GIULIA@bianchi.example is already in line 2: keep one of the two",
        ),
        (
            "team: [{email: a@b.example}, {email: A@b.example}]",
            "c.yaml:2:77: A@b.example is already in line 2: keep one of the two",
        ),
        (
            "team: [{email: ANNA@acme.example}]",
            "c.yaml:2:55: ANNA@acme.example is a contact of Acme S.p.A., and letters go there: a client gives no"
            " commands",
        ),
        ("team: [{email: f@bianchi.example}]", "f@bianchi.example is the address from which the letters come"),
        ("alerts: {on: []}", "the list is empty; at least one of alerts is needed"),
        ("alerts: {on: [bounces]}", "did you mean `bounce`?"),
        ("alerts: {outage_after: 15}", "c.yaml:2:63: `15` is not a length of time here: write 15m for minutes"),
        ("alerts: {outage_after: 0m}", "`0m` is not a length of time here"),
        ("alerts: {outage_after: 25h}", "`25h` is not a length of time here"),
        ("alerts: {per_hour: 0}", "a whole number from 1 to 60"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_place(tmp_path: Path, written: str, expected: str) -> None:
    found = problems(tmp_path, _with(written))

    assert len(found) == 1, found
    assert expected in found[0]


@pytest.mark.parametrize(("written", "said"), [("", 1), ("commands: none", 1), ("commands: {dkim: true}", 0)])
def test_check_says_once_that_commands_by_mail_are_off(tmp_path: Path, written: str, said: int) -> None:
    (tmp_path / "c.yaml").write_text(_with(written), encoding="utf-8")
    notices = check(str(tmp_path / "c.yaml"))["notices"]

    assert sum("commands by mail are off" in notice for notice in notices) == said
