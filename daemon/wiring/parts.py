"""Chooses the adapters and puts one creditor's parts together, from top to bottom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import _lru_cache_wrapper, cache, partial
from pathlib import Path
from secrets import token_bytes

from daemon.adapters import config_yaml
from daemon.adapters.clock import SystemClock
from daemon.adapters.config_main import LANGUAGES
from daemon.adapters.dkim_signatures import DkimSignatures
from daemon.adapters.imap import ImapMailbox
from daemon.adapters.other_way import tell_otherwise
from daemon.adapters.smtp import SmtpRelay
from daemon.adapters.templates_orders import load_order_pack
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
from daemon.mail.orders.pack import OrderPack
from daemon.mail.read import Reader
from daemon.ports import Clock, Mailbox, Relay, Settings, Signatures, State
from daemon.wiring.alone import forgets
from daemon.wiring.dossier import write_beside
from daemon.wiring.following import read_sending, write_followed
from daemon.wiring.rereading import Rereading
from daemon.wiring.ways_in import ways_in
from daemon.wiring.words import as_written, packs_of


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
    """Put one creditor's parts together on an open state directory."""
    if packs is None:
        packs = packs_of(settings)
    health = Health()
    book = Book(world.believe(settings.ledger), state.journal, state.archive, world.clock, state.keys.token_of)
    reader = world.read_with(Reader({language: pack.reading for language, pack in packs.items()}))
    packs = as_written(packs)
    post = Post(
        packs, book.token_of, lambda path: Path(path).read_bytes(), plus_token=settings.plus_token, redirect=redirect
    )
    pack_of = _order_packs(settings)
    owner_post = OwnerPost(
        book,
        world.relay,
        health,
        token_bytes,
        lambda language: pack_of(language).phrases.short,
        plus_token=settings.plus_token,
    )
    authenticating = _authenticating(book, world.signatures)
    order_desk = OrderDesk(book, packs, pack_of, authenticating)
    sending_desk = SendingDesk(book, LANGUAGES, pack_of, read_sending, authenticating)
    listener = Listener(book, world.mailbox, reader, health, order_desk, sending_desk)
    quotes = Quotes(book, reader)
    keep = timedelta(days=settings.keep_days)
    watcher = None
    if loaded:
        again = Rereading(
            settings,
            loaded,
            packs,
            believe=world.believe,
            templates_changed=pack_of.cache_clear,
            settle_seconds=world.settle_seconds,
            alive=pulse(health, "watch"),
        )
        watcher = Watcher(book, again.reload, again.changes, health)
    return Daemon(
        settings=settings,
        book=book,
        world=world,
        health=health,
        listener=listener,
        planner=Planner(book, health, keep),
        deliverer=Deliverer(
            book,
            world.relay,
            world.mailbox,
            listener,
            post,
            health,
            stop=stop,
            workers=settings.smtp.connections,
            file_sent=settings.imap.file_sent,
            keep=keep,
        ),
        reporter=Reporter(book, owner_post, packs, post, quotes.words, health),
        teller=Teller(book, owner_post, packs, quotes.words, health, tell_otherwise, world.revoked),
        answerer=Answerer(book, owner_post, packs, pack_of, health),
        handovers=HandoverFiles(book, partial(write_beside, settings.state, packs), health),
        followed=FollowedInvoices(
            book, partial(write_followed, settings.state), watcher.reload if watcher else None, health
        ),
        quotes=quotes,
        desk=OwnersDesk(
            book,
            health,
            watcher.reload if watcher else None,
            forgets(book, state, settings),
        ),
        watcher=watcher,
        stop=stop,
    )


def _order_packs(settings: Settings) -> _lru_cache_wrapper[OrderPack]:
    """The words of the owner's orders, by language; read when the first order comes."""
    return cache(lambda language: load_order_pack(settings.templates, language))


def _authenticating(book: Book, signatures: Signatures) -> Authenticate:
    """By what the config names now: a reload counts at once."""
    return lambda raw: authenticate(raw, book.ledger.owner.commands, signatures)
