"""The wall between tenants: two newsrooms in one database, and nothing of one is in any answer given to the other.

The queries are found in the code, so that a new one stands before the same wall; their arguments come from ARGUMENTS by
name, and are always what belongs to the other newsroom.
"""

import dataclasses
import importlib
import inspect
import pkgutil
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import bot.storage
from bot.model.account import Account, AccountStatus
from bot.model.alarm import AlarmState
from bot.model.farm import Farm
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.screen import Reading, ReadingState, ReadScreen
from bot.model.spike import Series, SeriesKind
from bot.model.staff import StaffKind
from bot.model.takedown import TakedownQuery, TakedownStatus
from bot.model.threat import ThreatQuery
from bot.model.tokens import token_hash
from bot.storage import (
    accounts,
    comments,
    custody,
    filing,
    inbox,
    members,
    newsrooms,
    outbox,
    staff,
    threats,
)
from bot.storage import alarms as alarms_room
from bot.storage import campaign_pictures as campaign_pictures_room
from bot.storage import campaigns as campaigns_room
from bot.storage import duty as duty_room
from bot.storage import import_runs as import_runs_room
from bot.storage import incidents as incidents_room
from bot.storage import outreaches as outreaches_room
from bot.storage import screens as screens_room
from bot.storage import sealed_bodies as sealed_bodies_room
from bot.storage import sealed_originals as sealed_originals_room
from bot.storage import sent_messages as sent_messages_room
from bot.storage import stock_phrases as stock_phrases_room
from bot.storage import takedown_batches as takedown_batches_room
from bot.storage import takedowns as takedowns_room
from bot.storage import texts as texts_room
from bot.storage import threat_models as threat_models_room
from bot.storage import threat_queries as threat_queries_room
from bot.storage import threat_words as threat_words_room
from bot.storage.copies import Group, Skip
from bot.storage.digest_facts import Span
from bot.storage.store import Store
from bot.storage.tables import (
    metadata,
)
from bot.storage.texts import WAITING, NewText
from bot.storage.threat_search import Meant, Scope
from tests.storage.house_rows import PRINTS, SALTED, rows, rows_seen
from tests.storage.houses import (
    ENTRY,
    HANDLE,
    IN_HAND,
    KEYS,
    LESSON,
    LONG_AGO,
    OWNER_KEYS,
    PERSON,
    SHA,
    SUBJECT,
    TARGET,
    House,
    build,
)
from tests.storage.trespasses import (
    change_accounts,
    touch_digests,
    touch_farms,
    touch_reports,
    touch_restrictions,
)
from tests.storage.walls import WITHOUT_ID, WRITERS
from tests.stores import StoppedClock


@cache
def archive() -> dict[str, Callable[..., Any]]:
    """Every function by which others use a connection to the archive."""
    found = {}
    for room in pkgutil.iter_modules(bot.storage.__path__):
        module = importlib.import_module(f"bot.storage.{room.name}")
        for name, function in vars(module).items():
            ours = inspect.isfunction(function) and function.__module__ == module.__name__
            if ours and not name.startswith("_") and "conn" in inspect.signature(function).parameters:
                found[f"{room.name}.{name}"] = function
    return found


@cache
def functions() -> dict[str, Callable[..., Any]]:
    """Those of them that take a newsroom's id."""
    return {name: each for name, each in archive().items() if "newsroom_id" in inspect.signature(each).parameters}


QUERIES = sorted(functions().keys() - WRITERS)


def arguments(name: str, asked_by: House, other: House) -> list[Any]:
    """The asking newsroom's id, and for all else what belongs to the other."""
    known: dict[str, Any] = {
        "newsroom_id": asked_by.newsroom.id,
        "entry": ENTRY,
        "keys": {
            "accounts.find": KEYS,
            "outreaches.claimed": OWNER_KEYS,
            "copies.without_skipped": [{7}],
            "threats.seen_with_keys": {0},
        }.get(name, {"vk:5"} if name.startswith("farm_activity.") else {7, 9}),
        "farm": Farm(id=other.farm_id, number=1, name=None, found_at=LONG_AGO),
        "farm_id": other.farm_id,
        "spike_id": other.spike_id,
        "series": Series(kind=SeriesKind.TARGET, ref=str(other.staff_id)),
        "start": LONG_AGO,
        "end": LONG_AGO + timedelta(days=36_500),
        "moment": LONG_AGO,
        "staff_id": other.staff_id,
        "kind": "verify",
        "day": LONG_AGO.date(),
        "warned_before": LONG_AGO + timedelta(days=36_500),
        "now": StoppedClock()(),
        "post_key": "a.kg/1",
        "groups": [{7}],
        "wanted": sorted(other.ids) if name == "threat_search.lines" else {Group(frozenset({7}))},
        "skip": Skip(submission_id=other.submission_id),
        "skips": [Skip(submission_id=other.submission_id)],
        "asked": TakedownQuery()
        if name.startswith("takedown_search.")
        else ThreatQuery()
        if name.startswith("threat_search.")
        else [list(PRINTS)],
        "takedown_id": other.takedown_id,
        "act_id": other.act_id,
        "update_id": IN_HAND,
        "batch_id": other.batch_id,
        "outreach_id": other.outreach_id,
        "label_id": other.label_id,
        "target_key": TARGET,
        "platform": "vk",
        "reporter_ids": None,
        "listed": [listed(asked_by)],
        "meant": Meant(staff_ids=frozenset(other.ids)),
        "scope": Scope(member_id=other.member.id, staff_ids=frozenset(other.ids)) if asked_by is not other else None,
        "threat_id": other.threat_id,
        "threat_ids": sorted(other.ids),
        "about": "threat",
        "incident_id": other.incident_id,
        "alarm_id": other.alarm_id,
        "query_id": other.query_id,
        "file_id": other.file_id,
        "source_id": other.source_id,
        "row_ids": sorted(other.ids),
        "share_id": other.share_id,
        "link_id": other.farm_link_id if name.startswith("farm_links.") else other.link_id,
        "kinds": ["erased"] if name == "custody.newest" else None,
        "numbers": [1, 2, 3],
        "author_keys": {other.account_id: ["vk:5"]}
        if name == "account_facts.of_accounts"
        else ["vk:5", f"vk:{HANDLE}"],
        "campaign_id": other.campaign_id,
        "aim": None,
        "offset": 0,
        "ids": sorted(other.ids),
        "account_id": other.account_id,
        "submission_id": other.submission_id,
        "part_id": other.part_id,
        "place": 0,
        "author_key": "vk:5",
        "text_key": 7,
        "first": LONG_AGO.date(),
        "last": LONG_AGO.date() + timedelta(days=36_500),
        "post_id": other.post_id,
        "order_id": other.order_id,
        "span": Span(LONG_AGO, LONG_AGO + timedelta(days=36_500)),
        "message_id": other.message_id,
        "said": "a:0:",
        "chat_id": PERSON,
        "member_id": other.member.id,
        "telegram_id": PERSON,
        "since": LONG_AGO,
        "topic_id": None,
        "chat_row_id": other.chat_row_id,
        "schedule_id": other.schedule_id,
        "digest_id": other.digest_id,
        "days": [LONG_AGO.date()],
        "account_ids": sorted(other.ids),
        "submission_ids": sorted(other.ids),
        "words": "",
        "name_key": "",
        "key": "k",
        "limit": 99,
        "size": 99,
        "after": {"custody.page": -1, "custody.leaves": -1}.get(name, 0),
        "before": LONG_AGO + timedelta(days=36_500) if name.startswith("retention.") else None,
        "number": 1,
        "name": "Көл" if name == "farms.by_name" else "no such limit",
        "default": 0,
        "batch": "list.csv",
        "sources": ["row 1"],
        "shas": [SHA],
        "phrase_id": other.phrase_id,
        "cases": [other.submission_id],
        "most": 99,
        "description_ids": sorted(other.ids),
        "noun": {"evidence.step_rows": "account", "sayings.of_rows": "post"}.get(name, "comments"),
        "sha256": SHA,
        "subject": ("threat", other.threat_id) if name == "event_records.of" else ("account", other.account_id),
        "role": Role.ADMIN,
        "subjects": {SUBJECT},
        "statuses": tuple(MemberStatus),
        "left_out": frozenset(),
        "links": (),
        "hashes": {SHA},
    }
    positional: list[Any] = []
    for parameter in list(inspect.signature(functions()[name]).parameters.values())[1:]:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            continue
        value = known[parameter.name]
        positional += value if parameter.kind is inspect.Parameter.VAR_POSITIONAL else [value]
    return positional


def listed(house: House) -> Account:
    """A house's account as the archive gives it."""
    return Account(
        id=house.account_id,
        platform="vk",
        handle=HANDLE,
        numeric_id="5",
        names=(),
        status=AccountStatus.SUSPECTED,
        farm=None,
        reason=None,
        source="",
        batch=None,
        listed_by="x",
        listed_at=LONG_AGO,
        photos=(SHA,),
        confirmations=(),
    )


def numbers_in(answer: Any) -> Iterator[int]:
    """Every whole number anywhere in an answer."""
    if isinstance(answer, int):
        yield answer
    elif dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        for field in dataclasses.fields(answer):
            yield from numbers_in(getattr(answer, field.name))
    elif isinstance(answer, Mapping):
        for key, value in answer.items():
            yield from numbers_in(key)
            yield from numbers_in(value)
    elif isinstance(answer, tuple | list | set | frozenset | sa.Row):
        for each in answer:
            yield from numbers_in(each)


def test_a_table_without_newsroom_there_is_not() -> None:
    """Every table but the newsrooms themselves says whose each row is; what only hashes lead to has them salted."""
    assert {t.name for t in metadata.sorted_tables if "newsroom_id" not in t.c} == {"newsrooms", *SALTED}
    assert all(not t.c.newsroom_id.nullable for t in metadata.sorted_tables if "newsroom_id" in t.c)


def test_nothing_is_passed_over() -> None:
    """Whatever uses the archive stands before the wall, or is a writer, or is known to need no newsroom."""
    without = {f"{room}.{name}" for room, names in WITHOUT_ID.items() for name in names.split()}
    assert archive().keys() - functions().keys() == without
    assert functions().keys() >= WRITERS


async def test_no_query_looks_over_the_wall(store: Store, clock: StoppedClock) -> None:
    """Asked with one newsroom's id and the other's keys, no query gives anything of the other."""
    asking, other = await build(store, clock), await build(store, clock)
    assert min(len(each.ids) for each in (asking, other)) >= 12
    own_answers = set()
    async with store.read() as conn:
        for name in QUERIES:
            answer = await functions()[name](conn, *arguments(name, asking, other))
            assert other.ids.isdisjoint(numbers_in(answer)), name
            if list(numbers_in(await functions()[name](conn, *arguments(name, asking, asking)))):
                own_answers.add(name)
    # The proof is worth something only where the same question about one's own house has an answer.
    answered_in_words = {
        "account_reports.moments",
        "campaign_figures.beside",
        "chores.outcome_of",
        "erasing.removals",
        "restrictions.of_threat",
        "retention.due",
        "retention.to_warn",
        "campaign_figures.first_written",
        "campaign_figures.related",
        "campaign_figures.story",
        "campaign_figures.targets",
        "comments.fakes_among",
        "custody.all_keys",
        "imported_comments.files",
        "lockdowns.since",
        "newsrooms.created",
        "spike_counts.hours_since",
        "spike_counts.recounted",
        "spike_counts.scanned",
        "spike_counts.withdrawn_since",
        "spike_waves.farm_labels",
        "spikes.muted",
        "custody.keys_of",
        "custody.leaves",
        "custody.notes",
        "event_records.of",
        "digest_facts.accounts_told",
        "digest_facts.case_states",
        "digest_facts.figures",
        "digest_facts.kinds",
        "digest_facts.platforms",
        "digest_facts.targets",
        "digest_facts.threat_states",
        "digest_work.waiting",
        "digests.marked",
        "farm_activity.moments",
        "farm_activity.quotes",
        "farm_activity.same_pictures",
        "farm_links.told_apart",
        "farms.labelled",
        "farms.votes",
        "history.of",
        "history.told",
        "importing.comments_there",
        "ads.overlapping",
        "post_codings.undecided",
        "posts.presences",
        "public_labels.confirmed_at",
        "report_figures.known_fakes",
        "report_figures.targets_in",
        "report_orders.get",
        "takedown_search.figures",
        "takedowns.key_of",
        "newsrooms.limit",
        "photo_descriptions.of_picture",
        "photo_descriptions.undescribed",
        "screens.hold",
        "body_keys.get",
        "sealed_bodies.due",
        "sealed_originals.get",
        "sealed_originals.to_remove",
        "sealed_originals.unsealed",
        "screens.posted_alike",
        "threat_models.data",
        "threat_models.stamp",
        "account_erasing.erased_among",
        "member_erasing.farewells",
        "own_data.cases_of",
        "own_data.inviter_of",
        "own_data.reports_of",
        "own_data.rulings_of",
        "person_erasing.former_staff",
    }
    assert set(QUERIES) - own_answers <= answered_in_words


CHANGES = (
    *("replay", "redeem", "remove", "change", "put", "admit", "numbers", "texts", "campaigns", "threats"),
    *("accounts", "deeds", "farms", "reports", "digests", "rest"),
)


class Undone(Exception):
    """Ends a transaction of which nothing is to stay."""


async def test_no_change_reaches_over_the_wall(store: Store, clock: StoppedClock) -> None:
    """What one newsroom does leaves every row of the other as it was, also when it names the other's rows."""
    acting, other = await build(store, clock), await build(store, clock)
    before = await rows(store, other.newsroom)
    clock.tick()
    for what in CHANGES:
        # Two newsrooms take longer to be built than all of this takes: each change is undone for the next.
        with suppress(Undone):
            async with store.write() as conn:
                await change(conn, what, acting, other, clock)
                assert await rows_seen(conn, other.newsroom) == before, what
                raise Undone
    assert await rows(store, other.newsroom) == before


async def change(conn: AsyncConnection, what: str, acting: House, other: House, clock: StoppedClock) -> None:
    """All that the archive can do of a kind, in the name of one newsroom with the ids of the other."""
    mine = acting.newsroom.id
    match what:
        case "replay":
            assert await inbox.replay(conn, mine, clock()) == 1
            assert not any([await inbox.once_more(conn, mine, row, clock()) for row in sorted(other.ids)])
        case "redeem":
            assert await members.redeem(conn, mine, token_hash(f"of {other.newsroom.id}"), 1, clock()) is None
        case "remove":
            (person,) = await staff.all_of(conn, other.newsroom.id)
            assert not await staff.remove(conn, mine, person.id, clock())
        case "change":
            await newsrooms.change(conn, mine, name="Башка")
        case "put":
            assert await staff.put(conn, mine, StaffKind.PERSON, "Айгүл", None, ("жаңы",), clock()) == "changed"
            listing = accounts.Listing(newsroom_id=mine, member_id=None, lister="y", batch=None, at=clock())
            entry = dataclasses.replace(ENTRY, reason="жаңы")
            assert await accounts.put(conn, entry, KEYS, listing) == (acting.account_id, "changed")
        case "admit":
            await members.admit(conn, mine, PERSON, "Ким", Role.EDITOR, MemberStatus.REMOVED, None, clock())
        case "numbers":
            assert await filing.take_numbers(conn, mine, "case_counter", 5) == 6
        case "texts":
            prints = array("q", PRINTS).tobytes()
            await texts_room.register(conn, mine, [NewText(7, "т", prints), NewText(10, "к", prints)])
            await texts_room.post_many(conn, mine, [3], [prints])
            await texts_room.wake(conn, mine, [7, 8, 9])
        case "campaigns":
            await campaigns_room.describe(conn, mine, other.campaign_id, "башка", clock(), clock())
            await campaigns_room.restore(conn, mine, other.campaign_id)
            assert await campaigns_room.merge(conn, mine, other.campaign_id, acting.campaign_id) == []
            await campaigns_room.assign(conn, mine, [1, 2, 3], None)
            await campaigns_room.set_state(conn, mine, [1, 2, 3], WAITING)
            await campaign_pictures_room.put(conn, mine, other.ids, None)
            await campaign_pictures_room.set_waiting(conn, mine, other.ids, True)
        case "threats":
            await threats.change(conn, mine, other.threat_id, status="resolved")
            await threats.add_searched(conn, mine, other.threat_id, "башка")
            await threats.grow(conn, mine, other.threat_id, 5, clock())
            await threats.set_ruled(conn, mine, other.submission_id, is_threat=False)
            await threats.let_go(conn, mine, other.part_id, 0)
            await threats.withdraw(conn, mine, other.submission_id)
            await incidents_room.move(conn, mine, other.incident_id, None, acting.incident_id)
            await incidents_room.set_merged(conn, mine, other.incident_id, acting.incident_id)
            await alarms_room.count_up(conn, mine, other.alarm_id, 5, 5, (4, True))
            taken = AlarmState.TAKEN
            assert not await alarms_room.answer(conn, mine, other.alarm_id, acting.member.id, taken, clock())
            assert not await duty_room.leave(conn, mine, other.member.id)
            assert not await duty_room.set_quiet(conn, mine, other.member.id, (1, 2))
            assert not await threat_queries_room.forget(conn, mine, other.member.id, "өлүм")
        case "deeds":
            await takedowns_room.change(conn, mine, other.takedown_id, note="башка")
            drafts, sent = [TakedownStatus.DRAFT], TakedownStatus.SENT
            assert await takedowns_room.move(conn, mine, [other.takedown_id], sent, drafts) == 0
            assert not await takedown_batches_room.set_sent(conn, mine, other.batch_id, acting.member.id, clock())
            assert await takedown_batches_room.drop_doubtful(conn, mine, other.batch_id) == 0
            await takedown_batches_room.take_drafts(conn, mine, "vk", acting.batch_id)
            await outreaches_room.change(conn, mine, other.outreach_id, {"state": "gone"})
            written = (other.outreach_id, acting.member.id, "ru", clock())
            assert not await outreaches_room.set_written(conn, mine, *written)
            await outreaches_room.release(conn, mine, other.outreach_id, OWNER_KEYS[0])
        case "accounts":
            await change_accounts(conn, acting, other, clock())
        case "farms":
            await touch_farms(conn, mine, acting, other, clock)
        case "reports":
            await touch_reports(conn, acting, other, clock())
        case "digests":
            await touch_digests(conn, mine, other, clock())
        case "rest":
            await touch_restrictions(conn, acting, other, clock())
            assert await sealed_originals_room.remove_recipient(conn, mine, "age1lead", clock())
            await sealed_originals_room.removed(conn, mine, SHA)
            for each in await sealed_bodies_room.to_remove(conn, other.newsroom.id, 9):
                await sealed_bodies_room.removed(conn, mine, each.id, 1)
                await sealed_bodies_room.drop(conn, mine, each.id)
            assert await outbox.withdraw_digests(conn, mine, PERSON, clock()) == []
            await sent_messages_room.gone(conn, mine, PERSON, [1], clock())
            await members.raise_epoch(conn, mine, other.member.id)
            await members.set_sweep_hours(conn, mine, other.member.id, 1)
            await custody.destroy_keys(conn, mine, [SUBJECT])
            (theirs,) = [i for i in other.ids if await custody_has(conn, i)]
            await custody.set_token(conn, mine, theirs, b"t")
            assert await stock_phrases_room.remove(conn, mine, other.phrase_id) is None
            await stock_phrases_room.rekey(conn, mine, other.phrase_id, 99)
            assert await threat_words_room.remove(conn, mine, other.word_id) is None
            _, outcome = await threat_words_room.put(conn, mine, "отхайдар*", "death", acting.member.id, clock())
            assert outcome == "changed"
            await threat_models_room.put(conn, mine, LESSON, None)
            read = Reading(state=ReadingState.DONE, screen=ReadScreen())
            await screens_room.finish(conn, mine, other.part_id, read, clock())
            await screens_room.correct(conn, mine, other.part_id, ReadScreen(), acting.member.id)
            await comments.withdraw_source(conn, mine, "row 1", clock())
            run = await import_runs_room.of_file(conn, mine, "comments", SHA)
            assert run is not None
            run = await import_runs_room.advance(conn, run, 2, {}, clock())
            assert run is not None
            await import_runs_room.finish(conn, run)


async def custody_has(conn: AsyncConnection, checkpoint_id: int) -> bool:
    """Whether a row's id is a checkpoint's."""
    t = metadata.tables["custody_checkpoints"].c
    return bool(await conn.scalar(sa.select(t.id).where(t.id == checkpoint_id)))


def test_the_wall_sees_a_leak() -> None:
    """The search for numbers goes through whatever shape an answer has."""
    answer = [{"a": (1, frozenset({2}))}, "4", {3: [MemberStatus.ACTIVE]}]
    assert set(numbers_in(answer)) == {1, 2, 3}
