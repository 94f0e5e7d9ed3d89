"""What an owner's orders are read and answered with, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from daemon.mail.orders.answer import AnswerPhrases
from daemon.mail.orders.words import OrderWords


@dataclass(frozen=True, slots=True)
class OrderPack:
    words: OrderWords
    phrases: AnswerPhrases


def order_pack(language: str, trees: Mapping[str, Mapping[str, object]]) -> OrderPack:
    """Compile the pack of one language.

    Args:
        trees: `commands.yaml` of the owner's language and of English, found faultless.
    """
    tree = trees[language]
    texts = {
        name: {key: text for key, text in section.items() if isinstance(text, str)}
        for name in ("answer", "did", "standing", "short")
        if isinstance(section := tree.get(name), Mapping)
    }
    helps = tree.get("help")
    lines = {
        name: (str(line.get("example", "")), str(line.get("does", "")))
        for name, line in (helps.items() if isinstance(helps, Mapping) else ())
        if isinstance(line, Mapping)
    }
    answer, did, stands, short = (texts.get(name, {}) for name in ("answer", "did", "standing", "short"))
    phrases = AnswerPhrases(answer=answer, did=did, standing=stands, short=short, help=lines)
    return OrderPack(OrderWords(language, trees), phrases)
