"""What the benchmark asks of an index: take texts in, say which of them a text copies or resembles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Tier = Literal["copy", "similar"]


class NotInstalled(Exception):
    """A library or program that the engine needs is missing: it is reported so, never left out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored text that resembles the one asked about."""

    #: Its place in what was loaded.
    position: int
    #: The engine's own measure; larger is more alike.
    score: float
    tier: Tier


class Engine(Protocol):
    """An index of comments."""

    name: str

    def load(self, texts: list[str]) -> None:
        """Index texts as they were posted; raises `NotInstalled`."""

    def query(self, texts: Sequence[str]) -> list[list[Hit]]:
        """The hits of each text, best first."""

    def close(self) -> None:
        """Give back files, processes and memory."""
