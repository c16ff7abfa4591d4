"""An export by query: whole waves with their copies, everything that the log holds of a threat, and no more names."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Refusal
from bot.model.event_record import About, Form
from bot.model.evidence import EvidenceOrder, ExportedCase, OrderPlan
from bot.model.threat import ThreatQuery
from bot.services.event_records import EventRecords
from bot.services.evidence_cases import exported_cases
from bot.services.evidence_choice import choice_of
from bot.services.evidence_orders import EvidenceOrders
from bot.storage import newsrooms
from bot.storage.store import Store
from tests.newsroom import queued, said
from tests.services.threat_ground import Log, open_log
from tests.stores import StoppedClock

BURN = "Пойдёмте жечь Азаттык, собираемся вечером у ворот"


@pytest.fixture
async def log(store: Store, clock: StoppedClock) -> Log:
    """A log on both engines: T-1 in three cases, T-2 of the same wave in a fourth."""
    log = await open_log(store, clock)
    for number, who in enumerate(("journalist", "editor", "bek")):
        log.clock.tick(60)
        seen = {"account": f"vk:{number}", "author_key": f"vk:{number}", "link": f"https://vk.com/{number}"}
        await log.file(BURN, log.outlet, by=who, posted_at=log.clock(), platform="vk", channel="comment", **seen)
    await log.file("мы сожжём вашу редакцию дотла", log.outlet)
    return log


def orders_of(log: Log) -> EvidenceOrders:
    """The service."""
    return EvidenceOrders(log.store, log.clock, log.threats)


async def plan(log: Log, *asked: ThreatQuery, **order: Any) -> OrderPlan:
    """What a lead's order comes to."""
    return await orders_of(log).plan(log.newsroom.id, EvidenceOrder(**order), asked, log.people["lead"])


async def cases_of(log: Log, **order: Any) -> list[ExportedCase]:
    """What is handed over."""
    ordered = EvidenceOrder(**order)
    async with log.store.read() as conn:
        chosen = await choice_of(conn, log.newsroom.id, ordered)
        return await exported_cases(conn, log.newsroom.id, chosen, ordered)


async def test_an_order_says_what_it_comes_to(log: Log) -> None:
    """Numbers and queries add up, copies count as cases; the incident around is offered while it holds more."""
    one = await plan(log, threats=(1,))
    assert (one.records, one.cases, one.incidents) == (1, 3, (1,))
    both = await plan(log, ThreatQuery(targets=("азаттык",)), threats=(1,), cases=())
    assert (set(both.order.threats), both.cases, both.incidents) == ({1, 2}, 4, ())
    assert set((await plan(log, ThreatQuery(incidents=(1,)))).order.threats) == {1, 2}
    with pytest.raises(Refusal, match="export_nothing"):
        await plan(log, ThreatQuery(kinds=("sexual",)))
    with pytest.raises(Refusal, match="export_unknown"):
        await plan(log, ThreatQuery(incidents=(9,)))


async def test_more_than_the_newsroom_allows_is_refused(log: Log) -> None:
    """The limit is a setting; the refusal says how many there would be."""
    async with log.store.write() as conn:
        await newsrooms.set_limit(conn, log.newsroom.id, "export_cases", 3)
    assert (await plan(log, threats=(1,))).cases == 3
    with pytest.raises(Refusal) as refused:
        await plan(log, ThreatQuery())
    assert (refused.value.code, dict(refused.value.values)) == ("export_too_many", {"count": 4, "most": 3})


async def test_several_wait_for_a_press(log: Log) -> None:
    """What was counted is made, also when the log has grown since; an order of another press is forgotten."""
    orders, lead = orders_of(log), log.people["lead"]
    await orders.take(log.stage, lead, await plan(log, threats=(1,)))
    await log.commit()
    assert await said(log.store, lead) == ["export_begun"]
    (first,) = [body["values"]["id"] for body in await _replies(log, "export_begun")]
    await orders.with_incident(log.stage, lead, first, 1, 77)
    await log.commit()
    (asked,) = await _replies(log, "export_ask")
    assert (asked["values"]["threats"], asked["values"]["all_cases"], asked["edit"]) == (2, 4, 77)
    await log.file("третья угроза вашей редакции, иными словами", log.outlet)
    with pytest.raises(Refusal, match="export_forgotten"):
        await orders.go_on(log.stage, lead, first, 77)
    await orders.go_on(log.stage, lead, asked["values"]["id"], 77)
    await log.commit()
    made = [body for kind, body in await queued(log.store, "kind", "body") if kind == "evidence"]
    assert [sorted(body["order"]["threats"]) for body in made] == [[1], [1, 2]]
    assert len({body["bag"] for body in made}) == 2
    with pytest.raises(Refusal, match="export_forgotten"):
        await orders.go_on(log.stage, lead, asked["values"]["id"], 77)


async def _replies(log: Log, code: str) -> list[dict[str, Any]]:
    return [body for (body,) in await queued(log.store, "body") if body.get("code") == code]


async def test_a_threat_brings_its_copies(log: Log) -> None:
    """Its first case whole, of the others the messages that repeat it; each sighting with its place."""
    first, *copies = await cases_of(log, threats=(1,))
    assert (first.label, first.is_copy, [each.is_copy for each in copies]) == ("K-1", False, [True, True])
    assert all(len(case.parts) == 1 and not case.threats for case in copies)
    (threat,) = first.threats
    more = threat.more
    assert (more.times, more.accounts, more.incident) == (3, ["vk:0", "vk:1", "vk:2"], "I-1")
    assert [(seen.case, seen.part, seen.account) for seen in more.sightings] == [
        ("K-1", 1, "vk:0"),
        ("K-2", 1, "vk:1"),
        ("K-3", 1, "vk:2"),
    ]
    assert more.first_seen is not None
    assert more.last_seen is not None
    assert more.first_seen < more.last_seen


async def test_a_case_tells_of_the_threat_that_it_repeats(log: Log) -> None:
    """A case that holds a copy alone is handed over with the record, at the message that holds it."""
    (case,) = await cases_of(log, cases=(2,))
    assert [(threat.label, threat.case, threat.part) for threat in case.threats] == [("T-1", "K-2", 1)]


async def test_all_that_people_did_is_there(log: Log) -> None:
    """Steps, notes, answers, measures; whose, only with names, and no name of a colleague within a note."""
    lead, steps = log.people["lead"], log.steps
    threat_id = await log.threats.by_number(lead, 1)
    await steps.set_status(log.stage, lead, threat_id, "police")
    await steps.assign(log.stage, lead, threat_id, log.people["editor"].id)
    await steps.offer(log.stage, lead, threat_id, "legal")
    await steps.answer(log.stage, lead, threat_id, "moment", "yes")
    await steps.set_place(log.stage, lead, threat_id, "у ворот")
    await steps.note(log.stage, lead, threat_id, "editor ездил в милицию")
    await EventRecords(log.store, log.clock, log.threats).choose(log.stage, lead, About.THREAT, 1, Form.HRD, 8, "state")
    await log.commit()
    quiet = (await cases_of(log, threats=(1,)))[0].threats[0]
    named = (await cases_of(log, threats=(1,), with_names=True))[0].threats[0]
    assert (quiet.status, quiet.more.measures, quiet.more.triage) == ("police", ["legal"], {"moment": "yes"})
    assert (quiet.more.place, quiet.more.channel, quiet.more.platform) == ("у ворот", "comment", "vk")
    assert quiet.more.record == {"perpetrator": "state"}
    assert [step.event for step in quiet.more.history] == ["status", "assigned", "offered", "triage", "told", "record"]
    assert (quiet.more.assignee, named.more.assignee) == (None, "editor")
    assert {step.by for step in quiet.more.history} == {None}
    assert {step.by for step in named.more.history} == {"lead"}
    assert quiet.more.history[1].details == {}
    assert named.more.history[1].details == {"who": "editor"}
    assert [note.details["text"] for note in quiet.more.notes] == ["… ездил в милицию"]
    assert [note.details["text"] for note in named.more.notes] == ["editor ездил в милицию"]
    assert replace(quiet.more, assignee=None).incident == "I-1"
