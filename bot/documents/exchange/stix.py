"""STIX 2.1: an indicator for each photo and text, a grouping for each farm; what is recalled is `revoked`.

An item has the same id in every file, so that a reader who knows it sees a newer version of the same object.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from bot.documents.exchange.plain import schemes_of
from bot.model.exchange import ExchangeFile, ItemKind, Recalled, SharedItem

#: Under which our ids are made into UUIDs.
_SPACE: Final = uuid5(NAMESPACE_URL, "https://kalkan.example/exchange")
_OBJECT: Final = {ItemKind.PHOTO: "file", ItemKind.TEXT: "artifact"}


def stix_file(file: ExchangeFile, recalled: Mapping[str, Recalled]) -> bytes:
    """A bundle. Raises ModuleNotFoundError without `stix2`."""
    import stix2  # noqa: PLC0415 - an extra: only whoever exports in this form has it

    issuer = stix2.Identity(
        id=f"identity--{uuid5(_SPACE, file.issuer.key.hex())}",
        name=file.issuer.name,
        identity_class="organization",
        created=_start(date(2000, 1, 1)),
        modified=_start(date(2000, 1, 1)),
    )
    shown = [_indicator(stix2, each, issuer.id, file.made_at) for each in file.items if each.kind in _OBJECT]
    gone = [
        _revoked(stix2, name, recalled[name], issuer.id, file.made_at)
        for name in file.revoked
        if recalled[name].kind in _OBJECT
    ]
    bundle = stix2.Bundle(objects=[issuer, *shown, *_farms(stix2, file, issuer.id), *gone])
    return str(bundle.serialize(pretty=False)).encode() + b"\n"


def uuid_of(item: str) -> UUID:
    """An item's id as other formats spell ids."""
    return uuid5(_SPACE, item)


def _indicator(stix2: Any, item: SharedItem, issuer: str, now: datetime) -> Any:
    told = [f"{_OBJECT[item.kind]}:hashes.'{scheme.upper()}' = '{value}'" for scheme, value, _ in schemes_of(item)]
    return stix2.Indicator(
        **_common(_id_of("indicator", item.id), item.since, issuer, now),
        pattern=f"[{' OR '.join(told)}]",
        pattern_type="stix",
        valid_from=_start(item.since),
        # STIX wants a moment after the first: the day after the last on which it holds.
        valid_until=max(_start(item.expires), _start(item.since)) + timedelta(days=1),
        confidence=item.confidence,
        indicator_types=["anomalous-activity"],
        labels=[f"kalkan-{item.kind.value}"],
    )


def _revoked(stix2: Any, name: str, was: Recalled, issuer: str, now: datetime) -> Any:
    return stix2.Indicator(
        **_common(_id_of("indicator", name), was.since, issuer, now),
        # What was said is not said again: the id tells which it is.
        pattern=f"[{_OBJECT[was.kind]}:hashes.'KALKAN-RECALLED' = '{name}']",
        pattern_type="stix",
        valid_from=_start(was.since),
        revoked=True,
    )


def _farms(stix2: Any, file: ExchangeFile, issuer: str) -> list[Any]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for item in file.items:
        if item.farm is not None and item.kind in _OBJECT:
            members[item.farm].append(_id_of("indicator", item.id))
    return [
        stix2.Grouping(
            **_common(_id_of("grouping", item.id), item.since, issuer, file.made_at),
            context="suspicious-activity",
            name=f"farm {item.id}",
            confidence=item.confidence,
            object_refs=members[item.id],
        )
        for item in file.items
        if item.kind is ItemKind.FARM and members[item.id]
    ]


def _common(of: str, since: date, issuer: str, now: datetime) -> dict[str, Any]:
    created = _start(since)
    return {"id": of, "created": created, "modified": max(now, created), "created_by_ref": issuer}


def _id_of(kind: str, item: str) -> str:
    return f"{kind}--{uuid_of(item)}"


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
