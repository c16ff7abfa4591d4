"""Finished exports that wait for Telegram: a retry sends the same bytes, those whose hash the custody log holds.

Two files each, for their owner's eyes alone: the zip, and what is said of it. The second is written when the export is
in the log; without it there is no export. They go when they are sent, or after a day.
"""

import hashlib
import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.model.evidence import HandedOver
from bot.sealing.boxes import Box

_NAME: Final = re.compile(r"[0-9a-f]{32}")
KEPT_FOR: Final = timedelta(days=1)


class EvidenceShelf:
    """A folder of finished exports, each by the name that its order carries (32 hex digits). Raises OSError.

    `folder` is where they wait, in the workshop unless it is given; with a box they lie sealed.
    """

    def __init__(self, workshop: Path, folder: Path | None = None, box: Box | None = None) -> None:
        self._workshop = workshop
        self._folder = folder or workshop / "finished"
        self._box = box

    def put(self, name: str, made: HandedOver) -> None:
        """Keep the bytes; they count from `seal` on."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write(self._path(name, "zip"), made.data)

    def seal(self, name: str, made: HandedOver) -> None:
        """Say that these bytes are in the log: from now on they are what is sent."""
        told = {key: value for key, value in asdict(made).items() if key != "data"}
        told |= {"cases": list(made.cases), "sha256": hashlib.sha256(made.data).hexdigest()}
        self._write(self._path(name, "json"), json.dumps(told).encode())

    def get(self, name: str) -> HandedOver | None:
        """A finished export; None when there is none, or its bytes are no longer those that were logged."""
        try:
            told: dict[str, Any] = json.loads(self._read(self._path(name, "json")))
            data = self._read(self._path(name, "zip"))
            if told.pop("sha256") != hashlib.sha256(data).hexdigest():
                return None
            return HandedOver(
                data=data, **{each.name: told[each.name] for each in fields(HandedOver) if each.name in told}
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def remove(self, name: str) -> None:
        """It was sent, or will not be."""
        for ending in ("json", "zip"):
            self._path(name, ending).unlink(missing_ok=True)

    def purge(self, now: datetime) -> None:
        """Remove what has lain for a day, and what a killed process left half made."""
        oldest = (now - KEPT_FOR).timestamp()
        for path in [*self._folder.glob("*"), *self._workshop.glob("export-*")]:
            with suppress(FileNotFoundError):
                if path.stat().st_mtime >= oldest:
                    continue
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _write(self, path: Path, data: bytes) -> None:
        _write(path, data if self._box is None else self._box.seal(data, path.name.encode()))

    def _read(self, path: Path) -> bytes:
        data = path.read_bytes()
        return data if self._box is None else self._box.open(data, path.name.encode())

    def _path(self, name: str, ending: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("no name of an export")
        return self._folder / f"{name}.{ending}"


def _write(path: Path, data: bytes) -> None:
    draft = path.with_suffix(f"{path.suffix}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
