"""The newsroom's own threat words: looked for from the moment they are added until they are removed."""

import pytest

from bot.errors import Refusal
from bot.model.newsroom import Newsroom
from bot.services.findings import TextQuery
from bot.services.threat_words import ThreatWords, kind_named, read_threat_word
from bot.storage import history
from bot.storage.store import Store
from tests.newsroom import make_member, said
from tests.services.conftest import EditorsDesk
from tests.stage import Recorder
from tests.stores import StoppedClock


@pytest.fixture
def words(store: Store, clock: StoppedClock, newsroom: Newsroom, desk: EditorsDesk) -> ThreatWords:
    """The list of this newsroom."""
    return ThreatWords(store, clock, desk.knowledge, newsroom.id)


async def test_a_word_counts_at_once(
    store: Store, clock: StoppedClock, newsroom: Newsroom, desk: EditorsDesk, words: ThreatWords
) -> None:
    """Before, nothing; after, a threat of its kind; removed, nothing again. The history has all of it."""
    editor = await make_member(store, newsroom, clock())
    stage = Recorder()

    async def level() -> tuple[str, tuple[str, ...]]:
        outcome = await desk.findings.text(TextQuery(text="Мы тебя отхайдарим"))
        return outcome.finding.threat.level, outcome.finding.threat.kinds

    assert (await level())[0] == "none"
    for text in ("смерть: ОТХАЙДАР*", "death: отхайдар*"):
        await words.add(stage, editor, text)
        await stage.commit(store)
    assert await level() == ("threat", ("death",))
    (word,) = await words.lines(editor)
    await words.remove(stage, editor, word.id, 5)
    await stage.commit(store)
    assert (await level())[0] == "none"
    assert await said(store) == ["threat_word_added", "threat_word_there", "threat_words"]
    async with store.read() as conn:
        events = await history.of(conn, newsroom.id, ("threat_word", word.id))
    assert [event for event, _, _ in events] == ["added", "removed"]


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("өлүм: Тыткыла*", "death", "тыткыла*"),
        ("Поджог: красный  петух", "arson", "красный петух"),
        ("rape: take turns", "sexual", "take turns"),
        ("отхайдар*", "violence", "отхайдар*"),
    ],
)
def test_kinds_are_named_in_every_language(text: str, kind: str, word: str) -> None:
    """Russian, Kyrgyz, English; without a kind it is violence."""
    assert read_threat_word(text) == (kind, word)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "threat_word_empty"),
        ("death:", "threat_word_empty"),
        ("ты", "threat_word_too_short"),
        ("убь*", "threat_word_too_short"),
        ("@you убью", "threat_word_unreadable"),
        ("(а|б)ббб", "threat_word_unreadable"),
        ("..6 убью", "threat_word_unreadable"),
        ("слово " * 7, "threat_word_too_long"),
        ("а" * 81, "threat_word_too_long"),
    ],
)
def test_what_is_no_word_is_refused(text: str, code: str) -> None:
    """Nothing that fits everything, nothing of the lexicons' own notation."""
    with pytest.raises(Refusal, match=code):
        read_threat_word(text)


def test_an_unknown_kind_is_none() -> None:
    """It is then read as a part of the word, which is refused for its colon."""
    assert kind_named("погода") is None
    assert kind_named("") is None
    with pytest.raises(Refusal, match="threat_word_unreadable"):
        read_threat_word("погода: дождь")
