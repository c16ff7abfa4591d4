"""The table of Bot API methods: names in lower case, since the Bot API does not look at case."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from bot.simulator.calls import Call
from bot.simulator.world import World

Method = Callable[[World, Call], Awaitable[Any]]

METHODS: Final[dict[str, Method]] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Enter a coroutine into the table under the method's name."""

    def enter(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return enter
