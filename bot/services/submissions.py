"""A member forwards something: it is kept, read, compared, and filed with its card in one transaction.

Pictures are filed at once and read afterwards, so that the card begins with the first message; whatever happens then,
the message is in the archive and its update in the inbox.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import trail
from bot.analysis import AnalysisFailed, ImageRefused
from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.model.submission import Incoming, IncomingFile, Origin, OriginKind, PartKind
from bot.model.verdict import Finding, ThreatFound
from bot.services import custody_events, notices
from bot.services.findings import Author, Findings, ImageOutcome, TextOutcome, TextQuery, author_key
from bot.services.stage import Stage
from bot.services.threat_filing import file_threats
from bot.services.threat_sources import Place, in_message
from bot.storage import cases, comments, custody, newsrooms, outbox, photos, screens
from bot.storage.after_commit import after_commit
from bot.storage.comments import NewComment
from bot.storage.filing import BurstRule, FiledPart, NewPart, file_parts
from bot.storage.photos import NewPhoto
from bot.storage.screens import NewReading
from bot.storage.store import Store
from bot.storage.threats import NewThreat
from bot.storage.vault import Vault
from bot.trail import Milestone, Trail

log = logging.getLogger(__name__)

_MEGABYTE = 1_000_000

Fetch = Callable[[IncomingFile], Awaitable[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class IntakeLimits:
    """What one member may send: burst length and size, bytes of a picture."""

    burst_seconds: float
    burst_parts: int
    image_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Filing:
    """One message on its way into the archive, with what was found of it."""

    member: Member
    part: NewPart
    text: TextOutcome | None = None
    image: ImageOutcome | None = None
    #: Of the update that brought it.
    trail: Trail | None = field(default_factory=trail.current)


class Submissions:
    """Takes what members send."""

    def __init__(self, store: Store, clock: Clock, vault: Vault, findings: Findings, limits: IntakeLimits) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._findings = findings
        self._limits = limits

    async def submit(self, stage: Stage, member: Member, incoming: Incoming, fetch: Fetch) -> None:
        """File one message. `fetch` brings the bytes of its file, and may raise Outage or Refusal."""
        if incoming.kind in (PartKind.PHOTO, PartKind.DOCUMENT):
            await self._begin(member, incoming)
            filing = await self._read_picture(member, incoming, fetch)
        else:
            filing = await self._read_words(member, incoming)
        stage.stage(self.file, filing)

    async def file(self, conn: AsyncConnection, filings: list[_Filing]) -> None:
        """The step of the transaction: parts, comments, photos, threats and cards of a whole batch."""
        now = self._clock()
        by_place = {filing.part.place: filing for filing in filings}
        rule = await self._rule(conn, filings[0].member.newsroom_id)
        filed = await file_parts(conn, [filing.part for filing in filings], rule, now)
        after_commit(conn, partial(_tell_filed, filed, by_place))
        done = [(part, by_place[part.part.place]) for part in filed if part.is_complete]
        new_comments = [c for part, filing in done if (c := _comment(part, filing)) is not None]
        await comments.add(conn, new_comments, now)
        await photos.add(conn, [p for part, filing in done if (p := _photo(part, filing))], now)
        await screens.enqueue(conn, [r for part, filing in done if (r := _reading(part, filing))], now)
        await file_threats(conn, [t for part, filing in done if (t := _threat(part, filing)) is not None], now)
        for newsroom_id, pairs in _reliance(part for part, _ in done).items():
            await cases.rely_on(conn, newsroom_id, pairs)
        await custody.put(conn, custody_events.of_filed(filed, now))
        await outbox.put(conn, _notices(filed, by_place), now)

    async def _begin(self, member: Member, incoming: Incoming) -> None:
        filing = _Filing(member=member, part=_part(member, incoming, None))
        async with self._store.write() as conn:
            await self.file(conn, [filing])

    async def _read_words(self, member: Member, incoming: Incoming) -> _Filing:
        outcome = None
        finding = Finding(failure="unsupported") if incoming.kind is PartKind.UNSUPPORTED else Finding()
        if incoming.text:
            outcome = await self._findings.text(text_query(incoming))
            is_own = incoming.origin.kind is OriginKind.TYPED
            said = own_words(outcome.finding) if is_own else outcome.finding
            finding = replace(said, failure=finding.failure or said.failure)
        return _Filing(member=member, part=_part(member, incoming, finding), text=outcome)

    async def _read_picture(self, member: Member, incoming: Incoming, fetch: Fetch) -> _Filing:
        words = await self._read_words(member, replace(incoming, kind=PartKind.TEXT)) if incoming.text else None
        said = words.part.finding if words and words.part.finding else Finding()
        try:
            data = await self._fetched(member, incoming, fetch)
        except Refusal as refusal:
            finding = replace(said, failure=refusal.code)
            return _Filing(member=member, part=_part(member, incoming, finding), text=words.text if words else None)
        digest = await self._vault.put(data)
        image, seen = await self._look(data)
        part = _part(member, incoming, _with_picture(said, seen), digest.sha256)
        return _Filing(member=member, part=part, text=words.text if words else None, image=image)

    async def _fetched(self, member: Member, incoming: Incoming, fetch: Fetch) -> bytes:
        if incoming.file is None:
            raise Refusal("image_missing")
        # A size that Telegram does not tell is fetched: the Bot API itself hands out no more than its 20 MB.
        if incoming.file.size is not None and incoming.file.size > await self._most_bytes(member.newsroom_id):
            raise Refusal("image_too_many_bytes")
        self._vault.admit(0)
        return await fetch(incoming.file)

    async def _rule(self, conn: AsyncConnection, newsroom_id: int) -> BurstRule:
        seconds = await newsrooms.limit(conn, newsroom_id, "burst_seconds", self._limits.burst_seconds)
        return BurstRule(within=timedelta(seconds=seconds), parts=self._limits.burst_parts)

    async def _most_bytes(self, newsroom_id: int) -> float:
        async with self._store.read() as conn:
            megabytes = await newsrooms.limit(conn, newsroom_id, "image_mb", self._limits.image_bytes / _MEGABYTE)
        return min(megabytes * _MEGABYTE, self._limits.image_bytes)

    async def _look(self, data: bytes) -> tuple[ImageOutcome | None, Finding]:
        try:
            outcome = await self._findings.image(data)
        except ImageRefused as refusal:
            return None, Finding(failure=f"image_{refusal.code}")
        except AnalysisFailed as failure:
            return None, Finding(failure=f"image_{failure.code}")
        return outcome, outcome.finding


def text_query(incoming: Incoming, skip: int | None = None) -> TextQuery:
    """What is asked about the words of a message: who wrote them comes from where it was forwarded."""
    said_at = incoming.origin.sent_at
    return TextQuery(text=incoming.text, urls=incoming.urls, author=author_of(incoming), skip=skip, said_at=said_at)


def author_of(incoming: Incoming) -> Author:
    """Who wrote a forwarded message."""
    return author_of_origin(incoming.origin)


def author_of_origin(origin: Origin) -> Author:
    """Who wrote what was forwarded; a hidden author is a name and nothing more."""
    if origin.kind in (OriginKind.USER, OriginKind.CHAT, OriginKind.CHANNEL):
        number = str(origin.telegram_id) if origin.telegram_id is not None else None
        return Author(platform="telegram", handle=origin.handle, numeric_id=number, name=origin.name)
    if origin.kind is OriginKind.HIDDEN_USER:
        return Author(name=origin.name)
    return Author()


def own_words(finding: Finding) -> Finding:
    """What counts of the member's own words: the links and the accounts that they name, nothing that judges them."""
    return Finding(links=finding.links, accounts=finding.accounts, failure=finding.failure)


def _with_picture(words: Finding, picture: Finding) -> Finding:
    return replace(
        words,
        photos=picture.photos,
        accounts=(*words.accounts, *picture.accounts),
        failure=picture.failure or words.failure,
        remark=picture.remark,
    )


def _part(member: Member, incoming: Incoming, finding: Finding | None, sha256: str | None = None) -> NewPart:
    return NewPart(
        newsroom_id=member.newsroom_id, member_id=member.id, incoming=incoming, finding=finding, sha256=sha256
    )


def _comment(filed: FiledPart, filing: _Filing) -> NewComment | None:
    incoming = filed.part.incoming
    if filing.text is None or incoming.origin.kind is OriginKind.TYPED or not filing.text.words:
        return None
    return comment_of(filed.part.newsroom_id, filed.submission_id, filed.id, incoming, filing.text)


def comment_of(
    newsroom_id: int, submission_id: int, part_id: int, incoming: Incoming, outcome: TextOutcome
) -> NewComment:
    """The comment that a forwarded message holds."""
    author = author_of(incoming)
    return NewComment(
        newsroom_id=newsroom_id,
        text=incoming.text,
        words=outcome.words,
        text_key=outcome.text_key,
        prints=outcome.prints,
        source=f"telegram:{incoming.chat_id}:{incoming.message_id}",
        submission_id=submission_id,
        part_id=part_id,
        platform=author.platform,
        handle=author.handle,
        author=author.name,
        author_key=author_key(author),
        post=incoming.origin.post,
        posted_at=incoming.origin.sent_at,
    )


def _photo(filed: FiledPart, filing: _Filing) -> NewPhoto | None:
    image, part = filing.image, filed.part
    if image is None or part.sha256 is None:
        return None
    return NewPhoto(
        newsroom_id=part.newsroom_id,
        sha256=part.sha256,
        description=image.description,
        width=image.width,
        height=image.height,
        source=f"telegram:{part.incoming.chat_id}:{part.incoming.message_id}",
        submission_id=filed.submission_id,
    )


def _reading(filed: FiledPart, filing: _Filing) -> NewReading | None:
    """Any picture that could be opened may be a screenshot: it waits to be read."""
    if filing.image is None or filed.part.sha256 is None:
        return None
    return NewReading(newsroom_id=filed.part.newsroom_id, submission_id=filed.submission_id, part_id=filed.id)


def _threat(filed: FiledPart, filing: _Filing) -> NewThreat | None:
    threat = filed.part.finding.threat if filed.part.finding else ThreatFound()
    if threat.level != "threat":
        return None
    place = Place(
        newsroom_id=filed.part.newsroom_id,
        submission_id=filed.submission_id,
        part_id=filed.id,
        reporter_id=filing.member.id,
    )
    return in_message(place, filed.part.incoming, author_of(filed.part.incoming), filing.text, threat)


def _reliance(filed: Iterable[FiledPart]) -> dict[int, set[tuple[int, int]]]:
    pairs: dict[int, set[tuple[int, int]]] = {}
    for part in filed:
        for found in part.part.finding.accounts if part.part.finding else ():
            pairs.setdefault(part.part.newsroom_id, set()).add((part.submission_id, found.account_id))
    return pairs


def _notices(filed: Sequence[FiledPart], by_place: dict[tuple[int, int, int], _Filing]) -> list[Outgoing]:
    sent: dict[str | None, Outgoing] = {}
    for part in filed:
        member, incoming = by_place[part.part.place].member, part.part.incoming
        card = notices.submission_card(member, part.submission_id)
        sent[card.key] = card
        # In a group everybody would see the reaction, strangers too: there the card in private is the answer.
        if part.is_first and incoming.chat_id == member.telegram_id:
            seen = notices.reaction(member, part.submission_id, incoming.chat_id, incoming.message_id)
            sent[seen.key] = seen
    return list(sent.values())


def _tell_filed(filed: Sequence[FiledPart], by_place: dict[tuple[int, int, int], _Filing]) -> None:
    """The one line that every update leaves which became part of a case: with it all others are found."""
    for part in filed:
        followed = by_place[part.part.place].trail or Trail(known={})
        followed.known |= {"case": part.submission_id, **trail.numbered(part.number)}
        if not part.is_new:
            trail.say(log, Milestone.FILED, followed)
        elif log.isEnabledFor(logging.INFO):
            with trail.along(followed, stage=Milestone.FILED.value):
                facts = {"newsroom": part.part.newsroom_id, **followed.times()}
                log.info("%s", Milestone.FILED.value, extra=facts)
