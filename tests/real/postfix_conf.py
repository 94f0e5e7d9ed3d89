"""The two configuration files of a `Postfix`."""

from collections.abc import Mapping
from pathlib import Path


def main_cf(
    *,
    at: Path,
    domain: str,
    lmtp_port: int,
    auth_port: int,
    delay_warning: int,
    give_up_after: int,
    settings: Mapping[str, str],
) -> str:
    """The text of main.cf (3.6 and later).

    Args:
        at: the server's directory.
        domain: whose mail is delivered over LMTP.
        delay_warning, give_up_after: seconds.
        settings: parameters that win over ours.
    """
    parameters = {
        "compatibility_level": "3.6",
        "queue_directory": f"{at}/spool",
        "data_directory": f"{at}/data",
        "command_directory": "/usr/sbin",
        "daemon_directory": "/usr/lib/postfix/sbin",
        "mail_owner": "postfix",
        "setgid_group": "postdrop",
        "maillog_file": f"{at}/mail.log",
        "maillog_file_prefixes": "/tmp",
        "myhostname": "mail.example.test",
        "mydomain": domain,
        "myorigin": domain,
        "mydestination": "",
        "mynetworks": "",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "alias_database": "",
        "local_recipient_maps": "",
        "local_transport": "error:5.1.1 no local users",
        "virtual_mailbox_domains": domain,
        "virtual_mailbox_maps": f"hash:{at}/etc/recipients",
        "virtual_transport": f"lmtp:inet:127.0.0.1:{lmtp_port}",
        "transport_maps": f"texthash:{at}/etc/transport",
        "disable_dns_lookups": "yes",
        "smtp_host_lookup": "native",
        "smtp_dns_support_level": "disabled",
        "smtpd_tls_cert_file": f"{at}/cert.pem",
        "smtpd_tls_key_file": f"{at}/key.pem",
        "smtpd_tls_security_level": "may",
        "smtpd_tls_auth_only": "yes",
        "smtpd_sasl_type": "dovecot",
        "smtpd_sasl_path": f"inet:127.0.0.1:{auth_port}",
        "smtpd_peername_lookup": "no",
        "smtpd_relay_restrictions": "permit_sasl_authenticated, reject_unauth_destination",
        "smtpd_recipient_restrictions": f"check_recipient_access hash:{at}/etc/answers",
        "recipient_delimiter": "+",
        "smtpd_client_connection_count_limit": "0",
        "smtpd_error_sleep_time": "0",
        "in_flow_delay": "0",
        "bounce_queue_lifetime": f"{give_up_after}s",
        "maximal_queue_lifetime": f"{give_up_after}s",
        "delay_warning_time": f"{delay_warning}s",
        "queue_run_delay": "1s",
        "minimal_backoff_time": "1s",
        "maximal_backoff_time": "2s",
        **settings,
    }
    return "".join(f"{name} = {value}\n" for name, value in parameters.items())


def master_cf(plain: int, starttls: int, implicit_tls: int) -> str:
    """The text of master.cf: our three listeners on these ports, and the stock services without chroot."""
    return f"""
127.0.0.1:{plain} inet n - n - - smtpd
  -o smtpd_tls_security_level=none
  -o syslog_name=postfix/plain
127.0.0.1:{starttls} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_security_level=encrypt
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_reject_unlisted_recipient=no
  -o syslog_name=postfix/submission
127.0.0.1:{implicit_tls} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_reject_unlisted_recipient=no
  -o syslog_name=postfix/submissions
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
