"""The simulated world: one bot, the people around it, and what they say to one another."""

from bot.simulator.acts import Acts
from bot.simulator.faults import MALFORMED_UPDATES


class World(Acts):
    """State, cast and acts in one object; tests and the demo hold it directly."""

    def inject_malformed(self, variant: str = "message_without_date") -> int:
        """Queue an update that a parser trips over; its variants are the keys of ``MALFORMED_UPDATES``.

        Raises ValueError for an unknown variant.
        """
        if variant not in MALFORMED_UPDATES:
            raise ValueError(f"a malformed update is one of {', '.join(MALFORMED_UPDATES)}")
        return self.updates.push_raw([MALFORMED_UPDATES[variant]])[0]
