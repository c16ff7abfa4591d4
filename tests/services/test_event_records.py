"""Event records: filled in field by field, who and when kept; a summary for the public names nobody."""

from typing import Any

import pytest

from bot.errors import Refusal
from bot.model.event_record import FORMS, About, EventRecord, Form
from bot.model.evidence import EvidenceOrder, Profile
from bot.services.event_records import EventRecords, names_in, without_names
from bot.services.evidence_choice import choice_of
from bot.services.evidence_threats import discretion_of, threats_told
from bot.storage import history
from bot.storage.store import Store
from tests.newsroom import said
from tests.services.threat_ground import Log, open_log
from tests.stores import StoppedClock

BURN = "Пойдёмте жечь Азаттык, собираемся вечером у ворот"


@pytest.fixture
async def log(store: Store, clock: StoppedClock) -> Log:
    """A log on both engines, with record T-1 of incident I-1."""
    log = await open_log(store, clock)
    await log.file(BURN, log.outlet)
    return log


def records_of(log: Log) -> EventRecords:
    """The service."""
    return EventRecords(log.store, log.clock, log.threats)


async def choose(log: Log, about: About, field: str, *codes: str, who: str = "lead") -> None:
    """Press these values of a field."""
    form = next(form for form in Form if field in FORMS[form])
    for code in codes:
        place = FORMS[form].index(field)
        await records_of(log).choose(log.stage, log.people[who], about, 1, form, place, code)
        await log.commit()


async def write(log: Log, about: About, field: str, text: str) -> None:
    """Answer a field in words."""
    form = next(form for form in Form if field in FORMS[form])
    await records_of(log).write(log.stage, log.people["lead"], about, 1, form, FORMS[form].index(field), text)
    await log.commit()


async def held(log: Log, about: About = About.THREAT) -> dict[str, str]:
    """What is filled in."""
    record = await seen(log, about)
    return {field: value.value for field, value in record.values.items()}


async def seen(log: Log, about: About = About.THREAT) -> EventRecord:
    """The record as an editor sees it."""
    return await records_of(log).view(log.people["editor"], about, 1)


async def exported(log: Log, **wanted: Any) -> dict[str, str]:
    """The event record of T-1 as an export takes it."""
    order = EvidenceOrder(threats=(1,), **wanted)
    async with log.store.read() as conn:
        chosen = await choice_of(conn, log.newsroom.id, order)
        discretion = await discretion_of(conn, log.newsroom.id, order)
        (told,) = await threats_told(conn, log.newsroom.id, chosen.threats, discretion)
    return dict(told.details.record)


async def test_a_form_is_filled_in(log: Log) -> None:
    """A choice replaces another, several are added and taken away, numbers and places are read forgivingly."""
    await choose(log, About.THREAT, "gender", "man", "woman")
    await choose(log, About.THREAT, "violation", "online", "intimidation", "raid", "raid")
    await write(log, About.THREAT, "impact", " 1 200 ")
    await write(log, About.THREAT, "coordinates", "42,8746; 74.5698")
    await write(log, About.THREAT, "private", "источник: сосед")
    assert await held(log) == {
        "gender": "woman",
        "violation": "intimidation,online",
        "impact": "1200",
        "coordinates": "42.874600, 74.569800",
        "private": "источник: сосед",
    }
    record = await seen(log)
    assert (record.label, record.values["gender"].member, record.values["gender"].at) == ("T-1", "lead", log.clock())
    await choose(log, About.THREAT, "gender", "")
    assert "gender" not in await held(log)
    assert "record_form" in await said(log.store, log.people["lead"])


async def test_every_value_stays_in_the_history(log: Log) -> None:
    """Who gave which value when; but the private text stands in no history, which is shown and exported."""
    await choose(log, About.THREAT, "gender", "man", "woman")
    await write(log, About.THREAT, "private", "тайна")
    view = await log.threats.view(log.people["lead"], (await seen(log)).row_id)
    told = [event.details for event in view.history if event.event == "record"]
    assert told == [
        {"field": "gender", "value": "man"},
        {"field": "gender", "value": "woman"},
        {"field": "private"},
    ]


async def test_an_incident_fills_in_for_its_threats(log: Log) -> None:
    """What is said of the wave holds for each of its records that says nothing else."""
    await choose(log, About.INCIDENT, "perpetrator", "state")
    await choose(log, About.INCIDENT, "gender", "other")
    await choose(log, About.THREAT, "gender", "woman")
    assert await held(log, About.INCIDENT) == {"perpetrator": "state", "gender": "other"}
    assert await exported(log) == {"perpetrator": "state", "gender": "woman"}
    async with log.store.read() as conn:
        row_id = (await seen(log, About.INCIDENT)).row_id
        events = await history.told(conn, log.newsroom.id, ("incident", row_id))
    assert [(event, name) for event, name, _, _ in events] == [("record", "lead")] * 2


async def test_the_summary_names_nobody(log: Log) -> None:
    """A name in it is refused, in any case; one that came on the list later is taken out when it is exported."""
    for named in ("Угрожали Беку Асанову", "угроза: БЕК АСАНОВ, журналист", "so said lead."):
        with pytest.raises(Refusal, match="summary_named"):
            await write(log, About.THREAT, "summary", named)
    await write(log, About.THREAT, "summary", "Азаттыктын журналисти Айгүл Сыдыкованы коркутушту")
    assert (await exported(log))["summary"].count("Айгүл") == 1
    from bot.model.staff import StaffKind
    from bot.storage import staff

    async with log.store.write() as conn:
        await staff.put(conn, log.newsroom.id, StaffKind.PERSON, "Айгүл Сыдыкова", None, (), log.clock())
    assert (await exported(log))["summary"] == "Азаттыктын журналисти … коркутушту"


async def test_the_private_part_is_for_one_profile(log: Log) -> None:
    """Only the HRD record takes it along."""
    await write(log, About.THREAT, "private", "тайна")
    assert "private" not in await exported(log)
    assert "private" not in await exported(log, profile=Profile.NEWSROOM, with_names=True)
    assert (await exported(log, profile=Profile.HRD))["private"] == "тайна"


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("impact", "много", "record_number"),
        ("impact", "-5", "record_number"),
        ("impact", "٣", "record_number"),
        ("impact", "99999999999", "record_number"),
        ("coordinates", "Бишкек", "record_position"),
        ("coordinates", "91.0, 74.5", "record_position"),
        ("coordinates", "42.8, 74.5, 3.3", "record_position"),
        ("topic", " \n ", "record_empty"),
        ("gender", "woman", "button_not_yours"),
    ],
)
async def test_what_a_field_does_not_take(log: Log, field: str, text: str, code: str) -> None:
    """The question stays open: nothing is kept, and nothing is guessed."""
    with pytest.raises(Refusal, match=code):
        await write(log, About.THREAT, field, text)
    assert await held(log) == {}


async def test_what_there_is_not(log: Log) -> None:
    """Unknown records, fields, values; a journalist sees no record."""
    records, lead = records_of(log), log.people["lead"]
    for about, code in ((About.THREAT, "threat_unknown"), (About.INCIDENT, "incident_unknown")):
        with pytest.raises(Refusal, match=code):
            await records.view(lead, about, 99)
        with pytest.raises(Refusal, match=code):
            await records.view(log.people["journalist"], about, 1)
    for place, code in ((3, "nobody"), (99, "woman"), (-1, "woman")):
        with pytest.raises(Refusal, match="button_not_yours"):
            await records.choose(log.stage, lead, About.THREAT, 1, Form.HRD, place, code)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Угрожали Беку Асанову вчера", "Бек Асанов", "Угрожали … вчера"),
        ("со слов Юлии", "Юлия", "со слов Юлии"),
        ("со слов Чолпон Тайной", "Чолпон Тайная", "со слов …"),
        ("Айгүлдүн үйү", "Айгүл Сыдыкова", "Айгүлдүн үйү"),
        ("Бекер кетти, Бек калды", "Бек", "Бекер кетти, … калды"),
        ("ничего", "?", "ничего"),
    ],
)
def test_names_are_found_with_their_endings(text: str, name: str, expected: str) -> None:
    """Full names in other cases; short ones only as they are."""
    assert without_names(text, [name]) == expected
    assert bool(names_in(text, [name])) is (text != expected)
