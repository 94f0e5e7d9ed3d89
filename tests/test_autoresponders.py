"""Two machines that answer each other write for ever: ours does not answer one (F42)."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.owner_house import OwnerHouse, facts, kinds_of
from tests.virtual_time import run_virtually

AUTOMATIC = [
    {"Auto-Submitted": "auto-replied"},
    {"Auto-Submitted": "auto-generated"},
    {"X-Autoreply": "yes", "Precedence": "auto_reply"},
]


@pytest.mark.parametrize("fields", AUTOMATIC, ids=lambda fields: next(iter(fields.values())))
def test_F42_what_a_machine_writes_is_never_answered(fields: dict[str, str]) -> None:
    """The owner is away, and her mail program answers each digest.  At most it is shown in the next one."""

    async def life() -> tuple[list[EmailMessage], list[str], list[str]]:
        house = OwnerHouse()
        await house.read()
        digest = await house.digest()
        before = facts(house)
        for _ in range(20):
            answer = await house.order("hold acme-2026-1\nfrobnicate", digest, **fields)
            assert answer is None
        return house.box.mails[1:], before, facts(house)

    mails, before, after = run_virtually(life())

    assert mails == []
    assert set(kinds_of(after[len(before) :])) <= {"MailUnmatched"}
