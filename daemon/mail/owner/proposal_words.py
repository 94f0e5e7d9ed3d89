"""The words about an invoice that the owner sent by hand and that waits for an answer."""

from __future__ import annotations

from daemon.domain.books.authenticity import Why
from daemon.domain.history.proposals import UNPROVEN
from daemon.domain.journal import SendingUnclear
from daemon.domain.journal.sending_entries import Unclear
from daemon.domain.reports.digest_point import Point
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.digest_parts import Told
from daemon.mail.owner.digest_speech import Speech

_OF_TAGS = frozenset({Unclear.AMOUNT, Unclear.DAY, Unclear.PAST, Unclear.AMBIGUOUS, Unclear.SIZE})
_NO_PROOF: dict[str, str] = {  # in the words of the config and of a mail's header, which no language has others for
    Why.NO_TRUST: "owner: commands:",
    Why.NO_RESULTS: "Authentication-Results",
    Why.OTHER_SERVER: "Authentication-Results",
    Why.LOOK_UP_FAILED: "DKIM, DNS",
}
_LONGEST = 80  # characters of each


def unclear_told(entry: SendingUnclear, speech: Speech) -> Told:
    """Why a mail in which the owner sends an invoice proposes nothing, in the digest and in the alert."""
    if entry.because in UNPROVEN:  # what it says may be anybody's, and stands as a quote does
        why, _, server = entry.detail.partition(" ")
        words = (entry.subject[:_LONGEST], entry.source[:_LONGEST] if entry.source not in entry.subject else "", server)
        return Told(
            head=speech.say(f"unclear_{entry.because.replace('-', '_')}", why=_NO_PROOF.get(why, "")),
            quote="\n".join(map(clean, filter(None, words))),
        )
    said = speech.say(f"unclear_{entry.because}", what=entry.source, why=entry.detail)
    if entry.because in _OF_TAGS:
        said += " " + speech.say("sent_example")
    return Told(head=said, quote=clean(entry.detail) if entry.because == Unclear.FILE else "")


def proposal_words(point: Point, speech: Speech) -> str:
    """What is asked about one, in the digest and in the alert."""
    source = speech.quoted(point.quote) or speech.say("sent_tag")
    said = [
        speech.say("proposal", who=point.address or "?", date=speech.day(point.on) if point.on else "", source=source)
    ]
    if point.about:
        said.append(speech.say("proposal_credit"))
    if point.who:
        return " ".join([*said, speech.say("proposal_gone", client=point.who)])
    whose = "nobody" if not point.name else "whose" if point.do[0].name == "assign" else "follow"
    return " ".join([*said, speech.say(f"proposal_{whose}")])
