"""A backup that is not ours, is damaged, or was made to do harm is refused, and nothing is touched."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.adapters.pack_file import writing
from daemon.adapters.state_backup import MANIFEST
from daemon.adapters.state_restore import NotRestored, restore_backup
from daemon.ports import StateFault
from tests.backup_scene import KINDS, MARK, a_state, quiet, save


@pytest.fixture
async def state(tmp_path: Path) -> Path:
    return await a_state(tmp_path / "state")


def _repacked(out: Path, change: Callable[[dict[str, bytes]], None], *, manifest: bool = True) -> None:
    """The same backup with other files, under a manifest that fits them, in all three kinds."""
    with zipfile.ZipFile(out.with_name("b.zip")) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    document = json.loads(files.pop(MANIFEST))
    change(files)
    document["files"] = {n: {"size": len(c), "sha256": hashlib.sha256(c).hexdigest()} for n, c in files.items()}
    with (
        out.open("wb") as file,
        writing(file, "".join(out.suffixes[-2:]) if ".tar" in out.suffixes else ".zip") as pack,
    ):
        for name, content in files.items():
            pack.add(name, len(content), io.BytesIO(content))
        if manifest:
            content = json.dumps(document).encode()
            pack.add(MANIFEST, len(content), io.BytesIO(content))


@pytest.fixture
def refused(state: Path, tmp_path: Path) -> Callable[[Path, str], None]:
    """Asserts that a file is refused, and that neither the place nor anything beside it was touched."""
    save(state, tmp_path / "b.zip")
    place = tmp_path / "inner" / "place"

    def check(file: Path, why: str) -> None:
        with pytest.raises((NotRestored, StateFault), match=why):  # the latter: the keys' own words
            restore_backup(file, place, MARK, quiet)
        assert [name for name in place.iterdir() if name.name != "lock"] == []
        assert [name.name for name in place.parent.iterdir()] == ["place"]

    return check


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "a/../../evil",
        "archive/./x",
        ".hidden",
        "archive/.x",
        "a//b",
        "a\\..\\b",
        "x\n",
        "a/" * 9 + "x",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(
    refused: Callable[[Path, str], None], tmp_path: Path, kind: str, name: str
) -> None:
    out = tmp_path / f"evil{kind}"
    _repacked(out, lambda files: files.update({name: b"evil"}))
    refused(out, "which no backup of ours does|no plain file")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_tar_with_anything_but_plain_files_is_refused(
    refused: Callable[[Path, str], None], tmp_path: Path, kind: bytes
) -> None:
    out = tmp_path / "evil.tar.gz"
    with tarfile.open(out, "w:gz") as pack:
        member = tarfile.TarInfo("archive")
        member.type, member.linkname = kind, "/etc"
        pack.addfile(member)
    refused(out, "no plain file")


def test_a_zip_with_a_link_is_refused(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    out = tmp_path / "evil.zip"
    with zipfile.ZipFile(out, "w") as pack:
        entry = zipfile.ZipInfo("archive")
        entry.external_attr, entry.create_system = (stat.S_IFLNK | 0o777) << 16, 3
        pack.writestr(entry, "/etc")
    refused(out, "no plain file")


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_refused(refused: Callable[[Path, str], None], tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"bomb{kind}"
    with out.open("wb") as file, writing(file, kind) as pack:
        pack.add("archive/zeros", 48 << 20, io.BytesIO(bytes(48 << 20)))
    refused(out, "far more")


def test_a_name_twice_is_refused(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    out = tmp_path / "evil.tar.gz"
    with out.open("wb") as file, writing(file, ".tar.gz") as pack:
        for _ in range(2):
            pack.add("keys.json", 1, io.BytesIO(b"x"))
    refused(out, "twice")


@pytest.mark.parametrize("kind", KINDS)
def test_any_damage_is_noticed(refused: Callable[[Path, str], None], state: Path, tmp_path: Path, kind: str) -> None:
    """Cut short anywhere, or with an octet changed."""
    if kind != ".zip":
        save(state, tmp_path / f"b{kind}")
    whole = (tmp_path / f"b{kind}").read_bytes()
    out = tmp_path / f"bad{kind}"
    for cut in range(0, len(whole) - 8, len(whole) // 17):
        out.write_bytes(whole[:cut])
        refused(out, ".")
    out.write_bytes(whole[: len(whole) // 3] + bytes([whole[len(whole) // 3] ^ 0x10]) + whole[len(whole) // 3 + 1 :])
    refused(out, ".")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda files: files.update({"keys.json": b"{}"}), "keys.json"),
        (lambda files: files.pop("journal.jsonl"), "no journal.jsonl"),
        (lambda files: files.pop("keys.json"), "no keys.json"),
        (lambda files: files.update({"journal.head": b"x"}), "journal.head"),
        (lambda files: files.update({"lock": b"x"}), "lock"),
        (lambda files: files.update({"archive": b"x"}), "file and a folder"),
        (lambda files: files.update({"journal.jsonl": files["journal.jsonl"][:-20]}), "garbled"),
        (lambda files: files.update({"journal.jsonl": files["journal.jsonl"].replace(b"INBOX", b"inbox")}), "garbled"),
    ],
)  # fmt: skip
def test_a_backup_on_which_nothing_can_start_is_refused(
    refused: Callable[[Path, str], None], tmp_path: Path, change: Callable[[dict[str, bytes]], None], why: str
) -> None:
    """Even where its manifest fits."""
    out = tmp_path / "evil.zip"
    _repacked(out, change)
    refused(out, why)


@pytest.mark.parametrize("name", [*(f"b{kind}" for kind in KINDS), "b.rar"])
def test_a_file_that_is_none_is_named_once(tmp_path: Path, name: str) -> None:
    junk = tmp_path / name
    junk.write_bytes(b"junk")

    with pytest.raises(NotRestored) as told:
        restore_backup(junk, tmp_path / "place", MARK, quiet)
    assert str(told.value).count(str(junk)) == 1


def test_without_its_manifest_it_is_no_backup(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    out = tmp_path / "evil.zip"
    _repacked(out, lambda files: None, manifest=False)
    refused(out, "no manifest")
