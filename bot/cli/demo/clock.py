"""The story's clock: the demo plays yesterday in a few seconds, then goes on in the present."""

from datetime import datetime, timedelta

from bot.clock import utcnow


class StoryClock:
    """A clock that runs behind the real one and only ever moves forward; call it for the aware moment in UTC."""

    def __init__(self, start: datetime) -> None:
        self._behind = max(timedelta(0), utcnow() - start)

    def __call__(self) -> datetime:
        """The moment in the story."""
        return utcnow() - self._behind

    def move_to(self, moment: datetime) -> None:
        """Go forward to a moment; one that has passed in the story, or has not come in reality, changes nothing."""
        self._behind = max(timedelta(0), min(self._behind, utcnow() - moment))

    def catch_up(self) -> None:
        """The story is over: from now on this is the real time."""
        self._behind = timedelta(0)
