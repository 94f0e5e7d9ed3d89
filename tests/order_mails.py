"""A digest, an alert and a question that an owner answers, for the tests of orders by mail."""

from __future__ import annotations

from datetime import date
from functools import cache

from daemon.adapters.config_main import LANGUAGES as LANGUAGES
from daemon.adapters.templates_orders import load_order_pack
from daemon.domain.commands.errand import Command
from daemon.mail.orders.about import About
from daemon.mail.orders.orders import NotUnderstood, Order, orders
from daemon.mail.orders.pack import OrderPack
from daemon.mail.orders.shapes import NoOrder

TODAY = date(2026, 11, 17)  # a Tuesday
_INVOICES = {
    "acme": {"2026-041": "EUR", "2026-042": "EUR"},
    "beta": {"2026-050": "EUR"},
    "omega": {"OM 12/2026": "USD", "7": "USD"},
}
_NAMES = {"acme": "Acme S.p.A.", "beta": "Beta", "omega": "Omega Ltd"}
DIGEST = About(
    items={1: "hold", 2: "hold", 3: "letter", 4: "unmatched", 5: "call", 6: "doubt", 8: "letter", 9: "handover"},
    invoices=_INVOICES,
    names=_NAMES,
    of_items=dict.fromkeys((1, 2, 3, 5, 6, 8, 9), ("acme", ("2026-041",))),
    letters=frozenset({"acme-3"}),
)
ALERT = About(invoice="acme/2026-041", invoices=_INVOICES, names=_NAMES)
QUESTION = About(asks=True, invoices=_INVOICES, names=_NAMES)


@cache
def pack(language: str) -> OrderPack:
    return load_order_pack((), language)


def read(
    text: str, about: About = DIGEST, language: str = "en", today: date = TODAY
) -> tuple[Order | NotUnderstood, ...]:
    return orders(text, pack(language).words, today=today, about=about)


def command(text: str, about: About = DIGEST, language: str = "en", today: date = TODAY) -> Command:
    """The one order that a text is."""
    (one,) = read(text, about, language, today)
    assert isinstance(one, Order), f"{text!r}: {one}"
    return one.command


def why(text: str, about: About = DIGEST, language: str = "en") -> NoOrder:
    """Why the one line of a text is no order."""
    (one,) = read(text, about, language)
    assert isinstance(one, NotUnderstood), f"{text!r}: {one}"
    return one.why
