"""The whole config as one schema."""

from __future__ import annotations

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_bank import BANK
from daemon.adapters.config_first_start import FIRST_START
from daemon.adapters.config_invoices import INVOICE
from daemon.adapters.config_outside import METRICS, PING
from daemon.adapters.config_owner import OWNER
from daemon.adapters.config_people import CLIENTS, CREDITOR
from daemon.adapters.config_policies import POLICIES
from daemon.adapters.config_servers import IMAP, SMTP
from daemon.adapters.config_shape import FAULT, Field, ListOf, Record, Schema
from daemon.adapters.rates_schema import RATES
from daemon.adapters.yaml_nodes import ListNode, Node, Report, Text, is_blank


class Invoices:
    """The invoices themselves and the files with more of them, mixed.

    The items are not in the tree: they were handed out while it was read (`read_tree`), each for itself.
    """

    def read(self, node: Node, report: Report) -> object:
        if isinstance(node, ListNode):
            return True
        if node.__class__ is Text and not is_blank(node):
            report.wrong(node, f"a list is expected: write [{node.value}]")
        else:
            report.wrong(node, "a list is expected: [invoices/*.yaml], or the invoices themselves; [] for none yet")
        return FAULT

    def schema(self) -> Schema:
        return {"type": "array", "items": {"anyOf": [{"type": "string"}, INVOICE.schema()]}}


CONFIG = Record(
    "the config",
    {
        "creditor": Field(CREDITOR, "who is owed: name, contact, email, language, timezone, calendar", required=True),
        "owner": Field(OWNER, "who reads the daily digest: {email: ...}", required=True),
        "smtp": Field(SMTP, "the server that takes the letters", required=True),
        "imap": Field(IMAP, "the mailbox in which the answers arrive", required=True),
        "first_start": Field(FIRST_START, "ask: what is overdue at the very first start waits for your go"),
        "reply_token": Field(kinds.words("none", "plus"), "plus: answers go to you+TOKEN@...; none: to you"),
        "state": Field(kinds.STATE, "where the journal is kept: tinydb:///var/lib/sollecito", required=True),
        "keep": Field(kinds.DAYS, "how many days the texts of letters and mails are kept"),
        "templates": Field(ListOf(kinds.PATH, what="folders"), "folders with your own templates; the first wins"),
        "policies": Field(POLICIES, "ladders of reminders, besides gentle, standard and strict"),
        "bank": Field(BANK, "where statements of your bank arrive: payments are matched by themselves"),
        "metrics": Field(METRICS, "figures for Prometheus, on the loopback: {port: 9465}"),
        "ping": Field(PING, "a watchman outside, who is shown a sign of life: {url: https://..., every: 5m}"),
        "rates": Field(RATES, "rates of default interest and laws, besides the shipped ones"),
        "clients": Field(CLIENTS, "those who owe, each under a short name", required=True),
        "invoices": Field(Invoices(), "a list of files, or of invoices; [] for none yet", required=True),
    },
    partial=True,
)
INVOICES = ListOf(INVOICE, what="invoices")  # a file of its own
