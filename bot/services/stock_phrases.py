"""The never-match list: an editor says what everybody says, and it is no copy of anything any longer."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis
from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.stock_phrase import StockPhrase
from bot.services import notices
from bot.services.campaign_leaving import leave
from bot.services.reading_texts import ReadText, read_text
from bot.services.stage import Stage
from bot.storage import comments, history, outbox, stock_phrases, texts
from bot.storage.store import Store


class StockPhrases:
    """The list of one newsroom."""

    def __init__(self, store: Store, clock: Clock, analysis: Analysis, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._analysis = analysis
        self._newsroom_id = newsroom_id

    async def lines(self, member: Member) -> list[StockPhrase]:  # noqa: ARG002 - whoever may ask sees all of it
        """The whole list, the latest first."""
        async with self._store.read() as conn:
            return await stock_phrases.all_of(conn, self._newsroom_id)

    async def add(self, stage: Stage, member: Member, text: str) -> None:
        """Put a text on the list.

        Raises Refusal for a text without letters ("find_empty"), over the limit ("text_too_long"), or that cannot be
        read ("text_unreadable").
        """
        self._put(stage, member, await read_text(self._analysis, text))

    async def add_of_case(self, stage: Stage, member: Member, submission_id: int) -> None:
        """Put a case's text on the list; where there are several, the one that was posted most often.

        Raises Refusal("case_without_text") when there is none.
        """
        async with self._store.read() as conn:
            rows = dict(await comments.keys_of_submission(conn, self._newsroom_id, submission_id))
            times = {key: (await comments.count_by_keys(conn, self._newsroom_id, [key])).times for key in rows}
        if not rows:
            raise Refusal("case_without_text")
        text = rows[max(rows, key=lambda key: times[key])]
        self._put(stage, member, await read_text(self._analysis, text))

    async def remove(self, stage: Stage, member: Member, phrase_id: int, message_id: int) -> None:
        """Take a text off the list: from now on it has copies again."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            gone = await stock_phrases.remove(conn, self._newsroom_id, phrase_id)
            if gone is not None:
                key, text = gone
                subject = ("stock_phrase", phrase_id)
                await history.note(conn, self._newsroom_id, member.id, subject, "removed", now, text=text)
                await texts.wake(conn, self._newsroom_id, [key])
            await outbox.put(conn, [notices.edited_reply(member, message_id, "stock_phrases")], now)

        stage.stage_once(act)

    def _put(self, stage: Stage, member: Member, read: ReadText) -> None:
        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            here = (conn, self._newsroom_id)
            phrase_id = await stock_phrases.add(*here, read.text_key, read.text, member.id, now)
            if phrase_id is not None:
                await history.note(*here, member.id, ("stock_phrase", phrase_id), "added", now, text=read.text)
                await leave(conn, member, [read.text_key], "stock_phrase", self._clock)
            code = "stock_phrase_there" if phrase_id is None else "stock_phrase_added"
            await outbox.put(conn, [notices.reply(member, code, text=read.text)], now)

        stage.stage_once(act)
