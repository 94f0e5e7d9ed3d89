"""The words of the owner's orders: `<language>/commands.yaml` in the folders of templates, read when an order comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from daemon.adapters.templates_dir import shipped_folder
from daemon.mail.order_pack import OrderPack, order_pack

FILE = "commands.yaml"


def load_order_pack(own_folders: Sequence[str], language: str) -> OrderPack:
    """What orders are read and answered with in a language; English is understood beside each."""
    folders = [*map(Path, own_folders), shipped_folder()]
    trees: dict[str, Mapping[str, object]] = {}
    for code in dict.fromkeys((language, "en")):
        tree: dict[str, object] = {}
        for folder in reversed(folders):  # the first wins
            path = folder / code / FILE
            if path.is_file():
                tree.update(yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.CBaseLoader) or {})  # noqa: S506
        trees[code] = tree
    return order_pack(language, trees)
