"""Which texts a campaign has: by key, for whoever counts them, and by number."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.lists import among, number_list
from bot.storage.tables import texts as t


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignMember:
    """A text in a campaign."""

    campaign_id: int
    number: int
    text_key: int


async def of_campaigns(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[CampaignMember]:
    """Every text of these campaigns, by number."""
    query = sa.select(t.c.campaign_id, t.c.number, t.c.text_key).where(
        t.c.newsroom_id == newsroom_id, among(t.c.campaign_id, number_list("ids"))
    )
    rows = (await conn.execute(query.order_by(t.c.number), {"ids": sorted(ids)})).mappings().all()
    return [CampaignMember(**row) for row in rows]
