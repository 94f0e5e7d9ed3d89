"""Mails with real DKIM signatures, by keys that a test makes, and the DNS answers that go with them."""

from __future__ import annotations

import base64
from functools import cache
from random import Random

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from daemon.adapters.dkim_keys import LookUpFailed

DOMAIN = "bianchi.example"
NAME = f"mail._domainkey.{DOMAIN}."


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    if bits >= 1024:
        return rsa.generate_private_key(public_exponent=65537, key_size=bits)
    chance = Random(bits)  # nobody makes such a short one any more
    p, q = _prime(bits // 2, chance), _prime(bits // 2, chance)
    d = pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(65537, p * q)
    rest = (d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, *rest, public).private_key(unsafe_skip_rsa_key_validation=True)


def _prime(bits: int, chance: Random) -> int:
    while True:
        number = chance.getrandbits(bits) | 3 << (bits - 2) | 1
        if all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7)):
            return number


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def record(bits: int = 2048, *, kind: str = "rsa", more: str = "") -> bytes:
    """What the DNS holds for the key of a test."""
    if kind == "rsa":
        public = rsa_key(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        public = ed_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; {more}p={base64.b64encode(public).decode()}".encode()


def signed(
    raw: bytes,
    *,
    domain: str = DOMAIN,
    algorithm: str = "rsa-sha256",
    bits: int = 2048,
    length: bool = False,
    identity: str | None = None,
    headers: tuple[bytes, ...] | None = None,
) -> bytes:
    """The mail with one more signature on top."""
    if algorithm.startswith("rsa"):
        key = rsa_key(bits).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    else:
        key = base64.b64encode(ed_key().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
    field: bytes = dkim.DKIM(raw).sign(
        b"mail",
        domain.encode(),
        key,
        signature_algorithm=algorithm.encode(),
        identity=identity.encode() if identity else None,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=headers,
        length=length,
    )
    return field + raw


class Dns:
    """Answers for names, and which names were asked for."""

    def __init__(self, *records: bytes, down: bool = False) -> None:
        self._records = records
        self._down = down
        self.asked: list[str] = []

    def look_up(self, name: str) -> tuple[bytes, ...]:
        self.asked.append(name)
        if self._down:
            raise LookUpFailed(name)
        return self._records if name == NAME else ()
