"""Certificates for the servers of the tests, issued by a CA of their own (trustme)."""

import shutil
import ssl
import tempfile
import weakref
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

HOST_NAMES = ("localhost", "127.0.0.1", "mail.example.test")


class Certificates:
    """A CA and one server certificate.

    Args:
        names: what the certificate is valid for; a name that is not the server's makes the wrong-host fault.
        expired: the certificate ran out an hour ago (F12); the CA itself is still valid.
    """

    def __init__(self, names: tuple[str, ...] = HOST_NAMES, *, expired: bool = False) -> None:
        self._ca = trustme.CA()
        not_after = datetime.now(UTC) - timedelta(hours=1) if expired else None
        not_before = datetime.now(UTC) - timedelta(days=2) if expired else None
        self._leaf = self._ca.issue_cert(*names, not_after=not_after, not_before=not_before)
        folder = tempfile.mkdtemp(prefix="sollecito-ca-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.ca_file = Path(folder, "ca.pem")  # for clients: SSL context, `tls_ca_file` of a config
        self._ca.cert_pem.write_to_path(self.ca_file)

    def write_to(self, folder: Path) -> tuple[Path, Path]:
        """Write `cert.pem` (with its chain) and `key.pem` into the folder and say where they are."""
        cert, key = folder / "cert.pem", folder / "key.pem"
        cert.write_bytes(b"".join(blob.bytes() for blob in self._leaf.cert_chain_pems))
        key.write_bytes(self._leaf.private_key_pem.bytes())
        return cert, key

    def client_context(self) -> ssl.SSLContext:
        """A verifying client context that trusts this CA and nothing else."""
        return ssl.create_default_context(cafile=str(self.ca_file))

    def server_context(self) -> ssl.SSLContext:
        """A server context with this certificate, for `SmtpPeer` and `LineProxy`."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._leaf.configure_cert(context)
        return context
