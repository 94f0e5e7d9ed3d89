"""Reading one mail from beginning to end: bytes in, a `Reading` out, whatever the bytes are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from daemon.domain.books.directory import Directory
from daemon.domain.books.reading import Evidence, Kind, Match, Reading
from daemon.mail.answers.answer import NO_ANSWER, Answer, machine, passed_on, person, unmarked_absence
from daemon.mail.answers.intent import Meant
from daemon.mail.answers.newwords import Stripper
from daemon.mail.language.phrases import strings
from daemon.mail.language.sentences import normal
from daemon.mail.language.speech import Speeches
from daemon.mail.machines.classify import Sort, classify
from daemon.mail.machines.own_list import writer_behind
from daemon.mail.octets.parse import Mail, parse
from daemon.mail.tokens.desk_token import desk_tokens
from daemon.mail.tokens.token import find_tokens
from daemon.mail.whose.identify import identify, identify_recipient, numbers_named

_DIGESTED = 64 * 1024
_TELLING = 5  # characters of an invoice's number that does not stand in a newsletter by chance
_SHORT = 200  # characters of new words that are read whatever they speak of
_TOPICS_WITHIN = 20_000  # characters of the mail, the quoted letter included
MOST_WORDS = 20_000  # characters of new words that are kept
_NUMBER = re.compile(
    r"(?<![\w/.-])(?=[\w/-]*\d{2})[\w]{1,8}(?:[/-][\w]{1,8}){1,3}(?![\w/-])"
)  # "2026-041", "F/2026/12"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Reader:
    """The language packs, each made ready when it is first needed.

    What it keeps of the mails that it reads changes no reading: a bounded number of single words, and the latest
    sentences (`lexicon`).
    """

    __slots__ = ("_speeches", "_stripper", "_topics")

    def __init__(self, packs_reading: Mapping[str, Mapping[str, object]]) -> None:
        """`packs_reading`: the `reading:` section of each language's pack, by language."""
        packs = {language: pack for language, pack in packs_reading.items() if isinstance(pack, Mapping)}
        self._speeches = Speeches(packs)
        self._stripper = Stripper.of(packs.values())
        self._topics = tuple({topic.lower() for pack in packs.values() for topic in strings(pack.get("topics"))})

    def read(self, raw: bytes, directory: Directory, received_on: date, language: str | None = None) -> Reading:
        """What `raw` is, whom it is about, and what it says.

        Args:
            directory: what the book knows; reading changes nothing in it.
            received_on: the creditor's local day, for mails whose own Date is missing or absurd.
            language: the client's, a hint where the words do not tell.

        Raises:
            Nothing.  Time is linear in the mail and bounded by the caps of `parse`.
        """
        try:
            return self.read_or_raise(raw, directory, received_on, language)
        except Exception as fault:  # a bug of ours must not stop the folder: the mail is set aside and shown (F38)
            return _set_aside(raw, directory, f"the reader failed on it: {type(fault).__name__}")

    def read_or_raise(
        self, raw: bytes, directory: Directory, received_on: date, language: str | None = None
    ) -> Reading:
        """`read` without its net, for the tests that look for what would fall into it."""
        mail = parse(raw)
        mail.sender = writer_behind(mail, directory.owner) or mail.sender
        sort = classify(mail, directory.owner)
        by_owner = sort.kind is Kind.REPLY and mail.sender in directory.owner
        if by_owner and any(token in directory.letters for token in find_tokens(mail.message_id)):
            sort = Sort(Kind.OWN, "our own letter: its Message-ID is ours")
            by_owner = False
        to_many = sort.kind is Kind.REPLY and sort.bulk and not by_owner
        words = _clean(mail.text[:MOST_WORDS]) if to_many else self._words(mail, sort)
        match = identify(mail, sort.kind, directory, words)
        told = sort.bulk and (
            match.evidence.weight >= Evidence.QUOTE.weight
            or any(len(number) >= _TELLING for number in numbers_named(mail, directory))
        )
        if to_many and not told:
            sort = Sort(Kind.UNRELATED, "written to many: a newsletter or a list", bulk=True)
        elif to_many:  # an answer that came by a list of theirs
            words = self._words(mail, sort)
            match = identify(mail, sort.kind, directory, words)
        elif sort.kind is Kind.UNRELATED and told:  # help desks and portals mark what they write to one like that, too
            sort = Sort(Kind.AUTO_REPLY, sort.because, bulk=True)
        if by_owner and match.client is None:
            match = identify_recipient(mail, directory, words) or match
        return self._reading(mail, sort, match, words, by_owner, received_on, language)

    def _about_invoices(self, mail: Mail, words: str, match: Match) -> bool:
        """Whether it can be an answer to a reminder: by what ties it to us, or because it speaks of money anywhere.

        A long mail about something else is read by nobody for promises: "I will do it by Friday" is none.
        """
        if match.evidence is not Evidence.NONE or match.clients or len(words) < _SHORT or not self._topics:
            return True
        said = f"{mail.subject}\n{mail.text[:_TOPICS_WITHIN]}".lower()
        return any(topic in said for topic in self._topics)

    def _words(self, mail: Mail, sort: Sort) -> str:
        if sort.kind in (Kind.REPLY, Kind.AUTO_REPLY, Kind.UNRELATED):
            return _clean(self._stripper.new_words(mail.text, mail.author))[:MOST_WORDS]
        if sort.kind in (Kind.OWN, Kind.UNREADABLE):
            return ""
        return _clean(mail.text)[:MOST_WORDS].strip()

    def _reading(
        self, mail: Mail, sort: Sort, match: Match, words: str, by_owner: bool, received_on: date, language: str | None
    ) -> Reading:
        kind, found = sort.kind, NO_ANSWER
        if kind in (Kind.REPLY, Kind.AUTO_REPLY) and not by_owner:
            kind, found, words = self._answer(mail, kind, match, words, received_on, language)
        meant, absence = found.meant, found.absence
        because = [
            sort.because if kind is sort.kind else "written like an absence notice",
            *match.because,
            *found.because,
        ]
        return Reading(
            mail=mail.digest,
            kind=kind,
            match=match,
            sender=_clean(mail.sender),
            subject=_clean(mail.subject)[:500],
            message_id=_clean(mail.message_id)[:998],
            sent_at=mail.sent_at,
            came_with=desk_tokens(mail, words) if kind is Kind.REPLY else (),
            by_owner=by_owner,
            intent=meant.intent if meant else None,
            promised_on=meant.promised_on if meant else None,
            amount=meant.amount if meant else None,
            part=meant is not None and meant.part,
            back_on=absence.back_on,
            gone=absence.gone,
            substitute=absence.substitute,
            ticket=found.ticket,
            recipients=sort.recipients,
            text=words,
            because=tuple(_clean(reason)[:300] for reason in because if reason),
        )

    def _answer(
        self, mail: Mail, kind: Kind, match: Match, words: str, received_on: date, language: str | None
    ) -> tuple[Kind, Answer, str]:
        """What a mail that is no report says.

        Returns:
            Whether a person wrote it or a machine after all, what it says, and the words in which it does.
        """
        speeches = self._speeches.likely(words, language, around=mail.text)
        written, numbers = _written(mail.written_on, received_on), _numbers_of(mail, match)
        if kind is Kind.REPLY:
            heard = words if self._about_invoices(mail, words, match) else ""
            found = person(mail, heard, speeches, written, numbers)
            tied = match.evidence is not Evidence.NONE
            notice = found.meant and unmarked_absence(mail, words, speeches, written, numbers, found.meant, tied=tied)
            return (Kind.AUTO_REPLY, notice, words) if notice else (kind, found, words)
        found = machine(mail, words, speeches, written, frozenset(map(normal, match.numbers)))
        if match.evidence.weight < Evidence.THREAD.weight or found.absence.told:
            return kind, found, words
        all_words = _clean(self._stripper.new_words(mail.text))[:MOST_WORDS]  # names are headings there
        meant = passed_on(mail, all_words, speeches, written, numbers)
        if not meant:
            return kind, found, words
        why = (*found.because, f"passed on by a machine: {meant.intent.value}: {meant.because}")
        return kind, replace(found, meant=Meant(meant.intent, meant.because), because=why), all_words


def _set_aside(raw: bytes, directory: Directory, why: str) -> Reading:
    """A mail on which the reader failed; whom it is from is still told where it can be, so that it holds letters."""
    try:
        mail = parse(raw)
        match = identify(mail, Kind.UNREADABLE, directory, "")
    except Exception as fault:  # of those two as well; nothing is known of it then
        digest = hashlib.blake2b(raw[:_DIGESTED], digest_size=16).hexdigest()
        return Reading(mail=digest, kind=Kind.UNREADABLE, match=Match(), because=(why, type(fault).__name__))
    return Reading(
        mail=mail.digest,
        kind=Kind.UNREADABLE,
        match=match,
        sender=_clean(mail.sender),
        subject=_clean(mail.subject)[:500],
        message_id=_clean(mail.message_id)[:998],
        sent_at=mail.sent_at,
        because=(why, *match.because),
    )


def _numbers_of(mail: Mail, match: Match) -> frozenset[str]:
    """The invoices that the mail is about: those of its letter, else what looks like a number in the subject."""
    return frozenset(map(normal, match.numbers or _NUMBER.findall(mail.subject)[:5]))


def _written(claimed: date | None, received_on: date) -> date:
    """The day from which "Friday" is reckoned: the mail's own, unless it lies in the future or is absurd."""
    if claimed is None or claimed.year < 1995 or claimed > received_on + timedelta(days=2):
        return received_on
    return claimed


def _clean(text: str) -> str:
    """Without control characters and broken surrogates: this is stored and shown."""
    return _CONTROL.sub("", text) if not text.isprintable() else text


def as_json(reading: Reading, file: str) -> dict[str, object]:
    """The shape of `sollecito read --json` (DESIGN section 5)."""
    numbers = reading.match.numbers
    return {
        "file": file,
        "kind": reading.kind.value,
        "intent": reading.intent.value if reading.intent else None,
        "promised_on": reading.promised_on.isoformat() if reading.promised_on else None,
        "amount": str(reading.amount) if reading.amount is not None else None,
        "part": reading.part,
        "back_on": reading.back_on.isoformat() if reading.back_on else None,
        "gone": reading.gone,
        "substitute": reading.substitute,
        "ticket": reading.ticket,
        "recipients": [
            {
                "address": r.address,
                "original": r.original,
                "action": r.action,
                "status": r.status,
                "code": r.code or None,
                "diagnostic": r.diagnostic,
                "permanent": r.permanent,
                "meaning": r.meaning.value,
            }
            for r in reading.recipients
        ],
        "invoice": ", ".join(numbers) if numbers else None,
        "evidence": reading.match.evidence.value,
        "weight": reading.match.evidence.weight,
        "text": reading.text,
        "because": "; ".join(reading.because),
    }
