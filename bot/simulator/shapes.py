"""The one type alias of this room: an object of the Bot API, as it travels in JSON.

Its fields are defined by the Bot API, not by us; the tests check every one against a schema that others wrote.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], datetime]
