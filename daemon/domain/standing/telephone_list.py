"""Which of a client's telephone numbers to ring."""

from __future__ import annotations

from daemon.domain.books.client import Contact, Role
from daemon.domain.standing.case import Case


def whom_to_call(
    case: Case, person: Contact | None, name: str = "", *, besides: str | None = None
) -> tuple[str, str | None]:
    """Whose number to ring: the person's own, else that of the next contact who has one.

    A number at which somebody else has answered is not rung again.

    Args:
        person: to be asked for; None: anybody who deals with invoices.
        name: of the person, where nobody of that name is a contact any more.
        besides: a number that has just turned out to be wrong.

    Returns:
        The name and the number as written; (name, None) where no number is known.
    """
    wrong = case.history.wrong_phones | {besides}
    people = sorted(case.client.contacts, key=lambda c: (c is not person, c.role is not Role.BILLING))
    found = next((c for c in people if c.phone and c.phone not in wrong), None)
    if found is not None:
        return found.name, found.phone
    return (person.name if person else name or case.client.billing[0].name), None
