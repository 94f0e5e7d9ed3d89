"""Which folders are taken for junk and sent, and which are watched."""

import pytest

from daemon.adapters.imap_folders import Listed, watched_folders
from daemon.ports import Unreachable
from tests.imap_desk import settings


def listed(*names: str, delimiter: str = "/", **flags: str) -> list[Listed]:
    return [Listed(name=name, delimiter=delimiter, flags=frozenset(flags.get(name, "").split())) for name in names]


@pytest.mark.parametrize(
    ("junk", "sent", "delimiter"),
    [
        ("Junk", "Sent", "."),
        ("Junk Email", "Sent Items", "/"),
        ("Junk E-mail", "Sent Messages", "/"),
        ("INBOX.spam", "INBOX.Sent", "."),
        ("[Gmail]/Spam", "[Gmail]/Sent Mail", "/"),
        ("[Gmail]/Spam", "[Gmail]/Posta inviata", "/"),
        ("Posta indesiderata", "Elementi inviati", "/"),
        ("Correo no deseado", "Elementos enviados", "/"),
        ("Önemsiz E-posta", "Gönderilmiş Öğeler", "/"),
        ("İstenmeyen E-posta", "GÖNDERİLMİŞ", "/"),
        ("Junk-E-Mail", "Gesendete Elemente", "/"),
        ("JUNK", "SENT", ""),
    ],
)
def test_F29_without_special_use_well_known_names_are_found(junk: str, sent: str, delimiter: str) -> None:
    folders = watched_folders(listed("INBOX", "Archive", junk, sent, delimiter=delimiter), settings(143))

    assert folders == {"inbox": "INBOX", "junk": junk, "sent": sent}


def test_a_name_below_a_project_is_not_the_accounts_own() -> None:
    folders = watched_folders(listed("INBOX", "Projects/Sent", "Clients/Spam"), settings(143))

    assert folders == {"inbox": "INBOX"}


def test_a_folder_that_cannot_be_opened_is_not_taken() -> None:
    folders = watched_folders(listed("INBOX", "Sent", "Sent Items", Sent="\\noselect"), settings(143))

    assert folders == {"inbox": "INBOX", "sent": "Sent Items"}


def test_the_more_usual_name_goes_first() -> None:
    folders = watched_folders(listed("Spam", "Junk", "Sent Messages", "Sent", "inbox"), settings(143))

    assert folders == {"inbox": "inbox", "junk": "Junk", "sent": "Sent"}


def test_what_the_config_names_goes_before_everything_and_is_watched_once() -> None:
    names = listed("INBOX", "Sent", "Junk", "Clienti", "Altro", Junk="\\junk")
    folders = watched_folders(names, settings(143, junk="Altro", sent="Clienti", watch=("Clienti", "Sent", "INBOX")))

    assert folders == {"inbox": "INBOX", "junk": "Altro", "sent": "Clienti", "watch:Sent": "Sent"}


def test_a_folder_that_the_config_switches_off_is_not_watched() -> None:
    folders = watched_folders(listed("INBOX", "Sent", "Junk"), settings(143, junk=None, sent=None))

    assert folders == {"inbox": "INBOX"}


@pytest.mark.parametrize("role", ["junk", "sent", "inbox"])
def test_F31_a_named_folder_that_is_missing_is_told_with_its_setting(role: str) -> None:
    with pytest.raises(Unreachable) as told:
        watched_folders(listed("Sent", "INBOX"), settings(143, **{role: "X"}))

    assert told.value.ours
    assert str(told.value) == f"imap: {role}: there is no folder 'X'; the mailbox has: INBOX, Sent"


def test_F31_of_very_many_folders_some_are_named() -> None:
    with pytest.raises(Unreachable, match=r"folder0, folder1, .* and 60 more$"):
        watched_folders(listed(*(f"folder{number}" for number in range(100))), settings(143, sent="X"))
