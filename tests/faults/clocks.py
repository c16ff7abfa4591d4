"""The machine's clock, in a test's hands: libfaketime moves it for one process while that runs.

The monotonic clock is left alone, as no machine's administrator can move it either.
"""

import glob
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.bot_process import BotProcess

#: So long after it was moved a process may still see the old time.
SECONDS_UNTIL_SEEN: Final = 1
_HERE: Final = Path(__file__).parent / "moved_clock"
_PLACES: Final = "/usr/lib/*/faketime/libfaketimeMT.so.1"


def library() -> str | None:
    """libfaketime for programs with threads; None where it is missing."""
    return next(iter(sorted(glob.glob(_PLACES))), None)  # noqa: PTH207 - the path is absolute


@dataclass(kw_only=True)
class MovedClock:
    """What the processes in its hands take for the time of day."""

    file: Path
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        """The moment that they see."""
        return datetime.now(UTC) + self.ahead

    def move(self, by: timedelta) -> None:
        """Set it for all of them; each sees it within `SECONDS_UNTIL_SEEN`."""
        self.ahead += by
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{self.ahead.total_seconds():+.0f}", encoding="ascii")
        # Never read half.
        draft.replace(self.file)

    def to(self, moment: datetime) -> None:
        """Set it to a moment."""
        self.move(moment - self())

    def hold(self, process: BotProcess) -> None:
        """Let a bot that is started next live by it. Raises LookupError without the library."""
        found = library()
        if found is None:
            raise LookupError("libfaketime is missing")
        process.environment = _environment(process.environment, found, self.file)


def _environment(given: Mapping[str, str], found: str, file: Path) -> Mapping[str, str]:
    return dict(given) | {
        "LD_PRELOAD": found,
        "FAKETIME_TIMESTAMP_FILE": str(file),
        # Looked up at every call, the file takes a whole core.
        "FAKETIME_CACHE_DURATION": str(SECONDS_UNTIL_SEEN),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": os.pathsep.join([str(_HERE), given["PYTHONPATH"]]),
    }
