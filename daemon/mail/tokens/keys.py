"""The HMAC keys of a creditor, from which tokens are made."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.mail.tokens.token import token


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The key that signs, and all that verify."""

    current: str  # its id, which stands in every token
    secrets: tuple[tuple[str, bytes], ...]  # (id, key), oldest first

    def __repr__(self) -> str:
        return f"Keys(current={self.current!r}, {len(self.secrets)} in all)"  # never the secrets: this lands in logs

    @property
    def key(self) -> bytes:
        """The current key."""
        return dict(self.secrets)[self.current]

    def find(self, key_id: str) -> bytes | None:
        """The key of a token, however old; None: it is not ours."""
        return dict(self.secrets).get(key_id)

    def token_of(self, letter_id: str) -> str:
        """The token of a letter, which nobody else can make."""
        return token(self.current, self.key, letter_id)
