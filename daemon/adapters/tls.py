"""TLS as a client: the certificate is always verified, and there is no switch to turn that off (F12)."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache


def client_context(ca_file: str | None = None) -> ssl.SSLContext:
    """A verifying context that trusts the system's authorities and, besides them, those in `ca_file`.

    Reading the system's store takes some 20 ms and keeps a megabyte: SMTP and IMAP share one context, for as long as
    the files of authorities stay as they are.  TLS 1.2 is the oldest version spoken (RFC 8996 retired the others).

    Args:
        ca_file: PEM, for a mail server with an authority of its own.

    Raises:
        OSError: `ca_file` cannot be read or holds no certificate (`ssl.SSLError` is one too).
    """
    system = ssl.get_default_verify_paths()
    return _context(ca_file, tuple(_stamp(path) for path in (ca_file, system.cafile, system.capath)))


@lru_cache(maxsize=2)
def _context(ca_file: str | None, _stamps: tuple[object, ...]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def _stamp(path: str | None) -> tuple[int, int, int] | None:
    """What changes when a file is written or replaced, or a file comes into a folder."""
    if path is None:
        return None
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def certificate_fault(error: BaseException | None) -> str | None:
    """What is wrong with the server's certificate, in OpenSSL's words; None when the error is another one."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message or str(error)
        error = error.__cause__
    return None
