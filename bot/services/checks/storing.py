"""Stores checked lines as submissions of their own, reported by "command line": a member who can never act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.ids import new_id
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.model.screen import Reading, ReadingState
from bot.model.submission import Incoming, Origin, OriginKind, PartKind
from bot.services.checks.answers import Answer
from bot.services.checks.comments import Kept, comment_of
from bot.services.checks.lines import CheckLine
from bot.services.checks.screens import picture_of
from bot.services.findings import ImageOutcome, TextOutcome
from bot.services.screen_findings import Checked
from bot.services.screens import file_screen
from bot.services.threat_filing import file_threats
from bot.services.threat_sources import Place, in_message
from bot.storage import cases, comments, members, photos, screens
from bot.storage.comments import NewComment
from bot.storage.filing import BurstRule, FiledPart, NewPart, file_parts
from bot.storage.photos import NewPhoto
from bot.storage.screens import NewReading
from bot.storage.store import Store
from bot.storage.threats import NewThreat
from bot.storage.vault import Vault

#: No person has this Telegram id, and a removed member has no right: the reporter of what a command stored.
TELEGRAM_ID: Final = 0
NAME: Final = "command line"
SOURCE: Final = "check"
# Every line is a submission of its own, whenever it comes.
_ALONE: Final = BurstRule(within=timedelta(0), parts=1)
_MOST_SOURCE: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A line with everything that was found of it; `data` are the bytes of its picture."""

    line: CheckLine
    answer: Answer
    text: TextOutcome
    image: ImageOutcome | None = None
    data: bytes | None = None
    #: What stands on the picture.
    screen: Checked | None = None

    @property
    def source(self) -> str:
        """What a later finding calls this line."""
        return str(self.line.id)[:_MOST_SOURCE]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Filed:
    """A line in the archive."""

    seen: Seen
    part: FiledPart


class CheckFiling:
    """Writes lines into the archive, a part of a batch in one transaction."""

    def __init__(self, store: Store, clock: Clock, vault: Vault, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._newsroom_id = newsroom_id
        self._reporter: Member | None = None

    async def store(self, lines: Sequence[Seen]) -> None:
        """Store these lines; what is searched afterwards finds them."""
        if not lines:
            return
        shas = {id(seen): (await self._vault.put(seen.data)).sha256 for seen in lines if seen.data is not None}
        async with self._store.write() as conn:
            now = self._clock()
            reporter = await self._reported_by(conn, now)
            parts = [self._part(seen, reporter, shas.get(id(seen)), now) for seen in lines]
            filed = await file_parts(conn, parts, _ALONE, now)
            by_place = {part.place: seen for part, seen in zip(parts, lines, strict=True)}
            done = [_Filed(seen=by_place[part.part.place], part=part) for part in filed]
            await self._file(conn, done, now)

    async def _file(self, conn: AsyncConnection, filed: Sequence[_Filed], now: datetime) -> None:
        # Nobody waits for a card of these: their bursts are over at once.
        await cases.settle(conn, [each.part.submission_id for each in filed])
        new_comments = [self._comment(each) for each in filed if each.seen.text.words]
        await comments.add(conn, new_comments, now)
        new_photos = [photo for each in filed if (photo := self._photo(each)) is not None]
        await photos.add(conn, new_photos, now)
        await file_threats(conn, [self._threat(each) for each in filed if _is_threat(each.seen)], now)
        for each in filed:
            if each.seen.screen is not None:
                await self._read(conn, each, each.seen.screen, now)
        named = {(each.part.submission_id, a.account_id) for each in filed for a in each.seen.answer.finding.accounts}
        await cases.rely_on(conn, self._newsroom_id, named)

    async def _read(self, conn: AsyncConnection, filed: _Filed, checked: Checked, now: datetime) -> None:
        """What stands on a screenshot, as if it had been read after the picture was filed."""
        part_id, submission_id = filed.part.id, filed.part.submission_id
        reading = NewReading(newsroom_id=self._newsroom_id, submission_id=submission_id, part_id=part_id)
        await screens.enqueue(conn, [reading], now)
        read = Reading(state=ReadingState.DONE, screen=checked.screen)
        await screens.finish(conn, self._newsroom_id, part_id, read, now)
        picture = picture_of(submission_id, part_id, now, filed.part.part.incoming.message_id)
        await file_screen(conn, self._newsroom_id, picture, checked, self._clock)

    async def _reported_by(self, conn: AsyncConnection, now: datetime) -> Member:
        if self._reporter is None:
            self._reporter = await members.by_telegram_id(conn, self._newsroom_id, TELEGRAM_ID) or await members.admit(
                conn, self._newsroom_id, TELEGRAM_ID, NAME, Role.JOURNALIST, MemberStatus.REMOVED, None, now
            )
        return self._reporter

    def _part(self, seen: Seen, reporter: Member, sha256: str | None, now: datetime) -> NewPart:
        line = seen.line
        author = line.author
        origin = Origin(kind=OriginKind.BATCH, name=author.name, handle=author.handle, post=line.post, sent_at=line.at)
        incoming = Incoming(
            chat_id=TELEGRAM_ID,
            message_id=new_id(),
            sent_at=now,
            kind=PartKind.TEXT if seen.image is None else PartKind.PHOTO,
            origin=origin,
            text=line.text,
        )
        return NewPart(
            newsroom_id=self._newsroom_id,
            member_id=reporter.id,
            incoming=incoming,
            finding=seen.answer.finding,
            sha256=sha256,
            source=SOURCE,
        )

    def _comment(self, filed: _Filed) -> NewComment:
        seen = filed.seen
        kept = Kept(
            newsroom_id=self._newsroom_id,
            source=seen.source,
            words=seen.text.words,
            key=seen.text.text_key,
            prints=seen.text.prints,
        )
        comment = comment_of(seen.line, kept)
        return replace(comment, submission_id=filed.part.submission_id, part_id=filed.part.id)

    def _photo(self, filed: _Filed) -> NewPhoto | None:
        image, sha256 = filed.seen.image, filed.part.part.sha256
        if image is None or sha256 is None:
            return None
        return NewPhoto(
            newsroom_id=self._newsroom_id,
            sha256=sha256,
            description=image.description,
            width=image.width,
            height=image.height,
            source=filed.seen.source,
            submission_id=filed.part.submission_id,
        )

    def _threat(self, filed: _Filed) -> NewThreat:
        seen, incoming = filed.seen, filed.part.part.incoming
        place = Place(
            newsroom_id=self._newsroom_id,
            submission_id=filed.part.submission_id,
            part_id=filed.part.id,
            reporter_id=filed.part.part.member_id,
        )
        return in_message(place, incoming, seen.line.author, seen.text, seen.answer.finding.threat)


def _is_threat(seen: Seen) -> bool:
    return seen.answer.finding.threat.level == "threat"
