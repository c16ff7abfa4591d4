"""What makes a card of a reply's code and values."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.cards.card import Card, Reader
from handlers.desk import FrontDesk

Values = dict[str, Any]
Render = Callable[[FrontDesk, Reader, Values], Awaitable[Card]]
