"""The archive as the settings describe it: the store, the vault, the sealed files and the folders of one house.

Every way into the data goes through here, so that serving, each command, backup and doctor open with the same key.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot.config import Settings
from bot.errors import SettingsError
from bot.sealing.boxes import Box
from bot.sealing.house_keys import HouseKeys
from bot.services.secret_files import place_file
from bot.storage import newsrooms
from bot.storage.store import Store
from bot.storage.vault import Room, Seal, Vault
from bot.wiring.master_key import Ask, house_keys
from bot.wiring.memory_folder import memory_folder, work_folder

log = logging.getLogger(__name__)

#: Lies in the data folder while `kalkan key seal` is under way.
SEALING: Final = ".sealing"
#: Lies there while `kalkan migrate-to` is under way, and after it, with the address of the new database.
MOVING: Final = ".moving"
MOVED: Final = ".moved"
#: Says which newsroom's pictures and keys lie there, where several share a database.
OWNER: Final = "newsroom"
PLAIN_WARNING: Final = (
    "NOTHING IS ENCRYPTED (KALKAN_PLAIN_DATABASE=yes): whoever takes this disk reads all that the newsroom stored"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """One house's data at rest; without keys everything lies plain."""

    settings: Settings
    keys: HouseKeys | None

    @classmethod
    def of(cls, settings: Settings, ask: Ask | None = None, *, is_moving: bool = False) -> "Archive":
        """The archive with its keys. Raises SettingsError; for one that moves or moved, unless this `is_moving` it."""
        keys = house_keys(settings, ask)
        if (settings.data_dir / SEALING).exists():
            raise SettingsError("the encryption of the data folder is not finished: run `kalkan key seal` again")
        if not is_moving:
            _refuse_moved(settings)
        _refuse_others(settings)
        return cls(settings=settings, keys=keys)

    def mark(self) -> None:
        """Keep in the data folder whose it is. Without a key there is nobody to mistake it for."""
        path = self.settings.data_dir / OWNER
        if self.settings.newsroom and not path.exists():
            place_file(path, self.settings.newsroom.encode())

    def store(self) -> Store:
        """The database, not opened yet."""
        return Store(self.settings.database, self.keys.database if self.keys is not None else None)

    @asynccontextmanager
    async def own_store(self) -> AsyncIterator[Store]:
        """The database as the newsroom of these settings sees it. Raises SettingsError where others alone are there."""
        house = self.store()
        own = house
        try:
            own = await self._own(house)
            yield own
        finally:
            await own.close()
            await house.close()

    async def _own(self, house: Store) -> Store:
        if house.is_sqlite:
            return house
        async with house.read() as conn:
            there = await newsrooms.with_key(conn, self.settings.newsroom)
            others = await newsrooms.keys(conn)
        if there is not None:
            return house.of(there.id)
        if others:
            raise SettingsError("no newsroom of this database has this key: set KALKAN_NEWSROOM")
        return house

    def vault(self, room: Room | None = None) -> Vault:
        """Original bytes; with `room` they are kept only while there is some."""
        seal = Seal(box=self.keys.vault, names=self.keys.names) if self.keys is not None else None
        return Vault(self.settings.vault_dir, seal, room)

    @property
    def secrets(self) -> Box | None:
        """What seals secret.key and custody.key."""
        return self.keys.secrets if self.keys is not None else None

    @property
    def exports(self) -> Box | None:
        """What seals finished exports."""
        return self.keys.exports if self.keys is not None else None

    @contextmanager
    def workplace(self) -> Iterator["Workplace"]:
        """Where this process works; in memory, unless everything is plain. Raises SettingsError."""
        data = self.settings.data_dir
        if self.keys is None:
            yield Workplace(exports=self.settings.workshop_dir, photos=data / "photos")
            return
        house = memory_folder(self.settings)
        with work_folder(house) as folder:
            yield Workplace(exports=folder, photos=house / "photos")


def _refuse_moved(settings: Settings) -> None:
    moving, moved = settings.data_dir / MOVING, settings.data_dir / MOVED
    if moving.exists():
        raise SettingsError(
            "the move to another database is not finished: run `kalkan migrate-to` again, or remove"
            f" {moving} to stay with this one"
        )
    if not moved.exists():
        return
    there, _, before = moved.read_text(encoding="utf-8").partition("\n")
    if settings.database_url is None or place_of(settings) == before:
        # Served from its old place, the newsroom would go two ways.
        raise SettingsError(
            f"this newsroom was moved to {there}: set KALKAN_DATABASE_URL"
            f" (docs/operations.md says how to go back; the mark is {moved})"
        )


def _refuse_others(settings: Settings) -> None:
    path = settings.data_dir / OWNER
    whose = path.read_text(encoding="utf-8") if path.exists() else settings.newsroom
    if whose != settings.newsroom:
        # Each newsroom has pictures and keys of its own: served from another's folder, they would be mixed.
        raise SettingsError(
            f"{settings.data_dir} is the data folder of the newsroom {whose}: set KALKAN_NEWSROOM={whose}, or"
            " KALKAN_DATA_DIR to a folder of this one's own"
        )


def place_of(settings: Settings) -> str:
    """Where the newsroom's database is, without a password."""
    return sa.make_url(settings.database).render_as_string(hide_password=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """Folders for what is worked on: where exports are put together, and the index of photos."""

    exports: Path
    photos: Path
