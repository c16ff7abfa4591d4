"""What somebody names on the command line: devices, pipes, folders, loops, and files that break readers.

The entries are the command line's own table of imports: a new one is attacked from the day it exists. Exit codes as
documented (0 done, 1 nothing could be taken, 2 wrong use), one line on stderr, no traceback, no waiting.
"""

import gzip
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import imports
from tests.faults.worker_forks import forked_workers
from tests.journeys.command_line import CommandLine
from tests.security import hostile_archives
from tests.stores import furnish

#: The bar is five seconds on an idle core.
MOST_SECONDS = 20.0
NOUNS = sorted(command.name for command in imports.app.registered_commands if command.name)
ENTRIES = [*(("import", noun) for noun in NOUNS), ("check", "--jsonl"), ("check", "--staff"), ("check", "--image")]

pytestmark = [pytest.mark.timeout(900)]


def _fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _loop(path: Path) -> Path:
    path.symlink_to(path.name)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


#: What is no file, or none that can be read.
DEVICES: dict[str, Callable[[Path], Path]] = {
    "endless device": lambda _: Path("/dev/zero"),
    "terminal": lambda _: Path("/dev/tty"),
    "memory": lambda _: Path("/proc/self/mem"),
    "pipe without a writer": _fifo,
    "loop": _loop,
    "folder": _folder,
    "missing": lambda path: path,
    "long name": lambda path: path.with_name("x" * 5000),
}
WAITING = ("endless device", "pipe without a writer")
#: Files that readers break on.
CONTENTS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "empty lines": lambda: b"\n" * 1_000_000,
    "columns": lambda: b",".join(b"c%d" % n for n in range(300_000)) + b"\n" + b"," * 300_000 + b"\n",
    "quote": lambda: b'platform,handle,text\nvk,"' + b"a,b\n" * 200_000,
    "one line": lambda: b"a" * 10_000_000,
    "no text": lambda: bytes(range(256)) * 400,
    "utf-16": lambda: "platform,handle,text\nvk,a,б\n".encode("utf-16"),
    "marks": lambda: b"\xef\xbb\xbf" * 3 + b"platform,handle\nvk,a\n",
    "deep": lambda: b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
    "numbers": lambda: b'{"text":"a","id":1e999,"at":NaN}\n{"text":"a","at":' + b"9" * 5000 + b"}\n",
    "days": lambda: b"link,actor,time,text\nhttps://vk.com/a,a,31.02.2026,x\nhttps://vk.com/a,a,01.01.0001,x\n",
    "bomb": lambda: gzip.compress(b"\0" * 300_000_000),
    "formulas": lambda: b"platform,handle,name\nvk,a.b,=cmd|' /C calc'!A0\n",
}


@pytest.fixture
def kalkan(tmp_path: Path) -> Iterator[CommandLine]:
    """The command line over a data folder in which nothing is kept yet; a check starts workers each time."""
    furnish(tmp_path / "data")
    with forked_workers():
        yield CommandLine(tmp_path / "data")


def attempt(kalkan: CommandLine, entry: tuple[str, ...], path: Path) -> str:
    """What is wrong with how a file was taken; "" when it was refused or read as documented."""
    began = time.monotonic()
    done = kalkan.here(*entry, path)
    spent = time.monotonic() - began
    if done.code not in (0, 1, 2):
        return f"exit code {done.code}: {done.err[-300:]}"
    if "Traceback" in done.err or "Traceback" in done.out:
        return done.err[-300:]
    return f"{spent:.1f} s" if spent > MOST_SECONDS else ""


@pytest.mark.proof
@pytest.mark.parametrize("entry", ENTRIES, ids=" ".join)
def test_what_is_no_file(kalkan: CommandLine, tmp_path: Path, entry: tuple[str, ...]) -> None:
    """Each entry with each device: refused at once."""
    wrong = {}
    # A check opens the detectors each time: it meets those that would keep it waiting.
    chosen = DEVICES if entry[0] == "import" else {name: DEVICES[name] for name in WAITING}
    for number, (name, make) in enumerate(chosen.items()):
        said = attempt(kalkan, entry, make(tmp_path / f"{number}.csv"))
        if said:
            wrong[name] = said
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("entry", ENTRIES, ids=" ".join)
def test_files_that_break_readers(kalkan: CommandLine, tmp_path: Path, entry: tuple[str, ...]) -> None:
    """Each entry with each kind of file, as a table, as lines of JSON, as a workbook."""
    wrong = {}
    for name, make in CONTENTS.items():
        for ending in ("csv", "jsonl", "xlsx"):
            path = tmp_path / f"{name}.{ending}"
            path.write_bytes(make())
            if said := attempt(kalkan, entry, path):
                wrong[path.name] = said
            path.unlink()
    for name, data in hostile_archives.workbooks(40):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        if said := attempt(kalkan, entry, path):
            wrong[path.name] = said
    assert wrong == {}
