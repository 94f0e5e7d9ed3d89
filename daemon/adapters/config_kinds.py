"""The scalar kinds of the config: a reader of the text, and what an editor may accept for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from daemon.adapters import bank_codes, config_amounts, config_names
from daemon.adapters.config_shape import ListOf, Scalar, Schema

_STRING: Schema = {"type": "string"}
_NUMBER: Schema = {"type": ["number", "string"], "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"}
_ANY_TEXT: Schema = {"type": ["string", "number", "boolean"]}  # an editor takes an unquoted 0123 for a number


def _pattern(pattern: str, example: str) -> Schema:
    return {"type": "string", "pattern": pattern, "examples": [example]}


def line(most: int = 200) -> Scalar:
    return Scalar(config_names.line_text(most), _ANY_TEXT)


def words(*choices: str, make: Callable[[str], Any] = str) -> Scalar:
    """One of a few words; `make` turns it into the domain's value."""
    read = config_names.one_of(*choices)
    return Scalar(lambda text: make(read(text)), {"enum": list(choices)})


def whole(least: int, most: int) -> Scalar:
    limits = {"type": "integer", "minimum": least, "maximum": most}
    return Scalar(config_amounts.whole(least, most), limits)


NAME = line()
NUMBER = Scalar(config_names.invoice_number, _ANY_TEXT)
KEY = Scalar(config_names.key, {**_ANY_TEXT, "pattern": config_names.KEY_PATTERN})
VARIABLE = Scalar(config_names.variable, _pattern("^[A-Za-z_][A-Za-z0-9_]*$", "SMTP_PASSWORD"))
PARAGRAPH = Scalar(config_names.paragraph, _ANY_TEXT)
PHONE = Scalar(config_names.phone, {"type": ["string", "number"]})
EMAIL = Scalar(config_names.email, {"type": "string", "format": "email"})
LANGUAGE = Scalar(config_names.line_text(12), _pattern("^[a-z]{2,3}$", "it"))
ZONE = Scalar(config_names.zone, {**_STRING, "examples": ["Europe/Rome"]})
REGION = Scalar(config_names.region, {"type": ["string", "boolean"], "examples": ["IT", "DE-BY"]})  # NO is Norway
HOST = Scalar(config_names.host, {**_STRING, "examples": ["mail.acme.example"]})
LINK = Scalar(config_names.link, _pattern("^https?://", "https://pay.example/{number}"))
PATH = Scalar(config_names.path, _STRING)
STATE = Scalar(config_names.state, _pattern("^tinydb:///", "tinydb:///var/lib/sollecito"))
BOOLEAN = Scalar(config_names.boolean, {"type": "boolean"})
TRISTATE = Scalar(config_names.tristate, {"enum": ["auto", True, False]})
IBAN = Scalar(bank_codes.iban, _STRING)
BIC = Scalar(bank_codes.bic, _STRING)
REFERENCE = Scalar(bank_codes.reference, _ANY_TEXT)
CURRENCY = Scalar(config_amounts.currency, _pattern("^[A-Z]{3}$", "EUR"))
DATE = Scalar(config_amounts.day, _pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-10-31"))
TIME = Scalar(config_amounts.time_of_day, _pattern("^[0-9]{1,2}:[0-9]{2}$", "07:30"))
WINDOW = Scalar(config_amounts.window, _pattern("^[0-9]{1,2}:[0-9]{2} *[-–] *[0-9]{1,2}:[0-9]{2}$", "10:00-17:00"))
CLOCK_SPAN = Scalar(config_amounts.clock_span, _pattern("^[0-9]+[mh]$", "15m"))
SPAN = Scalar(config_amounts.span, _pattern("^[0-9]+b?d$", "7d"))
DAYS = Scalar(config_amounts.days, {"type": ["integer", "string"], "pattern": "^[0-9]+d?$", "examples": ["1095d"]})
WEEKDAY = Scalar(config_amounts.weekday, {"enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]})
DECIMAL = Scalar(config_amounts.decimal, _NUMBER)
MONEY = Scalar(config_amounts.positive, _NUMBER)
NOT_NEGATIVE = Scalar(config_amounts.not_negative, _NUMBER)
PERCENT = Scalar(config_amounts.percent, {"type": ["number", "string"]})
WEEKDAYS = ListOf(WEEKDAY, what="days of the week", empty=False)
