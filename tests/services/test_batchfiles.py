"""Files of others: rows of every kind and encoding, pictures in folders and ZIPs, and lines written back."""

import asyncio
import csv
import gzip
import io
import json
import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.services.batchfiles import pictures as pictures_module
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.encoding import encoding_of
from bot.services.batchfiles.pictures import open_pictures, read_picture
from bot.services.batchfiles.rows import MOST_BYTES, Row, RowFile, unguarded
from bot.services.batchfiles.writing import csv_line, guarded, json_line

COLUMNS = ("id", "text", "handle")


def rows_in(data: bytes, name: str = "lines.jsonl") -> list[Row]:
    """The rows of a file with these bytes."""
    return list(RowFile(io.BytesIO(data), name).rows(COLUMNS))  # type: ignore[arg-type]


# --- JSONL ---


def test_jsonl_goes_on_after_every_kind_of_broken_line() -> None:
    """Each line stands alone: what is wrong with one has a code, and the next one is read."""
    lines = [
        b'{"id": 1}',
        b"nonsense",
        b"[1]",
        b'"text"',
        b"\xff\xfe",
        b"",
        b'{"n": NaN}',
        b"[" * 100_000,
        b'{"id": 2}',
    ]
    file = RowFile(io.BytesIO(b"\n".join(lines) + b"\n"), "lines.jsonl")  # type: ignore[arg-type]
    found = list(file.objects(with_empty=True))
    assert [row.number for row in found] == list(range(1, 10))
    assert [row.error for row in found] == [
        *(None, "not_json", "not_an_object", "not_an_object", "not_utf8", "empty", "not_json", "not_json", None)
    ]


def test_jsonl_passes_over_empty_lines() -> None:
    """They are no rows, but they count: numbers lead to the line in an editor, and a reading goes on behind them."""
    data = b'\n \n{"id": 1}\n\r\n\t\n{"id": 2}\n\n'
    assert [(row.number, row.values) for row in rows_in(data)] == [(3, {"id": 1}), (6, {"id": 2})]
    file = RowFile(io.BytesIO(data), "lines.jsonl")  # type: ignore[arg-type]
    assert [row.number for row in file.objects(after=3)] == [6]
    assert file.line == 7


def test_jsonl_takes_byte_order_mark_crlf_and_no_last_newline() -> None:
    """Files come from Windows and from editors that leave out the last newline."""
    assert [row.values for row in rows_in('\ufeff{"id": "я"}\r\n{"id": 2}'.encode())] == [{"id": "я"}, {"id": 2}]


def test_line_that_is_too_long_is_passed_over() -> None:
    """A line without an end costs no memory, and the lines after it are read."""
    data = b'{"text": "' + b"a" * (2 * MOST_BYTES) + b'"}\n{"id": 2}\n'
    assert [(row.number, row.error) for row in rows_in(data)] == [(1, "line_too_long"), (2, None)]


def test_gzip_is_told_by_its_bytes_and_a_cut_one_keeps_its_beginning() -> None:
    """A packed file that ends too early gives its whole lines, then says so."""
    lines = b"".join(b'{"id": %d, "text": "%s"}\n' % (n, os.urandom(20).hex().encode()) for n in range(1000))
    assert len(rows_in(gzip.compress(lines))) == 1000
    cut = rows_in(gzip.compress(lines)[:-4000])
    assert 0 < len(cut) < 1000
    assert cut[-1].error == "file_broken"
    assert all(row.error is None for row in cut[:-1])


def test_cut_packed_table_keeps_its_beginning() -> None:
    """The rows before the damage are read, and the damage is a row of its own."""
    rows = b"".join(b"%d,%s\n" % (n, os.urandom(20).hex().encode()) for n in range(5000))
    found = rows_in(gzip.compress(b"id,text\n" + rows)[:-4000], "t.csv.gz")
    assert 0 < len(found) < 5000
    assert found[-1].error == "file_broken"


def test_table_from_a_pipe_is_refused() -> None:
    """A table is read twice, once to know its encoding; a pipe gives it once."""
    reading, writing = os.pipe()
    os.write(writing, b"id,text\n1,a\n")
    os.close(writing)
    with os.fdopen(reading, "rb") as file, pytest.raises(Refusal, match="file_unreadable"):
        list(RowFile(file, "t.csv").rows(COLUMNS))


@given(st.binary(max_size=400))
def test_any_bytes_are_rows(data: bytes) -> None:
    """Whatever a file holds, reading it gives rows or a refusal, never another error."""
    for name in ("x.jsonl", "x.csv", "x"):
        try:
            found = rows_in(data, name)
        except Refusal:
            continue
        assert all((row.values is None) != (row.error is None) for row in found)


# --- CSV ---


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_any_usual_separator(separator: str) -> None:
    """Spreadsheets here part cells by semicolons; names of columns come in any case and order."""
    data = separator.join(["Text", " ID ", "extra"]) + "\n" + separator.join(['"a, b; c"', "7", "x"]) + "\n"
    assert [dict(row.values or {}) for row in rows_in(data.encode(), "t.csv")] == [
        {"text": "a, b; c", "id": "7", "extra": "x"}
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_csv_in_every_usual_encoding(encoding: str) -> None:
    """A table saved by a Russian spreadsheet reads like any other."""
    text = "id,text\n1,«Скоро люди придут» — так сказал он\n2,Ёлка и подъезд №5\n"
    found = rows_in(text.encode(encoding), "t.csv")
    assert [dict(row.values or {})["text"] for row in found] == [
        "«Скоро люди придут» — так сказал он",
        "Ёлка и подъезд №5",
    ]


def test_broken_row_of_utf8_table_is_refused_alone() -> None:
    """One damaged row does not turn a whole table into another alphabet."""
    data = "id,text\n1,добрый день всем\n2,".encode() + b"\xd0\xd0\xff" + "\n3,Привет из Оша\n".encode()
    assert [(row.number, row.error) for row in rows_in(data, "t.csv")] == [(2, None), (3, "not_utf8"), (4, None)]
    assert encoding_of([data]) == "utf-8-sig"


def test_csv_counts_lines_of_the_file() -> None:
    """Row numbers lead to the line in an editor, also after a cell of several lines and an empty line."""
    data = b'id,text\n1,"one\ntwo"\n\n2,three\n'
    assert [row.number for row in rows_in(data, "t.csv")] == [2, 5]


def test_quote_that_is_never_closed_costs_its_row_only_so_much() -> None:
    """An open quote swallows no more than a cell may hold; the reading goes on."""
    data = b'id,text\n1,"open\n' + b"2,fine\n" * 60_000
    found = rows_in(data, "t.csv")
    assert found[0].error == "row_broken"
    assert found[-1].values == {"id": "2", "text": "fine"}


def test_table_without_known_columns_is_refused() -> None:
    """A list whose first line is data already would lose it silently."""
    with pytest.raises(Refusal, match="file_header"):
        rows_in(b"1,hello\n2,world\n", "t.csv")


def test_kind_is_told_by_the_first_character_when_the_name_does_not() -> None:
    """A pipe has no name: an object is JSON, anything else a table."""
    assert rows_in(b' {"id": 1}', "-")[0].values == {"id": 1}
    assert rows_in(b"id,text\n1,a\n", "-")[0].values == {"id": "1", "text": "a"}


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_file_that_cannot_be_opened_is_refused(kind: str, tmp_path: Path) -> None:
    """A wrong path is the person's to put right."""
    with pytest.raises(Refusal):
        RowFile.open(tmp_path / "no" if kind == "missing" else tmp_path)


# --- writing ---

FORMULAS = ["=1+1", "+7 700", "-2", "@SUM(A1)", "\tx", "\rx", "＝1", "＠a", "  =1", "'=1", '"+1', "\u00a0=1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_formulas_are_guarded(cell: str) -> None:
    """No cell of an export is run by a spreadsheet, however it is dressed up."""
    assert guarded(cell) == f"'{cell}"


@given(st.text())
def test_guard_comes_off_again(cell: str) -> None:
    """What is exported and imported again is the same text."""
    assert unguarded(guarded(cell)) == cell


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_csv_line_is_one_row(cells: list[str]) -> None:
    """Whatever the cells hold, a row is read back as that row."""
    readable = [cell.encode("utf-8", "replace").decode() for cell in cells]
    line = csv_line(readable).decode()
    assert [list(map(unguarded, row)) for row in csv.reader(io.StringIO(line, newline=""))] == [readable]


@given(st.text() | st.characters(categories=["Cs", "Zl", "Zp", "Cc"]))
def test_json_line_is_one_line(text: str) -> None:
    """No text breaks a line in two, for any reader; nor does half a surrogate pair stop it."""
    data = json_line({"text": text})
    assert len(data.decode().splitlines()) == 1
    assert json.loads(data) == {"text": text}


# --- pictures ---


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    """A ZIP with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_folder_and_zip_call_pictures_alike(tmp_path: Path) -> None:
    """A file is called by its name within the collection, however that is packed; litter is passed over."""
    folder = tmp_path / "photos"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.jpg", "sub/b.jpg", ".DS_Store", "Thumbs.db"):
        (folder / name).write_bytes(b"x")
    names = ["a.jpg", "sub/b.jpg", "__MACOSX/._a.jpg"]
    archive = make_zip(tmp_path / "p.zip", {f"photos/{name}": b"x" for name in names})
    assert open_pictures(folder, 10).names == ["a.jpg", "sub/b.jpg"]
    with open_pictures(archive, 10) as pictures:
        assert pictures.names == ["a.jpg", "sub/b.jpg"]
        found = pictures.find("b.jpg")
        assert found is not None
        assert found.data == b"x"


def test_member_names_are_never_paths(tmp_path: Path) -> None:
    """A member that calls itself a path outside is read into memory, and nothing is written anywhere."""
    archive = make_zip(
        tmp_path / "p.zip", {"../../evil.jpg": b"1", "/etc/passwd": b"2", "..\\win.jpg": b"3", "a\n": b"4"}
    )
    before = sorted(tmp_path.parent.rglob("*"))
    with open_pictures(archive, 10) as pictures:
        assert [file.data for file in pictures] == [b"1", b"2", b"3", b"4"]
        assert pictures.names == ["evil.jpg", "etc/passwd", "win.jpg", "a\ufffd"]
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_zip_bomb_is_stopped_at_the_limit(tmp_path: Path) -> None:
    """A member is unpacked to the largest picture that is taken and no further."""
    archive = make_zip(tmp_path / "p.zip", {"bomb.jpg": bytes(200_000_000), "fine.jpg": b"x"})
    begin = time.monotonic()
    with open_pictures(archive, 1_000_000) as pictures:
        assert [file.error for file in pictures] == ["image_too_many_bytes", None]
    assert time.monotonic() - begin < 5


def test_all_members_together_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small bombs are one large one."""
    monkeypatch.setattr(pictures_module, "MOST_UNPACKED", 2_500)
    archive = make_zip(tmp_path / "p.zip", {f"{n}.jpg": bytes(1000) for n in range(6)})
    with open_pictures(archive, 2_000) as pictures:
        assert [file.error for file in pictures] == [None, None, None, "zip_total", "zip_total", "zip_total"]


def test_encrypted_rare_and_damaged_members_are_reported(tmp_path: Path) -> None:
    """What cannot be unpacked safely is said by name; the others are read."""
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", b"aaaaaaaa")
        archive.writestr("b.jpg", b"b", zipfile.ZIP_LZMA)
        archive.writestr("c.jpg", b"cccccccc")
        archive.writestr("d.jpg", b"fine")
    data = bytearray(path.read_bytes())
    data[data.index(b"aaaaaaaa")] ^= 1
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"c.jpg"))
    data[entry + 8] |= 1
    path.write_bytes(data)
    with open_pictures(path, 100) as pictures:
        assert [file.error for file in pictures] == ["zip_member_broken", "zip_method", "zip_encrypted", None]


@given(st.binary(max_size=200), st.integers(0, 400))
def test_damaged_zip_is_refused_or_read(noise: bytes, at: int) -> None:
    """Bytes changed anywhere in a ZIP end in a refusal or a code, never in another error."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", b"a" * 100)
        archive.writestr("b.jpg", b"b" * 100)
    data = bytearray(buffer.getvalue())
    data[at : at + len(noise)] = noise
    path = Path("damaged.zip")
    path.write_bytes(data)
    try:
        with open_pictures(path, 1000) as pictures:
            assert all((file.data is None) != (file.error is None) for file in pictures)
    except Refusal:
        pass


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    """A wrong file is the person's to put right."""
    (tmp_path / "x.zip").write_bytes(b"no zip")
    for path in (tmp_path / "x.zip", tmp_path / "missing"):
        with pytest.raises(Refusal):
            open_pictures(path, 10)


def test_picture_is_read_from_plain_files_only(tmp_path: Path) -> None:
    """A pipe or a device in a list would hang the run or never end."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, code in ((pipe, "unreadable"), (Path("/dev/zero"), "unreadable"), (tmp_path, "unreadable")):
        with pytest.raises(Refusal, match=f"image_{code}"):
            read_picture(path, 10)
    with pytest.raises(Refusal, match="image_missing"):
        read_picture(tmp_path / "no.jpg", 10)
    with pytest.raises(Refusal, match="image_unreadable"):
        read_picture(Path("a\0b"), 10)


def test_ambiguous_picture_name_finds_nothing(tmp_path: Path) -> None:
    """A wrong photo on an account is worse than none."""
    archive = make_zip(tmp_path / "p.zip", {"x/a.jpg": b"1", "y/a.jpg": b"2"})
    with open_pictures(archive, 10) as pictures:
        assert pictures.find("a.jpg") is None
        found = pictures.find("y/a.jpg")
        assert found is not None
        assert found.data == b"2"


# --- reading ahead ---


async def test_batches_keep_order_and_size() -> None:
    """Nothing is lost or turned round between the thread and the loop."""
    found = [batch async for batch in batches(range(1000), 64)]
    assert [n for batch in found for n in batch] == list(range(1000))
    assert max(map(len, found)) <= 64


async def test_error_of_reading_comes_after_what_was_read() -> None:
    """The rows before a damaged place are not lost."""

    def items() -> Iterator[int]:
        yield 1
        raise Refusal("file_broken")

    taken: list[int] = []

    async def take() -> None:
        async for batch in batches(items(), 10):
            taken.extend(batch)

    with pytest.raises(Refusal, match="file_broken"):
        await take()
    assert taken == [1]


async def test_what_is_there_is_not_held_back() -> None:
    """A program that writes one line and waits gets its answer before it writes the next."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as file, os.fdopen(writing, "wb", buffering=0) as pipe:
        async with aclosing(batches(RowFile(file, "-").objects(), 256)) as read:
            for number in range(3):
                pipe.write(b'{"id": %d}\n' % number)
                batch = await asyncio.wait_for(anext(read), 5)
                assert [row.values for row in batch] == [{"id": number}]
            pipe.close()
            assert [batch async for batch in read] == []
