"""Where the things of one creditor lie: those of `config.yaml` by themselves, those of `anna.yaml` under that name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_SERVICE = "/etc/sollecito"


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """As the units `sollecito` and `sollecito@NAME` expect it, where it is in their folder."""

    out: Path  # the config

    @property
    def folder(self) -> Path:
        return self.out.absolute().parent

    @property
    def name(self) -> str:
        """Of one creditor among several; "" of the only one."""
        return "" if self.out.name == "config.yaml" else self.out.stem

    @property
    def invoices(self) -> str:
        """Seen from the config."""
        return f"invoices/{self.name}" if self.name else "invoices"

    @property
    def credentials(self) -> Path:
        return self.folder / "credentials" / self.name

    @property
    def password(self) -> Path:
        return self.folder / (f"password-{self.name}" if self.name else "password")

    @property
    def state(self) -> str:
        name = f"-{self.name}" if self.name else ""
        return f"/var/lib/sollecito{name}" if str(self.folder) == _SERVICE else str(self.folder / f"state{name}")
