"""The index made anew after the normaliser changed: everything is found again, and what people said still holds."""

from collections.abc import Sequence
from typing import cast

import pytest
import sqlalchemy as sa

from bot.analysis import Analysis, TextFailure, TextPrints
from bot.model.newsroom import Newsroom
from bot.services import reindexing
from bot.services.reindexing import Reindexing
from bot.services.texts import TextIndex
from bot.storage import rejections, stock_phrases, texts
from bot.storage.comments import NewComment, add
from bot.storage.store import Store
from bot.storage.tables import comments, newsrooms
from bot.storage.tables import texts as texts_table
from bot.storage.texts import UNPOSTED
from detection.text.normalise import NORMALISER_VERSION, key, normalise
from tests.newsroom import make_member, make_newsroom
from tests.services.rooms import InlineAnalysis, rows_of
from tests.stores import StoppedClock

SAID = [f"Эти журналисты опять врут про воду и дороги, сообщение номер {n}" for n in range(7)]


class Interrupted(InlineAnalysis):
    """Ends the process, as far as a test can play it, after so many batches."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    async def prints(self, given: Sequence[str]) -> list[TextPrints | TextFailure]:
        """The forms, or the end."""
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return await super().prints(given)


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """A newsroom whose comments an older normaliser read, and batches of which they fill several."""
    monkeypatch.setattr(reindexing, "_BATCH", 3)
    made = await make_newsroom(store, clock())
    old = [
        NewComment(newsroom_id=made.id, text=text, words=f"old {n}", text_key=n + 1, source=f"row {n}")
        for n, text in enumerate(SAID)
    ]
    async with store.write() as conn:
        await add(conn, old, clock())
        await conn.execute(sa.update(newsrooms).values(text_version=NORMALISER_VERSION - 1))
    return made


def new_key(n: int) -> int:
    return key(normalise(SAID[n]).skeleton)


def again(store: Store, newsroom: Newsroom, analysis: InlineAnalysis | None = None) -> Reindexing:
    return Reindexing(store, cast(Analysis, analysis or InlineAnalysis()), newsroom.id)


async def test_every_comment_gets_its_new_forms_and_is_found(store: Store, newsroom: Newsroom) -> None:
    """Once; at the next start there is nothing to do."""
    assert await again(store, newsroom).run() == len(SAID)
    assert {row["text_key"] for row in await rows_of(store, comments)} == {new_key(n) for n in range(len(SAID))}
    assert UNPOSTED not in {row["state"] for row in await rows_of(store, texts_table)}
    (found,) = await TextIndex(store, newsroom.id).search([normalise(SAID[3]).words])
    assert found[0].text_key == new_key(3)
    assert await again(store, newsroom).run() == 0


async def test_it_goes_on_where_it_was_interrupted(store: Store, newsroom: Newsroom) -> None:
    """What was read is not read again, and nothing is left out."""
    with pytest.raises(KeyboardInterrupt):
        await again(store, newsroom, Interrupted(2)).run()
    async with store.read() as conn:
        assert (await texts.index_progress(conn, newsroom.id)).version == NORMALISER_VERSION - 1
    assert await again(store, newsroom).run() == 1
    assert {row["text_key"] for row in await rows_of(store, comments)} == {new_key(n) for n in range(len(SAID))}


async def test_what_people_said_of_texts_still_holds(store: Store, newsroom: Newsroom, clock: StoppedClock) -> None:
    """A rejected pair stays rejected, in whichever batches the two stand; a stock phrase stays one."""
    member = await make_member(store, newsroom, clock())
    async with store.write() as conn:
        for one, other in ((1, 2), (2, 6)):
            await rejections.add(conn, newsroom.id, one, other, member.id, clock())
        await stock_phrases.add(conn, newsroom.id, 5, SAID[4], member.id, clock())
    await again(store, newsroom).run()
    async with store.read() as conn:
        told = await rejections.among(conn, newsroom.id, [new_key(1)])
        assert {rejections.pair_of(new_key(0), new_key(1)), rejections.pair_of(new_key(1), new_key(5))} <= told
        assert await rejections.among(conn, newsroom.id, [new_key(6)]) == set()
        assert await stock_phrases.keys(conn, newsroom.id) == {new_key(4)}
