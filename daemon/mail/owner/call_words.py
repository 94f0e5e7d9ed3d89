"""A call's sheet in the owner's words: for the terminal, for the digest's task, and for its item in the digest."""

from __future__ import annotations

from datetime import datetime

from babel import Locale

from daemon.domain.commands.call_result import CallOutcome
from daemon.domain.reports.call_sheet import CLOSES, Ask, CallSheet, StoryAbout, StoryLine
from daemon.domain.standing.open_calls import dead_addresses
from daemon.mail.letters.sheet import clean
from daemon.mail.machines.meaning import says_full
from daemon.mail.owner.digest_speech import Speech

_OWN_QUESTION = (Ask.PARTS, Ask.WRONG, Ask.FINAL)  # on a rung of the ladder, in place of "when will they pay"


def asked(sheet: CallSheet, speech: Speech) -> str:
    """Why to call, and the one thing to ask."""
    call = sheet.call
    if not call.confirmed:
        said = speech.say("call_unconfirmed")
    elif call.reason == "level":
        reason = speech.reason(call.because)
        if sheet.since:
            letter, on = sheet.since
            reason = speech.say("call_since", letter=speech.letter(letter), date=speech.day(on))
        said = speech.say("call_level", reason=reason)
        if sheet.ask in _OWN_QUESTION:
            said = f"{reason}. {speech.say(f'ask_{sheet.ask}')}"
    elif call.reason == "portal":
        said = speech.say("call_portal", letter=speech.letter(call.because.partition(",")[0]))
    elif call.reason == "silence":
        said = speech.say("call_silence", n=call.letters, date=speech.day(call.since or call.on))
    elif call.reason == "wrong-number":
        said = speech.say("call_wrong-number", number=_number_in(call.because))
    else:
        said = no_mail_arrives(call.reason, call.because, call.said, speech)
    if sheet.last_try:
        said = f"{said} {speech.say('call_again', n=call.tries, date=speech.day(sheet.last_try))}"
    return speech.sentence(said)


def no_mail_arrives(reason: str, because: str, said: str, speech: Speech) -> str:
    """Why to call where letters do not get through, or the person is gone; see `CallSuggested` for the arguments."""
    first = [word.strip("<>,;:()") for word in because.split() if "@" in word][:1]
    named = clean(", ".join((dead_addresses(because) if reason == "bounce" else []) or first))
    if reason == "gave-up" and said:
        return _doubtful(because, said, named, speech)
    return speech.say(f"call_{reason}", address=named)


def when(sheet: CallSheet, speech: Speech) -> str:
    """The client's time, and from when on somebody is there; where that differs also by the owner's clock."""
    hours = sheet.hours
    time = f"{hours.local:%H:%M}"
    if hours.there:
        return speech.say("call_time", time=time, until=f"{CLOSES:%H:%M}")
    told = speech.say("call_later", time=time, when=_moment(hours.good, hours.local, speech))
    here = hours.good.astimezone(speech.zone)
    if here.utcoffset() == hours.good.utcoffset():
        return told
    return f"{told} ({speech.say('call_here', when=f'{here:%H:%M}')})"


def task(sheet: CallSheet, speech: Speech) -> str:
    """The call in one line."""
    about = " · ".join(filter(None, (clean(sheet.client.name), speech.numbers(sheet.numbers), _money(sheet, speech))))
    return speech.say("sheet_task", who=clean(sheet.person), what=about)


def lines(sheet: CallSheet, speech: Speech) -> list[str]:
    """The whole sheet, a line each, without its first, which is `task`."""
    number = clean(sheet.phone or "") or speech.say("call_nobody")
    link = f" ({sheet.telephone.e164}, {sheet.telephone.link})" if sheet.telephone else ""
    language = Locale.parse(speech.locale).languages.get(sheet.client.language, sheet.client.language)
    told = [f"- {line}" for line in (told_words(one, speech) for one in sheet.told) if line]
    results = {outcome: speech.say(f"result_{outcome}") for outcome in sheet.commands}
    widest = max(map(len, results.values()), default=0)
    return [
        f"{clean(sheet.person)}, {number}{link}",
        f"{speech.say('sheet_language', language=language)}. {speech.sentence(when(sheet, speech))}.",
        f"{speech.say('sheet_ask')}: {asked(sheet, speech)}",
        f"{speech.say('sheet_so_far')}:",
        *told,
        f"{speech.say('sheet_record')}:",
        *(f"- {results[outcome]:<{widest}}  {command}" for outcome, command in sheet.commands.items()),
    ]


def told_words(told: StoryLine, speech: Speech) -> str:
    day, words = speech.day(told.on), speech.quoted(told.words)
    what, named = speech.numbers(told.numbers), speech.day(told.day) if told.day else ""
    match told.about:
        case StoryAbout.OWED:
            said = speech.say("told_owed", what=what, money=speech.money(told.money), date=day)
        case StoryAbout.LETTERS:
            letters = [f"{speech.letter(name)} {speech.day(on)}" for name, on in told.letters]
            more = told.count - len(letters)
            listed = "; ".join([*letters, *([speech.say("and_more", n=more)] if more else [])])
            said = speech.say("told_letters", letters=listed)
        case StoryAbout.SAID:
            known = f"intent_{told.intent}"
            intent = speech.say(known if known in speech.pack.digest else "intent_unclear")
            said = speech.say("told_said", who=clean(told.who), intent=intent, date=day, quote=words)
        case StoryAbout.PROMISED:
            said = speech.say("news_promised", what=what, date=named)
        case StoryAbout.BROKEN:
            said = speech.say("news_broken", what=what, date=named)
        case StoryAbout.DISPUTED:
            said = f"{speech.say('news_disputed', what=what)} {words}"
        case StoryAbout.BOUNCED:
            said = f"{day}: {speech.say('news_bounced', address=told.address)} {words}"
        case StoryAbout.AWAY:
            gone = told.day is None
            said = speech.say("news_gone" if gone else "news_away", address=told.address, date=named)
        case StoryAbout.NOTED:
            said = speech.say("told_noted", date=day, quote=words)
        case StoryAbout.CALLED:
            other = told.outcome not in {outcome.value for outcome in CallOutcome} - {CallOutcome.OTHER}
            said = speech.say("told_called", date=day, result=words if other else speech.say(f"result_{told.outcome}"))
    return speech.sentence(said).rstrip(": \u00a0")


def _doubtful(because: str, said: str, address: str, speech: Speech) -> str:
    if says_full(said):
        return speech.say("call_full", address=address)
    phrase = "call_spam" if because.startswith("their server refuses") else "call_doubtful"
    return speech.say(phrase, address=address, quote=speech.quoted(said))


def _money(sheet: CallSheet, speech: Speech) -> str:
    owed = next((told for told in sheet.told if told.about is StoryAbout.OWED), None)
    return speech.money(owed.money) if owed else ""


def _moment(good: datetime, local: datetime, speech: Speech) -> str:
    if good.date() == local.date():
        return f"{good:%H:%M}"
    return f"{speech.weekday(good.date())} {good:%H:%M}"


def _number_in(because: str) -> str:
    return because.partition(" is a wrong number")[0]
