"""Seventy-five days of the real daemon against embedded servers; judged by what arrived in the clients' mailboxes."""

from __future__ import annotations

from datetime import date, time

import pytest

from daemon.demo.show import Performance, perform
from daemon.demo.story import read_books
from tests.demo_mailboxes import answers, digests, letters

pytestmark = pytest.mark.xdist_group("demo")

THE_CREDITORS = {date(2026, 4, 6), date(2026, 5, 1)}  # Easter Monday and Labour Day in Italy
HOLIDAYS = {
    "TR": {date(2026, 3, 20), date(2026, 4, 23), date(2026, 5, 1)},
    "ES": {date(2026, 4, 3), date(2026, 5, 1)},
    "GB": {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4)},
    "IT": set[date](),
    "DE": {date(2026, 4, 3), date(2026, 5, 1), date(2026, 5, 14)},
    "FR": {date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14)},
    "NL": {date(2026, 4, 27), date(2026, 5, 14)},
    "PT": {date(2026, 4, 3), date(2026, 5, 1)},
}


@pytest.fixture(scope="module")
def played() -> Performance:
    return perform(1, frozenset())


def ends_of(played: Performance) -> dict[str, tuple[list[str], str, bool]]:
    return {row["client"]: (row["letters"], row["state"], row["call"] is not None) for row in played.rows}


def test_every_story_comes_to_its_end(played: Performance) -> None:
    """Twenty stories and more, in eight languages; the states are those of `status`, the letters the journal's."""
    first, second, firm, final = "first-reminder", "second-reminder", "firm-reminder", "final-notice"

    assert ends_of(played) == {
        "aurora": ([first], "paid", False),
        "bruma": (["courtesy", "due-today", first], "paid", False),
        "calder": ([first], "paid", False),
        "demir": ([first, second], "paid", False),
        "esteban": ([first], "disputed", False),
        "fontana": ([first, second], "paid", False),
        "goodwin": ([first, first], "paid", False),
        "hazar": ([first], "open", True),
        "ironbridge": ([first, second, firm, final], "handed-over", False),
        "lumen": ([first, first, second], "paid", False),
        "marisma": ([first], "paid", False),
        "nilufer": ([first, second], "paid", False),
        "orkney": ([first], "paid", False),
        "pinar": ([], "paid", False),
        "quiros": ([first], "paid", False),
        "reinhardt": ([first, second], "paid", False),
        "tilleul": ([first, second], "paid", False),
        "vermeer": ([first, second, firm], "paid", False),
        "winkler": ([first, second, firm], "paid", False),
        "xativa": ([first], "paid", False),
        "yeates": (["confirm-receipt"], "paid", False),
        "zeferino": ([first, "thank-you"], "paid", False),
    }


def test_the_journal_knows_exactly_the_letters_that_arrived(played: Performance) -> None:
    """The table is made from the journal; here it is held against the mailboxes."""
    told = sorted(letter["message_id"] for row in played.rows for letter in row["sent"])

    assert told == sorted(mail.message_id for mail in letters(played))


def test_letters_come_in_the_clients_hours_and_never_on_a_weekend_or_holiday(played: Performance) -> None:
    """The window is the client's own, also after the clocks went forward on 29 March."""
    clients, _ = read_books()
    for mail in letters(played):
        country = clients[mail.client].get("calendar", "IT")[:2]

        assert time(10) <= mail.at.time() < time(17), mail
        assert mail.on.weekday() < 5, mail
        assert mail.on not in HOLIDAYS[country] | THE_CREDITORS, mail


def test_no_letter_comes_twice(played: Performance) -> None:
    """Not the same one, and not two in a day."""
    sent = letters(played)

    assert len({mail.message_id for mail in sent}) == len(sent)
    assert len({(mail.client, mail.on) for mail in sent}) == len(sent)


def test_a_client_rests_a_week_between_letters(played: Performance) -> None:
    """But for what the ladder exempts: what is said up to the due date, and the first reminder of another invoice."""
    exempt = {"courtesy", "due-today", "first-reminder", "thank-you"}
    names = {letter["message_id"]: letter["letter"] for row in played.rows for letter in row["sent"]}
    by_client: dict[str, list[date]] = {}
    gaps = []
    for mail in letters(played):
        before = by_client.setdefault(mail.client, [])
        if before and names[mail.message_id] not in exempt:
            gaps.append((mail.on - before[-1]).days)
        before.append(mail.on)

    assert len(gaps) == 13
    assert min(gaps) == 7


def test_nobody_gets_a_letter_after_having_paid(played: Performance) -> None:
    """The transfer itself is the measure, not the day on which the owner has entered it.  Thanks are another thing.

    Tilleul pays one part of a plan and misses the other: there it is the last transfer.
    """
    numbers = {row["number"]: row["client"] for row in read_books()[1]}
    paid: dict[str, date] = {}
    for transfer in played.bank.transfers:
        client = numbers[transfer.number]
        if not transfer.returned and (client == "tilleul" or client not in paid):
            paid[client] = transfer.on
    thanks = {letter["message_id"] for row in played.rows for letter in row["sent"] if letter["letter"] == "thank-you"}
    late = [mail for mail in letters(played) if mail.client in paid and mail.on > paid[mail.client]]

    assert len(paid) == 19
    assert {mail.message_id for mail in late} == thanks
    assert len(thanks) == 1


def test_an_answer_stops_the_letters_until_it_is_settled(played: Performance) -> None:
    """Only a promise that was broken and a payment that never came let the ladder go on, and each in its time."""
    goes_on = {
        "demir": date(2026, 3, 17),  # grace is over
        "nilufer": date(2026, 3, 19),  # bank transit, then the owner
        "reinhardt": date(2026, 3, 19),
        "tilleul": date(2026, 4, 29),  # the grace of the second part
    }
    answered = {mail.client: mail.at for mail in answers(played)}
    later = [mail for mail in letters(played) if mail.client in answered and mail.at > answered[mail.client]]

    assert answered.keys() == {*goes_on, "calder", "esteban", "goodwin", "marisma"}
    assert {mail.client for mail in later} == goes_on.keys()
    assert all(mail.on >= goes_on[mail.client] for mail in later)


def test_the_letter_after_a_broken_promise_mentions_it(played: Performance) -> None:
    second = [mail for mail in letters(played) if mail.client == "demir"][1]

    assert "12 Mart" in second.text


def text_of_last(played: Performance, client: str) -> str:
    """Of the last letter to a client, its line ends as spaces."""
    return " ".join([mail for mail in letters(played) if mail.client == client][-1].text.split())


def told(played: Performance, client: str) -> list[str]:
    return [line.text for line in played.lines if line.client == client]


def test_a_broken_promise_has_a_letter_of_its_own_in_german_with_sie(played: Performance) -> None:
    text = text_of_last(played, "reinhardt")

    assert "16. März" in text
    assert "Ihr" in text
    assert "the promise for 16 Mar was not kept" in told(played, "reinhardt")


def test_who_asks_for_time_gets_a_plan_and_a_missed_part_a_letter_about_it(played: Performance) -> None:
    """In French, with tu; the first part came in, so only the second one is asked for."""
    text = text_of_last(played, "tilleul")

    assert "plan de paiement avec toi" in text
    assert "versement 2/2" in text
    assert "the owner agrees to a plan: EUR 750.00 by 27 Mar, 750.00 by 24 Apr" in told(played, "tilleul")


def test_a_silence_suggests_a_call_whose_promise_holds_the_letters(played: Performance) -> None:
    """Three letters over two weeks into the spam folder; what was said on the telephone was kept."""
    calls = [line.text for line in played.lines if line.client == "vermeer" and line.sign == "☎"]

    assert "3 letters since 9 Mar and no answer" in calls[0]
    assert len(calls) == 2
    assert "the promise for 2 Apr was kept" in told(played, "vermeer")


def test_the_firm_reminder_states_the_statutory_interest_and_the_flat_sum(played: Performance) -> None:
    """4,750.00 over 24 days at 2.15 + 8 percent; and never before the firm reminder."""
    first, second, firm = (mail.text for mail in letters(played) if mail.client == "winkler")

    assert "31,70" in firm
    assert "40,00" in firm
    assert "D.Lgs. 231/2002" not in first + second


def test_a_direct_debit_is_reminded_of_only_when_it_came_back(played: Performance) -> None:
    """Due on 10 March, sent back on the 17th, known to the owner on the 18th."""
    assert [mail.on for mail in letters(played) if mail.client == "xativa"] == [date(2026, 3, 20)]


def test_whether_the_invoice_has_arrived_is_asked_before_it_is_due(played: Performance) -> None:
    assert [mail.on for mail in letters(played) if mail.client == "yeates"] == [date(2026, 3, 3)]


def test_who_pays_after_a_reminder_is_thanked_once(played: Performance) -> None:
    assert [mail.on for mail in letters(played) if mail.client == "zeferino"] == [date(2026, 3, 13), date(2026, 3, 16)]
    assert "Recebemos o seu pagamento, que muito agradecemos" in text_of_last(played, "zeferino")


def test_each_call_has_its_sheet_and_what_is_handed_over_its_dossier(played: Performance) -> None:
    """The owner looks at the sheet before she calls; the dossier is there when the daemon is gone."""
    calls = [line.client for line in played.lines if line.sign == "☎" and line.text.startswith("call ")]

    assert {line.client for line in played.sheets} == set(calls)
    assert "3 letters since 9 Mar and no answer" in next(s.more for s in played.sheets if s.client == "vermeer")
    assert list(played.dossiers) == ["dossier-ironbridge-2026-029.zip"]


def test_the_letters_wait_for_whoever_is_out_of_office(played: Performance) -> None:
    """The second reminder was due on 16 March; Federica is back on the 20th."""
    assert [mail.on for mail in letters(played) if mail.client == "fontana"] == [date(2026, 3, 9), date(2026, 3, 20)]


def test_the_second_contact_is_written_to_when_the_first_address_is_dead(played: Performance) -> None:
    assert [mail.to for mail in letters(played) if mail.client == "goodwin"] == [
        "m.hale@goodwin.example",
        "accounts@goodwin.example",
    ]


def test_three_invoices_are_claimed_in_one_letter(played: Performance) -> None:
    last = [mail for mail in letters(played) if mail.client == "lumen"][-1]

    assert all(number in last.text for number in ("2026-034", "2026-039", "2026-040"))


def test_who_is_always_late_is_reminded_before_the_due_date(played: Performance) -> None:
    """Learned from two paid invoices of the YAML."""
    assert next(mail.on for mail in letters(played) if mail.client == "bruma") < date(2026, 3, 20)


def test_the_owner_gets_a_digest_on_every_weekday_and_a_stranger_changes_nothing(played: Performance) -> None:
    """Somebody who mails "PAID, stop writing" is shown to her once or twice; the ladder goes on (promise 4)."""
    told = digests(played)

    assert len(told) == 55
    assert 1 <= sum("winner@lottery.example" in digest for digest in told) <= 2
    assert "ironbridge" in {mail.client for mail in letters(played) if mail.on > date(2026, 3, 24)}
    assert not any(mail.to == "winner@lottery.example" for mail in letters(played))


def test_the_mailbox_was_read_a_minute_before_every_digest(played: Performance) -> None:
    """The clock jumps, and still nothing is written on what was read days ago."""
    assert all("Mailbox read to its end at 07:29." in digest for digest in digests(played)[1:])


def test_the_same_seed_tells_the_same_stories_and_another_one_has_the_same_ends() -> None:
    """Other people answer at other hours; what the daemon makes of it does not depend on the hour."""
    one, again, other = (perform(seed, frozenset(), days=35) for seed in (3, 3, 4))

    assert {(mail.client, mail.at, mail.subject) for mail in letters(one)} == {
        (mail.client, mail.at, mail.subject) for mail in letters(again)
    }
    assert ends_of(one) == ends_of(again) == ends_of(other)
    assert [mail.at for mail in answers(one)] == [mail.at for mail in answers(again)]
    assert [mail.at for mail in answers(one)] != [mail.at for mail in answers(other)]
