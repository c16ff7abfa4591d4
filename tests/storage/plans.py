"""What the server really read: the plan of each statement that it ran, in its own words (PostgreSQL's auto_explain)."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.partitions import PARTS

_TELLING: Final = (
    "LOAD 'auto_explain'",
    "SET auto_explain.log_min_duration = 0",
    "SET auto_explain.log_analyze = on",
    "SET auto_explain.log_timing = off",
    "SET auto_explain.log_format = json",
    "SET auto_explain.log_level = notice",
)
_PARTS: Final = sa.text(
    "SELECT part.relname AS name, whole.relname AS whole FROM pg_inherits"
    " JOIN pg_class AS part ON part.oid = inhrelid AND part.relkind = 'r'"
    " JOIN pg_class AS whole ON whole.oid = inhparent JOIN pg_partitioned_table ON partrelid = inhparent"
    " WHERE partstrat = 'h' AND satisfies_hash_partition("
    " inhparent, :parts, CAST(substring(part.relname FROM '[0-9]+$') AS int), CAST(:key AS bigint))"
)


class Plans:
    """The plans of a connection's statements, since the last look."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._told: list[str] = []

    def hear(self, _connection: Any, message: Any) -> None:
        """A notice of the server's."""
        if message.message.startswith("duration:"):
            self._told.append(message.message)

    async def read(self) -> set[str]:
        """The tables, and parts of tables, from which something was read or looked for since the last look."""
        # A statement's plan is told when the next one begins, and the driver hands it on in the loop's next turn.
        await self._driver.execute("SELECT")
        await asyncio.sleep(0)
        told, self._told = self._told, []
        return {name for each in told for name in _touched(json.loads(each.partition("plan:\n")[2])["Plan"])}


@asynccontextmanager
async def watching(conn: AsyncConnection) -> AsyncIterator[Plans]:
    """Hear the plan of everything that a superuser's transaction does from now on; its settings end with it."""
    driver: Any = (await conn.get_raw_connection()).driver_connection
    plans = Plans(driver)
    for statement in _TELLING:
        await driver.execute(statement)
    driver.add_log_listener(plans.hear)
    try:
        yield plans
    finally:
        driver.remove_log_listener(plans.hear)


async def parts_with(conn: AsyncConnection, newsroom_id: int) -> dict[str, str]:
    """In which part of each table the rows of a newsroom lie: the part's table, by its name."""
    rows = await conn.execute(_PARTS, {"parts": PARTS, "key": newsroom_id})
    return {row.name: row.whole for row in rows.all()}


def _touched(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("Actual Loops"):
        return
    if "Relation Name" in node:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _touched(below)
