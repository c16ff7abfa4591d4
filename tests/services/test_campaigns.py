"""What is shown of campaigns, and what editors may do to them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.staff import StaffKind
from bot.storage import campaigns as archive
from bot.storage import cases, filing, staff
from bot.storage.filing import BurstRule, NewPart
from bot.storage.store import Store
from bot.storage.tables import texts
from tests.campaign_ground import A, B, C, D, E, F, ToldLikeness, Wave, post
from tests.newsroom import make_newsroom, message, queued
from tests.stores import StoppedClock


@pytest.fixture
async def wave(store: Store, clock: StoppedClock) -> Wave:
    newsroom = await make_newsroom(store, clock())
    return Wave(store, clock, newsroom, ToldLikeness(store, newsroom.id))


async def test_a_view_shows_all_of_it(wave: Wave) -> None:
    """Texts, authors, posts and history; targets only to who may see them."""
    await wave.campaign(A, B)
    for _ in range(2):
        await wave.posted(B, "vk:z", post="vk.com/wall1")
    await wave.campaigns.sweep_all()
    reporter = await wave.member(Role.JOURNALIST)
    person = await _aimed_case(wave, reporter, A)
    view = await wave.campaigns.view(await wave.member(), 1)
    assert [(text.text, text.times) for text in view.texts] == [(A, 3), (B, 3)]
    assert (view.text_count, view.authors[0], view.posts) == (2, ("vk:a", 2), (("vk.com/wall1", 2),))
    assert (view.targets, view.history, view.line.campaign.label) == ((person,), (), "C-1")
    assert (await wave.campaigns.view(reporter, 1)).targets == ()
    assert await wave.campaigns.texts(reporter, 1, 0) == view.texts
    assert await wave.campaigns.texts(reporter, 1, 1) == ()
    for ask in (wave.campaigns.view(reporter, 9), wave.campaigns.texts(reporter, 9, 0)):
        with pytest.raises(Refusal, match="campaign_unknown"):
            await ask


async def _aimed_case(wave: Wave, reporter: Member, text: str, name: str = "Айгүл Темирова") -> str:
    """A forwarded comment that its reporter says to be aimed at somebody."""
    part = NewPart(newsroom_id=wave.newsroom.id, member_id=reporter.id, incoming=message(reporter, wave.clock()))
    async with wave.store.write() as conn:
        (filed,) = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), wave.clock())
        await post(conn, wave.newsroom.id, text, at=wave.clock(), submission_id=filed.submission_id)
        await staff.put(conn, wave.newsroom.id, StaffKind.PERSON, name, None, ("Aigul",), wave.clock())
        (person,) = [p for p in await staff.all_of(conn, wave.newsroom.id) if p.name == name]
        await cases.set_target(conn, filed.submission_id, person.id)
    await wave.campaigns.sweep_all()
    return name


async def test_the_list_is_asked_by_date_and_target(wave: Wave) -> None:
    """By a part of a name or alias; who may not see targets is answered by their own cases."""
    await wave.campaign(A)
    then = wave.clock.tick(3600)
    await wave.campaign(B, by="vk:b")
    reporter, other, editor = (
        await wave.member(Role.JOURNALIST),
        await wave.member(Role.JOURNALIST),
        await wave.member(),
    )
    await _aimed_case(wave, reporter, B)

    async def labels(member: Member, **asked: Any) -> list[str]:
        lines = await wave.campaigns.lines(member, **({"since": None, "target": None} | asked))
        return [line.campaign.label for line in lines]

    assert await labels(editor) == ["C-2", "C-1"]
    assert (await labels(editor, since=then), await labels(editor, page=1)) == (["C-2"], [])
    assert await labels(editor, target="темир") == await labels(reporter, target=" AIGUL ") == ["C-2"]
    assert (await labels(other, target="темир"), await labels(editor, target="Бакыт")) == ([], [])


async def test_merge_keeps_the_smaller_number(wave: Wave) -> None:
    """Whichever way round it is pressed, and how often; the history says it once, and the pressed card is changed."""
    await wave.campaign(A, B)
    await wave.campaign(C, D, by="vk:c")
    editor = await wave.member()
    for number, into in ((1, 2), (1, 2), (2, 1)):
        await wave.campaigns.merge(wave.stage, editor, number, into, 77)
    await wave.commit()
    assert await wave.together() == {frozenset({1, 2, 3, 4})}
    view = await wave.campaigns.view(editor, 2)
    assert (view.line.campaign.label, view.line.times, view.line.accounts) == ("C-1", 6, 4)
    assert [(event, who, other) for event, who, _, other in view.history] == [("merged", "Данияр", "C-2")]
    assert view.line.campaign.last_seen == wave.clock()
    said = [(body["code"], body["values"], body["edit"]) for (body,) in await queued(wave.store, "body")]
    assert said == [("campaigns_merged", {"campaign": 1, "other": 2, "text": text}, 77) for text in (3, None, None)]


async def test_a_merge_that_makes_no_sense_is_refused(wave: Wave) -> None:
    """A campaign with itself, or with none."""
    await wave.campaign(A)
    editor = await wave.member()
    for number, into, code in ((1, 1, "campaign_same"), (1, 7, "campaign_unknown"), (7, 1, "campaign_unknown")):
        with pytest.raises(Refusal, match=code):
            await wave.campaigns.merge(wave.stage, editor, number, into, None)
    assert wave.stage.steps == []


async def test_split_takes_the_texts_that_are_more_alike(wave: Wave) -> None:
    """Two that were glued part at their weakest link; pressed twice it is done once; neither is swept back."""
    editor = await wave.member()
    for one, other in ((A, B), (B, C), (A, C), (D, E)):
        wave.likeness.say(one, other)
    wave.likeness.say(C, D, 0.91)
    for text in (A, B, C, D, E):
        await wave.posted(text, f"vk:{text[0]}")
    await wave.campaigns.sweep_all()
    assert len(await wave.together()) == 1
    for _ in range(2):
        await wave.campaigns.split(wave.stage, editor, 1, 5, 77)
    await wave.commit()
    assert await wave.together() == {frozenset({1, 2, 3}), frozenset({4, 5})}
    assert [(values, edit) for _, values, edit in await wave.heard()] == [
        ({"campaign": 1, "other": 2, "texts": 2}, 77),
        ({"campaign": 1, "other": 2, "texts": 0}, 77),
    ]
    assert (await wave.campaigns.view(editor, 2)).history[-1][::3] == ("split_from", "C-1")
    assert (await wave.campaigns.view(editor, 1)).history[-1][::3] == ("split", "C-2")
    async with wave.store.write() as conn:
        await conn.execute(sa.update(texts).values(state=1))
    await wave.campaigns.sweep_all()
    assert await wave.together() == {frozenset({1, 2, 3}), frozenset({4, 5})}
    assert await wave.campaigns.candidates(editor, 1) == []
    await wave.campaigns.merge(wave.stage, editor, 2, 1, None)
    await wave.commit()
    assert len(await wave.together()) == 1


async def test_split_undoes_a_merge(wave: Wave) -> None:
    """With its number and its texts; and a merge undoes that again."""
    editor = await wave.member()
    await wave.campaign(A, B)
    await wave.campaign(C, D, by="vk:c")
    before = await wave.groups()
    wave.likeness.say(A, C, 0.99)
    for _ in range(2):
        await wave.campaigns.merge(wave.stage, editor, 2, 1, None)
        await wave.commit()
        assert set((await wave.groups()).values()) == {1}
        await wave.campaigns.split(wave.stage, editor, 1, 4, None)
        await wave.commit()
        assert await wave.groups() == before
    events = [event for event, *_ in (await wave.campaigns.view(editor, 2)).history]
    assert events == ["merged_into", "split_from"] * 2


async def test_a_split_that_makes_no_sense_is_refused(wave: Wave) -> None:
    """Of an unknown campaign, by a text of another one, or of the only text."""
    await wave.campaign(A)
    await wave.campaign(B, C, by="vk:b")
    editor = await wave.member()
    for number, text, code in ((9, 1, "campaign_unknown"), (2, 1, "campaign_text_unknown"), (1, 1, "campaign_single")):
        with pytest.raises(Refusal, match=code):
            await wave.campaigns.split(wave.stage, editor, number, text, None)
    assert wave.stage.steps == []


async def test_candidates_are_what_might_be_the_same(wave: Wave) -> None:
    """Similar ones and copies that joined elsewhere, the likest first; no parts, none rejected or told apart."""
    editor = await wave.member()
    for number, text in enumerate((A, B, C, D, E, F)):
        await wave.campaign(text, by=f"vk:{number}")
    wave.likeness.say(A, B, 0.6, "similar")
    wave.likeness.say(A, C, 0.99)
    wave.likeness.say(A, D, 0.99, partial=True)
    wave.likeness.say(A, E, 0.99)
    wave.likeness.say(A, F, 0.98)
    await wave.reject(editor, 1, 5)
    found = await wave.campaigns.candidates(editor, 1)
    assert [line.campaign.label for line in found] == ["C-3", "C-6", "C-2"]
    assert found[0].accounts == 2
    async with wave.store.write() as conn:
        ids = [each.campaign_id for each in (await archive.known(conn, wave.newsroom.id, [1, 6])).values()]
        await archive.tell_apart(conn, wave.newsroom.id, ids[0] or 0, ids[1] or 0)
    assert [line.campaign.label for line in await wave.campaigns.candidates(editor, 1)] == ["C-3", "C-2"]
    with pytest.raises(Refusal, match="campaign_unknown"):
        await wave.campaigns.candidates(editor, 99)
