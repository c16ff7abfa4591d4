"""The form of an exchange file: what is written is read again, and nothing else is read at all."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.custody.canonical import canonical
from bot.custody.envelopes import public_of
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.exchange import MOST_BYTES, MOST_HASHES, MOST_ITEMS, ExchangeFile, Issuer, ItemKind, SharedHash
from bot.services.exchange.files import read, written
from bot.services.exchange.keys import clean_name, key_line, mark_of, read_key_line
from tests.exchange_ground import STRANGER, file_of, item, photo_item, signed, text_item

NOW = datetime.now(UTC).replace(microsecond=0)
KEY = STRANGER.exchange_key(1)
IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
DAYS = st.dates(date(2000, 1, 1), NOW.date() + timedelta(days=700))
HASHES = st.builds(SharedHash, disc=st.booleans(), phash=HEX, mirrored=HEX)
SAID = {"confidence": st.integers(0, 100), "since": DAYS, "expires": DAYS, "id": IDS}
ITEMS = st.one_of(
    st.builds(item, st.just(ItemKind.FARM), **SAID),
    st.builds(
        item,
        st.just(ItemKind.PHOTO),
        hashes=st.lists(HASHES, min_size=1, max_size=MOST_HASHES).map(tuple),
        farm=st.none() | IDS,
        **SAID,
    ),
    st.builds(text_item, st.integers(0, 2**63 - 1), farm=st.none() | IDS, **SAID),
)
NAMES = st.text(min_size=1, max_size=80).map(clean_name).filter(bool)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda deeper: (
        st.lists(deeper, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), deeper, max_size=3)
    ),
    max_leaves=10,
)
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
GOOD: dict[str, Any] = {
    "format": "kalkan-exchange",
    "version": 1,
    "sequence": 1,
    "made_at": "2026-11-01T00:00:00Z",
    "items": [],
    "revoked": [],
}


def code_of(data: bytes) -> str:
    """With which code a file is refused."""
    with pytest.raises(Refusal) as refusal:
        read(data, NOW)
    return refusal.value.code


@settings(max_examples=60, deadline=None)
@given(
    items=st.lists(ITEMS, max_size=6, unique_by=lambda each: each.id), name=NAMES, sequence=st.integers(1, 2**53 - 1)
)
def test_what_is_written_is_read(items: list[Any], name: str, sequence: int) -> None:
    """Every field of every kind, and the bytes are canonical: they are the only ones that say it."""
    file = ExchangeFile(
        issuer=Issuer(name=name, key=public_of(KEY)), sequence=sequence, made_at=NOW, items=tuple(items)
    )
    data = written(file, KEY)
    assert read(data, NOW) == file
    assert canonical(json.loads(data)) + b"\n" == data


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
@example(b"")
@example(b"[" * 200_000)
@example(b'{"a":' * 50_000)
@example(b"NaN")
@example(b'{"format":NaN}')
@example(b"1" * 5_000)
@example(b'{"format":"kalkan-exchange","format":"kalkan-exchange"}')
@example('{"\ud800":1}'.encode("utf-8", "surrogatepass"))
def test_any_bytes_are_refused_and_nothing_breaks(data: bytes) -> None:
    """Deep nesting, endless numbers, NaN, keys given twice, halves of characters: one calm refusal."""
    assert code_of(data) == "exchange_no_file"


def outcome(data: bytes) -> ExchangeFile | str:
    """What a file says, or the code with which it is refused."""
    try:
        return read(data, NOW)
    except Refusal as refusal:
        return refusal.code


@settings(max_examples=60, deadline=None)
@given(field=st.sampled_from(sorted(GOOD)), value=JSON)
def test_any_value_under_a_good_signature_is_looked_at(field: str, value: Any) -> None:
    """A partner whose key is good, and whose program is not: what is no file of ours is refused, not half read."""
    found = outcome(signed({**GOOD, field: value}))
    if isinstance(found, str):
        assert found in ("exchange_wrong", "exchange_no_file", "exchange_version")
    else:
        assert (found.items, found.revoked) == ((), ())


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(["photo", "text", "farm"]), name=WORDS, value=JSON)
def test_no_field_hides_in_an_item(kind: str, name: str, value: Any) -> None:
    """What the form does not have, a name for instance, is refused, whatever stands in it."""
    told = {"photo": photo_item, "text": text_item, "farm": lambda: item(ItemKind.FARM)}[kind]()
    said = json.loads(file_of(told))
    (there,) = said["items"]
    if name in {*there, "farm"}:
        return
    data = signed({**GOOD, "made_at": said["made_at"], "items": [{**there, name: value}]})
    assert outcome(data) in ("exchange_wrong", "exchange_no_file")


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_flipped_byte_is_found(place: int, flip: int) -> None:
    """Whatever byte is changed on the way, the file is no file any more, or its signature is wrong."""
    data = bytearray(file_of(photo_item(), text_item(id="b" * 32)))
    at = place % (len(data) - 1)
    data[at] ^= flip
    assert code_of(bytes(data)) in ("exchange_no_file", "exchange_signature", "exchange_wrong", "exchange_version")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_cut_short_is_none(share: float) -> None:
    """Half a file is not half believed."""
    data = file_of(photo_item(), text_item(id="b" * 32))
    assert code_of(data[: int(len(data) * share)]) == "exchange_no_file"


def test_the_same_in_another_spelling_is_refused() -> None:
    """Spaces, another order, a key twice: there is one spelling for what was signed."""
    said = json.loads(file_of(text_item()))
    assert code_of(json.dumps(said).encode()) == "exchange_no_file"
    assert code_of(json.dumps(dict(reversed(said.items())), separators=(",", ":")).encode()) == "exchange_no_file"


def test_ten_megabytes_are_the_most() -> None:
    """A larger file is not even looked into."""
    assert code_of(b" " * (MOST_BYTES + 1)) == "exchange_too_large"


def test_the_largest_file_stays_below_the_limit() -> None:
    """As many items as may be, each as large as may be, and as many recalls."""
    hashes = tuple(SharedHash(disc=False, phash=f"{n:064x}", mirrored="f" * 64) for n in range(MOST_HASHES))
    items = tuple(
        item(ItemKind.PHOTO, id=f"{n:032x}", hashes=hashes, farm="e" * 32, confidence=100) for n in range(MOST_ITEMS)
    )
    data = file_of(*items, revoked=tuple(f"{n:032x}" for n in range(100_000, 130_000)))
    assert len(data) < MOST_BYTES
    assert len(read(data, NOW).items) == MOST_ITEMS


@pytest.mark.parametrize("name", ["\u202eэдитор", "a\nb", " Клооп", "Кло\u200bоп", "", "x" * 81, 7, None])
def test_a_name_that_misleads_is_refused(name: Any) -> None:
    """Marks of direction, invisible signs, a second line, a page: no newsroom is called so."""
    said = {**GOOD, "issuer": {"key": json.loads(file_of(text_item()))["issuer"]["key"], "name": name}}
    assert code_of(signed(said)) == "exchange_wrong"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"version": 2}, "exchange_version"),
        ({"version": True}, "exchange_version"),
        ({"format": "other"}, "exchange_no_file"),
        ({"people": []}, "exchange_wrong"),
        ({"sequence": 0}, "exchange_wrong"),
        ({"sequence": 1.5}, "exchange_wrong"),
        ({"sequence": True}, "exchange_wrong"),
        ({"made_at": "2099-01-01T00:00:00Z"}, "exchange_wrong"),
        ({"made_at": "2026-11-01T00:00:00+00:00"}, "exchange_wrong"),
        ({"revoked": ["a" * 32, "a" * 32]}, "exchange_wrong"),
        ({"revoked": ["A" * 32]}, "exchange_wrong"),
    ],
)
def test_each_field_is_looked_at(given: dict[str, Any], code: str) -> None:
    """Signed well, and wrong."""
    assert code_of(signed({**GOOD, **given})) == code


def test_somebody_elses_signature_is_none() -> None:
    """A file that names a partner's key, signed with another: the partner did not say it."""
    other = CustodyKeys(b"y" * 32)
    data = file_of(text_item(), keys=other, issuer=Issuer(name="Ала-Тоо", key=public_of(KEY)))
    assert code_of(data) == "exchange_signature"


def test_no_item_holds_for_ever() -> None:
    """Two years are the most, whoever says it."""
    far = NOW.date() + timedelta(days=800)
    assert code_of(file_of(text_item(expires=far))) == "exchange_wrong"


def test_keys_are_read_as_they_are_written() -> None:
    """A line in a mail, with its name; what is no key is refused."""
    issuer = Issuer(name="Ала-Тоо", key=public_of(KEY))
    assert read_key_line(f"Саламатсызбы!\n{key_line(issuer)}\nрахмат") == issuer
    assert len(mark_of(issuer.key)) == 19
    for wrong in ("", "kalkan-exchange-key:AAAA", f"kalkan-exchange-key:{'A' * 42}B= x"):
        with pytest.raises(Refusal) as refusal:
            read_key_line(wrong)
        assert refusal.value.code == "exchange_no_key"
