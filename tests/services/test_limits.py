"""Limits: what is too much waits or is refused, each member's own; nothing that belongs to alarms has one."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.inbox import Inbox
from bot.inbox_work import Worker, WorkLimits
from bot.model.limit import LIMITS, read_limits
from bot.services.limits import Limits, SlowLane
from bot.storage import inbox as archive
from handlers import alarms, threats
from handlers.commands import COMMANDS
from handlers.limits import limit_of_command, limit_of_press
from handlers.presses import ACTIONS
from tests.services.conftest import EditorsDesk
from tests.stores import StoppedClock

BOT = 7


def update(number: int, sender: int, text: str = "сөз", *, forwarded: bool = True) -> dict[str, object]:
    """A raw update of a member."""
    message: dict[str, object] = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": sender, "type": "private"},
        "from": {"id": sender, "is_bot": False, "first_name": "A"},
        "text": text,
    }
    if forwarded:
        message["forward_origin"] = {"type": "hidden_user", "sender_user_name": "X", "date": 1_700_000_000}
    return {"update_id": number, "message": message}


def test_each_limit_says_what_it_does_when_it_cannot_tell() -> None:
    """What takes data out of the house or brings people in is refused then; the daily work goes on, and nothing that is
    forwarded is ever refused."""
    closed = {name for name, limit in LIMITS.items() if not limit.fails_open}
    assert closed == {"exports", "invites"}
    assert {name for name, limit in LIMITS.items() if limit.waits} == {"forwards", "texts", "pictures", "bytes"}
    full = Limits(StoppedClock(), most_keys=0)
    assert {name for name in LIMITS if full.take(name, 1, 1) > 0} == closed


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_gives_its_burst_and_then_its_pace(name: str) -> None:
    """At once as many as it says; then one in so many seconds; a clock that goes back gives nothing."""
    clock, limit = StoppedClock(), LIMITS[name]
    limits = Limits(clock)
    given = sum(limits.take(name, 1, 1) == 0 for _ in range(int(limit.burst) + 50))
    assert given == limit.burst
    if limit.waits:
        assert limits.take(name, 1, 1) == pytest.approx(51 * limit.seconds)
        return
    clock.tick(-3600)
    assert limits.take(name, 1, 1) > 0
    clock.tick(limit.seconds * 1.01)
    assert (limits.take(name, 1, 1), limits.take(name, 1, 1) > 0) == (0, True)


def test_members_do_not_share_but_a_newsroom_has_its_own() -> None:
    """One who is out of permits takes nobody else's; five of them together use up the newsroom's."""
    limits = Limits(StoppedClock())
    for member in range(5):
        assert sum(limits.take("find", 1, member) == 0 for _ in range(40)) == 30
    assert limits.take("find", 1, 99) > 0
    assert limits.take("find", 2, 99) == 0


def test_who_is_over_their_own_limit_takes_nothing_of_the_newsrooms() -> None:
    """50 forwards a second for two minutes by one member: another's first one, at any moment of it, waits for nothing;
    of what is refused instead the same holds."""
    clock = StoppedClock()
    limits = Limits(clock)
    for second in range(120):
        clock.tick(1)
        for _ in range(50):
            limits.take("forwards", 1, 1)
            limits.take("find", 1, 1)
        assert limits.take("forwards", 1, 1_000 + second) == 0
        assert limits.take("find", 1, 1_000 + second) == 0
    assert limits.take("forwards", 1, 1) > 60


async def test_an_order_too_many_is_refused_with_its_time(desk: EditorsDesk) -> None:
    """The member reads when to come back."""
    member, limits = await desk.member(), Limits(desk.clock)
    for _ in range(6):
        limits.check(member, "exports")
    with pytest.raises(Refusal) as refused:
        limits.check(member, "exports")
    assert (refused.value.code, dict(refused.value.values)) == ("too_often", {"seconds": 600})


def test_alarms_and_threats_have_no_limit() -> None:
    """No command and no press that belongs to them; every other one has."""
    free = {command.name for command in COMMANDS if limit_of_command(command.name) is None}
    assert free >= {"threat", "threats", "incident", "status", "assign", "note", "duty"}
    assert free <= {"threat", "threats", "incident", "status", "assign", "note", "duty", "panic", "lockdown", "unlock"}
    urgent = {**alarms.ACTIONS, **threats.ACTIONS}
    assert {name for name, action in urgent.items() if limit_of_press(name, action)} == {"tfile"}
    assert {limit_of_press(name, action) for name, action in ACTIONS.items()} - {None} <= set(LIMITS)


def test_what_leaves_as_a_file_is_stopped_where_the_limit_cannot_tell() -> None:
    """Every press that exports uses up the one limit that fails closed."""
    exporting = [(name, action) for name, action in ACTIONS.items() if action.exports]
    assert {"tfile", "tdfile", "tdbfile", "ffile", "auditfile", "accexport"} <= {name for name, _ in exporting}
    assert {limit_of_press(name, action) for name, action in exporting} == {"exports"}
    assert not LIMITS["exports"].fails_open


@pytest.mark.parametrize(
    "text", ["find", "find=1", "nothing=1/1", "find=0/1", "find=1/-1", "find=nan/1", "find=1/1e999"]
)
def test_a_wrong_setting_is_refused(text: str) -> None:
    """One that is none, or not a number above 0."""
    with pytest.raises(ValueError, match=r".+"):
        read_limits(text)
    assert read_limits(" find=60/2, exports=3/600,")["find"].burst == 60


async def test_a_flood_is_kept_waits_and_is_read_when_nobody_else_is_there(desk: EditorsDesk) -> None:
    """1,000 forwards of one member: all stored; another's message and the member's own command go ahead; told once."""
    flooder, other = await desk.member(), await desk.member()
    limits = Limits(desk.clock)
    inbox = Inbox(desk.store, desk.clock, BOT, SlowLane(limits, desk.clock))
    for start in range(0, 1_000, 100):
        await inbox.accept([update(n, flooder.telegram_id) for n in range(start, start + 100)])
    await inbox.accept([update(2_001, other.telegram_id), update(2_002, flooder.telegram_id, "/mine", forwarded=False)])
    desk.clock.tick(0.1)
    order: list[int] = []
    worker = Worker(desk.store, desk.clock, inbox, WorkLimits(at_once=256, tries=1), lambda: None)
    for _ in range(400):
        claimed = await worker._round()
        if not claimed:
            break
        async with desk.store.write() as conn:
            await archive.finish(conn, {each.id for each in claimed}, desk.clock(), worker.holder)
        order += [json.loads(each.raw)["update_id"] for each in claimed]
    assert sorted(order) == [*range(1_000), 2_001, 2_002]
    forwards = [n for n in order if n < 2_000]
    assert forwards == sorted(forwards), "the order of a chat's forwards is kept"
    assert order.index(2_001) < 320
    assert order.index(2_002) < 320
    async with desk.store.read() as conn:
        told = await conn.scalar(sa.text("SELECT count(*) FROM outbox_messages"))
    assert told == 1


async def test_chats_in_the_slower_lane_take_turns(desk: EditorsDesk) -> None:
    """Two who forward too much: the second's are not behind all of the first's; a lone threat among them comes soon,
    also while somebody else's message is always in hand."""
    first, second, third = await desk.member(), await desk.member(), await desk.member()
    limits = Limits(desk.clock, read_limits("forwards=30/0.2"))
    inbox = Inbox(desk.store, desk.clock, BOT, SlowLane(limits, desk.clock))
    await inbox.accept([update(n, first.telegram_id) for n in range(90)])
    await inbox.accept([update(n, second.telegram_id) for n in range(1_000, 1_045)])
    worker = Worker(desk.store, desk.clock, inbox, WorkLimits(at_once=256, tries=1), lambda: None)
    order: list[int] = []
    for number in range(3_000, 3_040):
        await inbox.accept([update(number, third.telegram_id, "/mine", forwarded=False)])
        claimed = await worker._round()
        async with desk.store.write() as conn:
            await archive.finish(conn, {each.id for each in claimed}, desk.clock(), worker.holder)
        order += [json.loads(each.raw)["update_id"] for each in claimed]
    late = [n for n in order if n < 3_000]
    assert sorted(late) == [*range(90), *range(1_000, 1_045)], "what waits is read although others come all the time"
    assert [n for n in late if n < 1_000] == list(range(90))
    assert [n for n in late if n >= 1_000] == list(range(1_000, 1_045))
    behind = late[: late.index(1_044)]
    assert sum(n < 1_000 for n in behind) < 60, "the second waits for no more of the first's than of their own"


async def test_what_follows_a_waiting_message_waits_as_long(desk: EditorsDesk) -> None:
    """A note typed after forwards in the slow lane stays behind them."""
    clock, limits = desk.clock, Limits(desk.clock)
    lane = SlowLane(limits, clock)
    waits = [lane.wait(1, 5, update(n, 5), loose=True) for n in range(400)]
    assert waits[299] == timedelta()
    assert waits == sorted(waits)
    assert lane.wait(1, 5, update(401, 5, forwarded=False), loose=False) == waits[-1]
    assert lane.wait(1, 5, update(402, 5, "/mine", forwarded=False), loose=False) == timedelta()
    assert lane.wait(1, 6, update(403, 6), loose=True) == timedelta()
    clock.tick(3_600)
    assert lane.wait(1, 5, update(404, 5), loose=True) == timedelta()


URGENT = ("паника", "Panic!", "/panic", "дүрбөлөң", "123 456", "abcde-fgh23")


@pytest.mark.parametrize("text", URGENT)
async def test_panic_and_codes_go_before_a_flood(desk: EditorsDesk, text: str) -> None:
    """After 2,052 forwards, of which 300 are due: the next update that is read is the one word, or the code."""
    member = await desk.member()
    inbox = Inbox(desk.store, desk.clock, BOT, SlowLane(Limits(desk.clock), desk.clock))
    await inbox.accept([update(n, member.telegram_id) for n in range(2_052)])
    await inbox.accept([update(3_000, member.telegram_id, text, forwarded=False)])
    worker = Worker(desk.store, desk.clock, inbox, WorkLimits(at_once=256, tries=1), lambda: None)
    claimed = await worker._round()
    assert [json.loads(each.raw)["update_id"] for each in claimed] == [3_000]


@pytest.mark.parametrize("text", ["паника в городе", "1234567", "не паника", "12345"])
async def test_other_words_wait_their_turn(desk: EditorsDesk, text: str) -> None:
    """Nor does a forwarded word go ahead."""
    lane = SlowLane(Limits(desk.clock), desk.clock)
    waits = [lane.wait(1, 5, update(n, 5), loose=True) for n in range(400)]
    assert lane.wait(1, 5, update(401, 5, text, forwarded=False), loose=False) == waits[-1]
    assert lane.wait(1, 5, update(402, 5, "паника"), loose=True) >= waits[-1]
