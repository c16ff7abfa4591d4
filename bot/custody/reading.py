"""Bodies back from their bytes."""

import json
from typing import Any


def loaded(body: bytes) -> dict[str, Any]:
    """The object of a body; nothing for bytes that are no JSON object."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
