"""Our answer to the owner's orders: what was understood and done, what is to be confirmed, what was not and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.domain import journal as j
from daemon.mail.letters.letter import Rendered
from daemon.mail.letters.sheet import clean, filled
from daemon.mail.owner.digest_page import digest_html
from daemon.mail.owner.digest_parts import Buttons, Section, Sheet, Told
from daemon.mail.owner.digest_speech import Speech
from daemon.mail.owner.digest_text import digest_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPhrases:
    """The parts of `commands.yaml` that an answer is written with."""

    answer: Mapping[str, str]
    did: Mapping[str, str]
    standing: Mapping[str, str]
    short: Mapping[str, str]
    help: Mapping[str, tuple[str, str]]  # command -> an example, and what it does

    def say(self, name: str, **words: object) -> str:
        return filled(self.answer[name], words)


def render_answer(
    mails: Sequence[j.OrdersTaken | j.OrdersRefused],
    speech: Speech,
    phrases: AnswerPhrases,
    standing: Mapping[str, Sequence[str]],
    buttons: Buttons | None,
    more: int = 0,
) -> Rendered:
    """Write the answer to one mail that was carried out, or to some that were not listened to.

    Args:
        standing: how things stand, by what a `status` asked about.
        more: mails that were not listened to either, and are counted only.
    """
    lines = [line for mail in mails if isinstance(mail, j.OrdersTaken) for line in mail.lines]
    refusals = [mail for mail in mails if isinstance(mail, j.OrdersRefused)]
    sections = [
        _done(lines, speech, phrases, standing),
        _asked(lines, speech, phrases),
        _refused(lines, refusals, speech, phrases),
        _unclear(lines, speech, phrases),
    ]
    sheet = Sheet(
        headline=phrases.say("subject", what=_counts(lines, len(refusals) + more, phrases)),
        faults=(),
        sections=(*(section for section in sections if section), *_help(lines, phrases)),
        charts=(),
        language=speech.pack.language,
        foot="" if any(line.outcome in ("done", "asked") for line in lines) else phrases.say("nothing_changed"),
        made_by=speech.say("made_by"),
        write_above=speech.say("write_above"),
        buttons=buttons,
    )
    return Rendered(subject=sheet.headline.replace("\u00a0", " "), text=digest_text(sheet), html=digest_html(sheet))


def _counts(lines: Sequence[j.OrderAnswer], refused: int, phrases: AnswerPhrases) -> str:
    counted = {
        outcome: sum(line.outcome == outcome for line in lines) for outcome in ("done", "asked", "refused", "unclear")
    }
    counted["refused"] += refused
    return ", ".join(phrases.say(f"count_{outcome}", n=n) for outcome, n in counted.items() if n)


def _done(
    lines: Sequence[j.OrderAnswer], speech: Speech, phrases: AnswerPhrases, standing: Mapping[str, Sequence[str]]
) -> Section | None:
    told = []
    for line in lines:
        if line.outcome != "done" or line.words == "help":
            continue
        if line.words == "status":
            told.append(Told(head=speech.quoted(line.line), quote="\n".join(map(clean, standing.get(line.near, ())))))
        else:
            words = phrases.say("called-off") if line.words == "called-off" else clean(line.words)
            told.append(Told(head=speech.quoted(line.line), after=words))
    return Section(title=phrases.say("done"), told=tuple(told)) if told else None


def _asked(lines: Sequence[j.OrderAnswer], speech: Speech, phrases: AnswerPhrases) -> Section | None:
    asked = [line for line in lines if line.outcome == "asked"]
    if not asked:
        return None
    answers = (phrases.help["yes"][0], phrases.help["no"][0])
    told = [Told(head=speech.quoted(line.line), after=clean(line.words)) for line in asked]
    told[-1] = Told(head=told[-1].head, after=told[-1].after, commands=answers)
    return Section(title=phrases.say("asked"), hint=phrases.say("asked_how"), told=tuple(told))


def _refused(
    lines: Sequence[j.OrderAnswer], refusals: Sequence[j.OrdersRefused], speech: Speech, phrases: AnswerPhrases
) -> Section | None:
    told = []
    for line in lines:
        if line.outcome == "refused":
            why = f"why_{line.words}"
            words = phrases.say(why, what=line.near) if why in phrases.answer else clean(line.words)
            told.append(Told(head=speech.quoted(line.line), after=words))
    for mail in refusals:
        head = f"{clean(mail.by)}: {speech.quoted(mail.subject)}".rstrip(": ")
        detail = f" ({clean(mail.detail)})" if mail.detail else ""
        told.append(Told(head=head, after=phrases.say(f"refused_{mail.because}") + detail))
    return Section(title=phrases.say("refused"), told=tuple(told)) if told else None


def _unclear(lines: Sequence[j.OrderAnswer], speech: Speech, phrases: AnswerPhrases) -> Section | None:
    told = []
    for line in lines:
        if line.outcome == "unclear":
            meant = "near" if line.words == "unknown-command" else "such_as"  # we know which order: only how is shown
            near = f" {phrases.say(meant, example=line.near)}" if line.near else ""
            told.append(Told(head=speech.quoted(line.line), after=phrases.say(f"why_{line.words}") + near))
    if not told:
        return None
    return Section(title=phrases.say("unclear"), hint=phrases.say("unclear_how"), told=tuple(told))


def _help(lines: Sequence[j.OrderAnswer], phrases: AnswerPhrases) -> Iterator[Section]:
    """The list of all orders, where it was asked for."""
    if any(line.outcome == "done" and line.words == "help" for line in lines):
        told = tuple(Told(head=example, after=does) for example, does in phrases.help.values())
        yield Section(title=phrases.say("help"), hint=phrases.say("help_how"), told=told)
