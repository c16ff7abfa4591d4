"""Runs a check: reads what was given, batch by batch, and writes the answers as they come."""

import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.cli.runs.check_view import CheckView
from bot.cli.runs.desks import at_desk
from bot.cli.words import sentence
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.rows import RowFile
from bot.services.batchfiles.writing import json_line
from bot.services.checks import answers
from bot.services.checks.checker import Checker
from bot.services.checks.lines import BadLine, CheckLine, clean, read_line
from bot.services.checks.screens import CheckScreens
from bot.services.checks.storing import CheckFiling
from bot.services.imports.staff_rows import extra_staff
from bot.services.screen_findings import ScreenFindings
from bot.wiring import Desk
from detection.threats import StaffName

# Lines that are checked together: enough to keep the workers busy, few enough to be answered soon.
_BATCH: Final = 256
_ENDINGS: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif"})

Line = CheckLine | BadLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What is to be checked: texts, pictures, a file of lines ("-": stdin); and the staff of this run."""

    texts: tuple[str, ...] = ()
    images: tuple[Path, ...] = ()
    jsonl: str | None = None
    staff: Path | None = None


def run_check(given: Given, *, store: bool, as_json: bool) -> None:
    """Check everything, in order. Raises Refusal where a file cannot be opened."""
    file = _open(given.jsonl)
    folder = Path() if given.jsonl in (None, "-") else Path(given.jsonl).parent
    extra = _extra_staff(given.staff)
    first = list(_first(given))

    async def act(desk: Desk) -> None:
        filing = CheckFiling(desk.store, desk.clock, desk.vault, desk.newsroom.id) if store else None
        found_on = ScreenFindings(desk.store, desk.findings, desk.newsroom.id, extra)
        screens = CheckScreens(desk.analysis, found_on, desk.newsroom, desk.clock)
        checker = Checker(desk.findings, desk.settings.image_bytes, extra, filing, screens)
        view = CheckView()
        async for batch in _batches(first, file, folder):
            found = await checker.check(batch)
            names = {person.ref: person.names[0] for person in (*desk.knowledge.staff, *extra)}
            _write(json_line(answers.as_json(a, names)) if as_json else view.lines(a, names) for a in found)
        if store:
            await desk.campaigns.sweep_all()
        if not as_json:
            _write([view.summary()])

    try:
        at_desk(act)
    finally:
        # A thread may still wait in stdin: closing that would wait for it.
        if file is not None and given.jsonl != "-":
            file.close()


def _open(jsonl: str | None) -> RowFile | None:
    if jsonl == "-":
        # A reader of its own: the thread that waits in it may outlive the command, and holds no lock of sys.stdin.
        return RowFile(open(0, "rb", closefd=False), "-")
    return RowFile.open(Path(jsonl)) if jsonl is not None else None


def _extra_staff(path: Path | None) -> tuple[StaffName, ...]:
    if path is None:
        return ()
    names, bad = extra_staff(path)
    for row in bad:
        print(f"{path.name}, line {row.number}: {row.error}: {sentence(row.error)}", file=sys.stderr)
    return names


def _first(given: Given) -> Iterator[Line]:
    """The lines that the options make: texts "text-1"…, then pictures by the path that was given."""
    for number, text in enumerate(given.texts, start=1):
        name = f"text-{number}"
        if text.strip():
            yield CheckLine(id=name, number=number, text=clean(text))
        else:
            yield BadLine(id=name, number=number, error="empty")
    for number, image in enumerate(_files(given.images), start=1):
        yield CheckLine(id=clean(str(image)), number=number, image=image)


def _files(images: Sequence[Path]) -> Iterator[Path]:
    """The pictures that were named, and those in the folders that were, in the order of their names."""
    for image in images:
        if image.is_dir():
            yield from sorted(each for each in image.rglob("*") if each.suffix.lower() in _ENDINGS and each.is_file())
        else:
            yield image


async def _batches(first: Sequence[Line], file: RowFile | None, folder: Path) -> AsyncIterator[Sequence[Line]]:
    for start in range(0, len(first), _BATCH):
        yield first[start : start + _BATCH]
    if file is not None:
        lines = (read_line(row, folder) for row in file.objects(with_empty=True))
        async with aclosing(batches(lines, _BATCH)) as read:
            async for batch in read:
                yield batch


def _write(lines: Iterator[bytes] | Sequence[bytes]) -> None:
    sys.stdout.buffer.write(b"".join(lines))
    sys.stdout.buffer.flush()
