"""The first config of an owner, and a first invoice beside it, written with remarks from what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from daemon.adapters.import_yaml import quoted, word
from daemon.adapters.providers import Server
from daemon.ports import Security


@dataclass(frozen=True, slots=True)
class WayIn:
    """How one logs in, as the config writes it."""

    key: str  # password or auth
    written: str  # {file: ...}, {oauth: google, ...}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswers:
    """What the owner answered; every text was found good by the config's own readers.  "": not answered."""

    name: str
    contact: str
    email: str
    address: str = ""
    phone: str = ""
    tax_id: str = ""
    language: str
    country: str
    timezone: str
    currency: str
    iban: str = ""
    owner: str
    digest_at: str
    imap: Server
    smtp: Server
    username: str
    imap_way: WayIn
    smtp_way: WayIn
    ca_file: str = ""
    file_sent: bool = True
    state: str  # absolute path
    invoices: str = "invoices"  # the folder, seen from the config


_FILED_BY_THEM = "  file_sent: false                      # your provider puts our letters into Sent by itself"


def config_text(told: FirstAnswers, today: date) -> str:
    """The whole config."""
    lines = [
        f"# The config of Sollecito, begun by `sollecito init` on {today}.  All keys are in config.example.yaml;",
        "# `sollecito check` says what is wrong in here, `sollecito plan` what would go out when.",
        "",
        _headline("who is owed: you"),
        "creditor:",
        *_entries(
            ("name", told.name, "printed on every letter"),
            ("contact", told.contact, "whom a client may ask"),
            ("email", told.email, "the letters come from it, and its mailbox is watched"),
            ("phone", told.phone, "printed on every letter"),
            ("address", told.address, "printed on every letter"),
            ("tax_id", told.tax_id, "VAT or tax number"),
        ),
        *_entries(
            ("language", told.language, "of your daily digest; each client may have another"),
            ("timezone", told.timezone, "letters leave in office hours"),
            ("calendar", told.country, "public holidays; with a part where wanted, as in DE-BY"),
            plain=True,
        ),
        *_payment(told),
        "",
        _headline("the daily digest, for you"),
        "owner:",
        *_entries(("email", told.owner, "who gets it")),
        f'  digest_at: "{told.digest_at}"                    # in your time zone; before the letters of the day leave',
        "  # commands: {dkim: true}              # answer the digest by mail: see `Commands by mail` in the README",
        "",
        _headline("your mail provider"),
        "# A password is never written here, only where it is.",
        "smtp:                                   # the server that takes the letters",
        *_server(told.smtp, told, told.smtp_way),
        "  per_minute: 30                        # letters a minute, as your provider allows",
        "",
        "imap:                                   # the mailbox in which the answers arrive; read, and never changed",
        *_server(told.imap, told, told.imap_way),
        "  junk: auto                            # the spam folder: found by itself, or its name, or none",
        "  sent: auto                            # the same for sent mail: what you write yourself is seen there",
        *([] if told.file_sent else [_FILED_BY_THEM]),
        "",
        _headline("how it works"),
        "# What is overdue at the very first start waits for you: `sollecito triage` shows it, client by client.",
        "# After your go letters leave to so many clients a day; `show`: they are in the digest, to be read before it.",
        "first_start: {overdue: ask, per_day: 5, show: true}",
        f"state: {quoted(f'tinydb://{told.state}')}",
        "",
        _headline("clients, each under a short name of your choice"),
        "clients:",
        "  example:                              # put your own in its place; or `sollecito import ... --new-clients`",
        '    name: "Acme S.p.A."',
        f"    language: {told.language}                        # of the letters",
        "    policy: standard                    # or gentle, strict, or one of your own",
        "    contacts:                           # in the order to try",
        '      - {name: "Anna Verdi", email: anna@acme.example}',
        "",
        _headline("invoices"),
        f"{f'invoices: [{_path(told.invoices)}]':<39} # the files of invoices; payments are written there, too",
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def invoices_text(told: FirstAnswers, today: date) -> str:
    """A first file of invoices, with one as an example, which is held."""
    return "\n".join(
        [
            "# Invoices.  Needed are number, client, due, currency and total; all else helps.",
            "# What comes in is written under `payments`, and the letters know of it at once.",
            "- number: EXAMPLE-1                     # as it is printed on your invoice",
            "  client: example                       # the short name in the config",
            f"  issued: {today}",
            f"  due: {today + timedelta(days=30)}                       # the last day on which payment is in time",
            f"  currency: {told.currency}",
            "  total: 1220.00",
            f"  # payments: [{{on: {today + timedelta(days=35)}, amount: 610.00}}]",
            "  hold: {because: an example}           # take this out, and letters go",
            "",
        ]
    )  # fmt: skip


def _headline(words: str) -> str:
    return f"# {words:->110}".replace("-" + words, " " + words)


def _entries(*rows: tuple[str, str, str], plain: bool = False) -> list[str]:
    """Keys of a section, each with a remark; one that was not answered is left there as a remark."""
    found = []
    for key, text, remark in rows:
        entry = f"  {key}: {text if plain else quoted(text)}" if text else f"  # {key}:"
        found.append(f"{entry:<39} # {remark}")
    return found


def _path(folder: str) -> str:
    files = f"{folder}/*.yaml"
    return files if folder == "invoices" else quoted(files)


def _payment(told: FirstAnswers) -> list[str]:
    if not told.iban:
        return ["  # payment: {iban: ...}               # your account, printed on the letters; or a link to pay by"]
    return [f"  payment: {{iban: {told.iban}}}"]


def _server(server: Server, told: FirstAnswers, way: WayIn) -> list[str]:
    lines = [
        f"  host: {word(server.host)}",
        f"  port: {server.port}",
        f"  security: {server.security.value}",
        f"  username: {quoted(told.username)}",
        f"  {way.key}: {way.written}",
    ]
    if told.ca_file and server.security is not Security.NONE:
        lines.append(f"  ca_file: {quoted(told.ca_file)}")
    return lines
