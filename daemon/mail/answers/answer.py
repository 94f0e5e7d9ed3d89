"""What the words of an answer say: a person's intent, or what a machine tells about an absence or a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from daemon.domain.books.reading import Intent
from daemon.mail.answers.absence import NOBODY_AWAY, Absence, read_absence, read_ticket, speaks_of_absence
from daemon.mail.answers.intent import Meant, read_intent
from daemon.mail.language.speech import Speech
from daemon.mail.machines.autoreply import REPLY_PREFIX, answers_something
from daemon.mail.octets.headers import addresses_in
from daemon.mail.octets.parse import Mail

_LONGEST_NOTICE = 900  # characters of an absence notice that no header gives away
# What no machine says of itself.  Questions and addresses stand in every acknowledgement.
_DECIDED = (Intent.PROMISE, Intent.PAID, Intent.DISPUTE, Intent.CANNOT_PAY, Intent.EXTENSION, Intent.STOP)
_NOTHING_SAID = (Intent.UNCLEAR, Intent.QUESTION, Intent.WRONG_CONTACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found; `because` in words."""

    meant: Meant | None = None  # of a person
    absence: Absence = NOBODY_AWAY
    ticket: str | None = None
    because: tuple[str, ...] = ()


NO_ANSWER = Answer()


def person(mail: Mail, words: str, speeches: list[Speech], written: date, about: frozenset[str]) -> Answer:
    """A person's answer.  `about`: the invoice numbers that the mail is about, folded."""
    meant = read_intent(words, speeches, written, about)
    absence = NOBODY_AWAY
    if meant.intent is Intent.WRONG_CONTACT:
        found = read_absence(words, speeches, written, _known(mail))
        absence = Absence(gone=found.gone, substitute=found.substitute)  # a person who writes is not away
    return Answer(meant=meant, absence=absence, because=(f"{meant.intent.value}: {meant.because}",))


def machine(mail: Mail, words: str, speeches: list[Speech], written: date, about: frozenset[str]) -> Answer:
    """An automatic answer."""
    absence = read_absence(mail.subject + ".\n" + words, speeches, written, _known(mail))
    if absence.told:
        return Answer(absence=absence, because=absence.because)
    ticket = read_ticket(mail.subject, words, speeches, about)
    return Answer(absence=absence, ticket=ticket, because=(*absence.because, f"ticket {ticket}" if ticket else ""))


def passed_on(mail: Mail, words: str, speeches: list[Speech], written: date, about: frozenset[str]) -> Meant | None:
    """What a person decided, where a machine writes it: help desks and portals send the words of their people so.

    Not in what only answers us by itself (RFC 3834 section 5: auto-replied).
    """
    if mail.headers.first("auto-submitted").strip().lower().startswith("auto-replied"):
        return None
    meant = read_intent(words, speeches, written, about)
    return meant if meant.intent in _DECIDED else None


def unmarked_absence(
    mail: Mail, words: str, speeches: list[Speech], written: date, about: frozenset[str], meant: Meant, *, tied: bool
) -> Answer | None:
    """An absence notice that neither its headers nor its subject give away, as old programs and web mailers write them.

    It stands under a subject of its own, quotes nothing, is short, says who is away or gone and until when, and says
    nothing about the money: a person who writes from a holiday does.

    Args:
        tied: whether something ties the mail to a client; else it has to answer something by its headers.
    """
    if (
        meant.intent not in _NOTHING_SAID
        or not (tied or answers_something(mail))
        or len(mail.text) > _LONGEST_NOTICE
        or REPLY_PREFIX.match(mail.subject.strip())
        or "\n>" in mail.text
        or not speaks_of_absence(mail.subject + ".\n" + words, speeches)
    ):
        return None
    found = machine(mail, words, speeches, written, about)
    told = found.absence
    return found if told.gone or (told.away and told.back_on) else None


def _known(mail: Mail) -> list[str]:
    """Addresses that the mail itself comes from or goes to: no substitute is among them."""
    return [mail.sender, *addresses_in(mail.headers.decoded("to")), *addresses_in(mail.headers.decoded("reply-to"))]
