"""The never-match list: what is on it has no copies, and what comes off it is looked at again."""

import pytest

from bot.errors import Refusal
from bot.model.newsroom import Newsroom
from bot.services.reading_texts import LONGEST
from bot.services.stock_phrases import StockPhrases
from bot.storage import campaigns, history, texts
from bot.storage.store import Store
from tests.newsroom import make_member, message, queued, said
from tests.services.conftest import EditorsDesk
from tests.services.copy_archive import Archive, key_of
from tests.stage import Recorder
from tests.stores import StoppedClock

SLOGAN = "Жашасын эркин жана көз карандысыз Кыргызстан"
LIKE_IT = "Жашасын эркин жана көз карандысыз Кыргызстаным"
THIRD = "Жашасын эркин, көз карандысыз жана бай Кыргызстан"


@pytest.fixture
def archive(store: Store, clock: StoppedClock, newsroom: Newsroom) -> Archive:
    """An archive on both engines."""
    return Archive(store=store, clock=clock, newsroom=newsroom)


@pytest.fixture
def phrases(archive: Archive) -> StockPhrases:
    """Its list."""
    return StockPhrases(archive.store, archive.clock, archive.analysis, archive.newsroom.id)


async def test_the_list_follows(archive: Archive, phrases: StockPhrases) -> None:
    """Added once however it is written, removed once; each with its answer and its line of history."""
    member = await make_member(archive.store, archive.newsroom, archive.clock(), name="Нурбек")
    stage = Recorder()
    for text in ("Рахмат!", "  рахмат 🔥", "raxmat"):
        await phrases.add(stage, member, text)
        await stage.commit(archive.store)
    (phrase,) = await phrases.lines(member)
    assert (phrase.text, phrase.member_name) == ("Рахмат!", "Нурбек")
    for _ in range(2):
        await phrases.remove(stage, member, phrase.id, 5)
        await stage.commit(archive.store)
    assert await phrases.lines(member) == []
    assert await said(archive.store) == [
        "stock_phrase_added",
        "stock_phrase_there",
        "stock_phrase_there",
        "stock_phrases",
        "stock_phrases",
    ]
    rows = await queued(archive.store, "body")
    assert rows[-1][0]["edit"] == 5
    async with archive.store.read() as conn:
        events = await history.of(conn, archive.newsroom.id, ("stock_phrase", phrase.id))
    assert [event for event, _, _ in events] == ["added", "removed"]


@pytest.mark.parametrize(
    ("text", "code"), [("", "find_empty"), ("👍👍", "find_empty"), ("а" * (LONGEST + 1), "text_too_long")]
)
async def test_a_phrase_has_words(archive: Archive, phrases: StockPhrases, text: str, code: str) -> None:
    """What has no letter or is too long is not put on the list."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    with pytest.raises(Refusal, match=code):
        await phrases.add(Recorder(), member, text)


async def test_a_phrase_leaves_its_campaign(archive: Archive, phrases: StockPhrases) -> None:
    """The others stay together while they are of two accounts; off the list, it looks for its place again."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    for text, who in ((SLOGAN, "a"), (LIKE_IT, "b"), (THIRD, "c")):
        await archive.comment(text, who)
    number = await archive.campaign(SLOGAN, LIKE_IT, THIRD)
    campaign_id = await archive.campaign_of(SLOGAN)
    assert campaign_id is not None
    stage = Recorder()
    await phrases.add(stage, member, SLOGAN)
    await stage.commit(archive.store)
    assert await archive.campaign_of(SLOGAN) is None
    assert await archive.campaign_of(LIKE_IT) == campaign_id
    async with archive.store.read() as conn:
        (stored,) = await texts.by_keys(conn, archive.newsroom.id, [key_of(SLOGAN)])
        assert stored.state == texts.DONE
        campaign = await campaigns.by_number(conn, archive.newsroom.id, number)
        assert campaign is not None
        assert campaign.name in (LIKE_IT, THIRD)
    (phrase,) = await phrases.lines(member)
    await phrases.remove(stage, member, phrase.id, 5)
    await stage.commit(archive.store)
    async with archive.store.read() as conn:
        (stored,) = await texts.by_keys(conn, archive.newsroom.id, [key_of(SLOGAN)])
    assert stored.state == texts.WAITING


async def test_a_campaign_of_one_account_is_emptied(archive: Archive, phrases: StockPhrases) -> None:
    """It stays for whoever asks for it, and its history says what happened."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    for text, who in ((SLOGAN, "a"), (LIKE_IT, "b"), (THIRD, "b")):
        await archive.comment(text, who)
    number = await archive.campaign(SLOGAN, LIKE_IT, THIRD)
    campaign_id = await archive.campaign_of(SLOGAN)
    assert campaign_id is not None
    stage = Recorder()
    await phrases.add(stage, member, SLOGAN)
    await stage.commit(archive.store)
    assert [await archive.campaign_of(text) for text in (SLOGAN, LIKE_IT, THIRD)] == [None] * 3
    async with archive.store.read() as conn:
        assert await campaigns.by_number(conn, archive.newsroom.id, number) is not None
        events = await history.of(conn, archive.newsroom.id, ("campaign", campaign_id))
    assert [event for event, _, _ in events] == ["stock_phrase", "emptied"]


async def test_a_cases_text_is_put_on_the_list(desk: EditorsDesk, archive: Archive, phrases: StockPhrases) -> None:
    """Of several the one that was posted most often; without a comment there is nothing to put there."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    (case,) = await desk.send(member, message(member, desk.clock(), THIRD), message(member, desk.clock(), SLOGAN))
    await archive.comment(SLOGAN.upper(), "a")
    stage = Recorder()
    await phrases.add_of_case(stage, member, case.submission_id)
    await stage.commit(archive.store)
    assert [phrase.text for phrase in await phrases.lines(member)] == [SLOGAN]
    with pytest.raises(Refusal, match="case_without_text"):
        await phrases.add_of_case(Recorder(), member, 5)
