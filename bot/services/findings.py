"""What is known of a text or a picture: the detectors' answers joined with what the newsroom has stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bot.analysis import Analysis, TextFailure, TextFinding, TextJob
from bot.model.account import Account
from bot.model.comment import CommentFacts
from bot.model.photo import PhotoFacts
from bot.model.verdict import (
    AccountFound,
    CopyFound,
    Finding,
    LinkFound,
    PhotoFound,
    SpanFound,
    TargetFound,
    ThreatFound,
)
from bot.services.batching import Batched
from bot.services.knowledge import Knowledge
from bot.storage import accounts, comments, photos
from bot.storage.store import Store
from detection.accounts.links import Link, Platform
from detection.accounts.matching import AccountMatch, AccountQuery
from detection.accounts.names import handle_key
from detection.image.matching import PhotoMatch, known_photos
from detection.text.duplicates import CopyMatch
from detection.text.normalise import key
from detection.threats import StaffName, ThreatFinding

_MOST_COPIES = 20
_MOST_PHOTOS = 10
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

    def counts(self, facts: CommentFacts) -> bool:
        """Whether a stored comment is another one than that which is asked about."""
        if self.skip is not None and facts.submission_id == self.skip:
            return False
        key = author_key(self.author)
        return self.said_at is None or key is None or (key, self.said_at) != (facts.author_key, facts.since)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextOutcome:
    """What was found of a text, and the forms by which it will be found again."""

    finding: Finding
    words: str = ""
    text_key: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageOutcome:
    """What was found of a picture, and the hashes by which it will be found again (None: too flat to tell)."""

    finding: Finding
    hashes: bytes | None
    width: int
    height: int


class Findings:
    """The joint answer of the laboratory and the archive."""

    def __init__(self, store: Store, analysis: Analysis, knowledge: Knowledge, newsroom_id: int) -> None:
        self._store = store
        self._analysis = analysis
        self._knowledge = knowledge
        self._newsroom_id = newsroom_id
        self._texts: Batched[TextQuery, TextOutcome] = Batched(self.texts, _BATCH, _LANES)

    async def text(self, query: TextQuery) -> TextOutcome:
        """Check one text; texts that come together are checked together."""
        return await self._texts.ask(query)

    async def texts(self, queries: Sequence[TextQuery], extra_staff: tuple[StaffName, ...] = ()) -> list[TextOutcome]:
        """Check many texts; one that cannot be read yields a finding with its failure.

        `extra_staff` counts beside the newsroom's own list, for these texts only.
        """
        await self._knowledge.refresh()
        staff = self._knowledge.staff + extra_staff
        results = await self._analysis.texts([TextJob(text=q.text, urls=q.urls, staff=staff) for q in queries])
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
        matches = (await self._knowledge.matches(read.print))[:_MOST_PHOTOS]
        found = await self._photos(matches)
        hashes = b"".join(known.phash for known in known_photos(0, read.print))
        return ImageOutcome(finding=found, hashes=hashes or None, width=read.width, height=read.height)

    async def _copies(self, read: Sequence[TextFinding], queries: Sequence[TextQuery]) -> list[Finding]:
        if not read:
            return []
        near = await self._knowledge.copies([r.normalised for r in read])
        keys = [key(r.normalised.skeleton) if r.normalised.skeleton else None for r in read]
        async with self._store.read() as conn:
            exact = await comments.with_keys(conn, self._newsroom_id, {k for k in keys if k is not None})
            ids = {match.ref for matches in near for match in matches} - {facts.id for facts in exact}
            others = await comments.by_ids(conn, self._newsroom_id, ids) if ids else []
        by_key = defaultdict(list)
        for facts in exact:
            by_key[facts.text_key].append(facts)
        by_id = {facts.id: facts for facts in [*exact, *others]}
        return [
            _copies_finding(matches, by_key.get(k or 0, []), by_id, query)
            for matches, k, query in zip(near, keys, queries, strict=True)
        ]

    async def _accounts(self, queries: Sequence[AccountQuery]) -> list[tuple[AccountFound, ...]]:
        if not any(q.handle or q.numeric_id or q.name or q.links for q in queries):
            return [()] * len(queries)
        matches = await self._knowledge.accounts(queries)
        ids = {match.ref for found in matches for match in found[:_MOST_ACCOUNTS]}
        known = await self._load_accounts(ids)
        return [_accounts_found(found[:_MOST_ACCOUNTS], known) for found in matches]

    async def _photos(self, matches: Sequence[PhotoMatch]) -> Finding:
        async with self._store.read() as conn:
            facts = {p.id: p for p in await photos.by_ids(conn, self._newsroom_id, [m.ref for m in matches])}
        known = await self._load_accounts({p.account_id for p in facts.values() if p.account_id is not None})
        return Finding(
            photos=tuple(_photo_found(m, facts[m.ref], known) for m in matches if m.ref in facts),
            accounts=tuple(
                _owner(m, known[i]) for m in matches if m.ref in facts and (i := facts[m.ref].account_id) in known
            ),
        )

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
    finding = Finding(
        copies=copied.copies,
        copy_count=copied.copy_count,
        copy_accounts=copied.copy_accounts,
        copies_since=copied.copies_since,
        accounts=found,
        threat=_threat_found(read.threat),
        links=tuple(
            LinkFound(platform=k.platform, handle=k.handle, numeric_id=k.numeric_id, post=k.post, url=k.url)
            for k in read.links
        ),
    )
    skeleton = read.normalised.skeleton
    return TextOutcome(finding=finding, words=read.normalised.words, text_key=key(skeleton) if skeleton else 0)


def _failed(result: TextFinding | TextFailure) -> TextOutcome:
    code = result.code if isinstance(result, TextFailure) else "crashed"
    return TextOutcome(finding=Finding(failure=f"text_{code}"))


def _copies_finding(
    near: Sequence[CopyMatch], exact: Sequence[CommentFacts], by_id: Mapping[int, CommentFacts], query: TextQuery
) -> Finding:
    found = {f.id: _copy(f, 1.0, "copy", ("exact",)) for f in exact}
    for match in near:
        if match.ref in by_id and match.ref not in found:
            found[match.ref] = _copy(by_id[match.ref], match.score, match.tier, match.why)
    kept = [c for c in found.values() if query.counts(by_id[c.comment])]
    kept.sort(key=lambda c: (c.tier != "copy", -c.score, c.comment))
    counted = [by_id[c.comment] for c in kept if c.tier == "copy"]
    return Finding(
        copies=tuple(kept[:_MOST_COPIES]),
        copy_count=len({_identity(facts) for facts in counted}),
        copy_accounts=len({f.author_key for f in counted if f.author_key}),
        copies_since=min((f.since for f in counted), default=None),
    )


def _identity(facts: CommentFacts) -> tuple[object, ...]:
    # Several colleagues forward the same comment: it was still posted once.
    if facts.author_key is not None and facts.submission_id is not None:
        return (facts.author_key, facts.since)
    return (facts.id,)


def author_key(author: Author) -> str | None:
    """What tells one author from another when accounts are counted."""
    if author.handle and author.platform:
        return f"{author.platform}:{handle_key(cast(Platform, author.platform), author.handle)}"
    if author.numeric_id:
        return f"{author.platform}:{author.numeric_id}"
    return f"name:{author.name}" if author.name else None


def _copy(facts: CommentFacts, score: float, tier: str, why: tuple[str, ...]) -> CopyFound:
    return CopyFound(
        comment=facts.id, source=facts.source, account=facts.account, score=round(score, 4), tier=tier, why=why
    )


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


def _owner(match: PhotoMatch, account: Account) -> AccountFound:
    strength = "near_certain" if match.tier == "match" else "possible"
    return _account_found(account, match.score, "same_photo", strength)


def _photo_found(match: PhotoMatch, facts: PhotoFacts, known: Mapping[int, Account]) -> PhotoFound:
    owner = known.get(facts.account_id) if facts.account_id is not None else None
    return PhotoFound(
        photo=facts.id,
        source=facts.source,
        account=owner.label if owner else None,
        account_id=facts.account_id,
        score=round(match.score, 4),
        tier=match.tier,
        mirrored=match.mirrored,
        region=match.region,
    )
