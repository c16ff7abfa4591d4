"""What is known of a text or a picture: the detectors' answers joined with what the newsroom has stored."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import trail
from bot.analysis import Analysis, TextFailure, TextFinding, TextJob
from bot.model.account import Account
from bot.model.photo import PhotoFacts
from bot.model.verdict import (
    AccountFound,
    Finding,
    LinkFound,
    SpanFound,
    TargetFound,
    ThreatFound,
)
from bot.model.viewer import Viewer
from bot.services.batching import Batched
from bot.services.copy_finding import CopyFinder, CopyQuestion
from bot.services.knowledge import Knowledge
from bot.services.photo_finding import photo_found
from bot.services.photo_vouching import doubtful
from bot.services.texts import TextIndex
from bot.storage import accounts, photo_descriptions, photo_owners, photo_rulings, photos
from bot.storage.copies import Skip
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store
from bot.trail import Milestone
from detection.accounts.links import Link, Platform
from detection.accounts.matching import AccountMatch, AccountQuery
from detection.accounts.names import handle_key
from detection.image.findings import PhotoFinding
from detection.text.normalise import key
from detection.threats import StaffName, ThreatFinding

log = logging.getLogger(__name__)

_MOST_PHOTOS = 10
# So many are looked at, since of some a person said that they are not the same.
_MOST_CANDIDATES = 50
_MOST_ACCOUNTS = 10
_BATCH = 256
# While one batch is compared with what is stored, the next is read by the detectors.
_LANES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who wrote a text, as far as it is known."""

    platform: str | None = None
    handle: str | None = None
    numeric_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TextQuery:
    """A text to be checked.

    `urls` are addresses hidden behind its words, `skip` a submission that does not count. With `said_at` the text is a
    known comment of its author: the same comment, forwarded by somebody else, is no copy of itself.
    """

    text: str
    urls: tuple[str, ...] = ()
    author: Author = Author()
    skip: int | None = None
    said_at: datetime | None = None

    def skip_of(self) -> Skip:
        """What does not count: it is what is asked about."""
        author = author_key(self.author)
        said = (author, self.said_at) if author is not None and self.said_at is not None else None
        return Skip(submission_id=self.skip, comment=said)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextOutcome:
    """What was found of a text, and the forms by which it will be found again."""

    finding: Finding
    words: str = ""
    text_key: int = 0
    prints: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageOutcome:
    """What was found of a picture, and that by which it will be found again."""

    finding: Finding
    description: bytes
    width: int
    height: int


class Findings:
    """The joint answer of the laboratory and the archive."""

    def __init__(
        self, store: Store, analysis: Analysis, knowledge: Knowledge, index: TextIndex, newsroom_id: int
    ) -> None:
        self._store = store
        self._copy_finder = CopyFinder(store, index, newsroom_id)
        self._analysis = analysis
        self._knowledge = knowledge
        self._newsroom_id = newsroom_id
        self._texts: Batched[TextQuery, TextOutcome] = Batched(self.texts, _BATCH, _LANES)

    async def text(self, query: TextQuery) -> TextOutcome:
        """Check one text; texts that come together are checked together."""
        outcome = await self._texts.ask(query)
        trail.reach(log, Milestone.ANALYSED, task="text")
        return outcome

    async def texts(self, queries: Sequence[TextQuery], extra_staff: tuple[StaffName, ...] = ()) -> list[TextOutcome]:
        """Check many texts; one that cannot be read yields a finding with its failure.

        `extra_staff` counts beside the newsroom's own list, for these texts only.
        """
        await self._knowledge.refresh()
        staff = self._knowledge.staff + extra_staff
        words, model = self._knowledge.threat_words, self._knowledge.threat_model
        results = await self._analysis.texts(
            [TextJob(text=q.text, urls=q.urls, staff=staff, words=words, model=model) for q in queries]
        )
        read = [(n, r) for n, r in enumerate(results) if isinstance(r, TextFinding)]
        copies = await self._copies([r for _, r in read], [queries[n] for n, _ in read])
        listed = await self._accounts([_account_query(queries[n].author, r.links) for n, r in read])
        outcomes: list[TextOutcome | None] = [None] * len(queries)
        for (n, result), copied, found in zip(read, copies, listed, strict=True):
            outcomes[n] = _outcome(result, copied, found)
        return [outcome or _failed(result) for outcome, result in zip(outcomes, results, strict=True)]

    async def image(self, data: bytes) -> ImageOutcome:
        """Check one picture. Raises ImageRefused or AnalysisFailed."""
        await self._knowledge.refresh()
        read = await self._analysis.image(data)
        await self._knowledge.photos.refresh()
        matches = (await self._knowledge.photos.search(read.description))[:_MOST_CANDIDATES]
        found = await self._photos(matches, hashlib.sha256(data).hexdigest())
        found = replace(found, remark="image_moves" if read.moves else None)
        return ImageOutcome(finding=found, description=read.packed, width=read.width, height=read.height)

    async def _copies(self, read: Sequence[TextFinding], queries: Sequence[TextQuery]) -> list[Finding]:
        asked = [
            CopyQuestion(words=r.normalised.words, text_key=key(r.normalised.skeleton) if r.normalised.skeleton else 0)
            for r in read
        ]
        found = await self._copy_finder.find(asked, [query.skip_of() for query in queries])
        return [
            Finding(
                copies=each.examples,
                copy_count=each.count.times,
                copy_accounts=each.count.accounts,
                copy_fakes=each.count.fakes,
                copies_since=each.count.since,
                copy_first_account=each.count.first_account,
                copy_first_post=each.count.first_post,
                campaign=each.campaign,
            )
            for each in found
        ]

    async def _accounts(self, queries: Sequence[AccountQuery]) -> list[tuple[AccountFound, ...]]:
        if not any(q.handle or q.numeric_id or q.name or q.links for q in queries):
            return [()] * len(queries)
        matches = await self._knowledge.accounts(queries)
        ids = {match.ref for found in matches for match in found[:_MOST_ACCOUNTS]}
        known = await self._load_accounts(ids)
        return [_accounts_found(found[:_MOST_ACCOUNTS], known) for found in matches]

    async def _photos(self, matches: Sequence[PhotoFinding], sha256: str) -> Finding:
        # What is found is kept with a case that anybody may read.
        with looking_as(Viewer(newsroom_id=self._newsroom_id)):
            async with self._store.read() as conn:
                known = await self._known(conn, matches, sha256)
                owners = await photo_owners.of_pictures(conn, self._newsroom_id, {facts.sha256 for _, facts in known})
        used_by = await self._load_accounts({f.account_id for _, f in known if f.account_id is not None})
        async with self._store.read() as conn:
            alone = await doubtful(conn, self._newsroom_id, used_by.keys()) if used_by else frozenset[int]()
        return Finding(
            photos=tuple(photo_found(match, facts, used_by, owners.get(facts.sha256)) for match, facts in known),
            accounts=tuple(
                _used_by(match, used_by[i], sure=f.id not in alone)
                for match, f in known
                if (i := f.account_id) in used_by
            ),
        )

    async def _known(
        self, conn: AsyncConnection, matches: Sequence[PhotoFinding], sha256: str
    ) -> list[tuple[PhotoFinding, PhotoFacts]]:
        """The photos that matching pictures are, less those of which a person said that they are not the same."""
        pictures = await photo_descriptions.pictures_of(conn, self._newsroom_id, [match.ref for match in matches])
        if not pictures:
            return []
        rulings = await photo_rulings.among(conn, self._newsroom_id, [sha256])
        rejected = {pair for pair, ruling in rulings.items() if not ruling.is_same}
        by_picture: defaultdict[str, list[PhotoFacts]] = defaultdict(list)
        for facts in await photos.of_pictures(conn, self._newsroom_id, set(pictures.values())):
            if photo_rulings.pair_of(sha256, facts.sha256) not in rejected:
                by_picture[facts.sha256].append(facts)
        found = [
            (match, facts)
            for match in matches
            # An account says more than a forward or an import of the same picture.
            for facts in sorted(by_picture[pictures.get(match.ref, "")], key=lambda facts: facts.account_id is None)
        ]
        return found[:_MOST_PHOTOS]

    async def _load_accounts(self, ids: Iterable[int]) -> dict[int, Account]:
        wanted = set(ids)
        if not wanted:
            return {}
        async with self._store.read() as conn:
            return {a.id: a for a in await accounts.by_ids(conn, self._newsroom_id, wanted)}


def _account_query(author: Author, links: tuple[Link, ...]) -> AccountQuery:
    return AccountQuery(
        platform=cast(Platform | None, author.platform),
        handle=author.handle,
        numeric_id=author.numeric_id,
        name=author.name,
        links=links,
    )


def _outcome(read: TextFinding, copied: Finding, found: tuple[AccountFound, ...]) -> TextOutcome:
    finding = replace(
        copied,
        accounts=found,
        threat=_threat_found(read.threat),
        links=tuple(
            LinkFound(platform=k.platform, handle=k.handle, numeric_id=k.numeric_id, post=k.post, url=k.url)
            for k in read.links
        ),
    )
    skeleton = read.normalised.skeleton
    return TextOutcome(
        finding=finding,
        words=read.normalised.words,
        text_key=key(skeleton) if skeleton else 0,
        prints=read.prints,
    )


def _failed(result: TextFinding | TextFailure) -> TextOutcome:
    code = result.code if isinstance(result, TextFailure) else "crashed"
    return TextOutcome(finding=Finding(failure=f"text_{code}"))


def author_key(author: Author) -> str | None:
    """What tells one author from another when accounts are counted."""
    if author.handle and author.platform:
        return f"{author.platform}:{handle_key(cast(Platform, author.platform), author.handle)}"
    if author.numeric_id:
        return f"{author.platform}:{author.numeric_id}"
    return f"name:{author.name}" if author.name else None


def _threat_found(threat: ThreatFinding) -> ThreatFound:
    return ThreatFound(
        level=threat.level,
        kinds=threat.kinds,
        severity=threat.severity,
        imminent=threat.imminent,
        targets=tuple(TargetFound(kind=t.kind, staff=t.ref, text=t.text) for t in threat.targets),
        spans=tuple(SpanFound(start=s.start, end=s.end, why=s.why) for s in threat.spans),
        demotions=threat.demotions,
    )


def _accounts_found(matches: Sequence[AccountMatch], known: Mapping[int, Account]) -> tuple[AccountFound, ...]:
    return tuple(_account_found(known[m.ref], m.score, m.why, m.strength) for m in matches if m.ref in known)


def _account_found(account: Account, score: float, why: str, strength: str) -> AccountFound:
    return AccountFound(
        account_id=account.id,
        account=account.label,
        source=account.source,
        status=account.status.value,
        score=round(score, 4),
        why=why,
        strength=strength,
    )


def _used_by(match: PhotoFinding, account: Account, *, sure: bool) -> AccountFound:
    strength = "near_certain" if match.tier == "match" and sure else "possible"
    return _account_found(account, match.score, "same_photo", strength)
