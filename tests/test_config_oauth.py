"""`auth:` in the config: three providers, what each needs, and what is said where it is missing."""

import re
import textwrap
from pathlib import Path

import pytest

from daemon.domain.books.owner import Alerts
from daemon.ports import OAuth, OtherWay, Secret
from tests.config_builder import GOOD, changed, loaded, problems

_SMTP, _IMAP = (
    "smtp: {host: localhost, security: none}",
    "imap: {host: localhost, security: none, username: u, password: {env: IMAP_PASSWORD}}",
)
MICROSOFT = "{oauth: microsoft, client_id: c-1, tenant: bianchi.example}"
CUSTOM = "{oauth: custom, client_id: c, auth_url: https://l.test/a, token_url: https://l.test/t, scopes: [mail]}"


PAGE = (Path(__file__).parent.parent / "docs" / "oauth.md").read_text(encoding="utf-8")


def with_auth(auth: str) -> str:
    """The good config with the same log-in for both servers."""
    text = GOOD.replace(_SMTP, f"smtp: {{host: localhost, security: none, username: u, auth: {auth}}}")
    return text.replace(_IMAP, f"imap: {{host: localhost, security: none, username: u, auth: {auth}}}")


def oauth_of(folder: Path, auth: str) -> OAuth:
    found = loaded(folder, with_auth(auth))
    assert found.settings is not None, found.problems
    assert found.settings.smtp.oauth == found.settings.imap.oauth
    assert found.settings.imap.oauth is not None
    assert found.settings.imap.password is None
    return found.settings.imap.oauth


def test_google_needs_its_client_and_asks_for_mail(tmp_path: Path) -> None:
    oauth = oauth_of(tmp_path, "{oauth: google, client_id: c.apps, client_secret: {file: secret}}")

    assert oauth == OAuth(
        provider="google",
        client_id="c.apps",
        client_secret=Secret(how="file", where=(f"{tmp_path}/secret",)),
        auth_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",
        revoke_url="https://oauth2.googleapis.com/revoke",
        scopes=("https://mail.google.com/",),
    )


def test_microsoft_needs_its_tenant_and_asks_for_imap_smtp_and_a_refresh_token(tmp_path: Path) -> None:
    oauth = oauth_of(tmp_path, MICROSOFT)

    here = "https://login.microsoftonline.com/bianchi.example/oauth2/v2.0"
    assert oauth == OAuth(
        provider="microsoft",
        client_id="c-1",
        auth_url=f"{here}/authorize",
        token_url=f"{here}/token",
        device_url=f"{here}/devicecode",
        scopes=(
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "https://outlook.office.com/SMTP.Send",
            "offline_access",
        ),
    )


def test_any_other_provider_is_told_by_its_addresses(tmp_path: Path) -> None:
    oauth = oauth_of(tmp_path, CUSTOM)

    assert (oauth.auth_url, oauth.token_url, oauth.device_url) == ("https://l.test/a", "https://l.test/t", None)


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        ("{oauth: yahoo, client_id: c}", "google, microsoft or custom"),
        ("{oauth: google}", "`client_id` is missing in `auth`"),
        ("{oauth: google, client_id: c, client_secret: geheim}", "a password is never written into this file"),
        ("{oauth: google, client_id: c, tenant: t.example}", "`tenant` is Microsoft's; leave it out here"),
        ("{oauth: google, client_id: c, token_url: https://l.test/t}", "`token_url` is known for `oauth: google`"),
        ("{oauth: microsoft, client_id: c}", "`tenant` is missing: the id or the domain of your directory"),
        ("{oauth: microsoft, client_id: c, tenant: a/b}", "`a/b` is no directory of Microsoft's"),
        ("{oauth: custom, client_id: c, token_url: https://l.test/t, scopes: [m]}", "`auth_url` or `device_url` is"),
        ("{oauth: custom, client_id: c, auth_url: https://l.test/t, scopes: [m]}", "`token_url` is missing"),
        (CUSTOM.replace(", scopes: [mail]", ""), "`scopes` is missing"),
        (CUSTOM.replace("https://l.test/t", "http://l.test/t"), "could be read on the way: write https://"),
        (CUSTOM.replace("https://l.test/t", "l.test/t"), "`l.test/t` is not a web address"),
        (CUSTOM.replace("[mail]", '["two words"]'), "`two words` is no scope"),
        (CUSTOM.replace("}", ", ca_file: gone.pem}"), "there is no file"),
        ("{client_id: c}", "`oauth` is missing in `auth`"),
        ("{oauth: google, client_id: c, clientid: d}", "did you mean `client_id`?"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, auth: str, said: str) -> None:
    found = problems(tmp_path, with_auth(auth))

    assert found
    assert all(line.startswith(("c.yaml:3:", "c.yaml:4:")) for line in found), found
    assert said in found[0]
    assert "geheim" not in "".join(found)


def test_a_provider_on_this_machine_may_go_without_encryption(tmp_path: Path) -> None:
    assert problems(tmp_path, with_auth(CUSTOM.replace("https://l.test/t", "http://127.0.0.1:8080/t"))) == []


def test_a_password_and_auth_are_one_too_many_and_neither_is_one_too_few(tmp_path: Path) -> None:
    both = changed(_IMAP, _IMAP.replace("}}", f"}}, auth: {MICROSOFT}}}"))
    neither = changed(_IMAP, "imap: {host: localhost, security: none, username: u}")
    nobody = changed(_SMTP, f"smtp: {{host: localhost, security: none, auth: {MICROSOFT}}}")

    assert "two ways to log in: leave one of them out" in problems(tmp_path, both)[0]
    assert "`password` is missing in imap" in problems(tmp_path, neither)[0]
    assert "`auth` without `username`" in problems(tmp_path, nobody)[0]


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("{command: [tell, me]}", OtherWay(command=("tell", "me"))),
        ('{url: "https://ping.test/1"}', OtherWay(url="https://ping.test/1")),
    ],
)
def test_the_owners_second_way_is_a_command_or_an_address(tmp_path: Path, written: str, way: OtherWay) -> None:
    found = loaded(
        tmp_path, changed("giulia@bianchi.example}", f"giulia@bianchi.example, alerts: {{also: {written}}}}}")
    )

    assert found.settings is not None, found.problems
    assert found.settings.ledger.owner.alerts == Alerts(also=way)


def test_the_second_way_is_not_told_in_clear_text(tmp_path: Path) -> None:
    text = changed("giulia@bianchi.example}", "giulia@bianchi.example, alerts: {also: {url: 'http://ping.test/1'}}}")

    assert "could be read on the way: write https://" in problems(tmp_path, text)[0]


def test_what_the_page_about_oauth_shows_is_a_good_config(tmp_path: Path) -> None:
    """Both providers' sections, any other provider's, and the second way."""
    shown = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(shown) == 4
    servers = f"{_SMTP}\n{_IMAP}\n"
    owner = "owner: {email: giulia@bianchi.example}\n"
    custom = textwrap.indent(textwrap.dedent(shown[2]), "  ")
    both = "".join(f"{use}:\n  host: localhost\n  security: none\n  username: u\n{custom}" for use in ("smtp", "imap"))

    for text in (
        changed(servers, shown[0]),
        changed(servers, shown[1]),
        changed(servers, both),
        changed(owner, shown[3]),
        changed(owner, shown[3].replace("alerts: {also: {command", "# ").replace("# alerts", "alerts")),
    ):
        assert problems(tmp_path, text) == []
