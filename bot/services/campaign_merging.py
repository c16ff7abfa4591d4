"""Two campaigns become one: what moves, and what the history of both says of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.campaign import Campaign
from bot.storage import campaigns, history


async def merge_into(
    conn: AsyncConnection, newsroom_id: int, member_id: int | None, gone: Campaign, kept: Campaign, now: datetime
) -> list[int]:
    """Move every text of one campaign to another, which replaces it; returns the texts' numbers.

    Without a member it was the sweep that saw that they are one.
    """
    moved = await campaigns.merge(conn, newsroom_id, gone.id, kept.id)
    await note_both(conn, newsroom_id, member_id, ("merged", kept), ("merged_into", gone), moved, now)
    return moved


async def note_both(
    conn: AsyncConnection,
    newsroom_id: int,
    member_id: int | None,
    stayed: tuple[str, Campaign],
    moved: tuple[str, Campaign],
    texts: Sequence[int],
    now: datetime,
) -> None:
    """Each campaign's history names the other; which texts moved is kept once, where the opposite press looks."""
    for (event, campaign), (_, other), details in ((stayed, moved, {}), (moved, stayed, {"texts": list(texts)})):
        subject = ("campaign", campaign.id)
        await history.note(conn, newsroom_id, member_id, subject, event, now, other=other.label, **details)
