"""Reading one file of a template folder: never by a link that leads out of it.

What stands in a template is mailed to clients.  Whoever may write into the folder must not be able to have the
daemon read, and mail, a file that they cannot read themselves.  Links within the folder are fine.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

MOST = 1 << 20  # octets


def read_template(path: Path, folder: Path) -> str:
    """The text of `path`, which lies in the template folder `folder`.

    Raises:
        OSError: it cannot be read, is no plain file or too large, or leads out of the folder.
        UnicodeDecodeError: it is no UTF-8.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # not to wait for a pipe's other end
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError("it is no plain file")
        really = Path(os.readlink(f"/proc/self/fd/{fd}"))  # of what was opened: nobody can change it in between
        if not really.is_relative_to(folder.resolve()):
            raise OSError(f"it is a link that leads out of {folder}: put the file itself there")
        content = file.read(MOST + 1)
    if len(content) > MOST:
        raise OSError(f"it is larger than {MOST // 1024} KiB")
    return content.decode("utf-8-sig")
