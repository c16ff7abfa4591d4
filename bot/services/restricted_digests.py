"""Digests are told to anybody: what was restricted since one was made is left out when it is told again."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.digest import Correction, DigestContent
from bot.storage import campaigns, cases, digest_facts, need_to_know, spikes, threat_search


async def without_kept(conn: AsyncConnection, newsroom_id: int, content: DigestContent) -> DigestContent:
    """What of a digest may be told to whom the connection reads for; figures stay as they were."""
    if not need_to_know.is_up(conn):
        return content
    seen_cases = await digest_facts.case_states(conn, newsroom_id, [each.submission_id for each in content.cases])
    seen = await digest_facts.threat_states(conn, newsroom_id, [each.threat_id for each in content.threats])
    named = await campaigns.by_ids(conn, newsroom_id, [each.campaign_id for each in content.campaigns])
    names = {each.spike_id: await spikes.by_id(conn, newsroom_id, each.spike_id) for each in content.spikes}
    return replace(
        content,
        cases=tuple(each for each in content.cases if each.submission_id in seen_cases),
        threats=tuple(each for each in content.threats if each.threat_id in seen),
        campaigns=tuple(
            replace(each, name=named[each.campaign_id].name) for each in content.campaigns if each.campaign_id in named
        ),
        spikes=tuple(
            replace(each, name=found.name) for each in content.spikes if (found := names[each.spike_id]) is not None
        ),
        corrections=tuple([each for each in content.corrections if await _is_seen(conn, newsroom_id, each)]),
    )


async def _is_seen(conn: AsyncConnection, newsroom_id: int, correction: Correction) -> bool:
    # "K-12", "T-5"; accounts and campaigns are called otherwise.
    number = correction.label.rpartition("-")[2]
    if correction.noun == "case":
        return await cases.by_number(conn, newsroom_id, int(number)) is not None
    if correction.noun == "threat":
        return await threat_search.by_number(conn, newsroom_id, int(number)) is not None
    return True
