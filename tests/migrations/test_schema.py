"""The migrations build exactly the tables of bot.storage.tables, on both engines, also around rows that are there."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.storage.migrating import alembic_config, downgrade, upgrade
from bot.storage.partitions import whole_tables
from bot.storage.store import Store
from bot.storage.tables import metadata
from tests.migrations.rows import counts, fill
from tests.postgres import OWNER
from tests.stores import BOTH, sqlite_url

#: On a copy of what `Store.migrate` made of an empty database once.
MIGRATED = pytest.mark.parametrize("store_url", BOTH, indirect=True)


@cache
def revisions() -> list[str]:
    """Every revision, oldest first."""
    with sa.create_engine("sqlite://").connect() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
    return [each.revision for each in reversed(list(script.walk_revisions()))]


def differences(connection: sa.Connection) -> list[Any]:
    """What alembic would change to make the database what the tables say."""
    whole = set(whole_tables(connection))

    def told(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
        # On PostgreSQL a comment is known by its number and its newsroom, where the tables say its number.
        of_comment = kind == "foreign_key_constraint" and "comment_id" in thing.column_keys
        return not of_comment and (kind != "table" or name in whole)

    options = {"compare_type": True, "include_object": told}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def blueprint(connection: sa.Connection) -> dict[str, Any]:
    """Every object of the database as the engine itself describes it: also what alembic does not compare."""
    seen = sa.inspect(connection)
    return {
        table: {
            # A column that a migration adds comes last; the order of columns means nothing.
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in seen.get_columns(table)
            ),
            "primary key": seen.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": sorted(
                (k["constrained_columns"], k["referred_table"]) for k in seen.get_foreign_keys(table)
            ),
            "unique": sorted((str(u["name"]), u["column_names"]) for u in seen.get_unique_constraints(table)),
            "indexes": sorted(_index(i) for i in seen.get_indexes(table)),
            "kind": "without rowid" if table in _without_rowid(connection) else "plain",
        }
        for table in whole_tables(connection)
        if table != "alembic_version"
    }


def _without_rowid(connection: sa.Connection) -> set[str]:
    if connection.dialect.name != "sqlite":
        return set()
    made = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
    return {name for name, sql in made if "WITHOUT ROWID" in sql}


def _index(index: Any) -> tuple[str, list[str], bool, str]:
    options = index.get("dialect_options", {})
    where = next((str(text) for name, text in options.items() if name.endswith("_where")), "")
    return index["name"], index["column_names"], bool(index["unique"]), _bare(where)


def _bare(where: str) -> str:
    # PostgreSQL gives a condition back with its own casts and brackets.
    return where.replace("(state)::text", "state").replace("'::text", "'").strip("()")


@MIGRATED
async def test_head_is_what_the_tables_say(store: Store) -> None:
    """Tables, columns, types, indexes, unique constraints and foreign keys: no difference."""
    async with store.read() as conn:
        assert await conn.run_sync(differences) == []


async def test_head_is_what_create_all_makes(empty_store: Store) -> None:
    """Object by object as the engine sees it, the conditions of partial indexes included."""
    await empty_store.migrate()
    async with empty_store._writer.connect() as conn:
        migrated = await conn.run_sync(blueprint)
        await conn.run_sync(downgrade)
        await conn.run_sync(_made)
        assert await conn.run_sync(blueprint) == migrated
    assert ("uq_outbox_messages_waiting_key", ["newsroom_id", "key"], True, "state = 'new'") in (
        migrated["outbox_messages"]["indexes"]
    )


def _made(connection: sa.Connection) -> None:
    """The tables as they are told; on PostgreSQL then laid in parts, by the step that does it."""
    metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        command.stamp(alembic_config(connection), "0030")
        upgrade(connection, "0031")


async def test_existing_newsrooms_get_their_counters(empty_store: Store) -> None:
    """From the first version on: texts and campaigns are counted from nought, all comments are yet to be indexed."""

    def walk(connection: sa.Connection) -> list[Any]:
        upgrade(connection, "0001")
        fill(connection)
        names = "text_counter, campaign_counter, text_version, text_rebuilt_to"
        upgrade(connection)
        return list(connection.execute(sa.text(f"SELECT name, {names}, case_counter FROM newsrooms ORDER BY id")))  # noqa: S608 - the names are ours

    async with empty_store._writer.connect() as conn:
        assert await conn.run_sync(walk) == [(str(n), 0, 0, 0, 0, n) for n in (1, 2, 3)]


@MIGRATED
async def test_the_index_tables_take_little_space(store: Store) -> None:
    """On SQLite a posting is stored once, in its key, not in a table and again in an index."""
    async with store.read() as conn:
        found = await conn.run_sync(_without_rowid)
    assert found == ({"texts", "text_postings", "text_stops"} if store.is_sqlite else set())


async def test_sqlite_is_told_how_rows_are_spread(tmp_path: Path) -> None:
    """Its planner has figures of every index of the tables that grow, and of none that there is not."""
    store = Store(sqlite_url(tmp_path / "new.sqlite"))
    await store.migrate()
    async with store.read() as conn:
        told = set((await conn.execute(sa.text("SELECT tbl, idx FROM sqlite_stat1"))).all())
        there = set(
            (await conn.execute(sa.text("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'"))).all()
        )
    await store.close()
    grown = {table for table, _ in told}
    assert grown == {"texts", "text_postings", "text_stops", "comments", "accounts"}
    # The key of a table without rowid is the table itself.
    keys = {("texts", "texts"), ("text_postings", "text_postings"), ("text_stops", "text_stops")}
    unlisted = {(table, f"sqlite_autoindex_{table}_1") for table, _ in keys}
    assert told == {pair for pair in there if pair[0] in grown} - unlisted | keys


async def test_the_latest_step_keeps_rows(empty_store: Store) -> None:
    """From the revision before the head, with rows in every table: up keeps them."""
    async with empty_store._writer.connect() as conn:
        await conn.run_sync(rows_kept, revisions()[-2])


# A step that shipped never changes: rows of the newest version go down in every run, those of each before in the long
# proofs.
@pytest.mark.parametrize(
    "revision",
    [
        pytest.param(revision, marks=() if place == len(revisions()) - 1 else pytest.mark.slow)
        for place, revision in enumerate(revisions())
    ],
)
async def test_up_and_down_around_rows(empty_store: Store, revision: str) -> None:
    """From each revision, with rows in every table: up to the head keeps them; down to nothing works."""

    def walk(connection: sa.Connection) -> None:
        rows_kept(connection, revision)
        downgrade(connection)
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}

    async with empty_store._writer.connect() as conn:
        await conn.run_sync(walk)


def rows_kept(connection: sa.Connection, revision: str) -> None:
    """Go up to a revision, fill every table, and go up to the head."""
    upgrade(connection, revision)
    filled = fill(connection)
    upgrade(connection)
    assert counts(connection, filled) == filled


async def test_up_again(empty_store: Store) -> None:
    """What went down to nothing goes up again, and is what the tables say."""

    def walk(connection: sa.Connection) -> None:
        upgrade(connection)
        downgrade(connection)
        upgrade(connection)
        assert differences(connection) == []

    async with empty_store._writer.connect() as conn:
        await conn.run_sync(walk)


@pytest.mark.postgres
@pytest.mark.parametrize("empty_store", ["postgres"], indirect=True)
async def test_a_role_behind_the_wall_lays_its_rows_in_parts(empty_store: Store) -> None:
    """The bot's own role, which stands for no newsroom while it migrates, takes every row along, up and down."""

    async def walk(revision: str, *, is_up: bool = True) -> None:
        own = Store(empty_store.url.set(username=OWNER).render_as_string(hide_password=False))
        async with own._writer.connect() as conn:
            await conn.run_sync(upgrade if is_up else downgrade, revision)
        await own.close()

    await walk("0030")
    async with empty_store._writer.connect() as conn:
        filled = await conn.run_sync(fill)
    for revision, is_up in (("0031", True), ("0030", False), ("head", True)):
        await walk(revision, is_up=is_up)
        async with empty_store._writer.connect() as conn:
            assert await conn.run_sync(counts, filled) == filled


@MIGRATED
async def test_second_upgrade_changes_nothing(store: Store) -> None:
    """`migrate` runs at every start: on a database that is up to date, rows and tables stay as they are."""
    async with store._writer.connect() as conn:
        before = await conn.run_sync(lambda connection: (fill(connection), blueprint(connection)))
    await store.migrate()
    async with store.read() as conn:
        assert await conn.run_sync(lambda connection: (counts(connection, before[0]), blueprint(connection))) == before


def test_one_line_of_revisions() -> None:
    """There is one head, and every revision but the first has one before it."""
    with sa.create_engine("sqlite://").connect() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
    assert len(script.get_heads()) == 1
    assert [each.down_revision for each in script.walk_revisions()].count(None) == 1
