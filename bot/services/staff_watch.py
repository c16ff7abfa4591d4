"""Who of the protected people agreed to be watched for, and the pictures by which they and outlets' logos are known."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.staff import Staff
from bot.services import notices
from bot.services.pictures import Pictures
from bot.services.stage import Stage
from bot.storage import history, impersonations, outbox, photos, staff
from bot.storage.photos import NewPhoto
from bot.storage.store import Store


class StaffWatch:
    """Consent and pictures. Nobody is watched for who did not agree."""

    def __init__(self, store: Store, clock: Clock, pictures: Pictures) -> None:
        self._store = store
        self._clock = clock
        self._pictures = pictures

    async def watched(self, newsroom_id: int) -> frozenset[int]:
        """Ids of those who are watched for."""
        async with self._store.read() as conn:
            return frozenset(await impersonations.watched(conn, newsroom_id))

    async def person(self, member: Member, staff_id: int) -> Staff:
        """A protected person or outlet. Raises Refusal."""
        async with self._store.read() as conn:
            found = [each for each in await staff.all_of(conn, member.newsroom_id) if each.id == staff_id]
        if not found:
            raise Refusal("staff_unknown")
        return found[0]

    async def turn(self, stage: Stage, member: Member, staff_id: int, message_id: int) -> None:
        """Keep that somebody agreed, or that they do not want it any longer. Raises Refusal."""
        await self.person(member, staff_id)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            if staff_id in await impersonations.watched(conn, newsroom_id):
                await impersonations.disagree(conn, newsroom_id, staff_id)
                event = "unwatched"
            else:
                await impersonations.agree(conn, newsroom_id, staff_id, member.id, now)
                event = "watched"
            await history.note(conn, newsroom_id, member.id, ("staff", staff_id), event, now)
            await outbox.put(conn, [notices.edited_reply(member, message_id, "staff_watch", page=0)], now)

        stage.stage_once(act)

    async def add_photo(self, stage: Stage, member: Member, staff_id: int, data: bytes) -> None:
        """Keep a picture of somebody who agreed, or an outlet's logo. Raises Refusal: no consent, no picture."""
        person = await self.person(member, staff_id)
        if staff_id not in await self.watched(member.newsroom_id):
            raise Refusal("staff_not_watched")
        kept = await self._pictures.keep(data)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            new = NewPhoto(
                newsroom_id=newsroom_id,
                sha256=kept.sha256,
                description=kept.description,
                width=kept.width,
                height=kept.height,
                source=person.name[:200],
            )
            if (kept.sha256, None) not in await photos.there(conn, newsroom_id, [kept.sha256]):
                await photos.add(conn, [new], now)
            await impersonations.add_photo(conn, newsroom_id, staff_id, kept.sha256, now)
            await history.note(conn, newsroom_id, member.id, ("staff", staff_id), "photo", now, sha256=kept.sha256)
            await outbox.put(conn, [notices.reply(member, "staff_photo_kept", name=person.name)], now)

        stage.stage_once(act)
