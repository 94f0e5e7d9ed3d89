"""The words of every language, and that every letter which a ladder calls for is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from daemon.adapters.templates_dir import TemplateFaults, load_packs
from daemon.adapters.templates_orders import check_own_order_packs, load_order_pack
from daemon.mail.letters.pack import Pack, unwritten
from daemon.mail.orders.pack import OrderPack
from daemon.ports import Problem, Settings


def packs_of(settings: Settings) -> dict[str, Pack]:
    """The words of every language.

    Raises:
        TemplateFaults: something is wrong in a template, or a letter that a ladder calls for was never written.
    """
    packs = dict(load_packs(settings.templates))
    check_own_order_packs(settings.templates)
    refuse_unwritten(packs, settings)
    return packs


def refuse_unwritten(packs: Mapping[str, Pack], settings: Settings) -> None:
    missing = unwritten(packs, settings.ledger)
    if missing:
        raise TemplateFaults([_unwritten(settings, language, letter) for language, letter in missing])


def as_written(packs: Mapping[str, Pack]) -> dict[str, Pack]:
    """The packs for writing: without how people write to us, which the reader keeps in a smaller shape."""
    return {language: replace(pack, reading={}) for language, pack in packs.items()}


class OrderPacks:
    """The words of the owner's orders, by language; read when the first order comes."""

    def __init__(self, folders: Sequence[str]) -> None:
        self._folders = folders
        self._read: dict[str, OrderPack] = {}

    def of(self, language: str) -> OrderPack:
        if language not in self._read:
            self._read[language] = load_order_pack(self._folders, language)
        return self._read[language]

    def forget(self) -> None:
        """Read them again when they are wanted: the folders hold others."""
        self._read.clear()


def _unwritten(settings: Settings, language: str, letter: str) -> Problem:
    clients = [
        key
        for key, client in settings.ledger.clients.items()
        if client.language == language
        and any(
            getattr(level, "letter", None) == letter
            for policy in settings.ledger.policies_of(client)
            for level in policy.levels
        )
    ]
    said = f"`{clients[0]}`" + (f" and {len(clients) - 1} others" if clients[1:] else "")
    return Problem(
        file=settings.file,
        line=0,
        column=0,
        message=f"the ladder of client {said} calls for the letter `{letter}`, which nobody wrote in `{language}` yet:"
        f" add {language}/{letter}.prose to a folder of `templates:`, or take another policy",
    )
