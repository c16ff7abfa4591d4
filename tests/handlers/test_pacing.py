"""The pace: whatever is asked for, and whenever, no limit is passed."""

from heapq import heappop, heappush
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from handlers.pacing import Pace, PaceLimits

CHATS = st.sampled_from([1, 2, 3, -1, -2])
STEPS = st.lists(st.tuples(CHATS, st.booleans(), st.floats(min_value=0, max_value=2)), max_size=300)
LIMITS = st.builds(
    PaceLimits,
    per_second=st.sampled_from([1.0, 5.0, 25.0, 30.0]),
    chat_seconds=st.sampled_from([0.0, 0.5, 1.0]),
    group_per_minute=st.sampled_from([1, 3, 20]),
)
#: Adding and subtracting seconds is exact to far less than this.
GRAIN = 1e-6


@given(LIMITS, STEPS)
def test_no_limit_is_passed(limits: PaceLimits, steps: list[tuple[int, bool, float]]) -> None:
    """Who waits as long as told never sends too much in any second, in any chat, in any minute of a group."""
    pace, now, sent = Pace(limits), 1000.0, list[tuple[float, int, bool]]()
    for chat, is_message, idle in steps:
        now += idle
        while (wait := _wait(pace, chat, is_message, now)) > 0:
            now += wait
        _sent(pace, chat, now, is_message=is_message)
        sent.append((now, chat, is_message))
    assert _most([at for at, _, _ in sent], 1.0) <= limits.per_second
    for chat in {chat for _, chat, _ in sent}:
        messages = [at for at, where, is_message in sent if where == chat and is_message]
        apart = [later - earlier for earlier, later in pairwise(messages)]
        assert all(gap >= limits.chat_seconds - GRAIN for gap in apart)
        assert chat > 0 or _most(messages, 60.0) <= limits.group_per_minute


@given(
    st.sampled_from([1.0, 5.0, 25.0]),
    st.lists(
        st.tuples(st.floats(min_value=0, max_value=0.5), st.floats(min_value=0, max_value=3), st.floats(0, 1)),
        max_size=200,
    ),
)
def test_requests_may_be_on_their_way_for_as_long_as_they_like(
    most: float, steps: list[tuple[float, float, float]]
) -> None:
    """Whenever each arrives between its beginning and its answer, no second sees more than the limit."""
    pace, now, ends, arrived = Pace(PaceLimits(per_second=most, chat_seconds=0, group_per_minute=20)), 0.0, [], []
    for idle, way, part in steps:
        now += idle
        while (wait := pace.wait_for_any(now)) > 0:
            now = _ended(pace, ends, now + wait)
        now = _ended(pace, ends, now)
        pace.begin()
        heappush(ends, now + way)
        arrived.append(now + way * part)
    assert _most(arrived, 1.0) <= most


def test_a_wait_is_not_longer_than_it_must_be() -> None:
    """Three places: two that were answered, one under way. The first that is answered longest ago makes room."""
    pace = Pace(PaceLimits(per_second=3, chat_seconds=0, group_per_minute=20))
    for _ in range(3):
        pace.begin()
    assert pace.wait_for_any(0.5) == 1.0
    pace.end(0.5)
    pace.end(0.75)
    assert pace.wait_for_any(1.0) == 0.5
    assert pace.wait_for_any(1.5) == 0
    pace.begin()
    assert pace.wait_for_any(1.5) == 0.25


@given(LIMITS, STEPS)
def test_waiting_ends(limits: PaceLimits, steps: list[tuple[int, bool, float]]) -> None:
    """No wait is longer than a minute, and after it one may send."""
    pace, now = Pace(limits), 0.0
    for chat, is_message, idle in steps:
        now += idle
        wait = _wait(pace, chat, is_message, now)
        assert 0 <= wait <= 60
        now += wait + GRAIN
        assert _wait(pace, chat, is_message, now) <= GRAIN * 2
        _sent(pace, chat, now, is_message=is_message)


@given(LIMITS, STEPS)
def test_resting_chats_are_those_that_must_wait(limits: PaceLimits, steps: list[tuple[int, bool, float]]) -> None:
    """`resting` names a chat exactly while a message to it must wait."""
    pace, now = Pace(limits), 0.0
    for chat, is_message, idle in steps:
        now += idle
        pace.note(chat, now, is_message=is_message)
        assert set(pace.resting(now)) == {c for c in (1, 2, 3, -1, -2) if pace.wait_for_chat(c, now) > 0}


def test_what_is_no_message_rests_no_chat() -> None:
    """Answers to presses and reactions count for all chats together, not for their own."""
    pace = Pace(PaceLimits(per_second=2, chat_seconds=1, group_per_minute=20))
    _sent(pace, 1, 0.0, is_message=False)
    assert pace.wait_for_chat(1, 0.0) == 0
    assert pace.wait_for_any(0.0) == 0
    _sent(pace, 1, 0.0, is_message=True)
    assert pace.wait_for_chat(1, 0.25) == 0.75
    assert pace.wait_for_any(0.25) == 0.75


def test_a_chat_rests_from_the_arrival() -> None:
    """A message that was long on its way is not followed closely by the next; no other chat waits for it."""
    pace = Pace(PaceLimits(per_second=25, chat_seconds=1, group_per_minute=20))
    pace.note(1, 0.0, is_message=True)
    pace.arrived(1, 0.75)
    pace.arrived(2, 0.75)
    assert pace.wait_for_chat(1, 1.0) == 0.75
    assert pace.wait_for_chat(2, 1.0) == 0


def test_a_burst_does_not_slip_through() -> None:
    """120 chats at once: 25 in the first second, not 59 as a leaky bucket lets through."""
    pace, now, sent = Pace(PaceLimits(per_second=25, chat_seconds=1, group_per_minute=20)), 0.0, list[float]()
    for chat in range(1, 121):
        now += pace.wait_for_any(now)
        _sent(pace, chat, now, is_message=True)
        sent.append(now)
    assert sum(at < 1 for at in sent) == 25
    assert 3.9 < sent[-1] < 4.1


def _sent(pace: Pace, chat: int, now: float, *, is_message: bool) -> None:
    """A request that is answered at once."""
    pace.note(chat, now, is_message=is_message)
    pace.begin()
    pace.end(now)


def _ended(pace: Pace, ends: list[float], now: float) -> float:
    """Those that were answered by now are said to be, each at its moment; the time that it is."""
    while ends and ends[0] <= now:
        pace.end(heappop(ends))
    return now


def _wait(pace: Pace, chat: int, is_message: bool, now: float) -> float:
    return max(pace.wait_for_any(now), pace.wait_for_chat(chat, now) if is_message else 0.0)


def _most(times: list[float], window: float) -> int:
    """The most moments within any window of that length."""
    return max((sum(start <= at < start + window - GRAIN for at in times) for start in times), default=0)


def test_there_is_room_for_as_many_as_may_go_at_once() -> None:
    """Whoever fills the room waits; whoever leaves some of it does not."""
    pace = Pace(PaceLimits(per_second=3, chat_seconds=1, group_per_minute=20))
    assert pace.room(0.0) == 3
    for chat, left in ((1, 2), (2, 1), (3, 0)):
        assert pace.wait_for_any(0.0) == 0
        _sent(pace, chat, 0.0, is_message=True)
        assert pace.room(0.0) == left
    assert pace.wait_for_any(0.5) > 0
    assert pace.room(1.0) == 3
