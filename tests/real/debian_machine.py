"""Our Debian package, built, and a booted system with mail servers beside it on which somebody installs it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.real.daemon_house import a_document
from tests.real.process_house import NOW
from tests.real.servers import Account, MailHouse
from tests.real.systemd_house import ROOT, SystemdHouse

CONFIG = "/etc/sollecito/config.yaml"
MINUTES = 600.0  # seconds: every module inside is compiled at the installation


def built_package(out: Path) -> Path:
    """The package of this checkout, in a folder."""
    built = subprocess.run(
        [ROOT / "scripts" / "build-deb", out],
        env={**os.environ, "COMPRESS": "gzip"}, capture_output=True, text=True, timeout=MINUTES,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = out.glob("sollecito_*.deb")
    return found


class Machine:
    """A booted system with mail servers beside it, and what an administrator does there.

    Args:
        log: what was typed, and what the system said; begun anew.  None: it is printed alone.
    """

    def __init__(self, house: SystemdHouse, mail: MailHouse, scratch: Path, log: Path | None = None) -> None:
        self.house, self.mail, self.scratch, self.log = house, mail, scratch, log
        if log is not None:
            log.parent.mkdir(exist_ok=True)
            log.write_text("")
        house.run("mkdir", "-p", "/root/packages")

    def dpkg(self, *words: str) -> str:
        said = self.house.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", *words, seconds=MINUTES)
        self._noted(f"dpkg {' '.join(words)}", said)
        return said

    def install(self, package: Path) -> str:
        self.house.copy_in(package, "/root/packages/sollecito.deb")
        return self.dpkg("-i", "/root/packages/sollecito.deb")

    def configure(self) -> str:
        said = self.house.run("dpkg-reconfigure", "-fnoninteractive", "sollecito", seconds=MINUTES)
        self._noted("dpkg-reconfigure sollecito", said)
        return said

    def _noted(self, typed: str, said: str) -> None:
        print(f"# {typed}\n{said}")
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"# {typed}\n{said}\n")

    def config(self, creditor: Account, owner: Account, state: str, **changes: Any) -> str:
        document = a_document(self.mail, creditor, owner, self.scratch / "state", policies={"now": NOW}, **changes)
        document["owner"] |= {"digest_at": "23:59"}
        document["smtp"] |= {"password": {"credential": "smtp"}, "ca_file": "/etc/sollecito/ca.pem"}
        document["imap"] |= {"password": {"credential": "imap"}, "ca_file": "/etc/sollecito/ca.pem"}
        return yaml.safe_dump({**document, "state": f"tinydb://{state}"}, sort_keys=False)

    def passwords(self, folder: str, creditor: Account) -> None:
        for name in ("smtp", "imap"):
            self.house.write(f"{folder}/{name}", creditor.password)

    def status(self, config: str = CONFIG) -> Any:
        return json.loads(self.house.run("sollecito", "status", "--json", "-c", config))

    def modes(self, *paths: str) -> list[str]:
        return self.house.run("stat", "-c", "%a %U:%G %n", *paths).splitlines()

    def unit(self, name: str = "sollecito") -> tuple[str, str]:
        """Whether it is enabled, and whether it runs."""
        shown = self.house.shown(name, "UnitFileState", "ActiveState")
        return shown.get("UnitFileState", ""), shown["ActiveState"]

    def process(self, name: str = "sollecito") -> str:
        return self.house.shown(name, "MainPID")["MainPID"]

    def ours(self) -> set[str]:
        """Whatever carries our name, but for what dpkg notes; /opt/sollecito is the tests' own."""
        found = self.house.run("find", "/etc", "/usr", "/var", "/lib/systemd", "/run", "-xdev", "-iname", "*sollecito*")
        return {line for line in found.splitlines() if not line.startswith("/var/lib/dpkg/info/")}
