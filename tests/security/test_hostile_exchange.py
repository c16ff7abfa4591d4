"""Hostile exchange files: one refusal each, in little time, and none changes a row."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from bot.custody.envelopes import public_of
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.exchange import MOST_BYTES, MOST_ITEMS, Issuer, ItemKind, SharedHash, SharedItem
from bot.services.exchange import importing
from bot.services.exchange.files import read
from bot.storage.store import Store
from tests.exchange_ground import House, file_of, house, item, photo_item, signed, text_item
from tests.stores import StoppedClock

pytestmark = pytest.mark.timeout(600)

#: Seconds of the processor for any file, on a busy machine.
MOST_SECONDS = 20.0
GOOD: dict[str, Any] = {"format": "kalkan-exchange", "version": 1, "sequence": 1, "items": [], "revoked": []}


def largest() -> bytes:
    """A file with as many items as may be."""
    told = (SharedHash(disc=False, phash="a" * 64, mirrored="b" * 64),)
    return file_of(*(item(ItemKind.PHOTO, id=f"{n:032x}", hashes=told) for n in range(MOST_ITEMS)))


HOSTILE = {
    "nothing": b"",
    "spaces": b" " * MOST_BYTES,
    "brackets": b"[" * MOST_BYTES,
    "objects": b'{"a":' * (MOST_BYTES // 5),
    "digits": b"9" * MOST_BYTES,
    "exponent": b'{"sequence":1e999999999}',
    "nan": b'{"format":NaN}',
    "infinity": b'{"format":-Infinity}',
    "halves": b'{"format":"\\ud800"}',
    "no text": b"\xff\xfe" * 1_000,
    "bom": b"\xef\xbb\xbf" + file_of(text_item()),
    "twice": file_of(text_item()) * 2,
    "behind the end": file_of(text_item()) + b"x",
    "cut": file_of(photo_item())[:-10],
    "one key": b'{"' + b"a" * (MOST_BYTES - 100) + b'":1}',
    "many keys": json.dumps({str(n): n for n in range(400_000)}).encode(),
    "too large": b" " * (MOST_BYTES + 1),
    "deep and signed": signed({**GOOD, "made_at": "2026-01-01T00:00:00Z", "items": [[[[[[[[1]]]]]]]]}),
    "name backwards": signed({**GOOD, "made_at": "2026-01-01T00:00:00Z", "issuer": {"key": "", "name": "\u202e"}}),
    "people": signed({**GOOD, "made_at": "2026-01-01T00:00:00Z", "members": ["Айгүл"]}),
    "an item with a name": signed(
        {**GOOD, "made_at": "2026-01-01T00:00:00Z", "items": [{"id": "a" * 32, "kind": "person", "name": "Айгүл"}]}
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_is_refused_calmly(name: str) -> None:
    """One refusal, in bounded time; no exception of any library comes through."""
    began = time.process_time()
    with pytest.raises(Refusal) as refusal:
        read(HOSTILE[name], StoppedClock()())
    assert refusal.value.code.startswith("exchange_")
    assert time.process_time() - began < MOST_SECONDS


def test_the_largest_good_file_is_read_in_time() -> None:
    """Ten thousand items: what a partner may really send."""
    data = largest()
    began = time.process_time()
    assert len(read(data, StoppedClock()()).items) == MOST_ITEMS
    assert time.process_time() - began < MOST_SECONDS


async def partnered(store: Store, clock: StoppedClock, folder: Path) -> House:
    """A newsroom that listens to the stranger."""
    made = await house(store, clock, folder, "Клооп", b"b")
    await made.exchange.partners.trust((await made.exchange.into.read(file_of(text_item()))).issuer)
    return made


async def test_a_partner_recalls_nothing_of_another(store: Store, clock: StoppedClock, tmp_path: Path) -> None:
    """The same id in another partner's file is another item: nobody takes back, or changes, what others said."""
    own = await partnered(store, clock, tmp_path)
    other = CustodyKeys(b"z" * 32)
    issuer = Issuer(name="Азаттык", key=public_of(other.exchange_key(1)))
    await own.exchange.partners.trust(issuer)
    await own.exchange.into.apply(await own.exchange.into.read(file_of(text_item())))
    theirs = file_of(text_item(99, id="b" * 32), revoked=("a" * 32,), keys=other, issuer=issuer)
    shown = await own.exchange.into.apply(await own.exchange.into.read(theirs))
    assert (shown.added, shown.recalled) == (1, 0)
    assert [each.items for each in await own.exchange.partners.everyone()] == [1, 1]


async def test_no_partner_fills_the_store(
    store: Store, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File after file of new items ends at a limit, and the one beyond it changes nothing."""
    own = await partnered(store, clock, tmp_path)
    desk = own.exchange.into
    most = 200
    monkeypatch.setattr(importing, "MOST_HELD", most + 5)

    def batch(number: int) -> list[SharedItem]:
        return [text_item(n, id=f"{number:04x}{n:028x}") for n in range(most)]

    await desk.apply(await desk.read(file_of(*batch(1), sequence=1)))
    with pytest.raises(Refusal, match="exchange_too_many"):
        await desk.apply(await desk.read(file_of(*batch(2), sequence=2)))
    (partner,) = await own.exchange.partners.everyone()
    assert (partner.items, partner.sequence) == (most, 1)
