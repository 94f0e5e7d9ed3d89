"""The daemon as a process, logged in by tokens: an ordinary hour, and a log-in that was revoked (F27, F65)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from daemon.domain import journal as j
from tests.real.oauth_desk import logged_in
from tests.real.oauth_provider import OAuthProvider
from tests.real.process_house import Place, an_answer, debtor, overdue, running, until, with_changes
from tests.real.servers import Account, MailHouse
from tests.real.short_times import shortened

_SOON = with_changes(shortened({"daemon.loops.deliver.OUR_RETRY": 2}))  # instead of five minutes
_ALARMED_AT_ONCE = with_changes(  # instead of after fifteen minutes out of reach, which is looked at every few seconds
    "from datetime import timedelta",
    "from daemon.loops import tell",
    shortened({"daemon.loops.bell.SIGN_OF_LIFE": 0.2}),
    "outages = tell.Teller._outages",
    "tell.Teller._outages = lambda self, known, now, after: outages(self, known, now, timedelta(0))",
)


@pytest.fixture
def provider(user: Account) -> Iterator[OAuthProvider]:
    with OAuthProvider(user.address) as found:
        yield found


@pytest.fixture
def place(mail_house: MailHouse, anna: Account, user: Account, provider: OAuthProvider) -> Iterator[Place]:
    """One invoice to remind of; both servers log in at the provider."""
    oauth = provider.oauth()
    auth = {"oauth": "custom", "scopes": list(oauth.scopes)} | {
        key: getattr(oauth, key) for key in ("client_id", "auth_url", "token_url")
    }

    def by_token(document: dict[str, Any]) -> None:
        for server in ("smtp", "imap"):
            del document[server]["password"]
            document[server]["auth"] = auth

    books = {"clients": {"acme": debtor(anna)}, "invoices": [overdue()]}
    with Place(mail_house, user, mail_house.new_user("giulia"), **books) as found:
        found.edit(by_token)
        found.state.mkdir()
        yield found


def test_F27_an_hour_ends_a_new_one_begins_and_nobody_is_alarmed(
    place: Place, anna: Account, provider: OAuthProvider, mail_house: MailHouse
) -> None:
    """The letter leaves by a token; the session ends with it, and the answer is read by the next."""
    provider.terms.lifetime = 4.0
    logged_in(provider, place.state)
    with running(place, program=_ALARMED_AT_ONCE) as daemon:
        daemon.ready()
        [letter] = place.inbox(anna)
        until(lambda: place.entries(j.DeliveryAccepted), "the letter's own record")
        time.sleep(4)  # Dovecot lets a session outlive its token; others end it
        assert mail_house.dovecot.kick(place.creditor.username)
        mail_house.dovecot.put(place.creditor.username, an_answer(place, anna, letter, "Which order is this?"))
        place.recorded(j.ReplyReceived)
        time.sleep(1)  # five looks at what is out of reach
        status = place.ask("status")

        assert provider.refreshes >= 1
        assert "out of reach" not in status.out
        assert not [event for event in daemon.events("alert_sent") if event["faults"]]
        assert len(place.has(anna)) == 1


def test_F65_a_revoked_log_in_is_told_by_the_other_way_and_letters_wait_for_a_new_one(
    place: Place, anna: Account, provider: OAuthProvider
) -> None:
    provider.terms.lifetime = 0.1
    logged_in(provider, place.state)
    provider.revoke_all()
    told = place.folder / "told"
    place.edit(lambda d: d["owner"].update(alerts={"also": {"command": ["/usr/bin/tee", "-a", str(told)]}}))
    time.sleep(0.2)
    with running(place, program=_SOON) as daemon:
        daemon.ready()
        daemon.said("told_otherwise")
        words = " ".join(told.read_text().split())
        before = place.has(anna)
        asked = provider.refreshes
        provider.terms.lifetime = 3600.0
        logged_in(provider, place.state)
        place.inbox(anna)
        place.recorded(j.DeliveryAccepted)
        time.sleep(1)

        assert before == []
        assert "the log-in counts no more, run `sollecito login`" in words
        assert asked == 1, "no storm"
        assert len(place.has(anna)) == 1
        assert len(daemon.events("told_otherwise")) == 1
        log = daemon.log.read_text()
        secrets = {*provider.kept.refresh_tokens, *provider.kept.used}
        assert not [secret for secret in secrets if secret in log]
        assert "Bearer" not in log
