"""Postings: which texts have a fingerprint; what candidates for a near-duplicate are found by.

A hash keeps at most POSTINGS_CAP texts, so that a look-up reads a bounded number of rows however large the store grows.
What more texts have is only counted. Rows are written in the order of their hashes: on 1e6 texts that costs a third of
writing them text by text, and fills SQLite's pages to nine tenths.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.direct import Ask, Insert, Statements, Steps, take

#: Texts per hash. With 16, 64 and 256 of them the source was among the best 20 candidates in .991, .994 and .998 of
#: 4,000 queries against 1e5 texts (6-grams, window 4): more costs reading and finds hardly anything.
POSTINGS_CAP: Final = 64

_BITS: Final = 48
_SHIFT: Final = 64 - _BITS
# How many hashes or rows one statement takes: what is held in memory stays some megabytes.
_CHUNK: Final = 50_000

Numbers = NDArray[np.int64]

# On PostgreSQL both tables lie in parts by their hashes. A list of them is asked for in a slice for each part: as one
# it would be looked for in every part, whole. OFFSET 0 keeps the slices apart; the shift is `partitions.HASH_SHIFT`.
_SLICES: Final = (
    "slices AS MATERIALIZED (SELECT min(hash) AS low, max(hash) AS high, array_agg(hash) AS hashes"
    " FROM unnest(CAST($%d AS BIGINT[])) AS asked (hash) GROUP BY hash >> 45)"
)
_COMMON: Final = "SELECT hash, texts FROM text_stops WHERE hash BETWEEN low AND high AND hash = ANY (hashes) OFFSET 0"
_OF_ALL: Final = (
    "SELECT hash, number FROM text_postings WHERE hash BETWEEN low AND high AND hash = ANY (hashes) OFFSET 0"
)
_OF_RARE: Final = (
    "SELECT hash, number FROM text_postings WHERE hash BETWEEN low AND high AND hash = ANY (ARRAY ("
    "SELECT unnest(hashes) EXCEPT SELECT hash FROM text_stops WHERE hash BETWEEN low AND high AND hash = ANY (hashes)"
    ")) OFFSET 0"
)

# The newsroom's texts first, then the counts of common fingerprints below zero, then the postings of the others. What a
# common fingerprint has is much and says little: it is read only for a text that has nothing rarer.
_HOLDINGS = {
    "sqlite": "SELECT NULL, text_counter FROM newsrooms WHERE id = ?1"
    " UNION ALL SELECT hash, -texts FROM text_stops WHERE hash IN (SELECT value FROM json_each(?2))"
    " UNION ALL SELECT p.hash, p.number FROM json_each(?2) AS asked CROSS JOIN text_postings AS p"
    " ON p.hash = asked.value"
    " WHERE NOT EXISTS (SELECT 1 FROM text_stops AS s WHERE s.hash = asked.value)",
    "postgresql": "SELECT CAST(NULL AS BIGINT), text_counter FROM newsrooms WHERE id = $1 UNION ALL"  # noqa: S608 - our own words
    f" (WITH {_SLICES % 2} SELECT s.hash, -s.texts FROM slices CROSS JOIN LATERAL ({_COMMON}) AS s"
    f" UNION ALL SELECT p.hash, p.number FROM slices CROSS JOIN LATERAL ({_OF_RARE}) AS p)",
}
# A plan is kept: one that was made while the tables were empty would read a whole part for each hash.
_BY_HASH = {"postgresql": "SET LOCAL enable_seqscan = off"}
_OF_COMMON = {
    "sqlite": "SELECT hash, number FROM text_postings WHERE hash IN (SELECT value FROM json_each(?))",
    "postgresql": f"WITH {_SLICES % 1} SELECT p.hash, p.number FROM slices CROSS JOIN LATERAL ({_OF_ALL}) AS p",  # noqa: S608 - our own words
}
# A hash that is counted is full, and its texts need no counting.
_FULLER = {
    "sqlite": "SELECT value, texts FROM (SELECT asked.value,"
    " CASE WHEN EXISTS (SELECT 1 FROM text_stops AS s WHERE s.hash = asked.value) THEN ?3"
    " ELSE (SELECT count(*) FROM text_postings AS p WHERE p.hash = asked.value) END AS texts"
    " FROM json_each(?1) AS asked) WHERE texts > ?2",
    "postgresql": f"WITH {_SLICES % 1} SELECT s.hash, CAST($3 AS BIGINT) FROM slices"  # noqa: S608 - our own words
    f" CROSS JOIN LATERAL ({_COMMON}) AS s UNION ALL SELECT p.hash, count(*) FROM slices"
    f" CROSS JOIN LATERAL ({_OF_RARE}) AS p GROUP BY p.hash HAVING count(*) > CAST($2 AS BIGINT)",
}
_ROWS = {"sqlite": "VALUES (?, ?)", "postgresql": "SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]))"}
_INSERT = {
    dialect: f"INSERT INTO text_postings (hash, number) {rows} ON CONFLICT DO NOTHING"
    for dialect, rows in _ROWS.items()
}
_COUNT = {
    dialect: f"INSERT INTO text_stops (hash, texts) {rows} ON CONFLICT (hash)"
    f" DO UPDATE SET texts = text_stops.texts + excluded.texts - {POSTINGS_CAP}"
    for dialect, rows in _ROWS.items()
}


class Holdings(NamedTuple):
    """What is known of some fingerprints: the numbers of texts that have each, and how many texts have it.

    A common one, which more than POSTINGS_CAP texts have, has its numbers only if a text has nothing rarer. `stored` is
    the number of texts of the newsroom.
    """

    stored: int
    numbers: dict[int, list[int]]
    holders: dict[int, int]


async def holdings(conn: AsyncConnection, newsroom_id: int, asked: Sequence[Sequence[int]]) -> Holdings:
    """Everything that a look-up of some texts, given by their fingerprints, asks of the postings."""
    return await take(conn, held(newsroom_id, asked))


def held(newsroom_id: int, asked: Sequence[Sequence[int]]) -> Steps[Holdings]:
    """`holdings` as steps: one statement, and one more when a text has none but common fingerprints."""
    prints = sorted({one for each in asked for one in each})
    stored_as = dict(zip(prints, _stored(newsroom_id, prints).tolist(), strict=True))
    names = {hash_: one for one, hash_ in stored_as.items()}
    yield Ask(_BY_HASH, ())
    rows = iter((yield Ask(_HOLDINGS, (newsroom_id, list(names)))))
    _, stored = next(rows, (None, 0))
    numbers: dict[int, list[int]] = {}
    holders: dict[int, int] = {}
    for hash_, number in rows:
        if number < 0:
            holders[names[hash_]] = -number
        elif (one := names[hash_]) in numbers:
            numbers[one].append(number)
        else:
            numbers[one] = [number]
    common = _rarest_common(asked, numbers, holders)
    holders |= {one: len(found) for one, found in numbers.items()}
    if common:
        for hash_, number in (yield Ask(_OF_COMMON, ([stored_as[one] for one in sorted(common)],))):
            numbers.setdefault(names[hash_], []).append(number)
    return Holdings(stored=stored, numbers=numbers, holders=holders)


def _rarest_common(
    asked: Sequence[Sequence[int]], rare: Mapping[int, Sequence[int]], common: Mapping[int, int]
) -> set[int]:
    """For each text without a rare fingerprint, the least common one that it has."""
    left = [each for each in asked if not any(one in rare for one in each)]
    known = [[one for one in each if one in common] for each in left]
    return {min(each, key=lambda one: (common[one], one)) for each in known if each}


async def add(conn: AsyncConnection, newsroom_id: int, rows: Sequence[tuple[int, bytes]]) -> None:
    """Write the postings of texts, each given as its number and its prints (little-endian int64, 48 bits used)."""
    await take(conn, adding(newsroom_id, rows))


def adding(newsroom_id: int, rows: Sequence[tuple[int, bytes]]) -> Steps[None]:
    """`add` as steps."""
    pairs = _sorted_pairs(newsroom_id, rows)
    if pairs is None:
        return
    yield Ask(_BY_HASH, ())
    kept, stops = yield from _capped(pairs)
    yield from _inserted(_INSERT, kept.hashes, kept.numbers)
    yield from _inserted(_COUNT, stops.hashes, stops.numbers)


@lru_cache(maxsize=1024)
def salt_of(newsroom_id: int) -> int:
    """48 bits by which a newsroom's hashes differ from every other newsroom's."""
    digest = blake2b(newsroom_id.to_bytes(8, "little", signed=True), digest_size=_BITS // 8, person=b"postings")
    return int.from_bytes(digest.digest(), "little")


def stored(newsroom_id: int, prints: bytes) -> list[int]:
    """How a newsroom's fingerprints (little-endian int64) stand in the table."""
    found: list[int] = _stored(newsroom_id, np.frombuffer(prints, dtype="<i8")).tolist()
    return found


class _Pairs(NamedTuple):
    """Rows to be written, by hash and then number."""

    hashes: Numbers
    numbers: Numbers


def _stored(newsroom_id: int, prints: Sequence[int] | Numbers) -> Numbers:
    # With its sign, a 48-bit number takes SQLite six bytes; without, half of them take eight.
    salted = np.asarray(prints, dtype=np.int64) ^ salt_of(newsroom_id)
    return (salted << _SHIFT) >> _SHIFT


def _sorted_pairs(newsroom_id: int, rows: Sequence[tuple[int, bytes]]) -> _Pairs | None:
    prints = np.frombuffer(b"".join(each for _, each in rows), dtype="<i8")
    if not prints.size:
        return None
    sizes = [len(each) // 8 for _, each in rows]
    numbers = np.repeat(np.array([number for number, _ in rows], dtype=np.int64), sizes)
    hashes = _stored(newsroom_id, prints)
    order = np.lexsort((numbers, hashes))
    hashes, numbers = hashes[order], numbers[order]
    fresh = np.ones(len(hashes), dtype=bool)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (numbers[1:] != numbers[:-1])
    return _Pairs(hashes[fresh], numbers[fresh])


def _capped(pairs: _Pairs) -> Steps[tuple[_Pairs, _Pairs]]:
    """The rows for which there is room; and each hash that is full, with the cap and what is beyond it."""
    hashes, starts, sizes = np.unique(pairs.hashes, return_index=True, return_counts=True)
    room = POSTINGS_CAP - (yield from _kept_already(hashes, sizes))
    place = np.arange(len(pairs.hashes)) - np.repeat(starts, sizes)
    keep = place < np.repeat(room, sizes)
    beyond = np.maximum(sizes - np.maximum(room, 0), 0)
    full = np.flatnonzero(beyond)
    kept = _Pairs(pairs.hashes[keep], pairs.numbers[keep])
    return kept, _Pairs(hashes[full], beyond[full] + POSTINGS_CAP)


def _kept_already(hashes: Numbers, sizes: Numbers) -> Steps[Numbers]:
    """How many texts each hash has; 0 also where it has so few that all the new ones have room."""
    kept = np.zeros(len(hashes), dtype=np.int64)
    # Most hashes come with one new text, and matter only if they are full: those are asked for apart from the rest.
    for chunk in _chunks(np.argsort(-sizes, kind="stable")):
        asked = np.sort(hashes[chunk]).tolist()
        room = POSTINGS_CAP - int(sizes[chunk[0]])
        rows = yield Ask(_FULLER, (asked, room, POSTINGS_CAP))
        if rows:
            found = np.array(rows, dtype=np.int64)
            kept[np.searchsorted(hashes, found[:, 0])] = found[:, 1]
    return kept


def _inserted(statements: Statements, hashes: Numbers, values: Numbers) -> Steps[None]:
    """Run an insert of (hash, value) rows."""
    for chunk in _chunks(np.arange(len(hashes))):
        yield Insert(statements, (hashes[chunk].tolist(), values[chunk].tolist()))


def _chunks(indexes: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for start in range(0, len(indexes), _CHUNK):
        yield indexes[start : start + _CHUNK]
