"""Writes one noun of the store out, row by row."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.cli.runs.desks import at_desk
from bot.services.batchfiles.writing import csv_line, json_line
from bot.services.exports import EXPORTS, Noun, exported, table_row
from bot.wiring import Desk


def run_export(what: str, as_table: bool, out: Path | None) -> None:
    """Export to a file, or to stdout. Raises OSError where the file cannot be written."""

    async def act(desk: Desk) -> None:
        with _output(out) as file:
            await _write(desk, Noun(what), as_table, file)

    at_desk(act)


async def _write(desk: Desk, noun: Noun, as_table: bool, file: BinaryIO) -> None:
    if as_table:
        file.write(csv_line(EXPORTS[noun].columns))
    async for value in exported(desk.store, desk.newsroom.id, noun):
        file.write(csv_line(table_row(noun, value)) if as_table else json_line(value))
    file.flush()


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
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
