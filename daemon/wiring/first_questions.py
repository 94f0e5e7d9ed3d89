"""The questions of `sollecito init`: asked one by one, or answered by options; each answer is looked at at once."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from daemon.adapters import bank_codes, config_amounts, config_names
from daemon.adapters.config_main import LANGUAGES
from daemon.adapters.countries import country_of, currency_of, language_of, local_zone, zone_of
from daemon.adapters.first_config import FirstAnswers, WayIn
from daemon.adapters.import_yaml import quoted
from daemon.adapters.providers import Provider, Server
from daemon.adapters.server_lookup import FoundServers, servers_of
from daemon.ports import Security
from daemon.wiring.first_place import FirstPlace

Read = Callable[[str], Any]  # raises ValueError with what would be right
_USUAL = {
    "imap": {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143},
    "smtp": {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25},
}
_BY_PORT = {465: Security.TLS, 993: Security.TLS, 587: Security.STARTTLS, 143: Security.STARTTLS}
WAYS = ("file", "env", "command", "credential")


class Unanswered(Exception):
    """Nobody is to be asked, and these options are missing."""

    def __init__(self, options: list[str]) -> None:
        super().__init__(", ".join(options))
        self.options = options


def written(read: Read) -> Read:
    """The text itself, once `read` has found it good."""

    def checked(text: str) -> str:
        read(text)
        return text

    return checked


def server_of(kind: str) -> Read:
    """`HOST`, `HOST:PORT` or `tls://HOST:PORT`, as a `Server`."""

    def read(text: str) -> Server:
        scheme, mark, rest = text.rpartition("://")
        host, colon, port = rest.rpartition(":") if ":" in rest else (rest, "", "")
        if colon and not (port.isdecimal() and 1 <= int(port) <= 65535):
            raise ValueError(f"{port!r} is no port: write HOST:PORT, as in mail.acme.example:993")
        try:
            security = Security(scheme) if mark else _BY_PORT.get(int(port or 0))
        except ValueError:
            raise ValueError(f"{scheme!r} is none of tls, starttls and none") from None
        security = security or (Security.TLS if kind == "imap" else Security.STARTTLS)
        return Server(config_names.host(host), int(port) if port else _USUAL[kind][security], security)

    return read


class Answer(click.ParamType[Any]):
    """An answer that the config's own reader has found good; "" where nothing may be answered."""

    name = "TEXT"

    def __init__(self, read: Read, *, optional: bool = False) -> None:
        self._read = read
        self._optional = optional

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str) or (self._optional and not value.strip()):
            return "" if isinstance(value, str) else value
        try:
            return self._read(value.strip())
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


NAME = written(config_names.line_text(200))
EMAIL = written(config_names.email)
READERS: dict[str, tuple[str, Read, bool]] = {  # option -> question, reader, whether it may be left out
    "name": ("Your company, as on your invoices", NAME, False),
    "contact": ("Whom may a client ask? (a person; printed on every letter)", NAME, False),
    "email": ("The address that letters come from, and whose mailbox is watched", EMAIL, False),
    "address": ("Postal address, printed on every letter (Enter: none)", written(config_names.line_text(300)), True),
    "phone": ("Telephone, printed on every letter (Enter: none)", written(config_names.phone), True),
    "tax_id": ("VAT or tax number, printed on every letter (Enter: none)", written(config_names.line_text(40)), True),
    "country": ("Country, for public holidays (two letters, or with a part: DE-BY)", config_names.region, False),
    "language": ("Language of your digest", config_names.one_of(*LANGUAGES), False),
    "timezone": ("Time zone", written(config_names.zone), False),
    "iban": ("IBAN to be paid on, printed on the letters (Enter: none)", written(bank_codes.iban), True),
    "owner": ("Your own address, for the daily digest", EMAIL, False),
    "digest_at": ("When shall the digest come?", written(config_amounts.time_of_day), False),
    "imap": ("IMAP server", server_of("imap"), False),
    "smtp": ("SMTP server", server_of("smtp"), False),
    "username": ("User name there", NAME, False),
}


@dataclass(slots=True)
class Questions:
    """Asks what no option has answered.

    Args:
        given: by option, what was answered on the command line, found good.
        asks: False: nobody is asked; defaults are taken, and what has none is missing.
    """

    given: dict[str, Any]
    asks: bool
    missing: list[str] = field(default_factory=list)

    def one(self, key: str, default: Any = None, *, again: bool = False) -> Any:
        """The answer to one question of `READERS`."""
        if self.given.get(key) is not None and not again:
            return self.given[key]
        question, read, optional = READERS[key]
        kind = Answer(read, optional=optional)
        if self.asks:
            shown = _shown(default) if default is not None else ("" if optional else None)
            return click.prompt(question, default=shown, type=kind, show_default=bool(shown))
        if default is None and not optional:
            self.missing.append(f"--{key.replace('_', '-')}")
        return "" if default is None else default

    def yes(self, question: str, default: bool) -> bool:
        return click.confirm(question, default=default) if self.asks else default


def ask_all(
    questions: Questions, place: FirstPlace, state: str = "", found_by: Callable[[str], FoundServers] = servers_of
) -> FirstDraft:
    """Everything but the password, which depends on the provider.

    Raises:
        Unanswered: nobody is asked, and something without a default was not given.
    """
    q = questions
    names = {key: q.one(key) for key in ("name", "contact", "email", "address", "phone", "tax_id")}
    country = q.one("country", country_of(names["email"]))
    language = q.one("language", language_of(country))
    timezone = q.one("timezone", zone_of(country) if country else local_zone())
    rest = {"iban": q.one("iban"), "owner": q.one("owner"), "digest_at": q.one("digest_at", "07:30")}
    known = found_by(names["email"]) if names["email"] else FoundServers()
    user = known.provider.log_in_name(names["email"]) if known.provider else names["email"] or None
    servers = {"imap": known.imap, "smtp": known.smtp, "username": user}
    if names["email"] and not all(servers[key] or q.given.get(key) for key in ("imap", "smtp")):
        click.echo(f"No mail servers were found for {names['email'].rpartition('@')[2]}.", err=True)
    if q.asks and known.imap and known.smtp and not any(q.given.get(key) for key in servers):
        click.echo(f"{known.by}: {_shown(known.imap)} and {_shown(known.smtp)}, as {user}.")
        if click.confirm("Use these mail servers?", default=True):
            q.given |= servers
    found = {key: q.one(key, default) for key, default in servers.items()}
    draft = FirstDraft(
        texts={**names, **rest, "country": country, "language": language, "timezone": timezone},
        **found,
        provider=known.provider,
        place=place,
        state=state or place.state,
    )
    if q.missing:
        raise Unanswered(q.missing)
    return draft


@dataclass(slots=True, kw_only=True)
class FirstDraft:
    """What was answered so far."""

    texts: dict[str, str]
    imap: Server
    smtp: Server
    username: str
    provider: Provider | None
    place: FirstPlace
    state: str
    ca_file: str = ""
    kept: dict[Path, bool] = field(default_factory=dict)  # with a password that was typed now; True: the file is new

    @property
    def directory(self) -> str:
        """At Microsoft: that of everybody who is in none, or that of the domain whose mail is there."""
        nobodys = self.provider is not None and self.provider.id == "outlook"
        return "consumers" if nobodys else self.texts["email"].rpartition("@")[2]

    def forget_passwords(self) -> None:
        """One that was refused, or of which nothing came, is typed anew."""
        for path, is_new in self.kept.items():
            if is_new:
                path.unlink(missing_ok=True)
            else:
                path.write_text("")
        self.kept.clear()

    def ask_servers_again(self, questions: Questions) -> None:
        self.imap = questions.one("imap", self.imap, again=True)
        self.smtp = questions.one("smtp", self.smtp, again=True)
        self.username = questions.one("username", self.username, again=True)

    def answers(self, ways: tuple[WayIn, WayIn]) -> FirstAnswers:
        """Args: `ways`: into IMAP and into SMTP."""
        return FirstAnswers(
            **self.texts,
            currency=currency_of(self.texts["country"]),
            imap=self.imap,
            smtp=self.smtp,
            username=self.username,
            imap_way=ways[0],
            smtp_way=ways[1],
            ca_file=self.ca_file,
            file_sent=self.provider.file_sent if self.provider else True,
            state=self.state,
            invoices=self.place.invoices,
        )


def password_way(how: str, where: str, folder: Path) -> tuple[WayIn, WayIn]:
    """How the config says where the password is; the same one for both servers.

    Args:
        where: a path, a variable or a command line; of a credential nothing.
        folder: of the config: a file in it is named as seen from there.
    """
    if how == "credential":
        return WayIn("password", "{credential: imap}"), WayIn("password", "{credential: smtp}")
    if how == "command":
        way = WayIn("password", f"{{command: [{', '.join(map(quoted, shlex.split(where)))}]}}")
    elif how == "env":
        way = WayIn("password", f"{{env: {where}}}")
    else:
        way = WayIn("password", _file(where, folder))
    return way, way


def _file(where: str, folder: Path) -> str:
    path = Path(where).absolute()
    near = path.relative_to(folder) if path.is_relative_to(folder) else path
    return f"{{file: {quoted(str(near))}}}"


def oauth_way(provider: str, client_id: str, tenant: str, secret_file: str, folder: Path) -> tuple[WayIn, WayIn]:
    """How the config says by which program one logs in; the same one for both servers.

    Args:
        secret_file: of that program; "" where it has none.
        folder: of the config: a file in it is named as seen from there.
    """
    parts = [f"oauth: {provider}", f"client_id: {quoted(client_id)}"]
    parts += [f"tenant: {quoted(tenant)}"] if tenant else []
    parts += [f"client_secret: {_file(secret_file, folder)}"] if secret_file else []
    way = WayIn("auth", "{" + ", ".join(parts) + "}")
    return way, way


def _shown(default: Any) -> str:
    if isinstance(default, Server):
        return f"{default.security.value}://{default.host}:{default.port}"
    return str(default)
