"""Access tokens that Dovecot checks by itself, without an OAuth server (`introspection_mode = local`)."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from pathlib import Path

_SECRET = b"a secret of the tests only, known to Dovecot by a file"


def write_key(folder: Path) -> None:
    """Lay the HMAC key where Dovecot's `local_validation_key_dict` looks for it."""
    key = folder / "default" / "HS256" / "default"
    key.parent.mkdir(parents=True)
    key.write_bytes(base64.b64encode(_SECRET))


def access_token(address: str, *, lifetime: float = 3600, scope: str = "") -> str:
    """A signed JWT (RFC 7519, HS256) for one mailbox.

    Args:
        lifetime: seconds from now; negative for one that has expired.
        scope: what it is for; Dovecot looks at it only where it is told to.
    """
    now = int(time.time())
    claims = {"sub": address, "email": address, "iat": now - 7200, "exp": int(now + lifetime)}
    claims |= {"jti": secrets.token_hex(8), "scope": scope}  # no two are the same
    signed = b".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (signed + b"." + _encoded(hmac.digest(_SECRET, signed, hashlib.sha256))).decode()


def _encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
