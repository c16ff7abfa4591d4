"""What a press is on its way to what it does: the shapes that every table of actions shares."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import Refusal
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.context import DeskContext


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """A press on its way to its action."""

    press: Press
    message_id: int
    #: Where the message stands; None: in the member's own chat.
    chat_id: int | None = None

    def number(self, base: int = 10) -> int:
        """The argument as a number, 0 when there is none. Raises Refusal when it is no number."""
        return number_of(self.press.argument or "0", base)


#: Ids are smaller; what is larger fits no column.
_MOST_NUMBER = 2**62

Act = Callable[[DeskContext, Pressed], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """What a press does, and the right that it needs.

    What `writes` works once, and only from what the message shows now. What only shows, asks or hands out a file may be
    pressed again and again.
    """

    right: Right
    act: Act
    #: Whether records of people, threats or accounts leave the house as a file by it: a code is asked for, the other
    #: leads hear of it, and its limit stops where it cannot tell.
    exports: bool = False
    #: Of a file that asks for no code and of which nobody is told: why not.
    figures: str = ""
    writes: bool = True


def number_of(text: str, base: int) -> int:
    """A number that a button carries. Raises Refusal.

    Buttons outlive the version that drew them: one whose argument is no longer read is not valid any more.
    """
    try:
        number = int(text, base)
    except ValueError:
        raise Refusal("button_not_yours") from None
    if abs(number) >= _MOST_NUMBER:
        raise Refusal("button_not_yours")
    return number
