"""A client is forgotten, and with it what the owner sent by hand and said is theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.domain import journal as j
from daemon.domain.journal import decode
from daemon.loops.forget import forgetting
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import TAG, a_sending, played, proposed, written


async def forgotten(house: OwnerHouse, client: str) -> list[j.AnyEntry]:
    """Forget a client; what the journal then holds."""
    kept: list[j.AnyEntry] = []

    def rewrite(transform: Callable[[j.AnyEntry], j.AnyEntry | None]) -> None:
        kept.extend(one for line in house.world.lines if (one := transform(decode(line))) is not None)

    await forgetting(house.book, rewrite)(client)
    return kept


def test_a_client_whom_an_invoice_was_assigned_to_is_forgotten_with_it(tmp_path: Path) -> None:
    """It went to nobody who was known, and only the answer says whose it is."""

    async def life(house: OwnerHouse) -> str:
        alert = await proposed(house, a_sending(house, to="eva@neu.example"))
        assert alert is not None
        await house.order("assign 1 beta", alert)
        await house.followed.write_due()
        kept = await forgotten(house, "beta")
        assert "eva" not in repr(house.book.history.proposals)
        [asked] = [entry for entry in kept if isinstance(entry, j.InvoiceProposed)]
        return repr(asked)

    kept = played(life, tmp_path, OwnerHouse(owned_books("acme", "beta"), folder=tmp_path))

    assert "2026-041" in kept
    assert "eva" not in kept
    assert [client for client, *_ in written(tmp_path)] == ["beta"]


@pytest.mark.parametrize(
    ("subject", "changes", "first"),
    [
        ("Zorro's invoice [2026-041 1,220.00 due 15/12/2026]", {}, "acme"),  # no currency
        (f"Zorro's invoice {TAG}", {"Authentication_Results": None}, "acme"),  # nothing proves it
        (f"Zorro's invoice {TAG}", {"Authentication_Results": None}, "beta"),  # nobody knew the address
    ],
)
def test_what_could_not_be_read_of_a_mail_to_a_client_is_forgotten_with_it(
    subject: str, changes: dict[str, str | None], first: str, tmp_path: Path
) -> None:
    async def life(house: OwnerHouse) -> tuple[str, str]:
        await proposed(house, a_sending(house, subject, **changes))
        house.book.use(owned_books("acme", "beta"))
        kept = await forgotten(house, "acme")
        unclear = [one for one in kept if isinstance(one, j.SendingUnclear)]
        assert unclear
        return repr(unclear), house.text(await house.digest())

    kept, digest = played(life, tmp_path, OwnerHouse(owned_books(first), folder=tmp_path))

    for words in ("Zorro", "anna@", "2026-041"):
        assert words not in kept
    assert "Zorro" not in digest
