"""Spikes: what is counted, told once, told again, and what people's answers do; on both engines."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.model.spike import Series, SeriesKind, Spike, SpikeStatus, TriggerKind
from bot.model.staff import StaffKind
from bot.services.spike_waves import post_key
from bot.services.spikes import Spikes
from bot.services.watch_windows import WatchEntry, WatchWindows
from bot.storage import comments, spike_counts, spikes, staff
from bot.storage.comments import NewComment
from bot.storage.store import Store
from bot.storage.tables import outbox_messages
from tests.newsroom import make_member, make_newsroom
from tests.stage import Recorder
from tests.stores import StoppedClock

#: A Tuesday, 14:00 in Bishkek.
NOW = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
BEGUN = NOW - timedelta(days=60)


@dataclass(kw_only=True)
class House:
    """A newsroom of two months with an outlet under protection."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    editor: Member
    journalist: Member
    outlet: int
    stage: Recorder = field(default_factory=Recorder)
    written: int = 0

    def spikes(self) -> Spikes:
        """The service, as a process has it that has just begun."""
        return Spikes(self.store, self.clock, self.newsroom.id)

    async def write(self, count: int, at: datetime, *, text: str = "Азаттык сатылган {n}", **values: object) -> None:
        """So many comments about the outlet, by as many people, within one hour."""
        new = []
        for _ in range(count):
            self.written += 1
            said = text.format(n=self.written)
            handle = f"reader{self.written}"
            new.append(
                NewComment(
                    newsroom_id=self.newsroom.id,
                    text=said,
                    words=said,
                    text_key=hash(said) % 2**40,
                    source=f"feed:{self.written}",
                    platform="facebook",
                    handle=handle,
                    author_key=f"facebook:{handle}",
                    posted_at=at + timedelta(seconds=self.written % 3000),
                )
            )
        async with self.store.write() as conn:
            await comments.add(conn, [replace(each, **values) for each in new], self.clock(), posted=False)  # type: ignore[arg-type]

    async def told(self) -> list[tuple[int, int]]:
        """Of which spike which message went to the editor."""
        async with self.store.read() as conn:
            query = sa.select(outbox_messages.c.body).where(
                outbox_messages.c.kind == "spike", outbox_messages.c.member_id == self.editor.id
            )
            bodies = (await conn.execute(query.order_by(outbox_messages.c.id))).scalars().all()
        return [(body["spike"], body["alert"]) for body in bodies if "alert" in body]

    async def all(self) -> list[Spike]:
        """Every spike."""
        async with self.store.read() as conn:
            return await spikes.between(conn, self.newsroom.id, BEGUN, NOW + timedelta(days=99))

    async def sent(self) -> None:
        """What waited was sent."""
        async with self.store.write() as conn:
            await conn.execute(sa.update(outbox_messages).values(state="done"))


@pytest.fixture
async def house(store: Store) -> House:
    """Two months in which a comment came every other day."""
    clock = StoppedClock()
    clock.now = BEGUN
    newsroom = await make_newsroom(store, BEGUN)
    editor = await make_member(store, newsroom, BEGUN, Role.EDITOR)
    journalist = await make_member(store, newsroom, BEGUN, Role.JOURNALIST)
    async with store.write() as conn:
        await staff.put(conn, newsroom.id, StaffKind.OUTLET, "Азаттык", None, ("azattyk",), BEGUN)
        (outlet,) = await staff.all_of(conn, newsroom.id)
    made = House(store=store, clock=clock, newsroom=newsroom, editor=editor, journalist=journalist, outlet=outlet.id)
    for day in range(0, 58, 2):
        await made.write(1, BEGUN + timedelta(days=day, hours=day % 11))
    clock.now = NOW
    return made


async def test_a_wave_is_told_once_within_the_hour(house: House) -> None:
    """Who, how much, since when; series that rose with the same comments are one; a second look says nothing new."""
    await house.spikes().sweep()
    assert await house.told() == []
    await house.write(40, NOW - timedelta(hours=1))
    assert await house.spikes().sweep()
    (spike,) = await house.all()
    assert spike.series == Series(kind=SeriesKind.TARGET, ref=str(house.outlet))
    assert (spike.name, spike.count, spike.label) == ("Азаттык", 40, "S-1")
    assert [series.key for series, _ in spike.joined] == ["platform:facebook"]
    assert spike.started == NOW - timedelta(hours=1)
    assert spike.usual < 1
    assert spike.makeup.unfamiliar == 40
    assert await house.told() == [(spike.id, 1)]
    await house.sent()
    for _ in range(2):
        await house.write(1, NOW)
        await house.spikes().sweep()
    assert await house.told() == [(spike.id, 1)]


async def test_told_again_when_it_doubles_or_lasts(house: House) -> None:
    """A wave that doubles, and one that stands after 48 hours, is told once more; muted, it is not."""
    await house.write(30, NOW - timedelta(hours=1))
    await house.spikes().sweep()
    await house.write(31, NOW)
    await house.spikes().sweep()
    assert len(await house.told()) == 1
    house.clock.now = NOW + timedelta(hours=1)
    await house.write(1, NOW)
    await house.spikes().sweep()
    (spike,) = await house.all()
    assert await house.told() == [(spike.id, 1), (spike.id, 2)]
    house.spikes().answer(house.stage, house.editor, spike.id, "mute", 7)
    await house.stage.commit(house.store)
    await house.write(200, NOW)
    await house.spikes().sweep()
    assert len(await house.told()) == 2
    for hours in (20, 40, 49):
        house.clock.now = NOW + timedelta(hours=hours)
        await house.write(30, house.clock() - timedelta(hours=1))
        await house.spikes().sweep()
    assert await house.told() == [(spike.id, 1), (spike.id, 2), (spike.id, 3)]
    house.clock.now += timedelta(days=5)
    await house.spikes().sweep()
    (spike,) = await house.all()
    assert spike.status is SpikeStatus.OVER


async def test_not_a_spike_is_not_told_again(house: House) -> None:
    """What an editor called false is only told when it doubles, and can be taken back."""
    await house.write(30, NOW - timedelta(hours=1))
    await house.spikes().sweep()
    (spike,) = await house.all()
    house.spikes().answer(house.stage, house.editor, spike.id, "false", 7)
    await house.stage.commit(house.store)
    for hours in (24, 47, 50):
        house.clock.now = NOW + timedelta(hours=hours)
        await house.write(20, house.clock() - timedelta(hours=1))
        await house.spikes().sweep()
    assert await house.told() == [(spike.id, 1)]
    view = await house.spikes().view(house.editor, spike.id)
    assert [event for event, *_ in view.said] == ["spike_false"]
    with pytest.raises(Refusal):
        await house.spikes().view(house.editor, 5)


async def test_counts_are_of_distinct_comments(house: House) -> None:
    """Several reports of one comment are one; what was withdrawn is none; an unknown moment of an import is none."""
    hour = NOW - timedelta(hours=2)
    await house.write(3, hour)
    await house.write(1, hour, posted_at=None)
    await house.spikes().sweep()
    series = Series(kind=SeriesKind.TARGET, ref=str(house.outlet))

    async def counted() -> int:
        async with house.store.read() as conn:
            found = await spike_counts.hourly(conn, house.newsroom.id, series, hour, hour + timedelta(hours=1))
        return sum(each.comments for each in found)

    assert await counted() == 3
    async with house.store.write() as conn:
        await comments.withdraw_source(conn, house.newsroom.id, f"feed:{house.written - 1}", house.clock.tick())
    house.clock.tick()
    await house.spikes().sweep()
    assert await counted() == 2


async def test_copies_say_that_it_is_paid(house: House) -> None:
    """The same text by many is repeated, but for the first who wrote it."""
    await house.write(20, NOW - timedelta(hours=1), text="Азаттык жалган айтат")
    await house.spikes().sweep()
    (spike,) = await house.all()
    assert (spike.makeup.repeated, spike.makeup.unfamiliar) == (19, 1)


async def test_a_wave_is_bound_to_a_story_and_a_window(house: House) -> None:
    """Under an own story it is bound to it, however its address is written; else to a window that fits."""
    desk = WatchWindows(house.store, house.clock)
    await desk.publish(house.stage, house.editor, "https://www.facebook.com/azattyk/posts/12?utm_source=x", "Мост")
    await house.stage.commit(house.store)
    with pytest.raises(Refusal, match="published_known"):
        await desk.publish(house.stage, house.editor, "https://m.facebook.com/azattyk/posts/12/", "")
    await house.write(20, NOW - timedelta(hours=1), post="https://facebook.com/azattyk/posts/12")
    await house.spikes().sweep()
    (spike,) = await house.all()
    assert spike.trigger is not None
    assert (spike.trigger.kind, spike.trigger.title) == (TriggerKind.STORY, "Мост")


async def test_in_a_window_a_smaller_rise_is_enough(house: House) -> None:
    """Four comments are told in a window of the target, and name it; outside they are not."""
    await house.write(3, NOW - timedelta(hours=1))
    await house.spikes().sweep()
    outside = len(await house.told())
    desk = WatchWindows(house.store, house.clock)
    entry = WatchEntry(
        starts=NOW - timedelta(hours=1), ends=NOW + timedelta(hours=4), title="livestream", target="azattyk"
    )
    await desk.watch(house.stage, house.editor, entry)
    await house.stage.commit(house.store)
    (window,) = await desk.windows(house.editor)
    assert (window.label, window.staff_name) == ("W-1", "Азаттык")
    await house.write(1, NOW)
    await house.spikes().sweep()
    found = await house.all()
    assert len(await house.told()) >= outside
    assert all(spike.trigger is not None and spike.trigger.number == 1 for spike in found[outside:])
    desk.cancel(house.stage, house.editor, 1, None)
    await house.stage.commit(house.store)
    assert await desk.windows(house.editor) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts": NOW - timedelta(days=2), "ends": NOW - timedelta(days=1)}, "watch_past"),
        ({"ends": NOW + timedelta(days=30)}, "watch_length"),
        ({"starts": NOW + timedelta(days=500), "ends": NOW + timedelta(days=501)}, "watch_far"),
        ({"target": "nobody"}, "watch_target_unknown"),
    ],
)
async def test_bad_windows_are_refused(house: House, change: dict[str, object], code: str) -> None:
    """Over, too long, too far, of nobody."""
    entry = WatchEntry(starts=NOW, ends=NOW + timedelta(hours=4), title="", target=None)
    with pytest.raises(Refusal, match=code):
        await WatchWindows(house.store, house.clock).watch(house.stage, house.editor, replace(entry, **change))  # type: ignore[arg-type]


async def test_a_crash_between_leaves_nothing_half(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spike and its messages are of one transaction: if it fails, the next look tells it, once."""
    await house.write(40, NOW - timedelta(hours=1))

    async def fails(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("bot.services.spikes.outbox.put", fails)
        with pytest.raises(OSError, match="disk"):
            await house.spikes().sweep()
    assert await house.all() == []
    await house.spikes().scan()
    await house.spikes().scan()
    (spike,) = await house.all()
    assert await house.told() == [(spike.id, 1)]


def test_addresses_of_one_post_are_one() -> None:
    """Scheme, www, m and tracking say nothing of which post it is; a video's number does."""
    assert post_key("https://www.youtube.com/watch?v=abc&t=7") == post_key("m.youtube.com/watch?v=abc")
    assert post_key("https://youtube.com/watch?v=abc") != post_key("https://youtube.com/watch?v=abd")


async def test_a_page_beyond_all_is_empty(house: House) -> None:
    """Whatever number a button carries."""
    assert await house.spikes().page(house.editor, 1 << 61) == ([], False)
