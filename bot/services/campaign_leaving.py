"""Texts leave their campaign because a person said that they do not belong there."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.newsroom import Member
from bot.services.campaign_sweep import refresh
from bot.storage import campaign_figures, campaign_texts, campaigns, history, texts
from bot.storage.texts import DONE


async def leave(conn: AsyncConnection, member: Member, keys: Collection[int], event: str, clock: Clock) -> None:
    """Take the texts with these keys out of their campaigns, and note `event` in the history of each.

    A campaign that has one account or none after that is emptied; it stays, with its history, for whoever asks for it.
    """
    newsroom_id = member.newsroom_id
    await texts.lock(conn, newsroom_id)
    known = [text for text in await texts.by_keys(conn, newsroom_id, keys) if text.campaign_id is not None]
    numbers = sorted(text.number for text in known)
    left = sorted({text.campaign_id for text in known if text.campaign_id is not None})
    if not left:
        return
    await _release(conn, newsroom_id, numbers)
    for line in await campaign_figures.lines(conn, newsroom_id, left):
        found = line.campaign
        gone = [text.number for text in known if text.campaign_id == found.id]
        await history.note(conn, newsroom_id, member.id, ("campaign", found.id), event, clock(), texts=gone)
        if line.accounts < 2:
            rest = [text.number for text in await campaign_texts.of_campaigns(conn, newsroom_id, [found.id])]
            await _release(conn, newsroom_id, rest)
            await history.note(conn, newsroom_id, None, ("campaign", found.id), "emptied", clock(), texts=rest)
    await refresh(conn, newsroom_id, left)


async def _release(conn: AsyncConnection, newsroom_id: int, numbers: Collection[int]) -> None:
    await campaigns.assign(conn, newsroom_id, numbers, None)
    await campaigns.set_state(conn, newsroom_id, numbers, DONE)
