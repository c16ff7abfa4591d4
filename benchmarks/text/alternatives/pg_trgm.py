"""PostgreSQL's pg_trgm: a GIN index on trigrams, `%` at its default limit of 0.3, ordered by similarity()."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from unittest.mock import patch

from benchmarks.text.alternatives.candidates import MOST
from benchmarks.text.engine import NotInstalled
from tests import postgres

try:
    import asyncpg  # type: ignore[import-untyped]
except ImportError:
    asyncpg = None

_SCHEMA = "CREATE EXTENSION pg_trgm; CREATE UNLOGGED TABLE texts (place bigint, words text)"
_INDEX = "CREATE INDEX ON texts USING gin (words gin_trgm_ops) WITH (fastupdate = off); ANALYZE texts"
_QUERY = "SELECT place, similarity(words, $1) FROM texts WHERE words % $1 ORDER BY 2 DESC, 1 LIMIT $2"
#: The tests' server is small; this one has room for index and texts, so that the comparison is fair.
_ROOMY = {"shared_buffers": "1GB", "work_mem": "64MB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}


class PgTrgm:
    """A server of its own on this machine; the measure is the trigram similarity, 0 to 1."""

    name = "PostgreSQL pg_trgm"

    def __init__(self) -> None:
        if asyncpg is None:
            raise NotInstalled("asyncpg")
        self._stack = ExitStack()
        self._stack.enter_context(patch.dict(postgres._OPTIONS, _ROOMY))
        try:
            server = self._stack.enter_context(postgres.running_server())
        except FileNotFoundError as error:
            self._stack.close()
            raise NotInstalled(str(error)) from error
        self._runner = self._stack.enter_context(asyncio.Runner())
        url = server.url(server.create()).replace("+asyncpg", "")
        self._connection: asyncpg.Connection = self._runner.run(asyncpg.connect(url))

    def load(self, texts: Sequence[str]) -> None:
        """Copy the texts in, then build the index."""
        self._runner.run(self._load([(place, _bare(text)) for place, text in enumerate(texts)]))

    async def _load(self, rows: list[tuple[int, str]]) -> None:
        try:
            await self._connection.execute(_SCHEMA)
        except asyncpg.PostgresError as error:
            raise NotInstalled(f"pg_trgm ({error})") from error
        await self._connection.copy_records_to_table("texts", records=rows)
        await self._connection.execute(_INDEX, timeout=3600)

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """The texts of the highest similarity."""
        return self._runner.run(self._all(texts))

    async def _all(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        answers = [await self._connection.fetch(_QUERY, _bare(text), MOST) for text in texts]
        return [[(row[0], float(row[1])) for row in rows] for rows in answers]

    def close(self) -> None:
        """Stop the server; its folder goes with it."""
        with self._stack:
            self._runner.run(self._connection.close())


def _bare(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", " ")
