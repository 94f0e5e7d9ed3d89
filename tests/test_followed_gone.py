"""A client leaves the YAML while an invoice of theirs that the owner sent waits: she is told so, and has a way out."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.followed_file import path_of
from daemon.domain.history import History
from daemon.domain.journal import decode
from tests.fakes import Mail
from tests.owner_house import OwnerHouse, owned_books
from tests.sent_mails import TAG, a_sending, played, proposed, squeezed, written


def test_before_the_go_the_digest_says_who_is_gone(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> str:
        await proposed(house, a_sending(house))
        house.book.use(owned_books("beta"))
        digest = await house.digest()
        await house.order(f"assign {house.item(digest, '2026-041')} beta", digest)
        await house.followed.write_due()
        return squeezed(house.text(digest))

    digest = played(life, tmp_path)

    assert "acme is no longer in your config: say whose it is, or put it away." in digest
    assert "No client has this address" not in digest
    assert "> follow 1" not in digest  # it would be refused
    assert "> ignore 1" in digest
    assert written(tmp_path) == [("beta", "2026-041", "1220.00")]


async def gone_after_go(house: OwnerHouse) -> None:
    alert = await proposed(house, a_sending(house))
    assert alert is not None
    await house.order("go", alert)
    house.book.use(owned_books("beta"))
    assert await house.followed.write_due()
    assert house.health.followed_fault is None


def test_after_the_go_she_is_asked_again_and_ignore_ends_it(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> tuple[str, str, str]:
        await gone_after_go(house)
        digest = await house.digest()
        item = house.item(digest, "2026-041")
        refused = await house.order(f"go {item}", digest)
        answer = await house.order(f"ignore {item}", digest)
        house.book.use(owned_books("acme", "beta"))
        await house.followed.write_due()
        return squeezed(house.text(digest)), squeezed(house.text(refused)), squeezed(house.text(answer))

    digest, refused, answer = played(life, tmp_path)

    assert "acme is no longer in your config" in digest
    assert "acme is no longer in the YAML" in refused
    assert "2026-041: not followed." in answer
    assert written(tmp_path) == []


def test_after_the_go_it_may_be_somebody_elses(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> None:
        await gone_after_go(house)
        digest = await house.digest()
        await house.order(f"assign {house.item(digest, '2026-041')} beta", digest)
        await house.followed.write_due()

    played(life, tmp_path)

    assert written(tmp_path) == [("beta", "2026-041", "1220.00")]


def test_a_client_who_comes_back_has_it_written_down_without_another_word(tmp_path: Path) -> None:
    async def life(house: OwnerHouse) -> None:
        await gone_after_go(house)
        house.book.use(owned_books("acme", "beta"))
        await house.followed.write_due()

    played(life, tmp_path)

    assert written(tmp_path) == [("acme", "2026-041", "1220.00")]


def test_after_a_restore_what_was_followed_since_the_backup_is_asked_about_again(tmp_path: Path) -> None:
    """The journal does not know of it, and the mail lies above the cursor."""
    kept: list[bytes] = []
    folders: dict[str, list[Mail]] = {}

    async def before(house: OwnerHouse) -> None:
        for number in ("041", "042"):
            alert = await proposed(house, a_sending(house, f"Your invoice {TAG.replace('041', number)}"))
            assert alert is not None
            await house.order("go", alert)
            await house.followed.write_due()
            kept.append(path_of(tmp_path).read_bytes())
            lines.append(list(house.world.lines))
        folders.update(house.world.folders)

    async def after(house: OwnerHouse) -> list[str]:
        path_of(tmp_path).write_bytes(kept[0])
        house.world.lines[:] = lines[0]
        house.book.history = History()
        for line in lines[0]:
            house.book.history.take_in(decode(line))
        house.world.folders = folders
        await proposed(house)
        return [one.number for one in house.book.history.proposals.waiting.values()]

    lines: list[list[bytes]] = []
    played(before, tmp_path)

    assert played(after, tmp_path) == ["2026-042"]
    assert written(tmp_path) == [("acme", "2026-041", "1220.00")]
