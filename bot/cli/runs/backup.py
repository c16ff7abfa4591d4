"""Makes, looks through and restores backups for whoever holds the server."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.cli.words import printable
from bot.clock import utcnow
from bot.config import Settings
from bot.model.backup import MadeBackup, RestoredBackup
from bot.services.backup.making import BackupMaker, BackupPlaces
from bot.services.backup.restoring import DATABASE, Restorer, check_backup
from bot.services.backup.sealing import Recipients, read_identities, read_recipients
from bot.storage.store import Store
from bot.storage.vault import Seal
from bot.wiring.archive import Archive
from bot.wiring.backup_keys import backup_recipients
from bot.wiring.master_key import house_keys


def run_backup(out: Path | None, words: Sequence[str]) -> None:
    """Make one and say where it is. Raises Refusal, SettingsError, OSError."""
    settings = Settings.read()
    recipients = read_recipients(words) if words else backup_recipients(settings)
    made = asyncio.run(_make(settings, out or settings.backups_dir, recipients))
    print(printable(str(made.path)))
    print(f"{made.size} bytes: {made.rows} rows, {made.files} original files")
    for root in made.roots:
        print(f"Custody log: {root.size} entries, root {root.root}")


def run_check(file: Path, identity: Path) -> None:
    """Read one to its end."""
    _say(asyncio.run(check_backup(file, read_identities(identity))))
    print("The backup is whole. Nothing was written.")


def run_restore(
    file: Path, identity: Path, into: Path, *, custody_key: Path | None, database: str | None, even_broken: bool
) -> None:
    """Restore one."""

    keys = house_keys(Settings.read())

    def opened(part: Path) -> Store:
        url = database or f"sqlite+aiosqlite:///{part / DATABASE}"
        return Store(url, keys.database if keys is not None else None)

    place = into.expanduser().absolute()
    seal = Seal(box=keys.vault, names=keys.names) if keys is not None else None
    box = keys.secrets if keys is not None else None
    restorer = Restorer(place, opened, custody_key, seal=seal, box=box, even_broken=even_broken)
    restored = asyncio.run(restorer.restore(file, read_identities(identity)))
    _say(restored)
    if even_broken:
        print("The custody log was not checked: run `kalkan verify`.")
    elif not restored.is_verified:
        print("The custody log follows its order; without custody.key its bodies could not be checked.")
    else:
        print("The custody log verifies, bodies and original files included.")
    print(f"Restored. Set KALKAN_DATA_DIR={printable(str(place))}")


async def _make(settings: Settings, folder: Path, recipients: Recipients) -> MadeBackup:
    archive = Archive.of(settings)
    async with archive.own_store() as store:
        places = BackupPlaces(vault=archive.vault(), keys=settings.backup_keys, box=archive.secrets)
        return await BackupMaker(store, utcnow, places).make(folder, recipients)


def _say(found: RestoredBackup) -> None:
    print(f"Made at {found.heading.made_at.isoformat(timespec='seconds')}, schema {found.heading.revision}")
    print(f"{found.rows} rows in {len(found.manifest.tables)} tables, {found.manifest.files} original files")
    for name, tally in found.manifest.tables.items():
        if tally.rows:
            print(f"  {name}: {tally.rows}")
    for root in found.heading.roots:
        print(f"Custody log: {root.size} entries, root {root.root}")
    print(f"Keys: {', '.join(found.manifest.keys) or 'none'}")
