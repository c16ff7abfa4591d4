"""The form of an exchange file: what is written, and the only thing that is read. docs/exchange.md describes it.

A file is a stranger's until its signature is checked, and a partner's afterwards: every field is looked at either way.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.custody.envelopes import NotAnEnvelope, WrongSignature, enclosed, read_key, spelled_key, taken_out, verify
from bot.errors import Refusal
from bot.model.exchange import (
    EARLIEST,
    LONGEST_DAYS,
    LONGEST_NAME,
    MOST_BYTES,
    MOST_HASHES,
    MOST_ITEMS,
    MOST_REVOKED,
    ExchangeFile,
    Issuer,
    ItemKind,
    SharedHash,
    SharedItem,
)
from bot.model.plain import name_line

FORMAT: Final = "kalkan-exchange"
VERSION: Final = 1
#: What is signed begins with this: no signature for another purpose is one for this.
_DOMAIN: Final = b"kalkan-exchange/1\n"
_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")
_TEXT_KEY: Final = re.compile(r"[0-7][0-9a-f]{15}\Z")
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
_MOST_NUMBER: Final = 2**53 - 1
_TOP: Final = {"format", "version", "issuer", "sequence", "made_at", "items", "revoked"}
_OF_KIND: Final = {ItemKind.PHOTO: {"hashes"}, ItemKind.TEXT: {"fingerprint", "normaliser"}, ItemKind.FARM: set[str]()}
_OF_ITEM: Final = {"id", "kind", "confidence", "since", "expires"}
#: A clock may go a little fast; what is from further ahead is no honest file.
_AHEAD: Final = timedelta(days=2)


def written(file: ExchangeFile, key: Ed25519PrivateKey) -> bytes:
    """The file, signed."""
    said = {
        "format": FORMAT,
        "version": VERSION,
        "issuer": {"key": spelled_key(file.issuer.key), "name": file.issuer.name},
        "sequence": file.sequence,
        "made_at": file.made_at.astimezone(UTC).strftime(_MOMENT),
        "items": [_told(each) for each in file.items],
        "revoked": list(file.revoked),
    }
    return enclosed(said, _DOMAIN, key)


def read(data: bytes, now: datetime) -> ExchangeFile:
    """What a file says, its signature checked against the key that it names.

    Raises Refusal: "exchange_too_large", "exchange_no_file" (no exchange file, or cut short), "exchange_version",
    "exchange_signature" (changed on its way, or signed with another key), "exchange_wrong" (what no Kalkan writes).
    """
    if len(data) > MOST_BYTES:
        raise Refusal("exchange_too_large", most=MOST_BYTES // 1_000_000)
    try:
        said, signature = taken_out(data)
    except NotAnEnvelope:
        raise Refusal("exchange_no_file") from None
    if said.get("format") != FORMAT:
        raise Refusal("exchange_no_file")
    if type(said.get("version")) is not int or said["version"] != VERSION:
        raise Refusal("exchange_version")
    issuer = _issuer(said.get("issuer"))
    try:
        verify(said, signature, _DOMAIN, issuer.key)
    except WrongSignature:
        raise Refusal("exchange_signature") from None
    try:
        return _file(said, issuer, now)
    except _Wrong as wrong:
        raise Refusal("exchange_wrong", field=str(wrong)) from None


class _Wrong(ValueError):
    """A field that holds what it may not; the message is its name."""


def _file(said: Mapping[str, Any], issuer: Issuer, now: datetime) -> ExchangeFile:
    _only(said, _TOP, "file")
    made_at = _moment(said["made_at"])
    if made_at > now + _AHEAD:
        raise _Wrong("made_at")
    items = tuple(_item(each, made_at.date()) for each in _list(said["items"], MOST_ITEMS, "items"))
    revoked = tuple(_id(each, "revoked") for each in _list(said["revoked"], MOST_REVOKED, "revoked"))
    names = [*(each.id for each in items), *revoked]
    if len(set(names)) != len(names):
        raise _Wrong("id")
    return ExchangeFile(
        issuer=issuer,
        sequence=_number(said["sequence"], 1, _MOST_NUMBER, "sequence"),
        made_at=made_at,
        items=items,
        revoked=revoked,
    )


def _issuer(said: Any) -> Issuer:
    try:
        if not isinstance(said, dict) or set(said) != {"name", "key"}:
            raise NotAnEnvelope("no issuer")
        key = read_key(said["key"])
    except NotAnEnvelope:
        raise Refusal("exchange_no_file") from None
    name = said["name"]
    # A name that turns the direction of a line, or is a page long, was written to mislead.
    if not isinstance(name, str) or not name or len(name) > LONGEST_NAME or name_line(name) != name:
        raise Refusal("exchange_wrong", field="name")
    return Issuer(name=name, key=key)


def _told(item: SharedItem) -> dict[str, Any]:
    said: dict[str, Any] = {"id": item.id, "kind": item.kind.value, "confidence": item.confidence}
    said |= {"since": item.since.isoformat(), "expires": item.expires.isoformat()}
    if item.farm is not None:
        said["farm"] = item.farm
    if item.kind is ItemKind.PHOTO:
        said["hashes"] = [{"disc": h.disc, "phash": h.phash, "mirrored": h.mirrored} for h in item.hashes]
    elif item.kind is ItemKind.TEXT and item.text_key is not None:
        said |= {"fingerprint": f"{item.text_key:016x}", "normaliser": item.normaliser}
    return said


def _item(said: Any, made_on: date) -> SharedItem:
    if not isinstance(said, dict) or said.get("kind") not in set(ItemKind):
        raise _Wrong("kind")
    kind = ItemKind(said["kind"])
    has_farm = "farm" in said and kind is not ItemKind.FARM
    _only(said, _OF_ITEM | _OF_KIND[kind] | ({"farm"} if has_farm else set()), kind.value)
    expires = _day(said["expires"], "expires")
    if expires > made_on + timedelta(days=LONGEST_DAYS):
        raise _Wrong("expires")
    is_text = kind is ItemKind.TEXT
    return SharedItem(
        id=_id(said["id"], "id"),
        kind=kind,
        confidence=_number(said["confidence"], 0, 100, "confidence"),
        since=_day(said["since"], "since"),
        expires=expires,
        farm=_id(said["farm"], "farm") if has_farm else None,
        hashes=_hashes(said["hashes"]) if kind is ItemKind.PHOTO else (),
        text_key=_text_key(said["fingerprint"]) if is_text else None,
        normaliser=_number(said["normaliser"], 1, 10_000, "normaliser") if is_text else None,
    )


def _hashes(said: Any) -> tuple[SharedHash, ...]:
    listed = _list(said, MOST_HASHES, "hashes")
    for each in listed:
        if not isinstance(each, dict) or set(each) != {"disc", "phash", "mirrored"} or type(each["disc"]) is not bool:
            raise _Wrong("hashes")
        if not all(isinstance(each[name], str) and _HASH.match(each[name]) for name in ("phash", "mirrored")):
            raise _Wrong("hashes")
    if not listed:
        raise _Wrong("hashes")
    return tuple(SharedHash(**each) for each in listed)


def _only(said: Mapping[str, Any], names: set[str], where: str) -> None:
    """What is not in the form is refused, not passed over: a person's name could hide in it."""
    if set(said) != names:
        raise _Wrong(where)


def _list(said: Any, most: int, where: str) -> list[Any]:
    if not isinstance(said, list) or len(said) > most:
        raise _Wrong(where)
    return said


def _number(said: Any, least: int, most: int, where: str) -> int:
    if type(said) is not int or not least <= said <= most:
        raise _Wrong(where)
    return said


def _id(said: Any, where: str) -> str:
    if not isinstance(said, str) or not _ID.match(said):
        raise _Wrong(where)
    return said


def _text_key(said: Any) -> int:
    if not isinstance(said, str) or not _TEXT_KEY.match(said):
        raise _Wrong("fingerprint")
    return int(said, 16)


def _day(said: Any, where: str) -> date:
    try:
        day = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        day = None
    # Python reads other spellings too, and years that no other program does.
    if day is None or day.isoformat() != said or day < EARLIEST:
        raise _Wrong(where)
    return day


def _moment(said: Any) -> datetime:
    try:
        moment = datetime.strptime(said, _MOMENT).replace(tzinfo=UTC) if isinstance(said, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.strftime(_MOMENT) != said:
        raise _Wrong("made_at")
    return moment
