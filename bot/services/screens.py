"""Reads the screenshots that wait, and files what stands on them: comments, threats, accounts, and the card anew.

Reading takes seconds and happens while nothing is locked; what was read is filed in one transaction, which looks first
whether it is still wanted. Killed in between, the picture still waits.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import trail
from bot.analysis import AnalysisFailed, EngineMissing, ImageRefused
from bot.clock import Clock
from bot.model.newsroom import Member, Newsroom
from bot.model.screen import Reading, ReadingState, ReadScreen
from bot.model.submission import Case
from bot.services.findings import TextOutcome
from bot.services.picture_campaigns import enqueue
from bot.services.screen_findings import Checked, ScreenFindings, comment_of
from bot.services.threat_filing import file_threats
from bot.services.threat_sources import Place, in_comment
from bot.storage import cases, comments, newsrooms, screens, texts
from bot.storage.comments import NewComment
from bot.storage.filing import raise_level
from bot.storage.screens import Picture
from bot.storage.store import Store
from bot.storage.threats import NewThreat
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

log = logging.getLogger(__name__)


class CaseDesk(Protocol):
    """Who sees which case, and its card."""

    async def see(self, member: Member, submission_id: int) -> Case:
        """A case by its submission. Raises Refusal when there is none that this member may see."""

    async def refresh_card(self, conn: AsyncConnection, case: Case) -> Member | None:
        """Bring the reporter's card up to date."""


class ScreenReader(Protocol):
    """What reads a picture: bot.analysis."""

    async def screen(self, data: bytes) -> ReadScreen:
        """What stands on it. Raises EngineMissing, ImageRefused or AnalysisFailed."""


class Screens:
    """Works off the pictures that wait."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        vault: Vault,
        reader: ScreenReader,
        checks: ScreenFindings,
        cases: CaseDesk,
        newsroom_id: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._reader = reader
        self._checks = checks
        self._cases = cases
        self._newsroom_id = newsroom_id

    async def sweep(self) -> bool:
        """Read the next picture; False when none waits, or nothing can be read just now."""
        async with self._store.read() as conn:
            waiting = await screens.waiting(conn, self._newsroom_id, 1)
            newsroom = await newsrooms.get(conn, self._newsroom_id) if waiting else None
        if not waiting or newsroom is None:
            return False
        (picture,) = waiting
        with trail.along(None, case=picture.submission_id):
            return await self._work_off(picture, newsroom)

    async def _work_off(self, picture: Picture, newsroom: Newsroom) -> bool:
        reading = await self._read(picture)
        if reading is None:
            return False
        checked = None
        if reading.screen is not None:
            checked = await self._checks.check(reading.screen, picture, newsroom)
            if any(outcome.finding.failure == "text_stopped" for outcome in checked.outcomes.values()):
                return False
        async with self._store.write() as conn:
            await self._keep(conn, picture, reading.state, checked)
        return True

    async def _read(self, picture: Picture) -> Reading | None:
        """What stands on a picture, or why that is not known; None while the readers are stopped."""
        try:
            screen = await self._reader.screen(await self._vault.get(picture.sha256))
        except EngineMissing:
            return Reading(state=ReadingState.OFF)
        except AnalysisFailed as failure:
            log.warning("a screenshot could not be read: %s", failure.code)
            return None if failure.code == "stopped" else Reading(state=ReadingState.FAILED)
        except (ImageRefused, VaultMissing, VaultCorrupt) as error:
            log.warning("a screenshot could not be opened: %s", type(error).__name__)
            return Reading(state=ReadingState.FAILED)
        return Reading(state=ReadingState.DONE, screen=screen)

    async def _keep(
        self, conn: AsyncConnection, picture: Picture, state: ReadingState, checked: Checked | None
    ) -> None:
        await texts.lock(conn, self._newsroom_id)
        held = await screens.hold(conn, self._newsroom_id, picture.part_id)
        if held is None or held.reading.state is not ReadingState.WAITING:
            return
        now = self._clock()
        screen = checked.screen if checked is not None else None
        await screens.finish(conn, self._newsroom_id, picture.part_id, Reading(state=state, screen=screen), now)
        if held.is_withdrawn:
            return
        await enqueue(conn, self._newsroom_id, picture.part_id, screen)
        if checked is not None:
            await file_screen(conn, self._newsroom_id, picture, checked, self._clock)
        case = await cases.by_submission(conn, self._newsroom_id, picture.submission_id)
        if case is not None:
            await self._cases.refresh_card(conn, case)


async def file_screen(
    conn: AsyncConnection, newsroom_id: int, picture: Picture, checked: Checked, clock: Clock
) -> None:
    """What follows from checked comments and a profile: comments of the case, a threat, accounts that it relies on."""
    now, screen = clock(), checked.screen
    rows = [
        comment_of(newsroom_id, picture, screen, each, checked.outcomes[each.number])
        for each in screen.counted
        if _has_words(checked.outcomes, each.number)
    ]
    await comments.add(conn, rows, now)
    worst = max((found.threat for found in screen.findings), key=lambda threat: threat.rank, default=None)
    if worst is not None:
        await raise_level(conn, picture.submission_id, worst.level)
    await file_threats(conn, await _threats(conn, newsroom_id, picture, checked, rows), now)
    pairs = {(picture.submission_id, a.account_id) for found in screen.findings for a in found.accounts}
    await cases.rely_on(conn, newsroom_id, pairs)


async def _threats(
    conn: AsyncConnection, newsroom_id: int, picture: Picture, checked: Checked, rows: Sequence[NewComment]
) -> list[NewThreat]:
    """A threat for each comment that is one; `rows` are the comments as they are stored."""
    stored = [each for each in checked.screen.counted if _has_words(checked.outcomes, each.number)]
    place = Place(
        newsroom_id=newsroom_id,
        submission_id=picture.submission_id,
        part_id=picture.part_id,
        reporter_id=await cases.reporter_of(conn, newsroom_id, picture.submission_id),
    )
    return [
        in_comment(place, checked.screen, each, row, each.finding.threat)
        for each, row in zip(stored, rows, strict=True)
        if each.finding.threat.level == "threat"
    ]


def _has_words(outcomes: Mapping[int, TextOutcome], number: int) -> bool:
    return number in outcomes and bool(outcomes[number].words)
