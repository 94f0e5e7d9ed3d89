# ruff: noqa: E501  patterns read better unbroken
"""What an automatic answer tells: until when somebody is away, whether they are gone, who stands in, which ticket."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from daemon.mail.headers import addresses_in
from daemon.mail.sentences import sentences
from daemon.mail.speech import Speech

_NEAR = 32  # characters between the phrase and its day
_LONGEST = 400  # days: a return further away is a typing error
_TICKET = re.compile(
    r"[\[(#]\s?(?:ticket|case|request|sr|inc|id|caso|richiesta|talep)?[ :#-]{0,3}([A-Z]{0,10}-?#?\d[\w-]{2,24})\s?[\])]|"
    r"(?:ticket|case|request|reference|incident|caso|richiesta|pratica|segnalazione|incidencia|solicitud|consulta|talep|kay[ıi]t|bilet|ba[sş]vuru|vorgang|vorgangsnummer|aktenzeichen|anfrage|anfragenummer|ticketnummer|fall|fallnummer|bearbeitungsnummer|referenz|demande|dossier|r[eé]f[eé]rence|pedido|chamado|protocolo|processo|refer[eê]ncia|melding|meldingsnummer|zaaknummer|aanvraag|referentie)(?: id| n(?:o|r|umber|umero|úmero|umaras[ıi])?| numaras[ıi])?(?:\s?(?:is|è|es|:|#|n\.|nº|°|-)){0,3}\s?[#\[]{0,2}([A-Z]{0,10}-?\d[\w-]{2,24})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Absence:
    """What was found; `because` in words."""

    back_on: date | None = None  # first day back
    gone: bool = False
    away: bool = False
    substitute: str | None = None
    because: tuple[str, ...] = ()


def read_absence(text: str, speeches: Iterable[Speech], written: date, known: Iterable[str]) -> Absence:
    """What an absence notice says, in the likeliest language first.  `known` addresses are no substitutes."""
    said = sentences(text)
    substitute = _substitute(text, speeches, set(known))
    for speech in speeches:
        gone = next((m for s in said if speech.gone is not None and (m := speech.gone.search(s))), None)
        back = next((day for s in said if (day := _back(s, speech, written)) is not None), None)
        away = next((m for s in said if speech.away is not None and (m := speech.away.search(s))), None)
        if gone or back or away:
            because = [f'"{m.group(0)}"' for m in (gone, away) if m]
            if back:
                because.append(f"back on {back.isoformat()}")
            return Absence(back, gone is not None, away is not None or back is not None, substitute, tuple(because))
    return Absence(substitute=substitute)


def read_ticket(subject: str, text: str, speeches: Iterable[Speech]) -> str | None:
    """The number of a ticket system's acknowledgement; None when the mail is none."""
    said = sentences(subject + ".\n" + text[:2000])
    if not any(speech.ticket is not None and any(speech.ticket.search(s) for s in said) for speech in speeches):
        return None
    for where in (subject, text[:2000]):
        found = _TICKET.search(where)
        if found:
            return (found[1] or found[2]).strip("#[]")
    return None


def _back(sentence: str, speech: Speech, written: date) -> date | None:
    days = speech.dates.find(sentence, written)
    if not days:
        return None
    for pattern, before, extra in (
        (speech.back, True, 0), (speech.back_behind, False, 0), (speech.until, True, 1), (speech.until_behind, False, 1),
    ):  # fmt: skip
        if pattern is None:
            continue
        for match in pattern.finditer(sentence):
            near = [
                day for day in days
                if (match.end() - 2 <= day.start + _NEAR and -_NEAR <= match.end() - day.start <= 2 if before else -2 <= match.start() - day.end <= _NEAR)
            ]  # fmt: skip
            inside = [day for day in days if match.start() <= day.start < match.end()]
            chosen = near or inside
            if chosen:
                day = (chosen[0] if before else chosen[-1]).on + timedelta(days=extra)
                if 0 <= (day - written).days <= _LONGEST:
                    return day
    return None


def _substitute(text: str, speeches: Iterable[Speech], known: set[str]) -> str | None:
    """The first address that the text offers instead; only beside words that offer one."""
    for line in re.split(r"\n\s*\n|(?<=[.!?])\s", text[:6000])[:200]:
        found = [a for a in addresses_in(line, most=5) if a not in known]
        if not found:
            continue
        said = " ".join(sentences(line))
        if any(speech.substitute is not None and speech.substitute.search(said) for speech in speeches):
            return found[0]
    return None
