"""The index in the archive answers as the shelf in memory does, at once, for one newsroom only."""

from collections.abc import Sequence

import pytest

from bot.model.newsroom import Newsroom
from bot.services.texts import TextIndex
from bot.storage import postings, texts
from bot.storage.postings import POSTINGS_CAP
from bot.storage.store import Store
from bot.storage.texts import NewText
from detection import thresholds
from detection.text import Shelf, fingerprints, key, normalise
from detection.text.fingerprints import packed
from tests.newsroom import make_newsroom
from tests.stores import StoppedClock

SAID = (
    "Эти журналисты получают деньги из-за границы и каждый день врут нашему народу",
    "Эти блогеры получают деньги из-за границы и каждый день врут нашему народу",
    "Кыргыз эли силердин калпыңарга ишенбейт, чет элдик акчага сатылган журналисттер",
    "Рахмат",
    "Вчера в городе открыли новый рынок, цены на мясо упали, а дорогу так и не починили",
)
ASKED = (
    SAID[0].upper(),
    SAID[0].replace("каждый", "всякий"),
    "Kyrgyz eli silderdin kalpyngarga ishenbeyt, chet eldik akchaga satylgan jurnalistter",
    "рахмат!!!",
    "Погода хорошая, поехали в горы всей семьёй, дети рады",
    "",
)


def forms(said: Sequence[str]) -> list[NewText]:
    """Texts as a comment brings them."""
    read = [normalise(text) for text in said]
    return [NewText(key(each.skeleton), each.words, packed(each.skeleton)) for each in read]


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    """A newsroom with nothing in it."""
    return await make_newsroom(store, clock())


@pytest.fixture
async def index(store: Store, newsroom: Newsroom) -> TextIndex:
    """Its index."""
    return TextIndex(store, newsroom.id)


async def register(store: Store, newsroom: Newsroom, said: Sequence[str]) -> None:
    async with store.write() as conn:
        await texts.register(conn, newsroom.id, forms(said))


async def test_it_answers_as_the_shelf(store: Store, newsroom: Newsroom, index: TextIndex) -> None:
    """The same texts, in the same order, of the same tier: tables and memory are one index."""
    await register(store, newsroom, SAID)
    shelf = Shelf(words for _, words, _ in sorted(forms(SAID)))
    found = await index.search([normalise(text).words for text in ASKED])
    for text, matches in zip(ASKED, found, strict=True):
        expected = [
            (shelf.words[d.number], round(d.score, 4), d.tier, d.why) for d in shelf.search(normalise(text).words)
        ]
        assert [(m.words, m.score, m.tier, m.why) for m in matches] == expected


async def test_what_is_committed_is_found_at_once(store: Store, newsroom: Newsroom, index: TextIndex) -> None:
    """No refresh, no rebuild, whoever wrote it."""
    words = normalise(ASKED[1]).words
    assert await index.search([words]) == [[]]
    await register(store, newsroom, SAID[:1])
    assert [match.tier for match in (await index.search([words]))[0]] == ["copy"]


async def test_another_newsroom_learns_nothing(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Not even that somebody met the same text."""
    await register(store, newsroom, SAID)
    other = await make_newsroom(store, clock())
    stranger = TextIndex(store, other.id)
    assert await stranger.search([normalise(text).words for text in ASKED]) == [[]] * len(ASKED)


async def test_common_stretches_do_not_hide_a_copy(store: Store, newsroom: Newsroom, index: TextIndex) -> None:
    """More texts share a beginning than are kept for it; the rest of a text still finds it, and them it does not."""
    start = "Уважаемая редакция, позвольте высказать своё мнение по этому вопросу: "
    endings = [
        f"{word}{number} {SAID[number % 5][5:45]}" for number, word in enumerate(["дорога", "школа", "рынок"] * 40)
    ]
    await register(store, newsroom, [start + ending for ending in endings])
    special = start + "верните людям землю у озера, которую забрали под гостиницу"
    await register(store, newsroom, [special])
    found = (await index.search([normalise(special.replace("людям", "народу")).words]))[0]
    assert found[0].words == normalise(special).words
    assert found[0].tier == "copy"


def test_tables_and_memory_agree() -> None:
    """The archive may not see the laboratory: what both must know is written in both, and proved to be the same."""
    assert POSTINGS_CAP == thresholds.POSTINGS_CAP
    assert postings._BITS == fingerprints.BITS
