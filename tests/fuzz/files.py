"""Targets that read files: tables, JSON, workbooks, archives, pictures. A row, a value or a Refusal, nothing else."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.post import PostEntry
from bot.services.batchfiles.pictures import ZipPictures
from bot.services.batchfiles.rows import Row, RowFile, unguarded
from bot.services.batchfiles.sheets import SENT, SheetFile, read_cells, unpacked
from bot.services.batchfiles.writing import csv_line, guarded, json_line
from bot.services.imports.account_columns import AccountColumns, guessed
from bot.services.imports.account_rows import read_account
from bot.services.imports.ads import read_ad
from bot.services.imports.columns import CommentColumns
from bot.services.imports.comment_rows import CommentForm, CommentReader
from bot.services.imports.post_rows import PostForm, actor_naming, read_actor, read_post
from bot.services.imports.staff_rows import staff_rows
from bot.services.imports.takedown_rows import TakedownColumns, read_takedown_row
from bot.services.imports.times import DateOrder
from detection.image.opening import ImageLimits, ImageRefused, clean_copy, open_image
from tests.fuzz.wording import text_of

FOLDER = Path("/nonexistent")
FORM = PostForm(platform="facebook", date_order=DateOrder.DAY, zone=ZoneInfo("Asia/Bishkek"))
LIMITS = ImageLimits(max_pixels=1_000_000, max_side=4_000)
MOST_MEMBER = 1 << 20
# Pictures need minutes of decoding only where a limit fails.
_MOST_ROWS = 500


def file_of(data: bytes, name: str) -> RowFile:
    """A file of these bytes."""
    return RowFile(cast(BinaryIO, io.BytesIO(data)), name, len(data))


def tables(data: bytes) -> None:
    """A table is read row by row under every naming there is; and what is written comes back as it was."""
    for naming in (CommentColumns(), AccountColumns(), FORM.naming(), actor_naming(), TakedownColumns()):
        for name in ("a.csv", "a"):
            with suppress(Refusal):
                _each(file_of(data, name).rows(naming))
    list(staff_rows(file_of(data, "a.txt")))
    with suppress(Refusal):
        list(staff_rows(file_of(data, "a")))
    text = text_of(data)
    cells = [cell for cell in text.split("\n", 20)[:20] if "\r" not in cell]
    _guessed(cells)
    _written(cells)


def _guessed(cells: list[str]) -> None:
    columns = guessed(cells, [cells, cells[::-1]])
    assert len(columns) == len(cells)
    fields = [column.field for column in columns if column.field]
    assert len(fields) == len(set(fields))


def _written(cells: list[str]) -> None:
    for cell in cells:
        shown = guarded(cell)
        assert unguarded(shown) == cell or cell.startswith("'")
        assert shown[:1] not in ("=", "+", "-", "@", "\t", "\r")
    line = csv_line([cell.replace("\0", "") for cell in cells])
    assert line.endswith(b"\r\n")
    assert json_line({"cells": cells}).count(b"\n") == 1


def _each(rows: Iterator[Row]) -> None:
    for number, row in enumerate(rows):
        assert (row.values is None) != (row.error is None)
        _read(row)
        if number >= _MOST_ROWS:
            return


def objects(data: bytes) -> None:
    """Every line of JSON is an object or says what is wrong; each reader takes it or refuses it."""
    for row in file_of(data, "a.jsonl").objects():
        _read(row)
    list(staff_rows(file_of(data, "a.jsonl")))


def _read(row: Row) -> None:
    readers: tuple[Callable[[Row], Any], ...] = (read_account, read_actor, read_takedown_row, read_ad)
    for read in readers:
        with suppress(Refusal):
            _clean(read(row))
    with suppress(Refusal):
        post: PostEntry = read_post(row, FORM)
        assert post.posted_at.tzinfo is not None
        assert all(0 <= each < 1 << 63 for each in (post.reactions, post.comments, post.shares, post.views))
        _clean(post)
    reader = CommentReader(CommentForm(platform="vk", date_order=DateOrder.MONTH), FOLDER)
    for is_table in (True, False):
        if not is_table or all(isinstance(value, str) for value in (row.values or {}).values()):
            reader.read(row, is_table=is_table)


def _clean(value: object) -> None:
    """No sign in it that no database takes."""
    said = repr(value)
    assert "\\x00" not in said.replace("\\\\", "")
    assert "\\ud8" not in said.replace("\\\\", "")


def sheets(data: bytes) -> None:
    """A workbook is rows of cells or a Refusal."""
    with suppress(Refusal):
        read_cells(data, "a.xlsx")
        made = unpacked(data, SENT)
        assert made.error is None or not made.lines
        file = SheetFile(made.lines, "a.xlsx")
        assert len(file.first(5)) <= max(0, file.size - 1)
        with suppress(Refusal):
            _each(file.rows(AccountColumns()))
        with suppress(Refusal):
            _each(file.rows(FORM.naming()))


def zips(data: bytes) -> None:
    """Members of an archive are bytes within the limit or a code; their names climb nowhere."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(data)
        file.flush()
        with suppress(Refusal):
            pictures = ZipPictures(Path(file.name), MOST_MEMBER)
            with pictures:
                for place, picture in enumerate(pictures):
                    assert (picture.data is None) != (picture.error is None)
                    assert len(picture.data or b"") <= MOST_MEMBER
                    assert not {"..", "."} & set(picture.name.split("/"))
                    assert not picture.name.startswith("/")
                    assert picture.name.isprintable()
                    pictures.find(picture.name)
                    if place > 20:
                        break


def images(data: bytes) -> None:
    """A picture within its limits or a refusal; what is made of it holds pixels alone."""
    try:
        opened = open_image(data, LIMITS)
    except (ImageRefused, MemoryError):
        return
    assert opened.rgb.mode == "RGB"
    assert (opened.width, opened.height) == opened.rgb.size
    assert max(opened.rgb.size) <= max(LIMITS.long_side, LIMITS.tall_side)
    made = clean_copy(opened.rgb, 200)
    assert not any(mark in made for mark in (b"Exif", b"http://ns.adobe.com", b"Photoshop 3.0", b"ICC_PROFILE"))
