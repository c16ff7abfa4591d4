"""What a process last heard of the queue, for whoever asks how it is."""

import time
from dataclasses import dataclass


@dataclass(kw_only=True, slots=True)
class QueueState:
    """What was last heard of the queue."""

    waiting: int | None = None
    _heard: float | None = None

    def hear(self, waiting: int | None = None) -> None:
        """The broker has answered; how many messages wait, if it said so."""
        self._heard = time.monotonic()
        self.waiting = self.waiting if waiting is None else waiting

    def miss(self) -> None:
        """It did not."""
        self._heard = None

    @property
    def silence(self) -> float | None:
        """Seconds since it answered; None while it is away."""
        return None if self._heard is None else time.monotonic() - self._heard
