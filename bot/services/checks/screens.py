"""What stands on a checked picture, when it is a screenshot and the engine that reads is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.analysis import AnalysisFailed, EngineMissing, ImageRefused
from bot.clock import Clock
from bot.model.newsroom import Newsroom
from bot.model.screen import ReadScreen
from bot.services.screen_findings import Checked, ScreenFindings
from bot.storage.screens import Picture

# A checked picture is no part of a submission yet: nothing stored is left out for its sake.
_NOWHERE: Final = 0


class ScreenReader(Protocol):
    """What reads a picture: bot.analysis."""

    async def screen(self, data: bytes) -> ReadScreen:
        """What stands on it. Raises EngineMissing, ImageRefused or AnalysisFailed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreenSeen:
    """A screenshot that was read and checked, or the code of why it was not."""

    checked: Checked | None = None
    error: str | None = None


class CheckScreens:
    """Reads the pictures of lines; once the engine is found missing, nothing more is asked of it."""

    def __init__(self, reader: ScreenReader, findings: ScreenFindings, newsroom: Newsroom, clock: Clock) -> None:
        self._reader = reader
        self._findings = findings
        self._newsroom = newsroom
        self._clock = clock
        self._is_off = False

    async def look(self, data: bytes, at: datetime | None) -> ScreenSeen | None:
        """What stands on a picture that was taken `at` (now, if that is not known); None when it is no screenshot."""
        if self._is_off:
            return None
        try:
            screen = await self._reader.screen(data)
        except EngineMissing:
            self._is_off = True
            return None
        except (ImageRefused, AnalysisFailed) as failure:
            return ScreenSeen(error=f"image_{failure.code}")
        if screen.kind == "none":
            return None
        picture = picture_of(_NOWHERE, _NOWHERE, at or self._clock())
        return ScreenSeen(checked=await self._findings.check(screen, picture, self._newsroom))


def picture_of(submission_id: int, part_id: int, at: datetime, message_id: int = _NOWHERE) -> Picture:
    """A checked picture as the readers of screenshots call it."""
    return Picture(
        part_id=part_id, submission_id=submission_id, chat_id=_NOWHERE, message_id=message_id, sha256="", sent_at=at
    )
