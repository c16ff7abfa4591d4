"""Keys as people hand them on: a line of text, and a short mark by which two people compare them aloud."""

import hashlib
import re
from typing import Final

from bot.custody.envelopes import NotAnEnvelope, read_key, spelled_key
from bot.errors import Refusal
from bot.model.exchange import LONGEST_NAME, Issuer
from bot.model.plain import name_line

_LINE: Final = re.compile(r"kalkan-exchange-key:(?P<key>[A-Za-z0-9+/]{43}=)(?:[ \t]+(?P<name>[^\r\n]*))?")
#: Hex digits of a mark, and how they are grouped for reading aloud.
_MARK_DIGITS: Final = 16


def key_line(issuer: Issuer) -> str:
    """The public key with its newsroom's name, for a partner."""
    return f"kalkan-exchange-key:{spelled_key(issuer.key)} {issuer.name}"


def read_key_line(text: str) -> Issuer:
    """The key in a text, whatever stands around it; the name may be empty. Raises Refusal("exchange_no_key")."""
    found = _LINE.search(text)
    try:
        if found is None:
            raise NotAnEnvelope("no key")
        return Issuer(name=clean_name(found["name"] or ""), key=read_key(found["key"]))
    except NotAnEnvelope:
        raise Refusal("exchange_no_key") from None


def clean_name(text: str) -> str:
    """A newsroom's name as it is shown: one line, nothing that cannot be seen."""
    return name_line(text)[:LONGEST_NAME].strip()


def mark_of(key: bytes) -> str:
    """By what people compare keys: 16 hex digits of SHA-256, in fours."""
    digits = hashlib.sha256(key).hexdigest()[:_MARK_DIGITS]
    return " ".join(digits[at : at + 4] for at in range(0, _MARK_DIGITS, 4))
