"""Writes one noun of the store out, row by row; or evidence as a signed bag."""

import asyncio
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from bot.cli.runs.desks import at_desk
from bot.documents.table import xlsx_file
from bot.errors import Refusal
from bot.model.evidence import EvidenceOrder
from bot.services.account_exports import note_share
from bot.services.batchfiles.writing import csv_line, json_line
from bot.services.exports import EXPORTS, Noun, exported, table_row
from bot.wiring import Desk
from handlers.evidence_orders import read_order


def run_export(what: str, form: str, out: Path | None) -> None:
    """Export to a file, or to stdout, as jsonl, csv or xlsx. Raises OSError where the file cannot be written."""

    async def act(desk: Desk) -> None:
        with output(out) as file:
            rows = await _WRITERS[form](desk, Noun(what), file)
        if Noun(what) is Noun.ACCOUNTS:
            # A cleared account calls back what held it.
            async with desk.store.write() as conn:
                name = out.name if out is not None else "stdout"
                await note_share(conn, desk.newsroom.id, None, form, name, desk.clock)
        else:
            await desk.evidence.note_bulk(desk.newsroom.id, what, rows)
        await desk.vigilance.exported_there(desk.newsroom.id, what)
        await desk.custody.sequence()

    at_desk(act)


def run_evidence(words: str, out: Path | None, *, is_sure: bool = False) -> None:
    """Make a bag of what `words` name; `out` is a file, or a folder in which it gets its own name.

    What more than one record comes to is said, and asked on a terminal unless `is_sure`. Raises Refusal, and OSError
    where it cannot be written.
    """

    if not words.strip():
        raise Refusal("export_empty")

    async def act(desk: Desk) -> None:
        order = await _planned(desk, words, is_sure=is_sure)
        if order is None:
            return
        made = await desk.evidence.hand_over(desk.newsroom.id, order)
        path = _named(out, made.name)
        with output(path) as file:
            file.write(made.data)
        print(f"{path}: {', '.join(made.cases)}, {made.files} files, {len(made.data)} bytes")
        print(f"signing key: {desk.evidence.signing_key}")
        await desk.vigilance.exported_there(desk.newsroom.id, ", ".join(made.cases))
        # The log must hold the export before this process ends.
        await desk.custody.sequence()

    at_desk(act)


async def _planned(desk: Desk, words: str, *, is_sure: bool) -> EvidenceOrder | None:
    kept = await desk.evidence_orders.kept_queries(desk.newsroom.id)
    taken = read_order(words, kept)
    asked = taken.asked(desk.clock(), ZoneInfo(desk.newsroom.zone))
    plan = await desk.evidence_orders.plan(desk.newsroom.id, taken.order, asked)
    if plan.records > 1:
        print(f"{plan.records} records, {plan.cases} cases with all copies", file=sys.stderr)
        # A script that pipes the words in has nobody to ask.
        if not is_sure and sys.stdin.isatty() and not await asyncio.to_thread(_agreed):
            return None
    return plan.order


def _agreed() -> bool:
    return input("Go on? [y/N] ").strip().lower() in ("y", "yes")


def _named(out: Path | None, name: str) -> Path:
    return out / name if out is not None and out.is_dir() else out or Path(name)


async def _jsonl(desk: Desk, noun: Noun, file: BinaryIO) -> int:
    rows = 0
    async for value in exported(desk.store, desk.newsroom.id, noun):
        rows += 1
        file.write(json_line(value))
    file.flush()
    return rows


async def _csv(desk: Desk, noun: Noun, file: BinaryIO) -> int:
    file.write(csv_line(EXPORTS[noun].columns))
    rows = 0
    async for value in exported(desk.store, desk.newsroom.id, noun):
        rows += 1
        file.write(csv_line(table_row(noun, value)))
    file.flush()
    return rows


async def _xlsx(desk: Desk, noun: Noun, file: BinaryIO) -> int:
    """A workbook is made as a whole."""
    rows = [table_row(noun, value) async for value in exported(desk.store, desk.newsroom.id, noun)]
    file.write(xlsx_file(EXPORTS[noun].columns, rows))
    file.flush()
    return len(rows)


_WRITERS = {"jsonl": _jsonl, "csv": _csv, "xlsx": _xlsx}


@contextmanager
def output(path: Path | None) -> Iterator[BinaryIO]:
    """Where the bytes go: a file is complete or not there, and its owner's alone."""
    if path is None:
        yield sys.stdout.buffer
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
