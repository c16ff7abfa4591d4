"""What goes on with a threat whose words are sealed: it is decided, backed up and restored as any other."""

from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa

from bot.model.rights import Role
from bot.model.threat import Status
from bot.services.threat_steps import ThreatSteps
from bot.services.threats import Threats
from bot.storage.store import Store
from bot.storage.tables import metadata, threats
from bot.storage.vault import Vault
from tests.backups import Backups
from tests.services.conftest import EditorsDesk
from tests.services.sealed_threats import CANARIES, LEAD, THREAT, sealed, threatened
from tests.services.test_custody import log_of, report
from tests.stores import sqlite_url


async def test_a_sealed_threat_is_decided_as_ever(desk: EditorsDesk) -> None:
    """No threat, a threat after all, with the police: its status moves, the log tells all of it and is whole."""
    lead = await threatened(desk)
    await sealed(desk)
    closed = (await report(desk)).erased
    log = Threats(desk.store, desk.clock)
    steps = ThreatSteps(desk.store, desk.clock, log)
    number = await log.by_number(lead, 1)
    for status in (Status.DISMISSED, Status.CONFIRMED, Status.POLICE):
        await steps.set_status(desk.stage, lead, number, status.value)
        await desk.commit()
        async with desk.store.read() as conn:
            assert (await conn.execute(sa.select(threats.c.status))).scalar_one() == status.value
    await log_of(desk).sequence()
    found = await report(desk)
    assert (found.broken, found.erased) == (None, closed)
    colleague = await desk.member(Role.SECURITY)
    assert (await log.view(colleague, number)).line.status is Status.POLICE


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_backup_of_sealed_words_holds_them_sealed(desk: EditorsDesk, tmp_path: Path) -> None:
    """Restored, the server's side of it still says nothing, the lead's key opens the words, the log is whole."""
    await threatened(desk)
    await sealed(desk)
    await log_of(desk).sequence()
    backups = Backups(desk=desk, folder=tmp_path / "backups")
    backups.folder.mkdir()
    restored = await backups.restore((await backups.make()).path)
    assert restored.is_verified
    place = backups.folder / "restored"
    store, vault = Store(sqlite_url(place / "kalkan.sqlite")), Vault(place / "vault")
    try:
        async with store.read() as conn:
            told = [str((await conn.execute(sa.select(table))).all()) for table in metadata.sorted_tables]
        assert [each for each in (*CANARIES[:3], THREAT) if each in "\n".join(told)] == []
        assert (await backups.verified(store, vault)).broken is None
    finally:
        await store.close()
    files = [await vault.get(name) for name in await vault.names()]
    opened = [pyrage.decrypt(each, [LEAD]).decode() for each in files if each.startswith(b"age-encryption.org")]
    assert any(THREAT in each for each in opened)
