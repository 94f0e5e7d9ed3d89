"""The calls to be made today: a sheet each, with a link that dials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from daemon.domain.reports.call_sheet import CallSheet
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.call_words import asked, told_words, when
from daemon.mail.pages.names import CALLS, client_page
from daemon.mail.pages.view import Page
from daemon.mail.pages.words import Words, named


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    client: str
    href: str
    person: str
    phone: str
    tel: str
    about: str
    ask: str
    when: str
    told: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]  # what happened, and what to type then


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsView:
    sheets: tuple[SheetView, ...]
    none: str
    ask_title: str
    told_title: str
    record_title: str


def calls_page(sheets: Sequence[CallSheet], words: Words) -> Page:
    body = CallsView(
        sheets=tuple(_sheet(sheet, words) for sheet in sheets),
        none=words.say("calls_none"),
        ask_title=words.say("sheet_ask"),
        told_title=words.say("sheet_so_far"),
        record_title=words.say("sheet_record"),
    )
    return Page(file=CALLS, template="calls", title=words.say("calls"), place=CALLS, body=body)


def _sheet(sheet: CallSheet, words: Words) -> SheetView:
    language = Locale.parse(words.locale).languages.get(sheet.client.language, sheet.client.language)
    return SheetView(
        client=named(sheet.client.name),
        href=client_page(sheet.client.key),
        person=clean(sheet.person),
        phone=clean(sheet.phone or "") or words.say("call_nobody"),
        tel=sheet.telephone.link if sheet.telephone else "",
        about=words.numbers(sheet.numbers),
        ask=asked(sheet, words),
        when=f"{words.sentence(when(sheet, words))}. {words.say('sheet_language', language=language)}.",
        told=tuple(filter(None, (told_words(told, words) for told in sheet.told))),
        commands=tuple((words.say(f"result_{outcome}"), command) for outcome, command in sheet.commands.items()),
    )
