"""Every query of the archive, found in the code, with arguments by name: always what belongs to the other newsroom."""

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

import bot.storage
from bot.model.account import Account, AccountStatus
from bot.model.farm import Farm
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.spike import Series, SeriesKind
from bot.model.takedown import TakedownQuery
from bot.model.threat import ThreatQuery
from bot.storage.copies import Group, Skip
from bot.storage.digest_facts import Span
from bot.storage.threat_search import Meant, Scope
from tests.storage.house_exchange import PUBLIC
from tests.storage.house_rows import PRINTS
from tests.storage.houses import (
    ENTRY,
    HANDLE,
    IN_HAND,
    KEYS,
    LONG_AGO,
    OWNER_KEYS,
    PERSON,
    SHA,
    SUBJECT,
    TARGET,
    House,
)
from tests.storage.walls import WRITERS
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


#: What is the same whoever asks, by a parameter's name.
_ANYBODYS: Final[dict[str, Any]] = {
    "entry": ENTRY,
    "start": LONG_AGO,
    "end": LONG_AGO + timedelta(days=36_500),
    "moment": LONG_AGO,
    "kind": "verify",
    "day": LONG_AGO.date(),
    "warned_before": LONG_AGO + timedelta(days=36_500),
    "post_key": "a.kg/1",
    "groups": [{7}],
    "update_id": IN_HAND,
    "target_key": TARGET,
    "platform": "vk",
    "reporter_ids": None,
    "about": "threat",
    "numbers": [1, 2, 3],
    "aim": None,
    "offset": 0,
    "place": 0,
    "silence": timedelta(hours=1),
    "author_key": "vk:5",
    "text_key": 7,
    "text_keys": {72},
    "normaliser": 3,
    "today": LONG_AGO.date(),
    "public": PUBLIC,
    "first": LONG_AGO.date(),
    "last": LONG_AGO.date() + timedelta(days=36_500),
    "span": Span(LONG_AGO, LONG_AGO + timedelta(days=36_500)),
    "said": "a:0:",
    "chat_id": PERSON,
    "telegram_id": PERSON,
    "since": LONG_AGO,
    "topic_id": None,
    "days": [LONG_AGO.date()],
    "words": "",
    "name_key": "",
    "key": "k",
    "limit": 99,
    "size": 99,
    "number": 1,
    "default": 0,
    "batch": "list.csv",
    "sources": ["row 1"],
    "shas": [SHA],
    "most": 99,
    "sha256": SHA,
    "role": Role.ADMIN,
    "subjects": {SUBJECT},
    "statuses": tuple(MemberStatus),
    "left_out": frozenset(),
    "links": (),
    "hashes": {SHA},
}


def _of(other: House) -> dict[str, Any]:
    """What belongs to the other: a row of each kind by the name of its id, and what is made of several."""
    return {field.name: getattr(other, field.name) for field in dataclasses.fields(other)} | {
        "ids": sorted(other.ids),
        "row_ids": sorted(other.ids),
        "account_ids": sorted(other.ids),
        "partner_ids": sorted(other.ids),
        "submission_ids": sorted(other.ids),
        "threat_ids": sorted(other.ids),
        "description_ids": sorted(other.ids),
        "farm": Farm(id=other.farm_id, number=1, name=None, found_at=LONG_AGO),
        "series": Series(kind=SeriesKind.TARGET, ref=str(other.staff_id)),
        "skip": Skip(submission_id=other.submission_id),
        "skips": [Skip(submission_id=other.submission_id)],
        "meant": Meant(staff_ids=frozenset(other.ids)),
        "member_id": other.member.id,
        "cases": [other.submission_id],
    }


def _for(name: str, other: House) -> dict[str, Any]:
    """What depends on which query is asked."""
    is_ledger, is_log = name.startswith("takedown_search."), name.startswith("threat_search.")
    of_accounts = {other.account_id: ["vk:5"]}
    return {
        "keys": {
            "accounts.find": KEYS,
            "outreaches.claimed": OWNER_KEYS,
            "copies.without_skipped": [{7}],
            "threats.seen_with_keys": {0},
        }.get(name, {"vk:5"} if name.startswith("farm_activity.") else {7, 9}),
        "wanted": sorted(other.ids) if name == "threat_search.lines" else {Group(frozenset({7}))},
        "asked": TakedownQuery() if is_ledger else ThreatQuery() if is_log else [list(PRINTS)],
        "link_id": other.farm_link_id if name.startswith("farm_links.") else other.link_id,
        "kinds": ["erased"] if name == "custody.newest" else None,
        "author_keys": of_accounts if name == "account_facts.of_accounts" else ["vk:5", f"vk:{HANDLE}"],
        "after": {"custody.page": -1, "custody.leaves": -1}.get(name, 0),
        "before": LONG_AGO + timedelta(days=36_500) if name.startswith("retention.") else None,
        "name": "Көл" if name == "farms.by_name" else "no such limit",
        "noun": {"evidence.step_rows": "account", "sayings.of_rows": "post"}.get(name, "comments"),
        "subject": ("threat", other.threat_id) if name == "event_records.of" else ("account", other.account_id),
    }


def arguments(name: str, asked_by: House, other: House) -> list[Any]:
    """The asking newsroom's id, and for all else what belongs to the other."""
    known = _ANYBODYS | _of(other) | _for(name, other)
    known |= {
        "newsroom_id": asked_by.newsroom.id,
        "now": StoppedClock()(),
        "listed": [listed(asked_by)],
        "scope": Scope(member_id=other.member.id, staff_ids=frozenset(other.ids)) if asked_by is not other else None,
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
