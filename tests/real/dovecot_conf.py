"""The configuration file of a `Dovecot`."""

from collections.abc import Mapping
from pathlib import Path

_CAPABILITIES = (  # what Dovecot 2.3 announces after log-in; an option of ours takes some away
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS "
    "THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED "
    "I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE "
    "SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE"
)


def dovecot_conf(
    *,
    at: Path,
    user: str,
    uid: int,
    gid: int,
    ports: tuple[int, int, int, int],
    folders: Mapping[str, str],
    without: tuple[str, ...],
    settings: str,
) -> str:
    """The text of dovecot.conf (2.3).

    Args:
        at: the server's directory; keys, users and mail lie in it.
        ports: IMAP with STARTTLS, IMAP over TLS, LMTP, log-in service.
        folders: mailboxes made for everyone: name to special use, "" for none.
        without: capabilities not to announce.
        settings: more lines for its end.
    """
    imap, imaps, lmtp, auth = ports
    boxes = "".join(
        f"  mailbox {name} {{\n    auto = create\n" + (f"    special_use = {use}\n" if use else "") + "  }\n"
        for name, use in folders.items()
    )
    if without:
        kept = [word for word in _CAPABILITIES.split() if word not in without]
        settings += f"\nprotocol imap {{\n  imap_capability = {' '.join(kept)}\n}}\n"
    return f"""
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {user}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 50
ssl = required
ssl_cert = <{at}/cert.pem
ssl_key = <{at}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
auth_username_format = %Lu
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {at}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {at}/users/%u
}}
userdb {{
  driver = passwd-file
  args = {at}/users/%u
  default_fields = uid={uid} gid={gid} home={at}/mail/%u
}}
namespace inbox {{
  inbox = yes
{boxes}}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
{settings}
"""
