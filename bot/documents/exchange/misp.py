"""MISP: one event of this newsroom's, an attribute for each item; what is recalled is a deleted attribute."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from bot.documents.exchange.plain import schemes_of
from bot.documents.exchange.stix import uuid_of
from bot.model.exchange import ExchangeFile, Recalled, SharedItem

#: MISP's words: for the own organisation until somebody decides otherwise; medium; complete.
_OWN_ORGANISATION: Final = 0
_MEDIUM: Final = 2
_COMPLETED: Final = 2
#: MISP has no type for perceptual hashes or for fingerprints of texts.
_TYPE: Final[dict[str, Any]] = {"type": "other", "category": "Other", "to_ids": False}


def misp_file(file: ExchangeFile, recalled: Mapping[str, Recalled]) -> bytes:
    """An event as JSON. Raises ModuleNotFoundError without `pymisp`."""
    from pymisp import MISPEvent  # noqa: PLC0415 - an extra: only whoever exports in this form has it

    event = MISPEvent()
    event.from_dict(
        uuid=str(uuid_of(file.issuer.key.hex())),
        info=f"Kalkan exchange of {file.issuer.name}",
        date=file.made_at.date().isoformat(),
        timestamp=int(file.made_at.timestamp()),
        distribution=_OWN_ORGANISATION,
        threat_level_id=_MEDIUM,
        analysis=_COMPLETED,
    )
    for item in file.items:
        _add(event, item, file.made_at)
    for name in file.revoked:
        event.add_attribute(
            **_TYPE,
            uuid=str(uuid_of(name)),
            value=f"kalkan-recalled:{name}",
            deleted=True,
            timestamp=int(file.made_at.timestamp()),
            comment=recalled[name].kind.value,
        )
    return str(event.to_json()).encode() + b"\n"


def _add(event: Any, item: SharedItem, now: datetime) -> None:
    """An attribute for each hash; the first has the item's own id, under which it is recalled with all others."""
    told = [f"{scheme}:{value}" for scheme, value, _ in schemes_of(item)] or [f"kalkan-farm:{item.id}"]
    of_farm = f", farm {item.farm}" if item.farm else ""
    for place, value in enumerate(told):
        event.add_attribute(
            **_TYPE,
            uuid=str(_uuid(item.id, place)),
            value=value,
            timestamp=int(now.timestamp()),
            first_seen=_start(item.since).isoformat(),
            comment=f"{item.kind.value}, confidence {item.confidence} %, holds until {item.expires}{of_farm}",
        )


def _uuid(item: str, place: int) -> UUID:
    return uuid_of(item) if place == 0 else uuid_of(f"{item}/{place}")


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
