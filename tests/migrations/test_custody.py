"""What was stored before the custody log began enters it as recorded late, in its order, and the log guards itself."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.custody.keys import CustodyKeys
from bot.services.custody import Custody
from bot.services.verifying import Verification
from bot.storage.migrating import upgrade
from bot.storage.store import Store
from bot.storage.vault import Vault
from tests.migrations.rows import ROWS, fill

BEFORE = "0006"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def test_old_rows_are_recorded_late(empty_store: Store, tmp_path: Path) -> None:
    """Messages, photos, rulings and threats are queued with their contents; numbered, they verify."""

    def walk(connection: sa.Connection) -> list[Any]:
        upgrade(connection, BEFORE)
        fill(connection)
        _typed(connection)
        upgrade(connection)
        query = "SELECT kind, noun, body FROM custody_pending ORDER BY id"
        return [tuple(row) for row in connection.execute(sa.text(query))]

    async with empty_store._writer.connect() as conn:
        rows = await conn.run_sync(walk)
    bodies = [json.loads(body) if isinstance(body, str) else body for _, _, body in rows]
    assert {kind for kind, _, _ in rows} == {"late"}
    assert [noun for _, noun, _ in rows].count("submission") == ROWS * 2 + 1
    assert {body["stored_in"] for body in bodies} == {
        *("submission_parts", "photos", "rulings", "account_rulings", "threats")
    }
    parts = [body for body in bodies if body["stored_in"] == "submission_parts"]
    assert [body.get("words") for body in parts if "words" in body] == ["мои слова"]
    assert [body["text"] for body in parts if "text" in body].count("") == 1
    assert not any("chat_id" in body or "member_id" in body for body in bodies)
    log = Custody(empty_store, lambda: NOW, CustodyKeys(b"k" * 32))
    assert await log.sequence() == len(rows)
    found = await Verification(empty_store, Vault(tmp_path), CustodyKeys(b"k" * 32), 1).run([])
    # The made-up hashes of the rows are no SHA-256: no file is looked for.
    assert found.broken is None
    assert found.lines > 0


def _typed(connection: sa.Connection) -> None:
    table = sa.Table("submission_parts", sa.MetaData(), autoload_with=connection)
    own = sa.update(table).where(table.c.id == 1).values(origin={"kind": "typed"}, text="мои слова")
    connection.execute(own)
    connection.commit()


@pytest.mark.parametrize("table", ["custody_entries", "custody_bodies"])
async def test_the_guards_are_there(empty_store: Store, table: str) -> None:
    """After the migrations each of the two tables refuses to be changed, on both engines."""
    await empty_store.migrate()
    query = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        if empty_store.is_sqlite
        else "SELECT count(*) FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal"
    )
    async with empty_store.read() as conn:
        assert await conn.scalar(sa.text(query), {"table": table}) == (3 if empty_store.is_sqlite else 1)
