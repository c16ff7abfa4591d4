"""What a message of the queue holds: updates of one chat, sealed, so that a broker's disk tells nobody's words."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sieve import read_envelope

Raw = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapping:
    """Seals bodies and opens them again, with a key that receivers and workers share."""

    seal: Callable[[bytes], bytes]
    #: Raises ValueError for what this key did not seal.
    open: Callable[[bytes], bytes]

    def wrap(self, raws: Sequence[Raw]) -> bytes:
        """The body of a message."""
        return self.seal(json.dumps(list(raws), separators=(",", ":")).encode())

    def unwrap(self, body: bytes) -> list[Raw]:
        """The updates in a body. Raises ValueError for what is none."""
        try:
            found = json.loads(self.open(body))
        except RecursionError:
            raise ValueError("nested too deep") from None
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise ValueError("no list of updates")
        return found


def by_chat(raws: Sequence[Raw]) -> list[list[Raw]]:
    """Updates that came together, those of a chat in one run and in their order.

    A run is one message: the broker keeps it whole or not at all, and nothing that a chat wrote later is kept before
    what it wrote earlier. What has no sender is left out: nobody can be answered.
    """
    runs: dict[int, list[Raw]] = {}
    for raw in raws:
        if (envelope := read_envelope(raw)) is not None:
            runs.setdefault(envelope.chat, []).append(raw)
    return list(runs.values())
