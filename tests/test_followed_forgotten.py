"""A client is forgotten, and with it what the owner sent by hand and said is theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from daemon.domain import journal as j
from daemon.domain.journal import decode
from daemon.loops.forget import forgetting
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import a_sending, played, proposed, written


def test_a_client_whom_an_invoice_was_assigned_to_is_forgotten_with_it(tmp_path: Path) -> None:
    """It went to nobody who was known, and only the answer says whose it is."""

    async def life(house: OwnerHouse) -> str:
        alert = await proposed(house, a_sending(house, to="eva@neu.example"))
        assert alert is not None
        await house.order("assign 1 beta", alert)
        await house.followed.write_due()
        kept: list[j.AnyEntry] = []

        def rewrite(transform: Callable[[j.AnyEntry], j.AnyEntry | None]) -> None:
            kept.extend(one for line in house.world.lines if (one := transform(decode(line))) is not None)

        await forgetting(house.book, rewrite)("beta")
        [asked] = [entry for entry in kept if isinstance(entry, j.InvoiceProposed)]
        return repr(asked)

    kept = played(life, tmp_path, OwnerHouse(owned_books("acme", "beta"), folder=tmp_path))

    assert "2026-041" in kept
    assert "eva" not in kept
    assert [client for client, *_ in written(tmp_path)] == ["beta"]
