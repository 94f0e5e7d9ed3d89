"""What a purge does where somebody took the user and the group away before: folders of its own hide the real ones."""

from __future__ import annotations

import subprocess

from tests.cli_place import ROOT

POSTRM = ROOT / "packaging" / "debian" / "postrm"
LIVED = """
set -e
mount -t tmpfs none /var/lib
mount -t tmpfs none /run
mount -t tmpfs none /etc
mkdir -p /etc/sollecito/invoices /etc/sollecito/credentials /var/lib/sollecito
echo root:x:0:0:root:/root:/bin/sh > /etc/passwd
echo root:x:0: > /etc/group
touch /etc/sollecito/config.yaml /etc/sollecito/credentials/imap /etc/sollecito/invoices/2026.yaml
chown -R 0:54321 /etc/sollecito
DPKG_MAINTSCRIPT_PACKAGE=sollecito sh "$1" purge
find /etc/sollecito /var/lib -type f -printf '%p %G\\n'
"""


def test_a_purge_ends_well_where_the_group_is_gone_already() -> None:
    """The owner's books stay; their group is a number that nobody has."""
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", LIVED, "sh", str(POSTRM)], capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, done.stdout) == (0, "/etc/sollecito/invoices/2026.yaml 54321\n"), done.stderr
    assert "left in /etc/sollecito" in done.stderr
