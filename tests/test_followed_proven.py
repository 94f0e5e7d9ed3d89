"""A copy of the owner's mail that nothing proves does not use up the one that is proven, and neither counts twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.owner_house import OwnerHouse
from tests.sent_mails import a_sending, played, proposed


def unproven(mail: bytes) -> bytes:
    """The same mail as it lies where no server has said anything about it."""
    return b"\r\n".join(line for line in mail.split(b"\r\n") if not line.startswith(b"Authentication-Results"))


@pytest.mark.parametrize("folder", ["Sent", "INBOX"])
def test_an_unproven_copy_that_is_seen_first_takes_nothing_from_the_proven_one(folder: str, tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> list[int]:
        mail, known = a_sending(house), []
        for copy, where in ((unproven(mail), folder), (mail, "INBOX"), (mail, "INBOX"), (unproven(mail), "Sent")):
            await proposed(house, copy, folder=where)
            known.append(len(house.book.history.proposals.known))
        return known

    assert played(life, tmp_path) == [0, 1, 1, 1]


def test_what_could_not_be_read_in_a_proven_copy_is_told_once(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> list[bool]:
        mail = a_sending(house, "Your invoice [2026-041 1,220.00 due 15/12/2026]")
        return [await proposed(house, copy) is not None for copy in (unproven(mail), mail, mail)]

    assert played(life, tmp_path) == [False, True, False]
