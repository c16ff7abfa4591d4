"""How campaigns grow by themselves, and what never joins."""

import asyncio
import itertools
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.text import TextMatch
from bot.services.campaigns import Campaigns
from bot.storage import comments, stock_phrases
from bot.storage.store import Store
from bot.storage.tables import campaigns as campaigns_table
from bot.storage.tables import texts
from bot.storage.texts import wake
from tests.campaign_ground import LETTERS, WALL, A, B, C, D, E, ToldLikeness, Wave, words_of
from tests.newsroom import make_newsroom
from tests.stores import MakeStore, StoppedClock, sqlite_url


@pytest.fixture
async def wave(store: Store, clock: StoppedClock) -> Wave:
    newsroom = await make_newsroom(store, clock())
    return Wave(store, clock, newsroom, ToldLikeness(store, newsroom.id))


async def test_two_accounts_make_a_campaign(wave: Wave) -> None:
    """One account that repeats itself does not; nor do comments of nobody known."""
    wave.likeness.say(A, B)
    for text, by in ((A, "vk:a"), (A, "vk:a"), (B, "vk:a"), (A, None), (B, None)):
        await wave.posted(text, by)
    assert await wave.campaigns.sweep_all() == 2
    assert await wave.groups() == {}
    await wave.posted(B, "ok:b")
    await wave.campaigns.sweep_all()
    assert await wave.groups() == {1: 1, 2: 1}
    assert await wave.campaigns.sweep() == 0


async def test_verbatim_copies_make_a_campaign(wave: Wave) -> None:
    """One text is enough when two accounts posted it, if it is long enough to be told from what anybody says."""
    for text in (WALL, "Рахмат, туура айтасыз"):
        for by in ("vk:a", "vk:b"):
            await wave.posted(text, by)
    await wave.campaigns.sweep_all()
    assert await wave.groups() == {1: 1}
    assert wave.likeness.asked == 1


async def _between_two(wave: Wave) -> int:
    """Two campaigns of two texts each, and a text that is nearly the same as all four; its number, not placed yet."""
    assert (await wave.campaign(A, B), await wave.campaign(C, D, by="vk:c")) == (1, 2)
    for text in (A, B):
        wave.likeness.say(E, text, 0.91)
    for text in (C, D):
        wave.likeness.say(E, text, 0.93)
    return await wave.posted(E)


async def test_what_is_nearly_the_same_as_two_campaigns_makes_them_one(wave: Wave) -> None:
    """They had not met before. The older keeps its number, the history names nobody, and a split undoes it."""
    number = await _between_two(wave)
    before = await wave.groups()
    await wave.campaigns.sweep_all()
    assert set((await wave.groups()).values()) == {1}
    editor = await wave.member()
    view = await wave.campaigns.view(editor, 1)
    assert [(event, who, other) for event, who, _, other in view.history] == [("merged", "", "C-2")]
    of_second = next(text for text, campaign in before.items() if campaign == 2)
    await wave.campaigns.split(wave.stage, editor, 1, of_second, None)
    await wave.commit()
    assert {text: campaign for text, campaign in (await wave.groups()).items() if text in before} == before
    assert number in await wave.groups()


async def test_what_an_editor_told_apart_stays_two(wave: Wave) -> None:
    """However alike a later text is to both: it joins the likelier one."""
    assert (await wave.campaign(A, B), await wave.campaign(C, D, by="vk:c")) == (1, 2)
    editor = await wave.member()
    await wave.campaigns.merge(wave.stage, editor, 1, 2, None)
    await wave.commit()
    await wave.campaigns.split(wave.stage, editor, 1, 3, None)
    await wave.commit()
    for text, score in ((A, 0.91), (B, 0.91), (C, 0.93), (D, 0.93)):
        wave.likeness.say(E, text, score)
    number = await wave.posted(E)
    await wave.campaigns.sweep_all()
    assert (await wave.groups())[number] == 2
    assert len(await wave.together()) == 2


@pytest.mark.parametrize(("others", "joins"), [((A, B), True), ((A,), False), ((A, B, C), False)])
async def test_a_sentence_more_joins_the_only_campaign_that_it_holds(
    wave: Wave, others: tuple[str, ...], joins: bool
) -> None:
    """Two of its texts stand in the newcomer, and of no other campaign any: who pastes two together joins neither."""
    assert (await wave.campaign(A, B), await wave.campaign(C, D, by="vk:c")) == (1, 2)
    for text in others:
        wave.likeness.say(E, text, 0.98, partial=True)
    number = await wave.posted(E, "vk:x")
    await wave.campaigns.sweep_all()
    assert (number in await wave.groups()) is joins


@pytest.mark.parametrize(
    ("like", "score", "joins"), [((A,), 0.85, True), ((A,), 0.78, False), ((A, B), 0.75, True), ((A, B), 0.65, False)]
)
async def test_what_resembles_a_campaign_is_of_it(wave: Wave, like: tuple[str, ...], score: float, joins: bool) -> None:
    """No copy of any of them, but much like one or less like several: an edit of edits."""
    await wave.campaign(A, B, C)
    for text in like:
        wave.likeness.say(D, text, score, "similar")
    number = await wave.posted(D, "vk:x")
    await wave.campaigns.sweep_all()
    assert (number in await wave.groups()) is joins


async def test_what_resembles_two_campaigns_joins_neither(wave: Wave) -> None:
    """An edit of edits has one home; who cannot tell, leaves it to a person."""
    assert (await wave.campaign(A, B), await wave.campaign(C, D, by="vk:c")) == (1, 2)
    for text in (A, C):
        wave.likeness.say(E, text, 0.9, "similar")
    number = await wave.posted(E, "vk:x")
    await wave.campaigns.sweep_all()
    assert number not in await wave.groups()


async def test_one_weak_likeness_does_not_glue_a_second_campaign(wave: Wave) -> None:
    """What resembles one text only of several stays out, and makes its own campaign with its own copies."""
    await wave.campaign(A, B, C)
    wave.likeness.say(C, D, 0.75)
    first = await wave.posted(D, "vk:x")
    await wave.campaigns.sweep_all()
    assert first not in await wave.groups()
    wave.likeness.say(D, E)
    wave.likeness.say(C, E, 0.78)
    second = await wave.posted(E, "vk:y")
    await wave.campaigns.sweep_all()
    assert await wave.together() == {frozenset({1, 2, 3}), frozenset({first, second})}


@pytest.mark.parametrize(("score", "tier"), [(0.75, "similar"), (0.75, "copy"), (0.85, None)])
async def test_a_weak_copy_joins_with_a_second_witness(wave: Wave, score: float, tier: str | None) -> None:
    """A likeness of the lower tier is enough for that; a strong copy needs none."""
    await wave.campaign(A, B, C)
    wave.likeness.say(C, D, score)
    if tier:
        wave.likeness.say(A, D, 0.5, tier)
    number = await wave.posted(D)
    await wave.campaigns.sweep_all()
    assert (await wave.groups())[number] == 1


async def test_a_weak_copy_of_the_only_text_joins(wave: Wave) -> None:
    """There is no second witness to be had."""
    await wave.campaign(A)
    wave.likeness.say(A, B, 0.75)
    number = await wave.posted(B)
    await wave.campaigns.sweep_all()
    assert (await wave.groups())[number] == 1


async def test_what_was_alone_looks_again(wave: Wave) -> None:
    """Copies by one account or by nobody known come in when the campaign is there."""
    for one, other in itertools.combinations((A, B, C, D), 2):
        wave.likeness.say(one, other)
    for text, by in ((A, None), (B, "vk:a"), (C, "vk:a")):
        await wave.posted(text, by)
        await wave.campaigns.sweep_all()
    assert await wave.groups() == {}
    await wave.posted(D, "vk:b")
    await wave.campaigns.sweep_all()
    assert await wave.together() == {frozenset({1, 2, 3, 4})}


async def test_an_unsigned_text_joins_two_that_were_not_alike_enough(wave: Wave) -> None:
    """Its copies by two accounts are a campaign with it, though they did not find each other."""
    for text in (A, C):
        wave.likeness.say(B, text)
    for text, by in ((A, "vk:a"), (C, "vk:c"), (B, None)):
        await wave.posted(text, by)
    await wave.campaigns.sweep_all()
    assert await wave.together() == {frozenset({1, 2, 3})}


@pytest.mark.parametrize("tier", ["similar", "copy"])
async def test_parts_and_faintly_similar_texts_never_join(wave: Wave, tier: str) -> None:
    """A faint likeness is nothing; what shares a part is kept as "contains", and each remains by itself."""
    await wave.campaign(A, B)
    wave.likeness.say(A, C, 0.75, tier=tier, partial=tier == "copy")
    for by in ("vk:x", "vk:y"):
        number = await wave.posted(C, by)
    await wave.campaigns.sweep_all()
    assert (await wave.groups())[number] == 2
    member = await wave.member()
    shown = [(await wave.campaigns.view(member, n)).contains for n in (1, 2)]
    assert shown == ([("C-2",), ("C-1",)] if tier == "copy" else [(), ()])


async def test_a_part_is_kept_whichever_campaign_comes_first(wave: Wave) -> None:
    """Found by a text that had no campaign at that time, and neither had the other."""
    wave.likeness.say(A, B, partial=True)
    for text in (A, B):
        await wave.posted(text, "vk:a")
    await wave.campaigns.sweep_all()
    for text in (A, B):
        await wave.posted(text, "vk:b")
        await wave.campaigns.sweep_all()
    view = await wave.campaigns.view(await wave.member(), 1)
    assert (len(await wave.together()), view.contains) == (2, ("C-2",))


async def test_stock_phrases_never_join(wave: Wave) -> None:
    """On the never-match list a text makes no campaign, joins none, and is no reason for another to join."""
    editor = await wave.member()
    await wave.campaign(A, B)
    await wave.posted(C, "vk:x")
    (known,) = (await wave.known(3)).values()
    async with wave.store.write() as conn:
        await stock_phrases.add(conn, wave.newsroom.id, known.text_key, C, editor.id, wave.clock())
    for text in (A, B, D):
        wave.likeness.say(C, text)
    for text, by in ((C, "vk:y"), (D, "vk:z")):
        await wave.posted(text, by)
    await wave.campaigns.sweep_all()
    assert await wave.groups() == {1: 1, 2: 1}


async def test_a_rejected_match_never_joins(wave: Wave) -> None:
    """Not the text that was rejected, nor by a detour over another text of its campaign."""
    editor = await wave.member()
    number = await wave.posted(C, "vk:x")
    await wave.campaign(A, B)
    await wave.reject(editor, number, number + 1)
    for text in (A, B):
        wave.likeness.say(C, text)
    await wave.posted(C, "vk:y")
    await wave.campaigns.sweep_all()
    assert (await wave.groups())[number] == 2


async def test_withdrawn_comments_do_not_count(wave: Wave) -> None:
    """Neither as a second account nor as a copy by which others join."""
    for text, other in ((A, B), (A, C)):
        wave.likeness.say(text, other)
    await wave.posted(A, "vk:a")
    async with wave.store.write() as conn:
        await conn.execute(sa.update(comments.t).values(withdrawn_at=wave.clock()))
    for text, by in ((B, "vk:b"), (C, "vk:b")):
        await wave.posted(text, by)
    await wave.campaigns.sweep_all()
    assert await wave.groups() == {}


async def test_a_campaign_follows_its_comments(wave: Wave) -> None:
    """A verbatim copy that comes later moves "last seen" and may change the name; an older one moves "first seen"."""
    member = await wave.member()
    await wave.campaign(A, B)
    before = (await wave.campaigns.view(member, 1)).line
    assert (before.campaign.name, before.times, before.accounts) == (A, 3, 2)
    longest_ago = wave.clock() - timedelta(days=9)
    await wave.posted(B, "vk:c", posted_at=longest_ago)
    await wave.posted(B, "vk:d")
    assert await wave.campaigns.sweep_all() == 1
    line = (await wave.campaigns.view(member, 1)).line
    assert (line.campaign.name, line.times, line.accounts) == (B, 5, 4)
    assert (line.campaign.first_seen, line.campaign.last_seen) == (longest_ago, wave.clock())


async def test_a_campaign_that_lost_everything_keeps_its_name(wave: Wave) -> None:
    """It can still be asked for, but is not listed."""
    member = await wave.member()
    await wave.campaign(A)
    (known,) = (await wave.known(1)).values()
    async with wave.store.write() as conn:
        await conn.execute(sa.update(comments.t).values(withdrawn_at=wave.clock()))
        await wake(conn, wave.newsroom.id, [known.text_key])
    await wave.campaigns.sweep_all()
    view = await wave.campaigns.view(member, 1)
    assert (view.line.campaign.name, view.line.times, view.texts, view.text_count) == (A, 0, (), 0)
    assert await wave.campaigns.lines(member, since=None, target=None) == []


async def test_a_sweep_is_taken_in_steps(wave: Wave) -> None:
    """At most so many at a time; the progress reaches its end."""
    for text in LETTERS:
        await wave.posted(text, "vk:a")
    assert await wave.campaigns.sweep(5) == 5
    told: list[tuple[int, int]] = []
    assert await wave.campaigns.sweep_all(lambda done, total: told.append((done, total))) == len(LETTERS) - 5
    assert told[-1] == (len(LETTERS) - 5, len(LETTERS) - 5)


async def test_sweeping_again_changes_nothing(wave: Wave) -> None:
    """Also when every text is looked at anew."""
    await wave.campaign(A, B, C)
    await wave.campaign(D, E, by="vk:d")
    before = await wave.everything()
    async with wave.store.write() as conn:
        await conn.execute(sa.update(texts).values(state=1))
    await wave.campaigns.sweep_all()
    assert await wave.everything() == before


async def test_two_processes_may_sweep_at_once(wave: Wave, more_stores: MakeStore) -> None:
    """Every text is placed once, every campaign opened once."""
    for one, other in itertools.combinations(LETTERS, 2):
        wave.likeness.say(one, other)
    for number, text in enumerate(LETTERS):
        await wave.posted(text, f"vk:{number}")
    store = more_stores()
    other = replace(wave, store=store, likeness=replace(wave.likeness, store=store))
    await asyncio.gather(wave.campaigns.sweep_all(), other.campaigns.sweep_all(), wave.campaigns.sweep_all())
    assert await wave.together() == {frozenset(range(1, len(LETTERS) + 1))}
    async with wave.store.read() as conn:
        assert await conn.scalar(sa.select(sa.func.count()).select_from(campaigns_table)) == 1


async def test_a_search_that_fails_loses_nothing(wave: Wave) -> None:
    """As a kill in the middle does: the texts still wait."""
    await wave.posted(A, "vk:a")
    await wave.posted(A, "vk:b")

    class Broken:
        async def search(self, words: Sequence[str]) -> list[list[TextMatch]]:
            raise OSError(f"gone with {len(words)}")

    with pytest.raises(OSError, match="gone"):
        await Campaigns(wave.store, wave.clock, Broken(), wave.newsroom.id).sweep()
    await wave.campaigns.sweep_all()
    assert await wave.groups() == {1: 1}


async def test_what_changed_during_the_search_is_seen(wave: Wave) -> None:
    """The campaign that the search named was merged meanwhile: the text joins what it is in now."""
    await wave.campaign(A, B)
    await wave.campaign(C, D, by="vk:c")
    editor = await wave.member()

    class Slow(ToldLikeness):
        async def search(self, words: Sequence[str]) -> list[list[TextMatch]]:
            found = await super().search(words)
            await wave.campaigns.merge(wave.stage, editor, 2, 1, None)
            await wave.commit()
            return found

    for text in (C, D):
        wave.likeness.say(E, text)
    number = await wave.posted(E)
    slow = Slow(wave.store, wave.newsroom.id, wave.likeness.alike)
    await Campaigns(wave.store, wave.clock, slow, wave.newsroom.id).sweep()
    assert (await wave.groups())[number] == 1


EDGES = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from((0.91, 0.95, 0.99)), st.sampled_from("csp")),
    max_size=16,
)
ARRIVALS = st.lists(st.tuples(st.integers(0, 7), st.sampled_from((None, "vk:a", "vk:b", "vk:c"))), max_size=20)


@settings(max_examples=25)
@given(edges=EDGES, arrivals=ARRIVALS, steps=st.lists(st.booleans(), min_size=20, max_size=20))
def test_groups_hold_together(
    edges: list[tuple[int, int, float, str]],
    arrivals: list[tuple[int, str | None]],
    steps: list[bool],
    migrated_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """In whatever order comments come and sweeps run: every campaign is held together by likeness and has two accounts.

    Sweeping once more changes nothing, and what a merge joins a split parts as it was.
    """
    path = tmp_path_factory.mktemp("wave") / "kalkan.sqlite"
    shutil.copy(migrated_file, path)
    asyncio.run(_live_through(edges, arrivals, steps, sqlite_url(path)))
    path.unlink()


async def _live_through(
    edges: list[tuple[int, int, float, str]], arrivals: list[tuple[int, str | None]], steps: list[bool], url: str
) -> None:
    store, clock = Store(url), StoppedClock()
    newsroom = await make_newsroom(store, clock())
    wave = Wave(store, clock, newsroom, ToldLikeness(store, newsroom.id))
    for one, other, score, kind in edges:
        if one != other:
            tier = "similar" if kind == "s" else "copy"
            wave.likeness.say(LETTERS[one], LETTERS[other], score, tier, partial=kind == "p")
    wrote: dict[int, set[str]] = {}
    letter_of: dict[int, int] = {}
    for (letter, by), sweep in zip(arrivals, steps, strict=False):
        number = await wave.posted(LETTERS[letter], by)
        letter_of[number] = letter
        wrote.setdefault(number, set()).update({by} - {None})
        if sweep:
            await wave.campaigns.sweep_all()
    await wave.campaigns.sweep_all()
    for group in await wave.together():
        assert len(set().union(*(wrote[number] for number in group))) >= 2
        assert _is_connected({letter_of[number] for number in group}, wave.likeness)
    assert {n for n, who in wrote.items() if len(who) >= 2} <= (await wave.groups()).keys()
    before = await wave.everything()
    async with store.write() as conn:
        await conn.execute(sa.update(texts).values(state=1))
    await wave.campaigns.sweep_all()
    await _there_and_back(wave)
    if len(await wave.together()) < 2:
        assert await wave.everything() == before
    await store.close()


def _is_connected(letters: set[int], likeness: ToldLikeness) -> bool:
    reached, todo = set(), [min(letters)]
    while todo:
        letter = todo.pop()
        reached.add(letter)
        todo += [
            other
            for other in letters - reached
            if frozenset((words_of(LETTERS[letter]), words_of(LETTERS[other]))) in likeness.alike
        ]
    return reached == letters


async def _there_and_back(wave: Wave) -> None:
    groups = await wave.groups()
    if len(set(groups.values())) < 2:
        return
    editor = await wave.member()
    kept, gone = sorted(set(groups.values()))[:2]
    await wave.campaigns.merge(wave.stage, editor, gone, kept, None)
    await wave.commit()
    moved = min(number for number, campaign in groups.items() if campaign == gone)
    await wave.campaigns.split(wave.stage, editor, kept, moved, None)
    await wave.commit()
    assert await wave.groups() == groups
