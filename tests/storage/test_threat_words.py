"""A newsroom's own threat words, its model, and the rulings that teach it, on both engines."""

from datetime import timedelta

import pytest

from bot.model.newsroom import Newsroom
from bot.model.threat_model import Lesson
from bot.model.verdict import Finding, ThreatFound
from bot.storage import cases, filing, threat_models, threat_words
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom, message, typed
from tests.stores import StoppedClock


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


async def test_a_word_is_kept_once(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Put again it is the same, with another kind it changes; taken off twice, it was there once."""
    member = await make_member(store, newsroom, clock(), name="Нурбек")
    async with store.write() as conn:
        here = (conn, newsroom.id)
        first, outcome = await threat_words.put(*here, "отхайдар*", "violence", member.id, clock())
        assert outcome == "added"
        assert await threat_words.put(*here, "отхайдар*", "violence", member.id, clock.tick()) == (first, "same")
        assert await threat_words.put(*here, "отхайдар*", "death", member.id, clock()) == (first, "changed")
        (word,) = await threat_words.all_of(*here)
        assert (word.word, word.kind, word.member_name) == ("отхайдар*", "death", "Нурбек")
        assert await threat_words.remove(*here, first) == "отхайдар*"
        assert await threat_words.remove(*here, first) is None
        assert await threat_words.all_of(*here) == []


async def test_a_lesson_replaces_the_one_before(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """The model and its stamp follow; a lesson without a model brings the shipped one back."""
    lesson = Lesson(texts=90, threats=41, gain=0.25, low=0.05, high=0.5, is_used=True, tried_at=clock())
    async with store.write() as conn:
        here = (conn, newsroom.id)
        assert await threat_models.last_lesson(*here) is None
        assert await threat_models.stamp(*here) is None
        await threat_models.put(*here, lesson, b"one")
        stamp = await threat_models.stamp(*here)
        assert await threat_models.data(*here) == b"one"
        assert await threat_models.last_lesson(*here) == lesson
        await threat_models.put(*here, lesson, b"two")
        assert await threat_models.stamp(*here) not in (None, stamp)
        await threat_models.put(*here, lesson, None)
        assert await threat_models.data(*here) is None
        assert await threat_models.stamp(*here) is None
        kept = await threat_models.last_lesson(*here)
        assert kept is not None
        assert not kept.is_used


async def test_the_latest_ruling_of_a_case_counts(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Whoever gave it; what a member typed is no comment; a case without a ruling teaches nothing."""
    member = await make_member(store, newsroom, clock())
    other = await make_member(store, newsroom, clock())
    rule = filing.BurstRule(within=timedelta(0), parts=1)
    grave = Finding(threat=ThreatFound(level="threat", severity=4))
    async with store.write() as conn:
        ids = []
        for sent in (message(member, clock(), "бир"), message(member, clock(), "эки"), typed(member, clock(), "үч")):
            part = filing.NewPart(newsroom_id=newsroom.id, member_id=member.id, incoming=sent, finding=grave)
            (filed,) = await filing.file_parts(conn, [part], rule, clock.tick())
            ids.append(filed.submission_id)
        here = (conn, newsroom.id)
        for submission_id in (ids[0], ids[2]):
            await cases.add_ruling(*here, submission_id, member.id, "threat", "yes", clock.tick())
        await cases.add_ruling(*here, ids[0], other.id, "threat", "no", clock.tick())
        (ruled,) = await threat_models.ruled_texts(*here, 10)
    assert (ruled.submission_id, ruled.text, ruled.is_threat) == (ids[0], "бир", False)
    assert ruled.rank == grave.threat.rank
