"""The owner in the config: the digest, alerts, the team, and whom we believe that a mail is from one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_names import authserv_id
from daemon.adapters.config_oauth import URL
from daemon.adapters.config_shape import FAULT, Choice, Field, ListOf, Record, Scalar, Schema
from daemon.adapters.config_wording import shown
from daemon.adapters.yaml_nodes import ListNode, MapNode, Node, Report, Text, is_blank
from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.owner import M365, AlertKind, Alerts, CommandTrust, Member, OtherWay, Owner, Right


class _NoneOr(Record):
    """A record, or the word `none`, which has a value of its own."""

    def __init__(self, what: str, fields: Mapping[str, Field], make: Callable[..., Any], none: Any) -> None:
        super().__init__(what, fields, lambda values, _node, _report, _whole: make(**values))
        self._none = none

    def read(self, node: Node, report: Report) -> Any:
        if isinstance(node, Text) and not is_blank(node):
            if node.value == "none":
                return self._none
            report.wrong(node, f"`{shown(node.value)}`: write none here, or entries such as {{{self._names[0]}: ...}}")
            return FAULT
        return super().read(node, report)

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": ["none"]}, super().schema()]}


def _alerts(**values: Any) -> Alerts:
    if "on" in values:
        values["kinds"] = frozenset(values.pop("on"))
    return Alerts(**values)


def _member(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Member:
    return Member(**{**values, "can": frozenset({Right.READ, *values.get("can", ())})})


def _owner(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    if "digest_on" in values:
        values["digest_on"] = frozenset(values["digest_on"])
    owner = Owner(**values)
    known = {owner.email.lower(): node.entries["email"].start_mark.line + 1}
    good = True
    for member, at in zip(owner.team, _addresses(node), strict=True):
        address = member.email.lower()
        if address in known:
            report.wrong(at, f"{member.email} is already in line {known[address]}: keep one of the two")
            good = False
        known.setdefault(address, at.start_mark.line + 1)
    return owner if good else FAULT


def _addresses(owner: Node) -> list[Node]:
    """Where the addresses of the team are written, in a section that was found good."""
    team = owner.entries.get("team") if isinstance(owner, MapNode) else None
    items = team.items if isinstance(team, ListNode) else []
    return [item.entries["email"] for item in items if isinstance(item, MapNode)]


def check_team(
    owner: Owner, at: Node, creditor: Creditor | None, clients: Mapping[str, Client], report: Report
) -> None:
    """Nobody is on both sides: who is written to as a debtor, or the mailbox itself, gives no commands.

    Args:
        at: the section `owner`.
    """
    billed = {c.email.lower(): client.name for client in clients.values() for c in client.billing}
    for member, place in zip(owner.team, _addresses(at), strict=True):
        address = member.email.lower()
        if address in billed:
            said = f"{member.email} is a contact of {billed[address]}, and letters go there: a client gives no commands"
            report.wrong(place, said)
        elif creditor is not None and address == creditor.email.lower():
            said = "is the address from which the letters come: write that of the person"
            report.wrong(place, f"{member.email} {said}")


COMMANDS = _NoneOr(
    "`commands`",
    {
        "authserv_id": Field(
            Scalar(authserv_id, {"type": "string", "examples": ["mx.google.com", "*.messagingengine.com", M365]}),
            "whose Authentication-Results are believed: the name with which your mail server begins them, or m365",
        ),
        "dkim": Field(kinds.BOOLEAN, "true: where that server is silent, a DKIM signature of your domain is enough"),
    },
    CommandTrust,
    CommandTrust(),
)
MEMBER = Record(
    "a member of the team",
    {
        "email": Field(kinds.EMAIL, "from which they answer the digest", required=True),
        "name": Field(kinds.NAME, "as it is shown"),
        "can": Field(
            ListOf(kinds.words(*Right, make=Right), what="rights"),
            "read: ask; hold: hold letters back; pay: record payments and promises; approve: let go what waits",
        ),
    },
    _member,
)
OTHER_WAY = Choice(
    "`also`",
    {
        "command": Record(
            "`also`",
            {"command": Field(ListOf(kinds.PATH, what="words", empty=False), "gets the text on stdin", required=True)},
            lambda values, _node, _report, _whole: OtherWay(**values),
        ),
        "url": Record(
            "`also`",
            {"url": Field(URL, "the text is sent there by POST", required=True)},
            lambda values, _node, _report, _whole: OtherWay(**values),
        ),
    },
)
ALERTS = _NoneOr(
    "`alerts`",
    {
        "on": Field(
            ListOf(kinds.words(*AlertKind, make=AlertKind), what="alerts", empty=False),
            f"which: {', '.join(AlertKind)}; left out, all",
        ),
        "outage_after": Field(kinds.CLOCK_SPAN, "an outage is told when it lasts so long: 15m, or 2h"),
        "per_hour": Field(kinds.whole(1, 60), "mails at most; what is more is told together"),
        "also": Field(OTHER_WAY, "how to tell you when no mail can leave: {command: [...]} or {url: https://...}"),
    },
    _alerts,
    Alerts(kinds=frozenset()),
)
OWNER = Record(
    "`owner`",
    {
        "email": Field(kinds.EMAIL, "who gets the daily digest", required=True),
        "digest_at": Field(kinds.TIME, 'when, in your time zone, as in "07:30"'),
        "digest_on": Field(kinds.WEEKDAYS, "on which days: [mon, tue, wed, thu, fri]"),
        "digest_when_empty": Field(kinds.BOOLEAN, "false: no digest on a day with nothing to say"),
        "commands": Field(COMMANDS, "how a mail is known to be from you, when you answer the digest; none: it is not"),
        "team": Field(ListOf(MEMBER, what="members"), "who may answer the digest besides you"),
        "alerts": Field(ALERTS, "what cannot wait for the digest; left out, all of it; none: nothing"),
    },
    _owner,
)
