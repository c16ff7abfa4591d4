"""Forms that other systems read, made and read again by their own libraries."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from typing import Any

import pytest
import stix2
from PIL import Image
from pymisp import MISPEvent
from stix2patterns.v21.pattern import Pattern

from bot.documents.exchange.misp import misp_file
from bot.documents.exchange.plain import pdq_file, table_file
from bot.documents.exchange.stix import stix_file, uuid_of
from bot.model.exchange import ExchangeFile, Issuer, ItemKind, Recalled, SharedHash, SharedItem, SharedPicture
from bot.simulator.avatars import avatar
from detection.image.pdq import pdq_of

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FARM = "f" * 32
SAID: dict[str, Any] = {"confidence": 90, "since": date(2026, 10, 1), "expires": date(2027, 5, 1)}
PHOTO = SharedItem(
    id="1" * 32,
    kind=ItemKind.PHOTO,
    farm=FARM,
    hashes=(
        SharedHash(disc=False, phash="a" * 64, mirrored="b" * 64),
        SharedHash(disc=True, phash="c" * 64, mirrored="d" * 64),
    ),
    **SAID,
)
TEXT = SharedItem(id="2" * 32, kind=ItemKind.TEXT, text_key=77, normaliser=3, **SAID)
FILE = ExchangeFile(
    issuer=Issuer(name="Ала-Тоо", key=b"k" * 32),
    sequence=9,
    made_at=NOW,
    items=(PHOTO, TEXT, SharedItem(id=FARM, kind=ItemKind.FARM, **SAID)),
    revoked=("3" * 32,),
)
GONE = {"3" * 32: Recalled(kind=ItemKind.TEXT, since=date(2026, 9, 1), revoked_in=9)}


def rows(data: bytes) -> list[dict[str, str]]:
    """The lines of a table by their heads."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_stix_is_read_by_its_own_library() -> None:
    """Indicators with patterns that parse, until when they hold, a grouping of the farm, and one that is revoked."""
    bundle = stix2.parse(stix_file(FILE, GONE).decode(), allow_custom=False)
    found = {each.id: each for each in bundle.objects}
    photo = found[f"indicator--{uuid_of(PHOTO.id)}"]
    assert (photo.confidence, photo.valid_from.date(), photo.valid_until.date()) == (
        90,
        SAID["since"],
        date(2027, 5, 2),
    )
    assert "KALKAN-PHASH256-DISC" in photo.pattern
    for each in bundle.objects:
        if each.type == "indicator":
            Pattern(each.pattern)
    (farm,) = [each for each in bundle.objects if each.type == "grouping"]
    assert farm.object_refs == [photo.id]
    assert [each.id for each in bundle.objects if each.get("revoked")] == [f"indicator--{uuid_of('3' * 32)}"]
    assert [each.name for each in bundle.objects if each.type == "identity"] == ["Ала-Тоо"]


def test_an_item_is_the_same_object_in_every_file() -> None:
    """A later file is a newer version of it, also of one that begins and ends on one day."""
    later = ExchangeFile(issuer=FILE.issuer, sequence=10, made_at=NOW + timedelta(days=1), items=FILE.items)
    one, two = (stix2.parse(stix_file(each, GONE).decode()) for each in (FILE, later))
    first, second = (next(o for o in each.objects if o.type == "indicator") for each in (one, two))
    assert (first.id, first.created) == (second.id, second.created)
    assert second.modified > first.modified


def test_misp_is_read_by_its_own_library() -> None:
    """An event with an attribute for each hash; what is recalled is deleted; nothing asks to be blocked."""
    event = MISPEvent()
    event.from_json(misp_file(FILE, GONE).decode())
    told = {each.uuid: each for each in event.attributes}
    assert event.info == "Kalkan exchange of Ала-Тоо"
    assert told[str(uuid_of(PHOTO.id))].value == f"kalkan-phash256:{'a' * 64}"
    assert told[str(uuid_of(TEXT.id))].value == "kalkan-skeleton-3:000000000000004d"
    assert [each.value for each in event.attributes if each.get("deleted")] == [f"kalkan-recalled:{'3' * 32}"]
    assert not any(each.to_ids for each in event.attributes)


def test_a_table_says_everything() -> None:
    """A line for each hash, one for the farm, one for what is recalled."""
    found = rows(table_file(FILE, GONE))
    assert [(each["kind"], each["state"]) for each in found] == [
        *([("photo", "holds")] * 2),
        ("text", "holds"),
        ("farm", "holds"),
        ("text", "recalled"),
    ]
    assert found[2]["value"] == "000000000000004d"
    assert {each["expires"] for each in found[:4]} == {"2027-05-01"}


def test_pdq_lists_have_threatexchanges_names() -> None:
    """The hash, its type and quality; a picture that is not told in this file is not in it."""
    picture = SharedPicture(item=PHOTO, pdq="e" * 64, quality=88)
    other = SharedPicture(item=SharedItem(id="9" * 32, kind=ItemKind.PHOTO, **SAID), pdq="0" * 64, quality=1)
    (found,) = rows(pdq_file(FILE, [picture, other]))
    assert (found["indicator"], found["type"], found["quality"]) == ("e" * 64, "HASH_PDQ", "88")
    assert (found["status"], found["tags"]) == ("SUSPICIOUS", f"kalkan:{FARM}")


@pytest.mark.skipif(find_spec("pdqhash") is None, reason="pdqhash is not installed: it comes with make bench")
def test_pdq_is_that_of_the_library() -> None:
    """The same portrait smaller is a few bits away, another one far; ThreatExchange's own matching limit is 31."""
    one, other = avatar(3, 320), avatar(30, 320)
    small = one.resize((160, 160), Image.Resampling.LANCZOS)
    (whole, quality), (near, _), (far, _) = (pdq_of(each) for each in (one, small, other))
    assert len(whole) == 64
    assert quality > 0
    assert _bits(whole, near) <= 31 < _bits(whole, far)


@pytest.mark.parametrize("name", ["stix", "misp"])
def test_no_person_is_in_any_form(name: str) -> None:
    """Hashes, ids, days, the newsroom's own name: nothing else."""
    data = json.loads((stix_file if name == "stix" else misp_file)(FILE, GONE))
    text = json.dumps(data, ensure_ascii=False)
    assert "Ала-Тоо" in text
    assert "vk" not in text


def _bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
