"""The custody log's lines about some cases: each with its proof up to a checkpoint, and what is disclosed."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.custody.checking import Bodies, Broken
from bot.custody.entries import Entry, EntryKind
from bot.custody.merkle import Tree
from bot.custody.reading import loaded
from bot.custody.sealing import Opened
from bot.model.evidence import LogExcerpt, LogLine
from bot.services.custody import Custody, Subject
from bot.storage import custody
from bot.storage.custody import KeptCheckpoint

_PAGE: Final = 20_000


async def excerpt(
    conn: AsyncConnection, log: Custody, made: KeptCheckpoint, subjects: Sequence[Subject], *, with_names: bool
) -> LogExcerpt:
    """The lines about these subjects up to a checkpoint.

    Only what a message held is disclosed; how it came, and what people did, with names.
    """
    newsroom_id = made.newsroom_id
    names = [log.keys.pseudonym(newsroom_id, noun, row_id) for noun, row_id in subjects]
    rows = [row for row in await custody.of_subjects(conn, newsroom_id, names) if row["seq"] < made.size]
    wrapped = await custody.keys_of(conn, newsroom_id, log.keys.with_words(names))
    bodies = Bodies(log.keys, wrapped, await custody.erasures(conn, newsroom_id))
    leaves: list[bytes] = []
    while len(leaves) < made.size:
        page = await custody.leaves(conn, newsroom_id, len(leaves) - 1, min(_PAGE, made.size - len(leaves)))
        if not page:
            break
        leaves += page
    lines = await asyncio.to_thread(_lines, rows, leaves, bodies, with_names)
    return LogExcerpt(
        note=made.note,
        size=made.size,
        root=made.root,
        verifier_key=log.verifier_key(newsroom_id),
        lines=lines,
        token=made.token,
    )


def _lines(
    rows: Sequence[Mapping[str, Any]], leaves: Sequence[bytes], bodies: Bodies, with_names: bool
) -> list[LogLine]:
    tree, lines = Tree(leaves), []
    for row in rows:
        names = ("seq", "at", "kind", "subject", "commitment", "prev")
        entry = Entry(**{name: row[name] for name in names})
        told = _disclosed(entry, _opened(bodies, entry, row["sealed"]), with_names=with_names)
        lines.append(
            LogLine(
                values=entry.values,
                proof=tree.proof(entry.seq),
                salt=told.salt if told is not None else None,
                body=told.body if told is not None else None,
            )
        )
    return lines


def _opened(bodies: Bodies, entry: Entry, sealed: Any) -> Opened | None:
    try:
        return bodies.open(entry, sealed)
    except Broken:
        # The line and its proof are handed over all the same; `kalkan verify` says what is wrong with the body.
        return None


def _disclosed(entry: Entry, opened: Opened | None, *, with_names: bool) -> Opened | None:
    if opened is None or with_names or entry.kind == EntryKind.KEPT:
        return opened
    body = loaded(opened.body) if entry.kind == EntryKind.LATE else {}
    return opened if body.get("stored_in") == "submission_parts" and "words" not in body else None
