"""The words about an invoice that the owner sent by hand and that waits for an answer."""

from __future__ import annotations

from daemon.domain.digest_point import Point
from daemon.mail.digest_speech import Speech


def proposal_words(point: Point, speech: Speech) -> str:
    """What is asked about one, in the digest and in the alert."""
    source = speech.quoted(point.quote) or speech.say("sent_tag")
    said = [
        speech.say("proposal", who=point.address or "?", date=speech.day(point.on) if point.on else "", source=source)
    ]
    if point.about:
        said.append(speech.say("proposal_credit"))
    whose = "nobody" if not point.name else "whose" if point.do[0].name == "assign" else "follow"
    return " ".join([*said, speech.say(f"proposal_{whose}")])
