"""What a policy lacks of what its client asks for, where it is not the one that is written beside the client.

An invoice may have a policy of its own, and who pays in time gets another one.  Letters go all the same: a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from daemon.adapters.config_files import InvoiceFile
from daemon.adapters.config_shape import Names
from daemon.adapters.config_wording import listed
from daemon.adapters.yaml_nodes import Report
from daemon.domain.books.client import Client, Role
from daemon.domain.books.extras_terms import FROM_LEVEL
from daemon.domain.books.policy import LETTERS, LetterLevel, Policy


def own_policy_notices(
    sources: Iterable[InvoiceFile], clients: Mapping[str, Client], policies: Mapping[str, Policy]
) -> Iterator[str]:
    """For each client and policy once, at the first invoice that names it."""
    seen: set[tuple[str, str]] = set()
    for source in sources:
        for draft in source.drafts:
            if draft.policy is None:
                continue
            client, policy = clients.get(draft.client or ""), policies.get(draft.policy)
            if client is None or policy is None or (client.key, policy.name) in seen:
                continue
            seen.add((client.key, policy.name))
            line, column = draft.policy_at or draft.number_at
            for said in _lacking(client, policy):
                yield f"{source.shown}:{line}:{column}: {said}"


def note_good_payers(
    written: Names | None, clients: Mapping[str, Client], policies: Mapping[str, Policy], report: Report
) -> None:
    """The same for clients whose policy names one for those who pay in time."""
    for name, read in (written.values if written else {}).items():
        client = clients.get(name)
        stated = policies.get(client.policy) if client else None
        gentler = policies.get(stated.good_payers or "") if stated else None
        if client is not None and gentler is not None and client.late_payer is not True:
            for said in _lacking(client, gentler):
                report.notice(read.node, f"{said}; it is theirs while they pay in time")


def _lacking(client: Client, policy: Policy) -> Iterator[str]:
    letters = tuple(level.letter for level in policy.levels if isinstance(level, LetterLevel))
    terms = client.extras.over(policy.extras)
    first = terms.from_level or FROM_LEVEL
    if terms.wanted and first not in letters:
        yield (
            f"letters to `{client.key}` under the policy `{policy.name}` state no interest and no flat sum: it has no"
            f" letter `{first}` with which they could begin"
        )
    for contact in client.contacts:
        if contact.role is Role.CC and contact.from_level is not None and contact.from_level not in letters:
            copied = _firmer(contact.from_level, letters)
            yield (
                f"of letters to `{client.key}` under the policy `{policy.name}`, {contact.email} gets a copy of"
                f" {listed(copied) if copied else 'none'}: it has no letter `{contact.from_level}`"
            )


def _firmer(first: str, letters: Iterable[str]) -> list[str]:
    """Those that are copied all the same, by their tone, as `domain.draft` does."""
    if first not in LETTERS:
        return []
    return [name for name in letters if name in LETTERS and LETTERS.index(name) >= LETTERS.index(first)]
