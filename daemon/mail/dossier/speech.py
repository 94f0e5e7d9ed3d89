"""How a dossier speaks: the phrases of one language, with amounts, dates and other people's words in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daemon.domain.books.client import Client, Creditor
from daemon.mail.letters import amounts
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import Lines, clean

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class DossierSpeech:
    """One language, for one document."""

    pack: Pack

    def say(self, phrase: str, /, **words: object) -> str:
        """A phrase; what is filled in is one line of printable text."""
        text = self.pack.dossier[phrase]
        said = clean(text.format_map({name: clean(str(word)) for name, word in words.items()}))
        return said.replace("..", ".")  # a name that ends with a full stop, at a sentence's end

    def knows(self, phrase: str) -> bool:
        return phrase in self.pack.dossier

    def money(self, amount: Decimal, currency: str) -> str:
        return amounts.money(amount, currency, self.pack.locale)

    def long_day(self, on: date) -> str:
        return amounts.day(on, "long", self.pack.locale)

    def short_day(self, on: date | None) -> str:
        return amounts.day(on, "medium", self.pack.locale) if on else "-"

    def letter(self, name: str) -> str:
        """A letter's name; an own letter that the pack does not know is called as it is."""
        known = self.pack.digest.get(f"letter_{name}")
        return known if isinstance(known, str) else name.replace("-", " ")


def pack_for(packs: Mapping[str, Pack], language: str) -> Pack:
    """The words of a language; English ones where it has none for dossiers."""
    found = packs.get(language)
    return found if found is not None and found.dossier and found.phrases else packs[FALLBACK]


def formal_demand(pack: Pack, country: str) -> str:
    """That a mail is no formal demand, and what is one where the client is (FIELD 4); "" where nobody wrote it."""
    return pack.dossier.get(f"formal_{country.lower()}") or pack.dossier.get("formal", "")


def letterhead(creditor: Creditor, client: Client, pack: Pack) -> tuple[Lines, Lines]:
    """Who states it, and about whom: both companies as a letter's head names them."""
    ours = [creditor.name, creditor.address, creditor.email]
    ours += [f"{pack.phrases['label_phone']} {creditor.phone}"] if creditor.phone else []
    ours += [f"{pack.phrases['label_tax_id']} {creditor.tax_id}"] if creditor.tax_id else []
    theirs = [client.name, client.address]
    theirs += [f"{pack.phrases['label_tax_id']} {client.tax_id}"] if client.tax_id else []
    return Lines(tuple(filter(None, map(clean, ours))), heading=True), Lines(tuple(filter(None, map(clean, theirs))))
