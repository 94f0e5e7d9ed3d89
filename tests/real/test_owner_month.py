"""A month by mail alone: `sollecito run` as a process, and an owner who reads her inbox and answers (F49, F50)."""

from __future__ import annotations

from pathlib import Path

from daemon.domain import journal as j
from tests.real.owner_month import Month, item, month
from tests.real.owner_scene import text_of
from tests.real.servers import Certificates


def test_a_month_by_mail(certificates: Certificates, tmp_path: Path) -> None:
    with month(certificates, tmp_path) as here:
        here.at(2, 5)
        with here.daemon() as daemon:
            first_morning(here)
            the_dead_address(here)
            the_answers_of_clients(here)
            assert daemon.stop() == 0
        the_crash(here)
        here.at(7, 8)
        here.client_says("luna", "And who has ordered it? Please tell me.")
        with here.daemon() as daemon:
            the_second_half(here)
            assert daemon.stop() == 0


def first_morning(here: Month) -> None:
    """What was overdue at the first start waits for her go; wrong lines do nothing, and say so."""
    here.at(2)
    digest = here.comes("digest")
    here.letters(acme=0, beta=0, luna=0, nora=0, iris=0)
    numbers = {key: item(digest, f"2026-0{n}1") for n, key in enumerate(here.people, 4)}
    told = here.answered(
        f"go {numbers['acme']}\nvia libera {numbers['luna']}\ngo 2026-081\nferma {numbers['beta']}\n"
        "hold 2026-051\nfrobnicate 3\ngo 99\npaid 2026-071",
        digest,
    )
    assert all(words in told for words in ("FATTO", "frobnicate 3", "go 99", "2026-071")), told
    here.letters(acme=1, beta=0, luna=1, nora=0)
    asked = here.mails("answer")[-1]
    assert here.place.entries(j.PaymentRecorded) == [], "it is asked back"
    done = here.answered("sì", asked)
    assert "2026-071" in done
    [payment] = here.place.recorded(j.PaymentRecorded)
    assert (payment.number, str(payment.amount)) == ("2026-071", "1220.00")
    again = here.answered("sì", asked)
    assert len(here.place.entries(j.PaymentRecorded)) == 1, again
    shown = here.answered("status\naiuto", digest)
    assert all(number in shown for number in ("2026-041", "2026-051", "2026-061", "2026-081")), shown
    assert "2026-071" not in shown.partition("2026-081")[0], "what is paid is not open"


def the_dead_address(here: Month) -> None:
    """Postfix's own report comes back; she is told at once, and answers the alert without any number."""
    alert = here.alert(j.CallSuggested, 1)
    assert "2026-081" in alert["Subject"]
    told = here.answered(f"called: voicemail\nemail {here.people['iris'].address}", alert)
    assert "FATTO" in told, told
    here.place.recorded(j.ContactTold)
    here.at(3)
    here.comes("digest")
    here.letters(acme=1, beta=0, luna=1, nora=0, iris=1)


def the_answers_of_clients(here: Month) -> None:
    """Two clients write; each is one alert, and what she answers is about that invoice alone."""
    here.at(4)
    here.comes("digest")
    here.client_says("acme", "Hello, we have already paid this invoice last Friday. Anna")
    alert = here.alert(j.ReplyReceived, 1)
    assert "we have already paid" in text_of(alert)
    told = here.answered("missing", alert)
    assert "2026-041" in told, told
    assert any(hold.because is j.Because.CLAIMS_PAID for hold in here.place.entries(j.HoldPlaced))

    here.client_says("luna", "Good morning, which order is this invoice about?")
    alert = here.alert(j.ReplyReceived, 2)
    told = here.answered("sospendi fino al 20 novembre", alert)
    assert "2026-061" in told, told
    [hold] = [hold for hold in here.place.entries(j.HoldPlaced) if str(hold.until) == "2026-11-20"]
    assert hold.client == "luna"


def the_crash(here: Month) -> None:
    """The process dies between the order and its answer: the order counts once, and the answer comes from the next."""
    with here.daemon(mute=True) as daemon:
        here.at(5)
        digest = here.comes("digest")
        before, answers = len(here.place.entries(j.OrdersTaken)), len(here.mails("answer"))
        here.says("note 2026-041 chiedere della signora Verdi\nhold 2026-081 until 30 November", digest)
        here.place.recorded(j.OrdersTaken, before + 1)
        daemon.kill()
    assert len(here.mails("answer")) == answers
    with here.daemon() as daemon:
        told = text_of(here.comes("answer"))
        assert "chiedere della signora Verdi" in told, told
        here.at(6)
        here.comes("digest")
        assert daemon.stop() == 0
    assert len(here.mails("answer")) == answers + 1
    assert len([note for note in here.place.entries(j.NoteTaken) if "Verdi" in note.text]) == 1


def the_second_half(here: Month) -> None:
    """The ladder goes on where she let it, and the final notice waits for her."""
    digest = here.comes("digest")
    assert "And who has ordered it?" in text_of(digest), "late, and with what came while nobody was there"
    for day in range(8, 21):
        here.at(day)
        digest = here.comes("digest")
        here.place.recorded(j.DigestSent, day - 1)
    here.letters(acme=2, beta=0, luna=1, nora=0, iris=1)
    told = here.answered(f"go {item(digest, '2026-041')}", digest)
    assert "FATTO" in told, told
    here.letters(acme=3)
    here.at(21)
    digest = here.comes("digest")
    told = here.answered("riprendi 2026-061", digest)
    assert "2026-061" in told, told
    for day in range(22, 31):
        here.at(day)
        here.comes("digest")
    here.letters(acme=3, beta=0, luna=2, nora=0, iris=1)
    assert here.place.entries(j.OrdersRefused) == []
