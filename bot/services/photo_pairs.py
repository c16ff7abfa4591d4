"""Pictures of a case beside the stored ones that they match: what is known of each pair, and what people say of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account
from bot.model.newsroom import Member
from bot.model.photo import PhotoFacts
from bot.model.photo_pair import PhotoPair, PhotoUse
from bot.model.submission import Case, PartKind
from bot.model.verdict import AccountFound, PhotoFound
from bot.services import notices
from bot.services.photo_vouching import doubtful
from bot.services.picture_campaigns import follow_ruling
from bot.services.stage import Stage
from bot.storage import accounts, history, outbox, photo_owners, photo_rulings, photo_uses, photos
from bot.storage.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedPicture:
    """A picture with what was found of it."""

    place: int
    sha256: str
    is_file: bool
    found: tuple[PhotoFound, ...]


class CaseDesk(Protocol):
    """Who may see which case, and whose card shows it."""

    async def see(self, member: Member, submission_id: int) -> Case:
        """A case by its submission. Raises Refusal when there is none that this member may see."""

    async def refresh_card(self, conn: AsyncConnection, case: Case) -> Member | None:
        """Bring the reporter's card up to date."""


class PhotoPairs:
    """The pairs of one newsroom's cases."""

    def __init__(self, store: Store, clock: Clock, cases: CaseDesk) -> None:
        self._store = store
        self._clock = clock
        self._cases = cases

    async def of_case(self, member: Member, submission_id: int) -> list[PhotoPair]:
        """Every pair of a case, those that were ruled out too; best first. Raises Refusal like `Cases.see`."""
        case = await self._cases.see(member, submission_id)
        async with self._store.read() as conn:
            return await pairs_of_case(conn, case)

    async def one(self, member: Member, submission_id: int, place: int, photo_id: int) -> PhotoPair:
        """The pair of the case's part number `place` and a stored photo. Raises Refusal("photo_pair_gone")."""
        for pair in await self.of_case(member, submission_id):
            if (pair.place, pair.known.id) == (place, photo_id):
                return pair
        raise Refusal("photo_pair_gone")

    async def rule(
        self, stage: Stage, member: Member, submission_id: int, pair: PhotoPair, *, is_same: bool, message_id: int
    ) -> None:
        """A person says whether it is the same photo: kept for these two pictures, on every case, now and later.

        Raises Refusal("photo_same_file") for a picture and itself.
        """
        case = await self._cases.see(member, submission_id)
        if pair.is_same_file:
            raise Refusal("photo_same_file")
        shas = (pair.sha256, pair.known.sha256)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            if await photo_rulings.add(conn, newsroom_id, shas, is_same, member.id, submission_id, now):
                event = "photo_same" if is_same else "photo_not_same"
                subject = ("submission", submission_id)
                await history.note(conn, newsroom_id, member.id, subject, event, now, photo=pair.known.id, pair=shas)
                await follow_ruling(conn, member, shas, is_same, self._clock)
                await self._cases.refresh_card(conn, case)
            shown = notices.photo_pair(member, submission_id, pair.place, pair.known.id, message_id)
            await outbox.put(conn, [shown], now)

        stage.stage_once(act)


async def pairs_of_case(conn: AsyncConnection, case: Case) -> list[PhotoPair]:
    """The pairs of a case, best first: those that count, then the questions, then what people ruled out."""
    asked = [
        AskedPicture(
            place=place,
            sha256=part.sha256,
            is_file=part.kind is PartKind.DOCUMENT,
            found=tuple(photo for finding in part.findings for photo in finding.photos),
        )
        for place, part in enumerate(case.parts)
        if part.sha256 is not None
    ]
    return await pairs_of(conn, case.newsroom_id, asked, case.submission_id)


async def pairs_of(
    conn: AsyncConnection, newsroom_id: int, asked: Sequence[AskedPicture], own: int | None = None
) -> list[PhotoPair]:
    """Pairs of pictures with stored ones, one for each two different pictures; the submission `own` does not count."""
    facts = await _facts(conn, newsroom_id, asked, own)
    pairs = _best(
        PhotoPair(place=each.place, sha256=each.sha256, is_file=each.is_file, found=found, known=facts[found.photo])
        for each in asked
        for found in each.found
        if found.photo in facts
    )
    if not pairs:
        return []
    known = {pair.known.sha256 for pair in pairs}
    shas = known | {each.sha256 for each in asked}
    uses = [u for u in await photo_uses.of_pictures(conn, newsroom_id, known) if own is None or u.submission_id != own]
    listed = await _listed(conn, newsroom_id, uses)
    alone = await doubtful(conn, newsroom_id, listed.keys()) if listed else frozenset[int]()
    rulings = await photo_rulings.among(conn, newsroom_id, {each.sha256 for each in asked})
    owners = await photo_owners.of_pictures(conn, newsroom_id, shas)
    told = [
        replace(
            _with_uses(pair, uses, listed, alone),
            owner=owners.get(pair.known.sha256) or owners.get(pair.sha256),
            ruling=rulings.get(photo_rulings.pair_of(pair.sha256, pair.known.sha256)),
        )
        for pair in pairs
    ]
    return sorted(told, key=_order)


def by_photo(found: Iterable[AccountFound], pairs: Iterable[PhotoPair]) -> Iterator[AccountFound]:
    """The accounts without those for which a photo spoke that is none of theirs any longer.

    What speaks for the others follows the people who compared the two photos, and who put the photo there.
    """
    same: dict[int, bool] = {}
    for pair in pairs:
        for account in pair.accounts:
            sure = pair.is_match and account.id not in pair.doubtful
            same[account.id] = same.get(account.id, False) or sure
    for each in found:
        if each.why != "same_photo":
            yield each
        elif each.account_id in same:
            yield replace(each, strength="near_certain" if same[each.account_id] else "possible")


async def _listed(conn: AsyncConnection, newsroom_id: int, uses: Sequence[PhotoUse]) -> dict[int, Account]:
    used_by = {use.account_id for use in uses if use.account_id is not None}
    return {a.id: a for a in await accounts.by_ids(conn, newsroom_id, used_by)} if used_by else {}


def _with_uses(
    pair: PhotoPair, uses: Sequence[PhotoUse], listed: Mapping[int, Account], alone: frozenset[int]
) -> PhotoPair:
    """The pair with the accounts and the cases that used the stored picture, each once; `alone` are doubtful photos."""
    here = [use for use in uses if use.sha256 == pair.known.sha256]
    sure = {use.account_id for use in here if use.photo_id not in alone}
    return replace(
        pair,
        accounts=tuple(listed[i] for i in _distinct(use.account_id for use in here) if i in listed),
        doubtful=frozenset(use.account_id for use in here if use.account_id is not None) - sure,
        cases=_distinct(use.case_number for use in here),
        since=min((use.at for use in here), default=None),
    )


async def _facts(
    conn: AsyncConnection, newsroom_id: int, asked: Sequence[AskedPicture], own: int | None
) -> dict[int, PhotoFacts]:
    ids = {found.photo for each in asked for found in each.found}
    known = await photos.by_ids(conn, newsroom_id, ids) if ids else []
    return {p.id: p for p in known if own is None or p.submission_id != own}


def _best(pairs: Iterable[PhotoPair]) -> list[PhotoPair]:
    """The best finding for each two pictures: the same bytes may be stored for several accounts and cases."""
    best: dict[tuple[str, str], PhotoPair] = {}
    for pair in pairs:
        key = (pair.sha256, pair.known.sha256)
        if key not in best or _order(pair) < _order(best[key]):
            best[key] = pair
    return list(best.values())


def _order(pair: PhotoPair) -> tuple[bool, bool, float]:
    return (pair.is_rejected, not pair.is_match, -pair.found.score)


def _distinct(numbers: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(n for n in numbers if n is not None))
