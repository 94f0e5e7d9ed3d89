"""Chooses the adapters and puts one creditor's parts together, from top to bottom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from secrets import token_bytes

from daemon.adapters import config_yaml
from daemon.adapters.clock import SystemClock
from daemon.adapters.config_main import LANGUAGES
from daemon.adapters.dkim_signatures import DkimSignatures
from daemon.adapters.imap import ImapMailbox
from daemon.adapters.other_way import tell_otherwise
from daemon.adapters.smtp import SmtpRelay
from daemon.adapters.watch import SETTLE_SECONDS
from daemon.domain.books.ledger import Ledger
from daemon.loops.answer import Answerer
from daemon.loops.authenticate import authenticate
from daemon.loops.book import Book
from daemon.loops.deliver import Deliverer
from daemon.loops.desk import OwnersDesk
from daemon.loops.followed import FollowedInvoices
from daemon.loops.handovers import HandoverFiles
from daemon.loops.health import Health
from daemon.loops.listen import Listener
from daemon.loops.orders import Authenticate, OrderDesk
from daemon.loops.owner_post import OwnerPost
from daemon.loops.plan import Planner
from daemon.loops.post import Post
from daemon.loops.pulse import pulse
from daemon.loops.quotes import Quotes
from daemon.loops.report import Reporter
from daemon.loops.sendings import SendingDesk
from daemon.loops.tell import Teller
from daemon.loops.watch import Watcher
from daemon.mail.letters.pack import Pack
from daemon.mail.read import Reader
from daemon.ports import Clock, Mailbox, Relay, Settings, Signatures, State
from daemon.wiring.alone import forgets
from daemon.wiring.dossier import write_beside
from daemon.wiring.following import read_sending, write_followed
from daemon.wiring.rereading import Rereading
from daemon.wiring.ways_in import ways_in
from daemon.wiring.words import OrderPacks, as_written, packs_of


@dataclass(slots=True, kw_only=True)
class World:
    """The adapters that a daemon runs on; the demo brings its own clock, and switches rules off to show them."""

    clock: Clock
    relay: Relay
    mailbox: Mailbox
    read_with: Callable[[Reader], Reader] = lambda reader: reader
    believe: Callable[[Ledger], Ledger] = lambda ledger: ledger  # what is made of the YAML, now and after each reload
    signatures: Signatures = field(default_factory=DkimSignatures)
    revoked: Callable[[], Mapping[str, str]] = dict  # log-ins that the owner has to make anew (F65)
    settle_seconds: float = SETTLE_SECONDS  # edited files lie still for so long


def real_world(settings: Settings, clock: Clock | None = None) -> World:
    """SMTP and IMAP as the config names them, and the system's clock."""
    smtp, imap = settings.smtp, settings.imap
    doors, here = ways_in(settings), clock or SystemClock()
    return World(
        clock=here,
        relay=SmtpRelay(smtp, doors.smtp, renew=doors.renew_smtp),
        mailbox=ImapMailbox(imap, doors.imap, renew=doors.renew_imap, today=lambda: here.now().date()),
        revoked=doors.revoked,
    )


@dataclass(slots=True, kw_only=True)
class Daemon:
    """One creditor's running parts."""

    settings: Settings
    book: Book
    world: World
    health: Health
    listener: Listener
    planner: Planner
    deliverer: Deliverer
    reporter: Reporter
    teller: Teller
    answerer: Answerer
    handovers: HandoverFiles
    followed: FollowedInvoices
    quotes: Quotes
    desk: OwnersDesk
    watcher: Watcher | None
    stop: asyncio.Event


def build(
    settings: Settings,
    state: State,
    world: World,
    stop: asyncio.Event,
    *,
    redirect: str | None = None,
    loaded: config_yaml.Loaded | None = None,
    packs: dict[str, Pack] | None = None,
) -> Daemon:
    """Put one creditor's parts together on an open state.

    Args:
        loaded: the config as it was read, so that its files are watched; None: they are not.
    """
    health, orders = Health(), OrderPacks(settings.templates)
    packs = packs_of(settings) if packs is None else packs
    reader = world.read_with(Reader({language: pack.reading for language, pack in packs.items()}))
    packs = as_written(packs)
    book = Book(world.believe(settings.ledger), state.journal, state.archive, world.clock, state.keys.token_of)
    quotes, keep = Quotes(book, reader), timedelta(days=settings.keep_days)
    plus_token = settings.plus_token

    def short(language: str) -> Mapping[str, str]:
        return orders.of(language).phrases.short

    post = Post(packs, book.token_of, _octets_of, plus_token=plus_token, redirect=redirect)
    owner_post = OwnerPost(book, world.relay, health, token_bytes, short, plus_token=plus_token)
    authenticating = _authenticating(book, world.signatures)
    order_desk = OrderDesk(book, packs, orders.of, authenticating)
    sending_desk = SendingDesk(book, LANGUAGES, orders.of, read_sending, authenticating)
    listener = Listener(book, world.mailbox, reader, health, order_desk, sending_desk)
    watcher = _watcher(settings, book, health, packs, loaded, world, orders) if loaded else None
    reload = watcher.reload if watcher else None
    return Daemon(
        settings=settings,
        book=book,
        world=world,
        health=health,
        listener=listener,
        planner=Planner(book, health, keep),
        deliverer=Deliverer(
            book, world.relay, world.mailbox, listener, post, health, stop=stop, workers=settings.smtp.connections,
            file_sent=settings.imap.file_sent, keep=keep,
        ),
        reporter=Reporter(book, owner_post, packs, post, quotes.words, health),
        teller=Teller(book, owner_post, packs, quotes.words, health, tell_otherwise, world.revoked),
        answerer=Answerer(book, owner_post, packs, orders.of, health),
        handovers=HandoverFiles(book, partial(write_beside, settings.state, packs), health),
        followed=FollowedInvoices(book, partial(write_followed, settings.state), reload, health),
        quotes=quotes,
        desk=OwnersDesk(book, health, reload, forgets(book, state, settings)),
        watcher=watcher,
        stop=stop,
    )  # fmt: skip


def _watcher(
    settings: Settings,
    book: Book,
    health: Health,
    packs: dict[str, Pack],
    loaded: config_yaml.Loaded,
    world: World,
    orders: OrderPacks,
) -> Watcher:
    again = Rereading(
        settings,
        loaded,
        packs,
        believe=world.believe,
        templates_changed=orders.forget,
        settle_seconds=world.settle_seconds,
        alive=pulse(health, "watch"),
    )
    return Watcher(book, again.reload, again.changes, health)


def _octets_of(path: str) -> bytes:
    return Path(path).read_bytes()


def _authenticating(book: Book, signatures: Signatures) -> Authenticate:
    """By what the config names now: a reload counts at once."""
    return lambda raw: authenticate(raw, book.ledger.owner.commands, signatures)
