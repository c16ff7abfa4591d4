"""What one text's lookup takes on PostgreSQL as the archive grows, and beside it pg_trgm on the very same rows.

A lookup is what `/find` and every forward do: normalise, fingerprints, candidates, decision. "Told" is the whole answer
about copies: how often, by how many, since when, with examples. Half of the questions are stored comments as somebody
else would post them, half nobody wrote.
"""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from unittest.mock import patch

import asyncpg  # type: ignore[import-untyped]

from benchmarks.scale import world
from benchmarks.scale.ground import House
from benchmarks.scale.importing import Imported, import_file
from benchmarks.scale.measuring import Waits
from bot.config import Settings
from bot.services.copy_finding import CopyFinder, CopyQuestion
from bot.storage.copies import Skip
from bot.wiring import open_desk
from detection.text.normalise import key, normalise

PHOTOS: Final = 100_000
_ASKED, _TOLD, _TRIGRAMS = 2_000, 400, 10
#: Milliseconds after which a question to pg_trgm is given up, and counts as that: its ratio is at least so much.
_PATIENCE: Final = 5_000
#: Bytes of a photo's description.
_DESCRIBED: Final = 400
_PHOTO_ROWS: Final = (
    "INSERT INTO photos (id, newsroom_id, sha256, width, height, source, added_at)"
    " SELECT n, (SELECT id FROM newsrooms), md5(n::text) || md5((-n)::text), 400, 400, 'made ' || n, now()"
    " FROM generate_series(1, $1) AS n"
)
_DESCRIPTIONS: Final = (
    "INSERT INTO photo_descriptions (id, newsroom_id, sha256, data)"
    " SELECT id, newsroom_id, sha256, decode(repeat(sha256, $1), 'hex') FROM photos WHERE source LIKE 'made %'"
)
#: What a text is found by: its tables, all their parts, with their indexes.
_TABLES: Final = (
    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
    " WHERE regexp_replace(relname, '_[0-9]+$', '') = ANY ($1) AND relkind = 'r'"
)
_TRIGRAM_INDEX: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "SET maintenance_work_mem = '512MB'",
    "CREATE INDEX by_trigrams ON texts USING gin (words gin_trgm_ops) WITH (fastupdate = off)",
    "ANALYZE texts",
)
#: Twenty best of a text, by either measure of pg_trgm's at its own limit.
TRIGRAMS: Final = {
    "similarity": "SELECT number, similarity(words, $1) FROM texts WHERE words % $1 ORDER BY 2 DESC LIMIT 20",
    "word_similarity": "SELECT number, word_similarity($1, words) FROM texts WHERE $1 <% words"
    " ORDER BY 2 DESC LIMIT 20",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookups:
    """At one size."""

    comments: int
    search: Waits
    told: Waits
    #: Bytes a comment: of its own row, of what it is found by, and of the whole database.
    row: float
    index: float
    whole: float


def furnish(house: House) -> None:
    """Accounts and photos beside the comments."""
    file = house.folder / "accounts.jsonl"
    lines = (json.dumps(world.account_of(n) | {"reason": "made"}) for n in range(world.ACCOUNTS))
    file.write_text("\n".join(lines), encoding="utf-8")
    house.run("import", "accounts", str(file))
    house.ask(_PHOTO_ROWS, PHOTOS)
    house.ask(_DESCRIPTIONS, _DESCRIBED // 32)


def grow(house: House, start: int, stop: int) -> Imported:
    """Import the comments from one number to another."""
    file = house.folder / "comments.jsonl"
    world.write(file, stop - start, start)
    try:
        return import_file(house, file, stop - start)
    finally:
        file.unlink()


def measure(house: House, stored: int) -> Lookups:
    """Look up texts among what an installation has stored, one at a time."""
    # As autovacuum does a minute later.
    house.ask("ANALYZE")
    asked = world.questions(stored, _ASKED)
    with patch.dict(os.environ, house.environment):
        search, told = asyncio.run(_looked_up(asked))
    return Lookups(
        comments=stored,
        search=Waits.of(search),
        told=Waits.of(told),
        row=house.ask(_TABLES, ["comments"])[0][0] / stored,
        index=house.ask(_TABLES, ["texts", "text_postings", "text_stops"])[0][0] / stored,
        whole=house.ask("SELECT pg_database_size(current_database())")[0][0] / stored,
    )


async def _looked_up(asked: Sequence[str]) -> tuple[list[float], list[float]]:
    async with open_desk(Settings.read()) as desk:
        finder = CopyFinder(desk.store, desk.index, desk.newsroom.id)

        async def search(text: str) -> None:
            await desk.index.search([normalise(text).words])

        async def tell(text: str) -> None:
            read = normalise(text)
            question = CopyQuestion(words=read.words, text_key=key(read.skeleton) if read.skeleton else 0)
            await finder.find([question], [Skip()])

        # Connections and statements are made ready by the first.
        for text in asked[:50]:
            await search(text)
            await tell(text)
        return await _timed(search, asked), await _timed(tell, asked[:_TOLD])


async def _timed(ask: Callable[[str], Awaitable[Any]], texts: Sequence[str]) -> list[float]:
    waits = []
    for text in texts:
        began = time.perf_counter()
        await ask(text)
        waits.append(time.perf_counter() - began)
    return waits


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """pg_trgm on the same rows, and Kalkan in turns with it."""

    kalkan: Waits
    others: dict[str, Waits]
    building: float


def beside_trigrams(house: House, stored: int) -> Beside:
    """Build pg_trgm's index on the texts that Kalkan looks through, and ask both the same."""
    began = time.monotonic()
    asyncio.run(_executed(house, _TRIGRAM_INDEX))
    building = time.monotonic() - began
    asked = world.questions(stored, 2 * _TRIGRAMS)[: 2 * _TRIGRAMS]
    with patch.dict(os.environ, house.environment):
        own, others = asyncio.run(_in_turns(house, asked))
    asyncio.run(_executed(house, ["DROP INDEX by_trigrams"]))
    return Beside(
        kalkan=Waits.of(own), others={name: Waits.of(waits) for name, waits in others.items()}, building=building
    )


async def _executed(house: House, statements: Sequence[str]) -> None:
    connection = await _connected(house)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _connected(house: House) -> Any:
    return await asyncpg.connect(house.outside, command_timeout=3600)


async def _in_turns(house: House, asked: Sequence[str]) -> tuple[list[float], dict[str, list[float]]]:
    own: list[float] = []
    others: dict[str, list[float]] = {name: [] for name in TRIGRAMS}
    connection = await _connected(house)
    try:
        await connection.execute(f"SET statement_timeout = {_PATIENCE}")

        async def by_trigrams(query: str, words: str) -> None:
            with suppress(asyncpg.QueryCanceledError):
                await connection.fetch(query, words)

        async with open_desk(Settings.read()) as desk:

            async def search(text: str) -> None:
                await desk.index.search([normalise(text).words])

            for text in asked:
                words = normalise(text).words
                for name, query in TRIGRAMS.items():
                    others[name] += await _timed(partial(by_trigrams, query), [words])
                own += await _timed(search, [text])
    finally:
        with suppress(OSError):
            await connection.close()
    return own, others
