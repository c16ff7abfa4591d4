"""Backups: what is restored is what there was, on both engines; nothing else opens, and nothing half is left."""

import shutil
from pathlib import Path

import pyrage
import pytest

from bot.errors import Refusal
from bot.services.backup.making import BackupMaker, BackupPlaces
from bot.services.backup.restoring import Restorer, check_backup
from bot.services.backup.sealing import read_identities, read_recipients
from bot.storage.dumping import tallies
from bot.storage.store import Store
from bot.storage.vault import Vault
from tests.backups import IDENTITY, TEXT, Backups
from tests.services.conftest import EditorsDesk
from tests.stores import sqlite_url


@pytest.fixture
def backups(desk: EditorsDesk, tmp_path: Path) -> Backups:
    """Of this test's newsroom."""
    return Backups(desk=desk, folder=tmp_path)


async def test_what_is_restored_is_what_there_was(backups: Backups) -> None:
    """The same rows of every table, the same root, the same bytes, the same keys: on SQLite and from PostgreSQL."""
    await backups.work()
    desk = backups.desk
    async with desk.store.read() as conn:
        before = await tallies(conn)
    made = await backups.make()
    restored = await backups.restore(made.path)
    assert restored.is_verified
    assert restored.rows == made.rows == sum(tally.rows for tally in before.values())
    place = backups.folder / "restored"
    store, vault = Store(sqlite_url(place / "kalkan.sqlite")), Vault(place / "vault")
    try:
        async with store.read() as conn:
            assert await tallies(conn) == before
        there, here = await backups.verified(store, vault), await backups.verified(desk.store, desk.vault)
    finally:
        await store.close()
    assert (there, there.broken, there.files) == (here, None, 1)
    assert made.path.name.split("-")[2:] == [str(there.lines), f"{there.root.hex()[:16]}.tar.age"]
    assert [await vault.get(name) for name in await vault.names()] == [
        await desk.vault.get(name) for name in await desk.vault.names()
    ]
    assert (place / "secret.key").stat().st_mode & 0o777 == 0o600
    assert not list(backups.folder.glob(".*restoring*"))


async def test_a_backup_is_made_while_members_write(backups: Backups) -> None:
    """What comes while it is made is not half in it: the rows are those of one moment."""
    await backups.work(1)
    desk, maker = backups.desk, backups.maker
    made_at = desk.clock()
    async with desk.store.read() as conn:
        before = await tallies(conn)
    original = maker._originals

    def interrupted(course):  # type: ignore[no-untyped-def]
        async def pieces():  # type: ignore[no-untyped-def]
            await backups.work(2)
            async for piece in original(course):
                yield piece

        return pieces()

    maker._originals = interrupted  # type: ignore[method-assign]
    made = await maker.make(backups.folder / "backups", [IDENTITY.to_public()])
    checked = await check_backup(made.path, [IDENTITY])
    assert checked.manifest.tables == before
    assert checked.heading.made_at >= made_at


async def test_another_key_opens_nothing(backups: Backups) -> None:
    """Only the keys that it was made for."""
    made = await backups.make()
    with pytest.raises(Refusal, match="backup_other_key"):
        await backups.restore(made.path, identity=pyrage.x25519.Identity.generate())
    assert not (backups.folder / "restored").exists()


async def test_nothing_of_it_is_readable(backups: Backups) -> None:
    """No word that was forwarded, no key; and while it is made nothing lies beside it in the clear."""
    await backups.work()
    made = await backups.make()
    assert TEXT.encode() not in made.path.read_bytes()
    assert b"kalkan-backup" not in made.path.read_bytes()
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


async def test_a_place_that_holds_something_is_left_alone(backups: Backups) -> None:
    """Restoring overwrites nothing."""
    made = await backups.make()
    place = backups.folder / "restored"
    place.mkdir()
    (place / "mine").write_text("mine")
    with pytest.raises(Refusal, match="restore_place_full"):
        await backups.restore(made.path)
    assert [path.name for path in place.iterdir()] == ["mine"]
    shutil.rmtree(place)
    place.mkdir()
    await backups.restore(made.path)


async def test_without_a_public_key_no_backup_is_made(backups: Backups) -> None:
    """A backup that anybody could open is none."""
    with pytest.raises(Refusal, match="backup_no_recipients"):
        await backups.make([])


async def test_a_damaged_original_is_left_out_not_passed_on(backups: Backups) -> None:
    """The rest is saved; the check of the log at restoring says what is missing."""
    await backups.work(1)
    desk = backups.desk
    (sha256,) = await desk.vault.names()
    desk.vault.path_for(sha256).write_bytes(b"other")
    made = await backups.make()
    assert made.files == 0
    with pytest.raises(Refusal, match="restore_log_broken"):
        await backups.restore(made.path)
    assert not (backups.folder / "restored").exists()
    place = backups.folder / "saved"
    restorer = Restorer(place, lambda part: Store(sqlite_url(part / "kalkan.sqlite")), even_broken=True)
    assert (await restorer.restore(made.path, [IDENTITY])).rows == made.rows


async def test_a_log_that_was_tampered_with_is_not_restored(backups: Backups) -> None:
    """Whoever knows the public key can make a backup: the log's own proofs decide."""
    await backups.work(1)
    secret = backups.folder / "other.key"
    secret.write_bytes(b"o" * 32)
    places = BackupPlaces(vault=backups.desk.vault, keys={"custody.key": secret})
    made = await BackupMaker(backups.desk.store, backups.desk.clock, places).make(
        backups.folder / "backups", [IDENTITY.to_public()]
    )
    with pytest.raises(Refusal, match="restore_log_broken"):
        await backups.restore(made.path)


def test_keys_are_read_with_care(tmp_path: Path) -> None:
    """A word that is no key is refused by name, and so is a file without one."""
    (recipient,) = read_recipients([str(IDENTITY.to_public())])
    assert str(recipient) == str(IDENTITY.to_public())
    for word in ("age1xyz", "", str(IDENTITY), "ssh-ed25519 AAAA"):
        with pytest.raises(Refusal, match="recipient_wrong"):
            read_recipients([word])
    file = tmp_path / "key.txt"
    file.write_text(f"# created: today\n# public key: {IDENTITY.to_public()}\n{IDENTITY}\n")
    assert len(read_identities(file)) == 1
    for wrong in (b"", b"# nothing\n", b"\xff\xfe", str(IDENTITY.to_public()).encode(), b"-----BEGIN X"):
        file.write_bytes(wrong)
        with pytest.raises(Refusal, match="identity_wrong"):
            read_identities(file)
    with pytest.raises(Refusal, match="file_unreadable"):
        read_identities(tmp_path / "none")
