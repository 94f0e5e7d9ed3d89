"""Why there is no token, and which setting would mend it (F13, F65)."""

from __future__ import annotations

AGAIN = "run `sollecito login`"

# What Microsoft says beside the error of the protocol, and what it means (learn: "Microsoft Entra error codes").
_MICROSOFT = (
    ("AADSTS90002", "there is no such directory: see auth.tenant"),
    ("AADSTS50194", "this program was registered for one directory: write its id as auth.tenant"),
    ("AADSTS700016", "the directory does not know this program: see auth.client_id and auth.tenant"),
    ("AADSTS50020", "this account is not of that directory: see auth.tenant"),
    ("AADSTS7000218", "the program was registered with a secret, or 'Allow public client flows' is off"),
    ("AADSTS7000215", "see auth.client_secret"),
    ("AADSTS7000222", "auth.client_secret has expired"),
    ("AADSTS65001", f"nobody has allowed it: {AGAIN}"),
    ("AADSTS70011", "see auth.scopes"),
)
_SETTINGS = {
    "invalid_grant": f"the code is not taken, {AGAIN} once more",
    "invalid_client": "see auth.client_id and auth.client_secret",
    "unauthorized_client": "this program may not log in like this: see auth.client_id",
    "invalid_scope": "see auth.scopes",
    "unsupported_grant_type": "see auth.token_url",
    "invalid_request": "see auth.token_url and auth.client_id",
    "access_denied": "it was not allowed",
    "expired_token": "the code was not typed in in time",
}
_PASSES = frozenset({"temporarily_unavailable", "server_error", "authorization_pending", "slow_down"})


class LoginFault(Exception):
    """There is no token.

    Attributes:
        ours: somebody has to change or do something; else it may pass by itself.
        revoked: what the owner had allowed counts no more, or never did; only a new log-in helps (F65).
        error: the protocol's word for it, "" where the server said nothing of the kind.
    """

    def __init__(self, reason: str, *, ours: bool = False, revoked: bool = False, error: str = "") -> None:
        super().__init__(reason)
        self.ours = ours or revoked
        self.revoked = revoked
        self.error = error


def refused(url: str, error: str, description: str, *, refreshing: bool = False) -> LoginFault:
    """Read an error of an endpoint (RFC 6749 section 5.2, RFC 8628 section 3.5).

    Args:
        url: which was asked.
    """
    said = f"{error}: {description}" if description else error
    where = f"{url} refused"
    hint = next((hint for code, hint in _MICROSOFT if code in description), None)
    if hint is not None and "auth." in hint:
        return LoginFault(f"{where}: {hint} ({said})", ours=True, error=error)
    if error == "invalid_grant" and refreshing:
        return LoginFault(f"{where}: the log-in counts no more, {AGAIN} ({said})", revoked=True, error=error)
    if error in _PASSES:
        return LoginFault(f"{where} for now ({said})", error=error)
    return LoginFault(f"{where}: {hint or _SETTINGS.get(error, 'see `auth`')} ({said})", ours=True, error=error)
