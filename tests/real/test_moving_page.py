"""docs/moving.md: systemd has nothing to say about the units that it shows."""

import re
import subprocess
from pathlib import Path

PAGE = (Path(__file__).parent.parent.parent / "docs" / "moving.md").read_text(encoding="utf-8")


def test_systemd_has_nothing_to_say_about_the_units_that_it_shows(tmp_path: Path) -> None:
    for unit in re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL):
        name = unit.splitlines()[0].rpartition("/")[2]
        (tmp_path / name).write_text(unit.replace("/usr/local/bin/sollecito", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "sollecito-backup.timer"], capture_output=True, text=True
    )

    assert sorted(path.name for path in tmp_path.iterdir()) == ["sollecito-backup.service", "sollecito-backup.timer"]
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
