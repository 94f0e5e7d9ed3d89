"""The owner's files while the daemon runs: watched, and read again; only what changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

from daemon.adapters import config_yaml
from daemon.adapters.templates_dir import Stamp, TemplateFaults, stamp_of
from daemon.adapters.watch import Watch
from daemon.domain.books.ledger import Ledger
from daemon.loops import events
from daemon.loops.pulse import Alive
from daemon.mail.letters.pack import Pack
from daemon.ports import Problem, Settings
from daemon.wiring.words import as_written, packs_of, refuse_unwritten


class Rereading:
    """Words and books count at once; mail settings want a restart, and say so.

    Watched are the files of a config that was refused, too: mending one of them is what we wait for.

    Args:
        loaded: the config as it was read at the start; `settings` are of it.
        packs: the words in use, which are put in place of one another here.
        believe: what is made of the books (`World.believe`).
        templates_changed: called after other templates were read.
        settle_seconds: edited files lie still for so long.
    """

    def __init__(
        self,
        settings: Settings,
        loaded: config_yaml.Loaded,
        packs: dict[str, Pack],
        *,
        believe: Callable[[Ledger], Ledger],
        templates_changed: Callable[[], None],
        settle_seconds: float,
        alive: Alive,
    ) -> None:
        self._settings = settings
        self._packs = packs
        self._believe = believe
        self._templates_changed = templates_changed
        self._known = loaded
        self._stamp: Stamp | None = None  # of the templates in use; None: not looked at yet
        self._watch = Watch(_files_of(loaded), settle_seconds=settle_seconds, alive=alive)
        began = config_yaml.load(settings.file, earlier=loaded)
        self._missed = (began.settings, began.problems) != (loaded.settings, loaded.problems)

    async def changes(self) -> AsyncIterator[object]:
        """Each settled change, for ever; first one that came between the start and the watch."""
        if self._missed:
            yield "changed before the watch began"
        async for change in self._watch.changes():
            yield change

    async def reload(self) -> Settings | tuple[Problem, ...]:
        """The new settings, or what is wrong."""
        file = self._settings.file
        found = await asyncio.to_thread(config_yaml.load, file, self._known)
        self._watch.follow(_files_of(found))
        self._known = found = await asyncio.to_thread(config_yaml.load, file, found)  # what changed meanwhile
        if found.settings is None or found.problems:
            return found.problems
        try:
            await self._take_words(found.settings)
        except TemplateFaults as faults:
            return faults.problems
        if _beyond_the_books(found.settings) != _beyond_the_books(self._settings):
            events.restart_needed()
        return replace(found.settings, ledger=self._believe(found.settings.ledger))

    async def _take_words(self, settings: Settings) -> None:
        now = await asyncio.to_thread(stamp_of, settings.templates)
        if now == self._stamp:
            refuse_unwritten(self._packs, settings)
            return
        self._packs.update(as_written(await asyncio.to_thread(packs_of, settings)))
        self._templates_changed()
        self._stamp = now


def _files_of(loaded: config_yaml.Loaded) -> list[Path]:
    return [Path(path) for path in (*loaded.files, *loaded.folders)]


def _beyond_the_books(settings: Settings) -> tuple[object, ...]:
    """What a running daemon does not take over."""
    mail = settings.smtp, settings.imap, settings.plus_token
    return mail, settings.state, settings.templates, settings.metrics_port, settings.ping
