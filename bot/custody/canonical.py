"""One spelling for one value: JSON as RFC 8785 orders and writes it, so that a hash of it means the value."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import rfc8785

#: JSON's numbers are doubles: RFC 8785 refuses what they cannot hold exactly.
_MOST: Final = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The value in UTF-8. Raises ValueError (rfc8785.CanonicalizationError) for what is no JSON."""
    return rfc8785.dumps(value)


def storable(value: Any) -> Any:
    """The value as RFC 8785 can spell it: row ids become texts, half characters the replacement character."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) and abs(value) <= _MOST else str(value)
    if isinstance(value, int):
        return value if abs(value) <= _MOST else str(value)
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {str(storable(str(key))): storable(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [storable(each) for each in value]
    raise ValueError(f"{type(value).__name__} is no JSON")
