"""What an `SmtpPeer` is told to do, and what it keeps."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class After:
    """The same answer, late."""

    seconds: float
    answer: str = "ok"


Answer = str | After
Script = Answer | Sequence[Answer] | Callable[[str], Answer]
"""What the peer does in a phase.  An answer is one of

- `"ok"`: what a good server says;
- a reply, such as `"450 4.2.0 greylisted"` ("\\n" parts its lines; after 421 the peer closes);
- `"hang"`: never answer; `"hang up"`: close (FIN); `"reset"`: close (RST);
- `After(seconds, answer)`.

A sequence is used up answer by answer over all connections, its last one stays.  A callable is asked with the rest of
the command line, such as `"TO:<anna@client.test> NOTIFY=NEVER"`.
"""


@dataclass(slots=True)
class Message:
    """One message whose final dot was seen."""

    sender: str
    recipients: list[str]
    data: bytes  # without dot-stuffing and without the final dot, CRLF
    mail_parameters: list[str]
    rcpt_parameters: dict[str, list[str]]
    reply: str  # what we answered to the dot; "" when we did not
    connection: int  # 1 is the first connection that this peer saw
    tls: bool
    login: str | None


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """All that the sessions of one peer share: the script, and what came in."""

    script: dict[str, Script]
    extensions: Sequence[str]
    tls: ssl.SSLContext | None
    users: Mapping[str, str] | None
    auth_mechanisms: Sequence[str]
    auth_needs_tls: bool
    max_messages: int | None
    body_bytes: int
    received: list[Message] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    something_came: asyncio.Condition = field(default_factory=asyncio.Condition)
    used: dict[str, int] = field(default_factory=dict)  # how many answers of each sequence

    def next(self, phase: str, argument: str) -> Answer:
        """What to do this time; `argument` is the rest of the command line."""
        script = self.script[phase]
        if isinstance(script, str | After):
            return script
        if callable(script):
            return script(argument)
        used = self.used.get(phase, 0)
        self.used[phase] = used + 1
        return script[min(used, len(script) - 1)]
