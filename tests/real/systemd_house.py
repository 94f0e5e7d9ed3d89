"""A real systemd as process 1 of a namespace of its own, with our unit in it: no container engine, up in two seconds.

It sees this machine's files through an overlay that is thrown away, has its own network (the loopback alone), users,
`/run` and journal, and touches nothing outside.  Needs root.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

ROOT = Path(__file__).parent.parent.parent
BOOT_SECONDS = 60
CLONE_NEWNET = 0x40000000  # sched.h
HOME = "/opt/sollecito"  # in there: the checkout, the packages and, where it is not the system's, the interpreter

BOOT = r"""
set -eu
work=$1 home=$2 checkout=$3 packages=$4 base=$5 installed=$6
mount --make-rprivate /
mkdir -p "$work"
mount -t tmpfs tmpfs "$work"
mkdir "$work/upper" "$work/work" "$work/root"
root=$work/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
for folder in dev run tmp; do mount -t tmpfs -o mode=755 tmpfs "$root/$folder"; done
chmod 1777 "$root/tmp"
for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 console:5:1; do
    IFS=: read -r name major minor <<<"$node"
    mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
: >"$root/etc/machine-id"
rm -rf "$root"/etc/systemd/system/*.wants "$root"/lib/systemd/system/*.wants "$root"/etc/systemd/system/*.requires
rm -rf "$root/var/lib/sollecito" "$root/etc/sollecito" "$root$home"
mkdir -p "$root$home/checkout" "$root$home/packages" "$root$home/python"
mount --bind "$checkout" "$root$home/checkout"
mount --bind "$packages" "$root$home/packages"
[ "$base" = /usr ] || mount --bind "$base" "$root$home/python"
rm -f "$root/usr/sbin/policy-rc.d"  # a container's: it lets no service start
if [ "$installed" = yes ]; then # the README's installation, step 2
    install -D -m 0644 -t "$root/etc/sysusers.d" "$checkout/systemd/sysusers.d/sollecito.conf"
    install -D -m 0644 -t "$root/etc/tmpfiles.d" "$checkout/systemd/tmpfiles.d/sollecito.conf"
    install -D -m 0644 -t "$root/etc/systemd/system" "$checkout/systemd/sollecito.service"
    chroot "$root" systemd-sysusers
    chroot "$root" systemd-tmpfiles --create sollecito.conf
fi
printf '[Unit]\nRequires=systemd-journald.socket\n' >"$root/etc/systemd/system/mini.target"
mkdir "$root/old"
cd "$root"
pivot_root . old
umount -l /old
mount --make-rshared /  # in a container systemd leaves this to the container's maker; LoadCredential= needs it
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=unshare /lib/systemd/systemd --unit=mini.target
"""


class SystemdHouse:
    """Use it in `with`; then `write` a drop-in, `systemctl`, and read the `journal`.

    Args:
        installed: our unit, user and folders are there, as the README has them made; else nothing of ours is.
    """

    def __init__(self, work: Path, *, installed: bool = True) -> None:
        self._work = work
        self._installed = "yes" if installed else "no"

    @property
    def python(self) -> str:
        """The interpreter inside, outside of /root and /home, which the unit may not see."""
        if Path(sys.base_prefix) == Path("/usr"):
            return os.path.realpath(sys.executable)
        return f"{HOME}/python/bin/python{sys.version_info.major}.{sys.version_info.minor}"

    def environment(self) -> str:
        """What the unit's `Environment=` needs for that interpreter to find the packages and the checkout."""
        wanted = [f"PYTHONPATH={HOME}/checkout:{HOME}/packages", "PYTHONDONTWRITEBYTECODE=1"]
        if Path(sys.base_prefix) != Path("/usr"):
            wanted += [f"PYTHONHOME={HOME}/python", f"LD_LIBRARY_PATH={HOME}/python/lib"]
        return " ".join(wanted)

    def __enter__(self) -> SystemdHouse:
        packages = sysconfig.get_paths()["purelib"]
        boot = [
            "bash",
            "-c",
            BOOT,
            "boot",
            str(self._work),
            HOME,
            str(ROOT),
            packages,
            sys.base_prefix,
            self._installed,
        ]
        spaces = ["--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "--cgroup", "--kill-child"]
        self._log = (self._work.parent / "boot.log").open("w+")
        self._unshare = subprocess.Popen(
            ["unshare", *spaces, *boot], stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        try:
            self._wait_until_up()
            self.run("ip", "link", "set", "lo", "up")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._unshare.kill()  # --kill-child takes process 1 along, and with it everything in the namespace
        self._unshare.wait()
        self._log.close()

    def run(self, *command: str, check: bool = True, seconds: float = 60) -> str:
        """Run a command inside, as root; what it wrote."""
        inside = ["nsenter", "-t", str(self._process_1()), "-m", "-p", "-u", "-i", "-n", "-C", *command]
        done = subprocess.run(
            inside,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{' '.join(command)}: exit {done.returncode}: {done.stdout}\n{self._journal_if_any()}"
            )
        return done.stdout

    def systemctl(self, *words: str, check: bool = True) -> str:
        return self.run("systemctl", "--no-pager", *words, check=check)

    def shown(self, unit: str, *properties: str) -> dict[str, str]:
        """Properties as `systemctl show` gives them."""
        listed = self.systemctl("show", unit, *(f"-p{name}" for name in properties))
        return dict(line.split("=", 1) for line in listed.splitlines() if "=" in line)

    def wait_for(self, unit: str, seconds: float = 30.0, **wanted: str) -> dict[str, str]:
        """Until the unit's properties match the regular expressions; what they were."""
        until = time.monotonic() + seconds
        while True:
            seen = self.shown(unit, *wanted)
            if all(re.fullmatch(pattern, seen.get(name, "")) for name, pattern in wanted.items()):
                return seen
            if time.monotonic() > until:
                raise AssertionError(f"{unit}: wanted {wanted}, saw {seen}\n{self._journal_if_any()}")
            time.sleep(0.1)

    def write(self, path: str, text: str) -> None:
        """Write a file inside."""
        real = Path(f"/proc/{self._process_1()}/root{path}")
        real.parent.mkdir(parents=True, exist_ok=True)
        real.write_text(text)

    def copy_in(self, source: Path, path: str) -> None:
        """Copy a file of ours to a path inside."""
        shutil.copyfile(source, f"/proc/{self._process_1()}/root{path}")

    @contextmanager
    def network(self) -> Iterator[None]:
        """What this thread opens and starts meanwhile has the inner network's loopback, setns(2), and not ours."""
        libc = ctypes.CDLL(None, use_errno=True)  # os.setns is new in Python 3.12

        def enter(network: IO[bytes]) -> None:
            if libc.setns(network.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

        with open("/proc/thread-self/ns/net", "rb") as ours, open(f"/proc/{self._process_1()}/ns/net", "rb") as inner:
            enter(inner)
            try:
                yield
            finally:
                enter(ours)

    def journal(self, unit: str) -> list[str]:
        self.run("journalctl", "--sync", check=False)
        return self.run("journalctl", "-u", unit, "-o", "cat", "--no-pager").splitlines()

    def _journal_if_any(self) -> str:
        try:
            return self.run("journalctl", "-n", "60", "--no-pager", check=False)
        except (subprocess.SubprocessError, OSError, RuntimeError) as fault:
            return str(fault)

    def _process_1(self) -> int:
        children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children").read_text().split()
        if not children:
            raise RuntimeError("systemd is not up")
        return int(children[0])

    def _wait_until_up(self) -> None:
        until = time.monotonic() + BOOT_SECONDS
        while True:
            if self._unshare.poll() is not None or time.monotonic() > until:
                self._log.seek(0)
                raise AssertionError(f"systemd did not start (it needs root): {self._log.read()[-3000:]}")
            try:
                if "active" in self.run("systemctl", "is-active", "mini.target", check=False).split():
                    return
            except (RuntimeError, OSError):
                pass  # not forked yet
            time.sleep(0.1)
