# ruff: noqa: E501  patterns read better unbroken
"""What an automatic answer tells: until when somebody is away, whether they are gone, who stands in, which ticket."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daemon.mail.language.dates import Day
from daemon.mail.language.phrase_index import Found, PhraseSet
from daemon.mail.language.sentences import MOST_TEXT, sentences
from daemon.mail.language.speech import Speech
from daemon.mail.octets.headers import addresses_in

_NEAR = 32  # characters between the phrase and its day
_DATE = re.compile(r"\d{1,4}-\d{1,2}-\d{1,4}")
_LONGEST = 400  # days: a return further away is a typing error
_TICKET_WORD = (
    r"ticket|case|request|reference|incident|issue|caso|richiesta|pratica|segnalazione|protocollo|incidencia|solicitud|consulta|expediente|talep|talebiniz|kay[ıi]t|bilet|ba[sş]vuru|vorgang|vorgangsnummer|aktenzeichen|anfrage|anfragenummer|"
    r"ticketnummer|fall|fallnummer|bearbeitungsnummer|referenz|demande|dossier|r[eé]f[eé]rence|pedido|chamado|protocolo|processo|refer[eê]ncia|melding|meldingsnummer|zaaknummer|aanvraag|referentie|referentienummer|kenmerk"
)
_NUMBERED = r"(?: id| ref\.?| n(?:o|r|umber|umero|úmero|um[eé]ro|ummer|umaras[ıi])?\.?| numaras[ıi]| met nummer| mit der nummer| con (?:el )?n[uú]mero| con il numero| com o n[uú]mero| sous le num[eé]ro)?(?:\s?(?:is|è|es|é|est|ist|lautet|:|#|n\.|nº|n°|nr\.|no\.|°|-)){0,3}"
_NUMBER = r"[A-Z]{0,10}-?\d[\w-]{2,24}"
_TICKET = re.compile(
    rf"[\[(](?:[\w ]{{1,20}}[ :-]{{0,2}})?#\s?({_NUMBER})\s?[\])]|[\[(#]\s?(?:{_TICKET_WORD})?[ :#-]{{0,3}}({_NUMBER})\s?[\])]|(?<!\w)#({_NUMBER})\b|\b(?:{_TICKET_WORD})\b{_NUMBERED}\s?[#\[(]{{0,2}}({_NUMBER})",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"^\W{0,3}([A-Z][A-Z0-9]{1,9}-\d{1,7})\b|\b([A-Z]{2,6}-(?:20\d\d-)?\d{3,8})\b"
)  # as Jira and its like set it into a subject


@dataclass(frozen=True, slots=True)
class Absence:
    """What was found; `because` in words."""

    back_on: date | None = None  # first day back
    gone: bool = False
    away: bool = False
    substitute: str | None = None
    because: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """Whether somebody is said to be away or gone."""
        return self.away or self.gone or self.back_on is not None


NOBODY_AWAY = Absence()


def read_absence(text: str, speeches: Sequence[Speech], written: date, known: Iterable[str]) -> Absence:
    """What an absence notice says, in the likeliest language first.  `known` addresses are no substitutes."""
    said = sentences(text)
    ours = set(known)
    strangers = [address for address in addresses_in(text[:MOST_TEXT], most=5) if address not in ours]
    substitute = _substitute(text, speeches, ours)
    for speech in speeches:
        gone = next((m for s in said if speech.gone is not None and (m := speech.gone.search(s))), None)
        back = _first_day_back(said, speech, written)
        away = next((m for s in said if speech.away is not None and (m := speech.away.search(s))), None)
        if gone or back or away:
            because = [f'"{m.words}"' for m in (gone, away) if m]
            if back:
                because.append(f"back on {back.isoformat()}")
            stands_in = substitute or next(iter(strangers), None)
            return Absence(back, gone is not None, away is not None, stands_in, tuple(because))
    return Absence(substitute=substitute)


def speaks_of_absence(text: str, speeches: Iterable[Speech]) -> bool:
    """Whether somebody is said to be away or gone; quicker than `read_absence`."""
    said = " ; ".join(sentences(text))  # no phrase reaches over it
    phrases = [phrase for speech in speeches for phrase in (speech.away, speech.gone) if phrase is not None]
    return any(phrase.search(said) is not None for phrase in phrases)


def read_ticket(subject: str, text: str, speeches: Iterable[Speech], invoices: frozenset[str]) -> str | None:
    """The number of a ticket system's acknowledgement; None when the mail is none.

    Args:
        invoices: the numbers of ours that the mail is about, lower case: they are no tickets.
    """
    said = sentences(subject + ".\n" + text[:2000])
    announced = any(speech.ticket is not None and any(speech.ticket.search(s) for s in said) for speech in speeches)
    for where, pattern in ((subject, _TICKET), (subject, _KEY), (text[:2000], _TICKET), (text[:2000], _KEY)):
        if where is not subject and not announced:
            break
        for found in pattern.finditer(where):
            number = next(group for group in found.groups() if group).strip("#[]")
            if number.lower() not in invoices and not _DATE.fullmatch(number):
                return number
    return None


def _first_day_back(said: list[str], speech: Speech, written: date) -> date | None:
    """The day that is called the first one back; without it the one behind the last day away."""
    named = ((speech.back, True, 0), (speech.back_behind, False, 0))
    last = ((speech.until, True, 1), (speech.until_behind, False, 1))
    for patterns in (named, last):
        for sentence in said:
            day = _back(sentence, speech, written, patterns)
            if day is not None:
                return day
    return None


def _back(
    sentence: str, speech: Speech, written: date, patterns: Iterable[tuple[PhraseSet | None, bool, int]]
) -> date | None:
    """The day that one of the phrases names.  `patterns`: phrase, whether the day follows it, days to add."""
    days: Sequence[Day] | None = None
    for pattern, before, extra in patterns:
        for match in pattern.finditer(sentence) if pattern is not None else ():
            if days is None:
                days = speech.dates.find(sentence, written)
            near = [day for day in days if _beside(day, match, before=before)]
            inside = [day for day in days if match.start <= day.start < match.end]
            chosen = near or inside
            if chosen:
                day = (chosen[0] if before else chosen[-1]).on + timedelta(days=extra)
                if 0 <= (day - written).days <= _LONGEST:
                    return day
    return None


def _beside(day: Day, match: Found, *, before: bool) -> bool:
    if before:
        return -_NEAR <= match.end - day.start <= 2
    return -2 <= match.start - day.end <= _NEAR


def _substitute(text: str, speeches: Sequence[Speech], known: set[str]) -> str | None:
    """The first address that the text offers instead; only beside words that offer one."""
    for line in re.split(r"\n\s*\n|(?<=[.!?])\s", text[:MOST_TEXT])[:200]:
        found = [a for a in addresses_in(line, most=5) if a not in known]
        if not found:
            continue
        said = " ".join(sentences(line))
        if any(speech.substitute is not None and speech.substitute.search(said) for speech in speeches):
            return found[0]
    return None
