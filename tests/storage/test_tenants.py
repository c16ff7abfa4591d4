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
from datetime import timedelta
from typing import Any

import pytest

import bot.storage
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.screen import Reading, ReadingState, ReadScreen
from bot.model.staff import StaffKind
from bot.model.tokens import token_hash
from bot.storage import (
    accounts,
    comments,
    filing,
    inbox,
    members,
    newsrooms,
    staff,
)
from bot.storage import campaign_pictures as campaign_pictures_room
from bot.storage import campaigns as campaigns_room
from bot.storage import import_runs as import_runs_room
from bot.storage import screens as screens_room
from bot.storage import stock_phrases as stock_phrases_room
from bot.storage import texts as texts_room
from bot.storage.copies import Group, Skip
from bot.storage.store import Store
from bot.storage.tables import (
    metadata,
)
from bot.storage.texts import WAITING, NewText
from tests.storage.houses import ENTRY, HANDLE, KEYS, LONG_AGO, PERSON, PRINTS, SALTED, SHA, House, build, rows
from tests.stores import StoppedClock

#: What changes or adds something; every other function that takes a newsroom's id is a query.
WRITERS = {
    "accounts.rule",
    "campaign_pictures.put",
    "campaign_pictures.set_waiting",
    "campaigns.add_parts",
    "campaigns.assign",
    "campaigns.describe",
    "campaigns.found",
    "campaigns.merge",
    "campaigns.restore",
    "campaigns.set_state",
    "campaigns.tell_apart",
    "cases.add_ruling",
    "cases.rely_on",
    "comments.withdraw_source",
    "dialogs.ask",
    "filing.take_numbers",
    "history.note",
    "inbox.replay",
    "members.admit",
    "members.lock_newsroom",
    "members.redeem",
    "newsrooms.change",
    "newsrooms.set_limit",
    "outbox.hold_chat",
    "photo_descriptions.add",
    "photo_owners.put",
    "photo_rulings.add",
    "postings.add",
    "rejections.add",
    "rejections.carry_over",
    "screens.correct",
    "screens.finish",
    "staff.put",
    "staff.remove",
    "stock_phrases.add",
    "stock_phrases.rekey",
    "stock_phrases.remove",
    "texts.lock",
    "texts.post_many",
    "texts.register",
    "texts.set_index_progress",
    "texts.wake",
}
#: What takes no newsroom's id: it acts on rows that say whose they are, on a row that the caller was shown or checked,
#: or for the house as a whole (its queues, its newsrooms, where a person is a member).
WITHOUT_ID = {
    "campaign_pictures": "add",
    "accounts": "end_rulings lock put set_status touch",
    "cases": "authors card_message due_to_settle latest_case_of move_parts set_card_message set_number set_part_origin"
    " set_part_text set_state set_target settle",
    "comments": "add rekey set_author withdraw withdraw_part",
    "dialogs": "end of_member",
    "direct": "fetch take",
    "filing": "file_parts raise_level set_finding",
    "import_runs": "advance finish",
    "inbox": "accept bury claim counts finish next_due purge put_back recover waiting_in_group",
    "members": "add_invite by_ids by_telegram_ids invite_of newly_expired newsroom_of_invite newsrooms_of set_language"
    " set_roles set_status",
    "newsrooms": "add first",
    "outbox": "done drop_for_chat fail heads purge put recover retry start",
    "photos": "add link of_submission withdraw",
    "screens": "enqueue of_submission",
    "staff": "link_member",
    "threats": "count_of record set_status",
    "upsert": "insert_for insert_ignoring",
}


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


def functions() -> dict[str, Callable[..., Any]]:
    """Those of them that take a newsroom's id."""
    return {name: each for name, each in archive().items() if "newsroom_id" in inspect.signature(each).parameters}


QUERIES = sorted(functions().keys() - WRITERS)


def arguments(name: str, asked_by: House, other: House) -> list[Any]:
    """The asking newsroom's id, and for all else what belongs to the other."""
    known: dict[str, Any] = {
        "newsroom_id": asked_by.newsroom.id,
        "entry": ENTRY,
        "keys": {"accounts.find": KEYS, "copies.without_skipped": [{7}]}.get(name, {7, 9}),
        "groups": [{7}],
        "wanted": {Group(frozenset({7}))},
        "skip": Skip(submission_id=other.submission_id),
        "skips": [Skip(submission_id=other.submission_id)],
        "asked": [list(PRINTS)],
        "numbers": [1, 2, 3],
        "author_keys": ["vk:5", f"vk:{HANDLE}"],
        "campaign_id": other.campaign_id,
        "aim": None,
        "offset": 0,
        "ids": sorted(other.ids),
        "account_id": other.account_id,
        "submission_id": other.submission_id,
        "part_id": other.part_id,
        "author_key": "vk:5",
        "text_key": 7,
        "span": (LONG_AGO, LONG_AGO + timedelta(days=36_500)),
        "message_id": other.message_id,
        "chat_id": PERSON,
        "member_id": other.member.id,
        "telegram_id": PERSON,
        "since": LONG_AGO,
        "words": "",
        "name_key": "",
        "limit": 99,
        "size": 99,
        "after": 0,
        "before": None,
        "number": 1,
        "name": "no such limit",
        "default": 0,
        "batch": "list.csv",
        "sources": ["row 1"],
        "shas": [SHA],
        "phrase_id": other.phrase_id,
        "description_ids": sorted(other.ids),
        "noun": "comments",
        "sha256": SHA,
        "subject": ("account", other.account_id),
        "role": Role.ADMIN,
        "statuses": tuple(MemberStatus),
    }
    positional: list[Any] = []
    for parameter in list(inspect.signature(functions()[name]).parameters.values())[1:]:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            continue
        value = known[parameter.name]
        positional += value if parameter.kind is inspect.Parameter.VAR_POSITIONAL else [value]
    return positional


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
    elif isinstance(answer, tuple | list | set | frozenset):
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
        "campaign_figures.beside",
        "campaign_figures.first_written",
        "campaign_figures.related",
        "campaign_figures.story",
        "campaign_figures.targets",
        "comments.fakes_among",
        "history.of",
        "importing.comments_there",
        "newsrooms.limit",
        "photo_descriptions.of_picture",
        "photo_descriptions.undescribed",
        "screens.hold",
        "screens.posted_alike",
    }
    assert set(QUERIES) - own_answers <= answered_in_words


@pytest.mark.parametrize(
    "what", ["replay", "redeem", "remove", "change", "put", "admit", "numbers", "texts", "campaigns", "rest"]
)
async def test_no_change_reaches_over_the_wall(store: Store, clock: StoppedClock, what: str) -> None:
    """What one newsroom does leaves every row of the other as it was, also when it names the other's rows."""
    acting, other = await build(store, clock), await build(store, clock)
    mine, before = acting.newsroom.id, await rows(store, other.newsroom)
    clock.tick()
    async with store.write() as conn:
        match what:
            case "replay":
                assert await inbox.replay(conn, mine, clock()) == 1
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
            case "rest":
                assert await stock_phrases_room.remove(conn, mine, other.phrase_id) is None
                await stock_phrases_room.rekey(conn, mine, other.phrase_id, 99)
                read = Reading(state=ReadingState.DONE, screen=ReadScreen())
                await screens_room.finish(conn, mine, other.part_id, read, clock())
                await screens_room.correct(conn, mine, other.part_id, ReadScreen(), acting.member.id)
                await comments.withdraw_source(conn, mine, "row 1", clock())
                run = await import_runs_room.of_file(conn, mine, "comments", SHA)
                assert run is not None
                run = await import_runs_room.advance(conn, run, 2, {}, clock())
                assert run is not None
                await import_runs_room.finish(conn, run)
    assert await rows(store, other.newsroom) == before


def test_the_wall_sees_a_leak() -> None:
    """The search for numbers goes through whatever shape an answer has."""
    answer = [{"a": (1, frozenset({2}))}, "4", {3: [MemberStatus.ACTIVE]}]
    assert set(numbers_in(answer)) == {1, 2, 3}
