"""Newsrooms that share: what editors of one ruled on, and what another takes in."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.custody.envelopes import enclosed, public_of
from bot.custody.keys import CustodyKeys
from bot.model.account import AccountEntry, AccountStatus
from bot.model.exchange import ExchangeFile, Issuer, ItemKind, SharedHash, SharedItem
from bot.model.newsroom import Newsroom
from bot.services.accounts import keys_of
from bot.services.exchange.countersigning import Countersigning
from bot.services.exchange.desk import ExchangeDesk
from bot.services.exchange.exporting import Exporting
from bot.services.exchange.files import written
from bot.services.exchange.importing import Importing
from bot.services.exchange.matching import PartnerWords
from bot.services.exchange.partners import Partners
from bot.simulator.avatars import avatar
from bot.storage import accounts, campaigns, farms, photos
from bot.storage.accounts import Listing
from bot.storage.photos import NewPhoto
from bot.storage.store import Store
from bot.storage.vault import Vault
from detection.image.describing import describe
from detection.image.packing import pack
from detection.text.normalise import NORMALISER_VERSION
from tests.campaign_ground import post
from tests.newsroom import make_newsroom
from tests.stores import StoppedClock

TEXT = "Бул башкаруучу чыныгы эл баласы, баарыбыз колдойбуз аны"
FAKES = ("tal1", "tal2")
STRANGER = CustodyKeys(b"x" * 32)


def described(seed: int) -> bytes:
    """The description of a drawn portrait."""
    return pack(describe(avatar(seed, 320)))


@dataclass(kw_only=True)
class House:
    """A newsroom with its exchange."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    keys: CustodyKeys
    exchange: ExchangeDesk
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def issuer(self) -> Issuer:
        """How it signs."""
        return Issuer(name=self.newsroom.name, key=public_of(self.keys.exchange_key(self.newsroom.id)))

    async def lists(self, *handles: str, status: AccountStatus = AccountStatus.CONFIRMED, seed: int = 3) -> None:
        """Accounts with a photo each, as two people ruled."""
        now = self.clock()
        async with self.store.write() as conn:
            for place, handle in enumerate(handles):
                account_id = await self._account(conn, handle, now)
                self.ids[handle] = account_id
                await accounts.set_status(conn, account_id, status, list(AccountStatus), now)
                await photos.add(conn, [self._photo(account_id, seed + place)], now)

    async def rules(self, handle: str, status: AccountStatus) -> None:
        """An account's standing changes."""
        async with self.store.write() as conn:
            await accounts.set_status(conn, self.ids[handle], status, list(AccountStatus), self.clock())

    async def campaign(self, text: str, *authors: str, submission_id: int | None = None) -> None:
        """A text that these posted, in a campaign of its own."""
        now = self.clock()
        async with self.store.write() as conn:
            said: dict[str, Any] = {"at": now, "submission_id": submission_id}
            numbers = {(await post(conn, self.newsroom.id, text, f"vk:{each}", **said))[1] for each in authors}
            campaign_id = numbers.pop() + 1_000_000
            await campaigns.found(conn, self.newsroom.id, [campaign_id], now)
            await campaigns.assign(conn, self.newsroom.id, [campaign_id - 1_000_000], campaign_id)

    async def farm(self, *handles: str) -> None:
        """A farm to which these belong by people's word."""
        now, own = self.clock(), self.newsroom.id
        async with self.store.write() as conn:
            farm = await farms.add(conn, own, "Талант", now)
            ids = [self.ids[each] for each in handles]
            said: dict[str, Any] = {"reason": "x", "confidence": 80, "source": "person", "member_id": None, "now": now}
            await farms.join(conn, own, farm.id, ids, **said)

    async def _account(self, conn: AsyncConnection, handle: str, now: datetime) -> int:
        entry = AccountEntry(platform="vk", handle=handle, names=(f"Атайын {handle}",), source="list.csv")
        own = self.newsroom.id
        listing = Listing(newsroom_id=own, member_id=None, lister="list.csv", batch="list.csv", at=now)
        return (await accounts.put(conn, entry, keys_of(entry), listing))[0]

    def _photo(self, account_id: int, seed: int) -> NewPhoto:
        sha256 = f"{seed:064x}"
        return NewPhoto(
            newsroom_id=self.newsroom.id,
            sha256=sha256,
            description=described(seed),
            width=320,
            height=320,
            source="list.csv",
            account_id=account_id,
        )


async def house(
    store: Store, clock: StoppedClock, folder: Path, name: str, secret: bytes, newsroom: Newsroom | None = None
) -> House:
    """A newsroom of its own, unless it is there already, with its own secret."""
    newsroom = newsroom or await make_newsroom(store, clock(), name)
    keys, vault, own = CustodyKeys(secret * 32), Vault(folder / name), newsroom.id
    exchange = ExchangeDesk(
        out=Exporting(store, clock, vault, keys, own),
        partners=Partners(store, clock, keys, own),
        into=Importing(store, clock, vault, keys, own),
        words=PartnerWords(store, clock, own),
        countersigning=Countersigning(store, clock, keys, own),
    )
    return House(store=store, clock=clock, newsroom=newsroom, keys=keys, exchange=exchange)


def photo_item(seed: int = 3, **given: Any) -> SharedItem:
    """A photo as others speak of it."""
    region = describe(avatar(seed, 320)).regions[0].hashes[0]
    told = SharedHash(disc=region.disc, phash=region.phash.hex(), mirrored=region.mirrored.hex())
    return item(ItemKind.PHOTO, hashes=(told,), **given)


def text_item(text_key: int = 7, **given: Any) -> SharedItem:
    """A text as others speak of it."""
    return item(ItemKind.TEXT, text_key=text_key, normaliser=NORMALISER_VERSION, **given)


def item(kind: ItemKind, **given: Any) -> SharedItem:
    """Anything that is said, to hold for a year."""
    today = datetime.now(UTC).date()
    usual: dict[str, Any] = {"id": "a" * 32, "confidence": 90, "since": date(2026, 10, 1)}
    return SharedItem(kind=kind, **(usual | {"expires": today + timedelta(days=300)} | given))


def file_of(
    *items: SharedItem, keys: CustodyKeys = STRANGER, sequence: int = 1, revoked: tuple[str, ...] = (), **given: Any
) -> bytes:
    """A file, signed by somebody."""
    key = keys.exchange_key(1)
    made_at = datetime.now(UTC).replace(microsecond=0)
    usual: dict[str, Any] = {"issuer": Issuer(name="Ала-Тоо", key=public_of(key)), "made_at": made_at}
    said = usual | {"items": items, "revoked": revoked, "sequence": sequence} | given
    return written(ExchangeFile(**said), key)


def signed(said: dict[str, Any], keys: CustodyKeys = STRANGER) -> bytes:
    """Any object whatever, with a good signature of somebody's."""
    key = keys.exchange_key(1)
    issuer = {"key": base64.b64encode(public_of(key)).decode(), "name": "Ала-Тоо"}
    return enclosed({"issuer": issuer, **said}, b"kalkan-exchange/1\n", key)
