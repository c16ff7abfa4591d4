"""One invite, one person: fifty bearers at once, and tokens that nobody made."""

import asyncio
import base64
import secrets

import pytest

from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.tokens import token_hash
from bot.services.members import Members, Newcomer
from bot.storage import members
from bot.storage.store import Store
from tests.access_ground import KEYS
from tests.newsroom import make_newsroom
from tests.stage import Recorder
from tests.stores import BOTH, MakeStore, StoppedClock

BEARERS = 50
#: Tokens that the sieve looks up together, as an answer of Telegram's may bring them.
AT_ONCE = 100


async def come(stores: list[Store], clock: StoppedClock, trials: int) -> list[int]:
    """How many came in by each of so many invites."""
    newsroom = await make_newsroom(stores[0], clock())
    services = [Members(store, clock, KEYS, 24) for store in stores]
    came = []
    for trial in range(trials):
        token = await services[0].invite_by_command(newsroom.id, Role.EDITOR)

        async def redeem(number: int, token: str = token, trial: int = trial) -> None:
            stage, which = Recorder(), number % len(stores)
            newcomer = Newcomer(telegram_id=1_000_000 + trial * BEARERS + number, name=f"n{number}", language="ru")
            await services[which].redeem(stage, newsroom.id, token, newcomer)
            await stage.commit(stores[which])

        await asyncio.gather(*(redeem(number) for number in range(BEARERS)))
        async with stores[0].read() as conn:
            everyone = await members.all_of(conn, newsroom.id, MemberStatus.ACTIVE)
        came.append(len(everyone) - sum(came))
    return came


async def guess(store: Store, clock: StoppedClock, count: int) -> int:
    """How many of so many random tokens lead anywhere while a hundred invites are open."""
    newsroom = await make_newsroom(store, clock())
    service = Members(store, clock, KEYS, 24)
    for _ in range(100):
        await service.invite_by_command(newsroom.id, Role.ADMIN)
    found = 0
    async with store.write() as conn:
        for start in range(0, count, AT_ONCE):
            made = [
                token_hash(base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("="))
                for _ in range(AT_ONCE)
            ]
            found += len(await members.newsrooms_of_invites(conn, made, clock()))
            for number in range(0, AT_ONCE, 10):
                found += await members.redeem(conn, newsroom.id, made[number], start + number, clock()) is not None
    return found


@pytest.mark.proof
async def test_fifty_at_once(store: Store, more_stores: MakeStore, clock: StoppedClock) -> None:
    """20 invites, two processes: each lets exactly one in."""
    assert await come([store, more_stores()], clock, 20) == [1] * 20


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("store_url", BOTH, indirect=True)
async def test_fifty_at_once_a_thousand_times(store: Store, more_stores: MakeStore, clock: StoppedClock) -> None:
    """1,000 invites, two processes: each lets exactly one in."""
    assert await come([store, more_stores()], clock, 1_000) == [1] * 1_000


@pytest.mark.proof
async def test_random_tokens(store: Store, clock: StoppedClock) -> None:
    """2,000 guesses: none leads anywhere."""
    assert await guess(store, clock, 2_000) == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("store_url", BOTH, indirect=True)
async def test_a_hundred_thousand_random_tokens(store: Store, clock: StoppedClock) -> None:
    """100,000 guesses: none leads anywhere."""
    assert await guess(store, clock, 100_000) == 0
