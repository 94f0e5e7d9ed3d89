"""The owner on a client: where letters go from now on, and what is to be remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from daemon.domain import journal as j
from daemon.domain.books.client import Channel, Role
from daemon.domain.books.reading import Intent
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.history import Status
from daemon.domain.journal import Because
from daemon.domain.ladder.quiet import Why
from daemon.domain.reports.status import status_document
from daemon.domain.standing.open_calls import open_calls
from daemon.loops.forget import without_person
from daemon.loops.whoiswho import WhoIsWho
from tests.builders import a_client, a_contact, a_history, a_ledger, an_invoice, at
from tests.ladder_days import Days
from tests.plan_scene import some_days, tell
from tests.react_scene import ANNA, bounce, days, hear, mail

MON, TUE, WED, THU = (date(2026, 11, day) for day in (2, 3, 4, 5))
NEW = "anna.neri@acme.example"
_DAY = timedelta(days=1)


def words(answer: Done | Refusal) -> str:
    return answer.words if isinstance(answer, Done) else answer.because


def to(found: Days, day: date) -> list[str]:
    return [contact.email for contact in found.case(day).client.billing]


def dead() -> Days:
    """Anna's address is dead, nobody else is known, and a call is suggested."""
    found = days()
    hear(found, bounce())
    return found


# -- where letters go -------------------------------------------------------------------------------------------


def test_letters_go_to_the_address_that_was_told_and_the_yamls_come_after_it() -> None:
    found = some_days()
    answer = tell(found, "email", MON, text=NEW)
    found.day(MON)

    assert [letter.to for letter in found.sent] == [NEW]
    assert to(found, MON) == [NEW, ANNA]
    assert (
        words(answer) == f"letters to acme go to {NEW} from now on; the YAML still says {ANNA}, so write it there, too"
    )


@pytest.mark.parametrize("target", ["2026-041", "acme", "acme/2026-041", "acme-1"])
def test_the_client_may_be_named_by_an_invoice_a_letter_or_its_key(target: str) -> None:
    found = days()

    assert isinstance(tell(found, "email", MON, target, text=NEW), Done)
    assert to(found, MON)[0] == NEW


def test_a_dead_address_that_is_replaced_lets_the_ladder_go_on_and_ends_the_call() -> None:
    found = dead()
    assert found.decide(THU).letters == ()
    assert open_calls(found.case(THU), THU)
    tell(found, "email", WED, text=NEW)
    found.run(THU, THU + _DAY)

    assert [(letter.to, letter.letter) for letter in found.sent] == [(NEW, "first-reminder")]
    assert open_calls(found.case(THU), THU) == []


def test_F45_an_address_that_is_corrected_in_the_yaml_ends_the_call_as_well() -> None:
    found = dead()
    assert status_document(found.ledger, found.history, lambda _: THU, None)["invoices"][0]["call"]
    found.ledger = a_ledger(an_invoice(), clients=(a_client(contacts=(a_contact(email=NEW),)),))

    assert open_calls(found.case(THU), THU) == []
    assert status_document(found.ledger, found.history, lambda _: THU, None)["invoices"][0]["call"] is None


def test_an_address_that_is_told_answers_who_names_somebody_else() -> None:
    found = days()
    hear(found, mail(intent=Intent.WRONG_CONTACT))
    tell(found, "email", THU, text=NEW)

    history = found.case(THU).history
    assert not history.holds
    assert not any(call.open for call in history.calls.values())


def test_an_address_leaves_the_holds_that_have_nothing_to_do_with_it() -> None:
    found = days()
    hear(found, mail(intent=Intent.DISPUTE))
    tell(found, "email", THU, text=NEW)

    assert [hold.because for hold in found.case(THU).history.holds] == [Because.DISPUTE]


def test_when_the_address_that_was_told_fails_the_next_one_is_used() -> None:
    found = some_days()
    tell(found, "email", MON, text=NEW)
    found.take_in(j.ContactFailed(at=at(MON), client="acme", address=NEW, reason="5.1.1", on=MON))
    found.day(MON)

    assert [letter.to for letter in found.sent] == [ANNA]


def test_the_yaml_wins_as_soon_as_it_names_others_and_for_good() -> None:
    found = some_days()
    tell(found, "email", MON, text=NEW)
    before = found.ledger
    bruno = a_client(contacts=(a_contact("Bruno", "bruno@acme.example"),))
    found.ledger = a_ledger(an_invoice(), clients=(bruno,))
    assert to(found, TUE) == ["bruno@acme.example"]
    assert [type(entry) for entry in found.plan(TUE) if isinstance(entry, j.ToldEntry)] == [j.ContactStated]
    assert not [entry for entry in found.plan(TUE) if isinstance(entry, j.ToldEntry)]
    found.ledger = before

    assert to(found, WED) == [ANNA]


@pytest.mark.parametrize("change", [{"phone": "+39 02 5550 9999"}, {"name": "Anna V. Verdi"}])
def test_a_telephone_number_or_a_name_in_the_yaml_is_no_other_address(change: dict[str, str]) -> None:
    found = some_days()
    tell(found, "email", MON, text=NEW)
    found.ledger = a_ledger(an_invoice(), clients=(a_client(contacts=(a_contact(email=ANNA, **change),)),))

    assert to(found, TUE)[0] == NEW


def test_letters_on_their_way_go_to_the_new_address() -> None:
    found = some_days()
    found.go = False
    found.plan(MON)
    tell(found, "email", MON, text=NEW)
    found.day(MON)

    assert [record.status for record in found.case(MON).history.letters.values()] == [Status.WITHDRAWN, Status.SENT]
    assert [letter.to for letter in found.sent] == [NEW]


def test_a_letter_that_was_asked_for_by_hand_is_not_lost() -> None:
    found = some_days(replace(an_invoice(), manual=True))
    tell(found, "remind", MON)
    tell(found, "email", MON, text=NEW)
    found.send(MON)

    assert [(letter.to, letter.by_hand) for letter in found.sent] == [(NEW, True)]


def test_a_contact_of_the_yaml_comes_first_with_all_that_is_known_of_them() -> None:
    """Also one who only got copies: they are written to now, and get no copy besides."""
    boss = a_contact("Dario Neri", "d.neri@acme.example", role=Role.CC, from_level="firm-reminder")
    client = a_client(contacts=(a_contact(email=ANNA), boss))
    found = Days(a_ledger(an_invoice(), clients=(client,)), a_history())
    tell(found, "email", MON, text="D.Neri@acme.example")
    found.day(MON)

    assert [(letter.to, letter.to_name, letter.cc) for letter in found.sent] == [
        ("d.neri@acme.example", "Dario Neri", ())
    ]


def test_an_address_works_again_when_the_owner_says_so() -> None:
    found = dead()
    assert isinstance(tell(found, "email", WED, text=ANNA), Done)
    assert found.case(WED).history.failed == {}
    assert found.why(THU) == Why.RESTING, "their letter of Monday counts again"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("anna.v@acme.example", "Anna Verdi"),
        ("verdi@acme.example", "Anna Verdi"),
        ("averdi2@acme.example", "Anna Verdi"),
        ("anna.neri@acme.example", "Acme S.p.A."),
        ("verdi.contabilita@acme.example", "Acme S.p.A."),
        ("contabilita@acme.example", "Acme S.p.A."),
        ("a@acme.example", "Acme S.p.A."),
        ("ada@acme.example Ada Bruni", "Ada Bruni"),
    ],
)
def test_letters_greet_by_name_only_whom_the_address_or_the_owner_names(text: str, name: str) -> None:
    found = some_days()
    tell(found, "email", MON, text=text)
    found.day(MON)

    assert [letter.to_name for letter in found.sent] == [name]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a mail address"),
        ("anna", "not a mail address"),
        ("x@y NOTIFY=NEVER", "domain name"),
        ("x@y.example NOTIFY=NEVER", "no name"),
        ("anna@acme.example\r\nBcc: x@y.example", "control character"),
        ("=?utf-8?q?a?=@acme.example", "encoded word"),
        ("anna@acme.example =?utf-8?q?a?=", "no name"),
        ("Anna <anna@acme.example>", "not a mail address"),
        ("ännä@acme.example", "plain ones"),
        ("fatture@bianchi.example", "your own address"),
        (ANNA, "already"),
    ],
)
def test_F16_what_is_no_address_is_refused(text: str, why: str) -> None:
    found = some_days()
    answer = tell(found, "email", MON, text=text)

    assert isinstance(answer, Refusal)
    assert why in answer.because
    assert to(found, MON) == [ANNA]


def test_a_domain_with_letters_of_its_own_goes_over_the_wire_as_it_has_to() -> None:
    found = some_days()
    tell(found, "email", MON, text="info@münchen.example")

    assert to(found, MON)[0] == "info@xn--mnchen-3ya.example"


def test_a_client_of_a_portal_has_no_address_to_change() -> None:
    found = Days(a_ledger(an_invoice(), clients=(a_client(channel=Channel.PORTAL),)), a_history())

    assert "portal" in words(tell(found, "email", MON, text=NEW))


def test_status_says_that_the_yaml_still_names_another_address() -> None:
    found = some_days()
    assert _told(found) is None
    tell(found, "email", MON, text=NEW)

    assert _told(found) == {"email": NEW, "name": "", "on": "2026-11-02", "instead_of": [ANNA]}


def _told(found: Days) -> object:
    return status_document(found.ledger, found.history, lambda _: MON, None)["clients"][0]["told"]


def test_the_directory_knows_the_address_at_once_and_after_a_restart() -> None:
    found = some_days()
    who = WhoIsWho(found.ledger, found.history, str)
    before = who.directory
    desk = Desk(ledger=found.ledger, history=found.history, today=lambda _: MON, at=at(MON))
    told = execute(Command(name="email", target="acme", text="Anna@elsewhere.example"), desk)
    assert isinstance(told, Done)
    for entry in told.entries:
        found.take_in(entry)
        who.take_in(entry)

    for directory in (who.directory, WhoIsWho(found.ledger, found.history, str).directory):
        assert directory.addresses["anna@elsewhere.example"] == ("acme",)
        assert directory.domains["elsewhere.example"] == ("acme",)
        assert directory.addresses[ANNA] == ("acme",)
    assert "anna@elsewhere.example" not in before.addresses, "what was made from it stays true"


def test_a_forgotten_persons_address_is_in_force_no_more() -> None:
    found = some_days()
    answer = tell(found, "email", MON, text=f"{NEW} Anna Neri")
    note = tell(found, "note", MON, text="Anna is in Cuba")
    assert isinstance(answer, Done)
    assert isinstance(note, Done)
    kept = [without_person(entry, "acme") for entry in (*answer.entries, *note.entries)]

    assert not any(word in repr(kept).lower() for word in ("anna", "neri", "cuba"))
    assert to(Days(found.ledger, a_history(*kept)), TUE) == [ANNA]
