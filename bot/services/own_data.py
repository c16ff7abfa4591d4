"""/mydata: a member is shown what is stored about them, and can have it as a file. Nobody is shown another's."""

from bot.model.newsroom import Member, MemberStatus
from bot.model.own_data import OwnData
from bot.storage import members, own_data
from bot.storage.store import Store


class OwnDataDesk:
    """Reads what belongs to whoever asks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, member: Member) -> OwnData:
        """All of it, as it is now."""
        newsroom_id, me = member.newsroom_id, member.id
        async with self._store.read() as conn:
            present = await members.get(conn, newsroom_id, me) or member
            ever = await members.all_of(conn, newsroom_id, *MemberStatus)
            updates, messages = await own_data.letters_of(conn, newsroom_id, me)
            return OwnData(
                member=present,
                number=[each.id for each in ever].index(me) + 1,
                invited_by=await own_data.inviter_of(conn, newsroom_id, me),
                cases=tuple(await own_data.cases_of(conn, newsroom_id, me)),
                rulings=tuple(await own_data.rulings_of(conn, newsroom_id, me)),
                reports=tuple(await own_data.reports_of(conn, newsroom_id, me)),
                updates=updates,
                messages=messages,
                rows=await own_data.rows_naming(conn, newsroom_id, me),
                **await own_data.settings_of(conn, newsroom_id, me),
            )
