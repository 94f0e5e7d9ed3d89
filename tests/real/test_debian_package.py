"""The Debian package, as a system takes it: built, judged by lintian, and lived with in a really booted systemd.

Postfix and Dovecot stand beside it on that system's own loopback.  What dpkg says is kept in
build/debian-package.log.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.real.debian_machine import CONFIG, Machine
from tests.real.process_house import an_answer, debtor, overdue, parsed, until
from tests.real.servers import Certificates, MailHouse
from tests.real.systemd_house import ROOT, SystemdHouse

pytestmark = pytest.mark.xdist_group("systemd")


@pytest.fixture(scope="module")
def newer(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package with a higher version."""
    tree = tmp_path_factory.mktemp("newer") / "tree"
    subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(control.read_text().replace("-1\nArchitecture", "-2\nArchitecture"))
    made = tree.parent / "newer.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, made], check=True, capture_output=True)
    shutil.rmtree(tree)
    return made


def test_lintian_has_nothing_to_say(package: Path) -> None:
    assert shutil.which("lintian"), "lintian is missing: run scripts/install-debian-packages"
    done = subprocess.run(
        ["lintian", "--no-cfg", "--allow-root", "--fail-on", "error,warning", package], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_package_brings_what_a_system_looks_for(package: Path) -> None:
    listed = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True).stdout
    inside = {line.split()[5].removeprefix(".") for line in listed.splitlines()}

    assert inside >= {
        "/usr/bin/sollecito", "/lib/systemd/system/sollecito.service", "/lib/systemd/system/sollecito@.service",
        "/usr/lib/sysusers.d/sollecito.conf", "/usr/lib/tmpfiles.d/sollecito.conf",
        "/usr/share/bash-completion/completions/sollecito", "/usr/share/zsh/vendor-completions/_sollecito",
        "/usr/share/fish/vendor_completions.d/sollecito.fish", "/usr/share/man/man1/sollecito.1.gz",
        "/usr/share/doc/sollecito/copyright", "/usr/share/doc/sollecito/examples/config.yaml",
    }  # fmt: skip
    assert not [name for name in inside if "__pycache__" in name or name.endswith("/pip/")]


@pytest.fixture
def machine(tmp_path: Path, certificates: Certificates) -> Iterator[Machine]:
    with SystemdHouse(tmp_path / "work", installed=False) as house, house.network(), MailHouse(certificates) as mail:
        yield Machine(house, mail, tmp_path, ROOT / "build" / "debian-package.log")


def test_a_package_is_installed_started_upgraded_removed_and_purged(
    machine: Machine, package: Path, newer: Path
) -> None:
    """A month of an administrator's life in one go, since each step stands on the one before."""
    house, mail = machine.house, machine.mail
    creditor, owner, anna = mail.new_user("fatture"), mail.new_user("giulia"), mail.new_user("anna")

    there = machine.ours()

    # Installed, there is everything but a config: nothing is enabled, nothing runs, and it is said what to do.
    assert "sollecito init --out /etc/sollecito/config.yaml" in machine.install(package)
    assert machine.unit() == ("disabled", "inactive")
    assert house.run("sollecito", "--version").startswith("sollecito, version ")
    assert machine.modes("/etc/sollecito", "/etc/sollecito/invoices", "/etc/sollecito/credentials/smtp") == [
        "2750 root:sollecito /etc/sollecito",
        "2750 root:sollecito /etc/sollecito/invoices",
        "600 root:root /etc/sollecito/credentials/smtp",
    ]

    # A config with a fault in it is named, and enables nothing.
    house.write(CONFIG, "creditor: {}\n")
    assert "is not right yet" in machine.configure()
    assert machine.unit() == ("disabled", "inactive")
    assert machine.modes(CONFIG) == [f"640 root:sollecito {CONFIG}"]

    # A good one does, and a letter goes out.
    house.copy_in(mail.ca_file, "/etc/sollecito/ca.pem")
    house.run("chmod", "0644", "/etc/sollecito/ca.pem")
    machine.passwords("/etc/sollecito/credentials", creditor)
    house.write(
        CONFIG,
        machine.config(
            creditor, owner, "/var/lib/sollecito", clients={"acme": debtor(anna)}, invoices=["invoices/*.yaml"]
        ),
    )
    house.write("/etc/sollecito/invoices/2026.yaml", yaml.safe_dump([overdue()]))
    machine.configure()
    house.wait_for("sollecito", UnitFileState="enabled", ActiveState="active")
    (raw,) = mail.dovecot.wait_for_mails(anna.username, 1, within=60)
    letter = parsed(raw)
    assert "2026-041" in letter["Subject"]

    # A reply pauses the ladder.
    reply = an_answer(SimpleNamespace(creditor=creditor), anna, letter, "Which order was that? I cannot find it.")
    mail.dovecot.put(creditor.username, reply)
    until(lambda: machine.status()["invoices"][0]["state"] == "held", "the hold", 60)

    assert house.run("sollecito", "status", "--check") == "well\n"

    # An upgrade restarts it; it knows what it knew, and nothing is sent twice.
    before = machine.process()
    machine.install(newer)
    house.wait_for("sollecito", ActiveState="active")
    assert machine.process() != before
    assert house.run("dpkg-query", "-W", "-f", "${Version}", "sollecito").endswith("-2")
    assert machine.status()["daemon"] is True
    assert machine.status()["invoices"][0]["state"] == "held"
    assert len(mail.dovecot.mails(anna.username)) == 1

    # A config that somebody is in the middle of editing does not cost the owner the daemon at an upgrade.
    before, good = machine.process(), house.run("cat", CONFIG)
    house.write(CONFIG, "creditor: {}\n")
    assert "the version before goes on running" in machine.configure()
    assert (machine.unit(), machine.process()) == (("enabled", "active"), before)
    house.write(CONFIG, good)

    # One whom the administrator has disabled stays disabled.
    house.systemctl("disable", "--now", "sollecito")
    machine.configure()
    assert machine.unit() == ("disabled", "inactive")
    house.systemctl("enable", "--now", "sollecito")

    # Another creditor has a daemon beside it, which a stop of the first leaves alone.
    other = mail.new_user("berta")
    house.run("install", "-d", "-m", "0700", "/etc/sollecito/credentials/berta")
    machine.passwords("/etc/sollecito/credentials/berta", other)
    house.write("/etc/sollecito/berta.yaml", machine.config(other, owner, "/var/lib/sollecito-berta"))
    house.systemctl("start", "sollecito@berta")
    house.systemctl("stop", "sollecito")
    assert machine.status("/etc/sollecito/berta.yaml")["daemon"] is True
    assert machine.status()["daemon"] is False
    house.systemctl("start", "sollecito")

    # Removed, it is stopped and gone, and what it knows is kept; installed again, it goes on.
    machine.dpkg("-r", "sollecito")
    assert "sollecito" not in house.run("ps", "-eo", "user:20").split()
    assert house.run("ls", "/var/lib/sollecito/journal.jsonl")
    machine.install(package)
    house.wait_for("sollecito", ActiveState="active")
    assert machine.status()["invoices"][0]["state"] == "held"
    time.sleep(3)
    assert len(mail.dovecot.mails(anna.username)) == 1

    # Purged, nothing of ours is left, and of the owner's everything; the invoices in the state are hers as well.
    house.run("install", "-d", "-o", "sollecito", "-m", "0700", "/var/lib/sollecito/followed")
    house.write("/var/lib/sollecito/followed/invoices.yaml", "[]\n")
    assert "left in /etc/sollecito" in machine.dpkg("-P", "sollecito")
    assert sorted(house.run("find", "/etc/sollecito", "-type", "f").split()) == [
        "/etc/sollecito/berta.yaml", "/etc/sollecito/ca.pem", "/etc/sollecito/invoices/2026.yaml",
        "/etc/sollecito/invoices/followed.yaml",
    ]  # fmt: skip
    assert machine.ours() - there == {"/etc/sollecito"}
    assert house.run("getent", "passwd", "sollecito", check=False) == ""
    assert house.run("getent", "group", "sollecito", check=False) == ""
