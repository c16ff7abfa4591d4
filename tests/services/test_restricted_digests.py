"""Digests, and findings that were kept, after what they name was restricted."""

from bot.model.digest import Correction, DigestContent, NamedCase, NamedThreat
from bot.model.rights import Role
from bot.model.viewer import Viewer
from bot.services.restricted_digests import without_kept
from bot.storage import restrictions
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store
from tests.newsroom import make_member
from tests.storage.houses import LONG_AGO, build
from tests.stores import StoppedClock


async def test_a_digest_that_is_told_again_leaves_it_out(store: Store, clock: StoppedClock) -> None:
    """What was restricted since is in no list and no correction of it; the figures stay."""
    house = await build(store, clock)
    lead = await make_member(store, house.newsroom, clock(), Role.SECURITY, telegram_id=99)
    newsroom_id = house.newsroom.id
    threat = {"kinds": (), "severity": 4, "imminent": True, "status": "new", "times": 1}
    told = DigestContent(
        since=LONG_AGO,
        until=clock(),
        cases=(NamedCase(submission_id=house.submission_id, number=1, level="threat", opened_at=LONG_AGO),),
        threats=(NamedThreat(threat_id=house.threat_id, number=1, **threat),),
        corrections=(
            Correction(noun="threat", label="T-1", said="threat", now="dismissed", told_at=LONG_AGO),
            Correction(noun="account", label="vk:5", said="confirmed", now="cleared", told_at=LONG_AGO),
        ),
    )
    async with store.write() as conn:
        await restrictions.lift(conn, newsroom_id, house.submission_id)
    with looking_as(Viewer(newsroom_id=newsroom_id)):
        async with store.read() as conn:
            assert await without_kept(conn, newsroom_id, told) == told
    async with store.write() as conn:
        await restrictions.put(conn, newsroom_id, house.submission_id, lead.id, clock())
        await restrictions.name(conn, newsroom_id, house.submission_id, [lead.id], lead.id, clock())
    with looking_as(Viewer(newsroom_id=newsroom_id)):
        async with store.read() as conn:
            left = await without_kept(conn, newsroom_id, told)
    assert (left.cases, left.threats) == ((), ())
    assert [each.noun for each in left.corrections] == ["account"]
    assert left.now == told.now
