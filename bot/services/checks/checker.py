"""Checks lines batch by batch, with or without storing them, in their own order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.analysis import AnalysisFailed, ImageRefused
from bot.errors import Refusal
from bot.model.verdict import Finding, combine
from bot.services.batchfiles.pictures import read_picture
from bot.services.checks.answers import Answer
from bot.services.checks.lines import BadLine, CheckLine
from bot.services.checks.neighbours import later_of, segments
from bot.services.checks.screens import CheckScreens, ScreenSeen
from bot.services.checks.storing import CheckFiling, Seen
from bot.services.findings import Findings, ImageOutcome, TextOutcome, TextQuery
from detection.threats import StaffName

# Pictures held in memory at once: reading the next one while the workers look at those before.
_PICTURES: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class _Picture:
    """A picture that was looked at: what was found, or why there is nothing."""

    outcome: ImageOutcome | None = None
    data: bytes | None = None
    screen: ScreenSeen | None = None
    error: str | None = None


class Checker:
    """Answers lines. With `filing` each line is also stored, after it was compared: later lines find it."""

    def __init__(
        self,
        findings: Findings,
        most_bytes: int,
        extra_staff: tuple[StaffName, ...] = (),
        filing: CheckFiling | None = None,
        screens: CheckScreens | None = None,
    ) -> None:
        self._findings = findings
        self._most_bytes = most_bytes
        self._extra_staff = extra_staff
        self._filing = filing
        self._screens = screens
        self._pictures = asyncio.Semaphore(_PICTURES)

    async def check(self, batch: Sequence[CheckLine | BadLine]) -> list[Answer]:
        """One answer a line, in the order of the lines."""
        lines = [line for line in batch if isinstance(line, CheckLine)]
        good = iter(await (self._read(lines) if self._filing is None else self._read_and_file(lines, self._filing)))
        return [Answer(id=line.id, error=line.error) if isinstance(line, BadLine) else next(good) for line in batch]

    async def _read(self, lines: Sequence[CheckLine]) -> list[Answer]:
        texts, pictures = await asyncio.gather(
            self._texts(lines), asyncio.gather(*(self._look(line) for line in lines))
        )
        return [_answer(*each) for each in zip(lines, texts, pictures, strict=True)]

    async def _read_and_file(self, lines: Sequence[CheckLine], filing: CheckFiling) -> list[Answer]:
        texts = await self._texts(lines)
        near = await asyncio.to_thread(later_of, [text.words for text in texts])
        answers: list[Answer] = []
        # Whether comments of a screenshot were stored: whatever comes after them may be their copy.
        was_read = False
        for places in segments(near, [line.image is not None for line in lines], alone=self._screens is not None):
            # Lines like one before them in this batch are read again, now that it is stored.
            again = [place for place in places if near[place] or was_read]
            for place, text in zip(again, await self._texts([lines[p] for p in again]), strict=True):
                texts[place] = text
            seen = [await self._seen(lines[place], texts[place]) for place in places]
            await filing.store([each for each in seen if each.answer.error is None])
            was_read = was_read or any(each.screen is not None for each in seen)
            answers += [each.answer for each in seen]
        return answers

    async def _seen(self, line: CheckLine, text: TextOutcome) -> Seen:
        picture = await self._look(line)
        answer = _answer(line, text, picture)
        screen = picture.screen.checked if picture.screen is not None else None
        return Seen(line=line, answer=answer, text=text, image=picture.outcome, data=picture.data, screen=screen)

    async def _texts(self, lines: Sequence[CheckLine]) -> list[TextOutcome]:
        if not lines:
            return []
        queries = [TextQuery(text=line.text, author=line.author) for line in lines]
        return await self._findings.texts(queries, self._extra_staff)

    async def _look(self, line: CheckLine) -> _Picture:
        if line.image is None:
            return _Picture()
        async with self._pictures:
            try:
                data = await asyncio.to_thread(read_picture, line.image, self._most_bytes)
                outcome = await self._findings.image(data)
                screen = await self._screens.look(data, line.at) if self._screens is not None else None
            except Refusal as refusal:
                return _Picture(error=refusal.code)
            except (ImageRefused, AnalysisFailed) as failure:
                return _Picture(error=f"image_{failure.code}")
            return _Picture(outcome=outcome, data=data if self._filing is not None else None, screen=screen)


def _answer(line: CheckLine, text: TextOutcome, picture: _Picture) -> Answer:
    error = picture.error or text.finding.failure
    if error is not None:
        return Answer(id=line.id, error=error)
    if picture.screen is None:
        return Answer(id=line.id, finding=_joined(text.finding, picture.outcome, ()))
    checked = picture.screen.checked
    read = checked.screen if checked is not None else None
    finding = _joined(text.finding, picture.outcome, read.findings if read is not None else ())
    return Answer(id=line.id, finding=finding, screen=read, screen_error=picture.screen.error)


def _joined(words: Finding, picture: ImageOutcome | None, read: Sequence[Finding]) -> Finding:
    """What was found of a line: of its picture the photos, of all the accounts and the worst threat."""
    if picture is None:
        return words
    both = combine([words, picture.finding, *read])
    threat = words.threat
    if both.threat.rank > threat.rank:
        # Its words stand on the picture: what they are is said there, sign by sign.
        threat = replace(both.threat, spans=())
    return replace(words, photos=both.photos, accounts=both.accounts, threat=threat)
