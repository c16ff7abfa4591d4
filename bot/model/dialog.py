"""A question that a member has not answered yet."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialog:
    """An open question: its kind and what it is about."""

    kind: str
    body: dict[str, Any]
