"""docs/moving.md: its units are good, and its steps move the daemon from one machine to another as they stand there."""

from __future__ import annotations

import base64
import re
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.real.debian_machine import CONFIG, Machine
from tests.real.process_house import an_answer, debtor, overdue, parsed, until
from tests.real.servers import Certificates, MailHouse
from tests.real.systemd_house import SystemdHouse

pytestmark = pytest.mark.xdist_group("systemd")
PAGE = (Path(__file__).parent.parent.parent / "docs" / "moving.md").read_text(encoding="utf-8")
STEPS = re.findall(r"`([^`\n]+)`", PAGE.partition("## Moving to another machine")[2].partition("\n## ")[0])


def test_systemd_has_nothing_to_say_about_the_units_that_it_shows(tmp_path: Path) -> None:
    for unit in re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL):
        name = unit.splitlines()[0].rpartition("/")[2]
        (tmp_path / name).write_text(unit.replace("/usr/local/bin/sollecito", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "sollecito-backup.timer"], capture_output=True, text=True
    )

    assert sorted(path.name for path in tmp_path.iterdir()) == ["sollecito-backup.service", "sollecito-backup.timer"]
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@contextmanager
def wire(here: SystemdHouse, there: SystemdHouse, *ports: int) -> Iterator[None]:
    """What connects to these ports on one machine's loopback speaks with the other machine's."""
    over = threading.Event()

    def carry(one: socket.socket) -> None:
        with one, suppress(ConnectionError):  # a server that stops may end its line with a reset, or take none
            with there.network():
                other = socket.create_connection(("127.0.0.1", one.getsockname()[1]))
            with other:
                while not over.is_set():
                    for end in select.select([one, other], [], [], 0.2)[0]:
                        if not (data := end.recv(65536)):
                            return
                        (other if end is one else one).sendall(data)

    def listen(at: socket.socket) -> None:
        with at:
            while not over.is_set():
                if select.select([at], [], [], 0.2)[0]:
                    threading.Thread(target=carry, args=(at.accept()[0],), daemon=True).start()

    with here.network():
        listening = [socket.create_server(("127.0.0.1", port)) for port in ports]
    threads = [threading.Thread(target=listen, args=(one,), daemon=True) for one in listening]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def step(begins: str) -> str:
    """The one command of the page that begins so."""
    (found,) = [one for one in STEPS if one.startswith(begins)]
    return found


def typed(machine: Machine, command: str) -> str:
    """What root sees who types it, in root's home."""
    said = machine.house.run("env", "HOME=/root", "bash", "-c", f"cd && {command}", seconds=120)
    print(f"# {command}\n{said}")
    return said


def test_the_steps_move_it_from_one_machine_to_another(
    package: Path, certificates: Certificates, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with (
        SystemdHouse(tmp_path / "a" / "work", installed=False) as one,
        SystemdHouse(tmp_path / "b" / "work", installed=False) as two,
        one.network(),
        MailHouse(certificates) as mail,
    ):
        old, new = Machine(one, mail, tmp_path), Machine(two, mail, tmp_path)
        creditor, owner, anna, eva = (mail.new_user(name) for name in ("fatture", "giulia", "anna", "eva"))
        clients = {"acme": debtor(anna), "beta": debtor(eva)}
        config = old.config(creditor, owner, "/var/lib/sollecito", clients=clients, invoices=["invoices/*.yaml"])
        ports = [yaml.safe_load(config)[door]["port"] for door in ("imap", "smtp")]

        # The old machine has sent a letter, and an answer pauses it.
        old.install(package)
        one.copy_in(mail.ca_file, "/etc/sollecito/ca.pem")
        one.run("chmod", "0644", "/etc/sollecito/ca.pem")
        old.passwords("/etc/sollecito/credentials", creditor)
        one.write(CONFIG, config)
        one.write("/etc/sollecito/invoices/2026.yaml", yaml.safe_dump([overdue()]))
        old.configure()
        (raw,) = mail.dovecot.wait_for_mails(anna.username, 1, within=60)
        reply = an_answer(SimpleNamespace(creditor=creditor), anna, parsed(raw), "Which order was that?")
        mail.dovecot.put(creditor.username, reply)
        until(lambda: old.status()["invoices"][0]["state"] == "held", "the hold", 60)

        # 1: there it ends.
        for begins in ("systemctl disable", "sollecito backup", "tar -C /etc -c", "chmod"):
            typed(old, step(begins))
        assert old.unit() == ("disabled", "inactive")

        # 2: the new one has other users with other numbers; the two files are carried over.
        two.run("useradd", "--system", "somebody-else")
        new.install(package)
        for name in ("moving.tar.zst", "etc-sollecito.tar.gz"):
            (tmp_path / name).write_bytes(base64.b64decode(one.run("base64", f"/root/{name}")))
            two.copy_in(tmp_path / name, f"/root/{name}")
        typed(new, step("tar -C /etc -x"))

        # 3 and 4: the state, and whether all is well.
        typed(new, step("install -o"))
        refused = typed(new, f"{step('runuser')} || true")
        assert "as root, `install -d -o sollecito -m 0700 /var/lib/sollecito`" in refused
        typed(new, step("install -d"))
        assert "restored" in typed(new, step("runuser"))
        typed(new, step("rm "))
        two.write("/etc/sollecito/invoices/2027.yaml", yaml.safe_dump([overdue(number="2027-001", client="beta")]))
        with wire(two, one, *ports):
            typed(new, step("CREDENTIALS_DIRECTORY"))

            # 5: it waits for the word, and then goes on where the old one ended.
            typed(new, step("systemctl enable"))
            two.wait_for("sollecito", ActiveState="active")
            until(lambda: new.status()["mailbox"]["read_to_end_at"], "the new machine's first read", within=60)
            time.sleep(2)  # what was to leave would be on its way
            assert mail.dovecot.mails(eva.username) == []
            typed(new, step("sollecito go restored"))
            mail.dovecot.wait_for_mails(eva.username, 1, within=60)
            states = {row["number"]: row["state"] for row in new.status()["invoices"]}

        assert states["2026-041"] == "held"
        assert len(mail.dovecot.mails(anna.username)) == 1
