"""Tables: everything for whoever has a spreadsheet, and PDQ hashes under the names that ThreatExchange uses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.documents.table import csv_file
from bot.model.exchange import ExchangeFile, ItemKind, Recalled, SharedItem, SharedPicture

_COLUMNS: Final = ("id", "kind", "scheme", "value", "mirrored", "confidence", "since", "expires", "farm", "state")
#: Fields of a ThreatDescriptor: what a program that uploads them asks for.
_PDQ_COLUMNS: Final = (
    "indicator",
    "type",
    "confidence",
    "first_active",
    "expired_on",
    "status",
    "quality",
    "tags",
)


def schemes_of(item: SharedItem) -> Iterator[tuple[str, str, str]]:
    """Every hash or fingerprint of an item: by which scheme it was made, what it is, that of the mirror image."""
    if item.kind is ItemKind.TEXT and item.text_key is not None:
        yield f"kalkan-skeleton-{item.normaliser}", f"{item.text_key:016x}", ""
    for each in item.hashes:
        yield "kalkan-phash256-disc" if each.disc else "kalkan-phash256", each.phash, each.mirrored


def table_file(file: ExchangeFile, recalled: Mapping[str, Recalled]) -> bytes:
    """CSV: a line for each hash of each item, one for each farm, one for each item that is recalled."""
    rows: list[Sequence[str | int]] = []
    for item in file.items:
        told = list(schemes_of(item)) or [("", "", "")]
        rows += [
            (item.id, item.kind.value, *each, item.confidence, *_days(item), item.farm or "", "holds") for each in told
        ]
    rows += [
        (name, recalled[name].kind.value, "", "", "", "", recalled[name].since.isoformat(), "", "", "recalled")
        for name in file.revoked
    ]
    return csv_file(_COLUMNS, rows)


def pdq_file(file: ExchangeFile, pictures: Sequence[SharedPicture]) -> bytes:
    """CSV of PDQ hashes. A hash that is no longer in a later file was recalled: PDQ lists know no other way."""
    said = {item.id for item in file.items}
    rows = [
        (
            each.pdq,
            "HASH_PDQ",
            each.item.confidence,
            *_days(each.item),
            # Two people ruled on the account: that is not yet a platform's ruling on the picture.
            "SUSPICIOUS",
            each.quality,
            f"kalkan:{each.item.farm or ''}".rstrip(":"),
        )
        for each in pictures
        if each.item.id in said
    ]
    return csv_file(_PDQ_COLUMNS, rows)


def _days(item: SharedItem) -> tuple[str, str]:
    return item.since.isoformat(), item.expires.isoformat()
