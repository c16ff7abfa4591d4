"""One message: its markers, its placeholders, and how values are put into it safely."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from string import Formatter
from typing import Final, Self

_TAG: Final = re.compile(r"<[^<>]*>")


class MessageFault(Exception):
    """A message cannot be filled in: a value is missing, or a placeholder is more than a name."""


class Html(str):
    """Text that is already Telegram HTML and is inserted as it is."""

    __slots__ = ()

    @classmethod
    def escaped(cls, text: object) -> Self:
        """Make any text safe between tags (not inside a tag: quotes stay as they are)."""
        return text if isinstance(text, cls) else cls(escape(str(text), quote=False))

    def __add__(self, other: str) -> "Html":
        return Html(str.__add__(self, Html.escaped(other)))

    def __radd__(self, other: str) -> "Html":
        return Html(str.__add__(Html.escaped(other), self))

    def join(self, parts: Iterable[str]) -> "Html":
        """Join parts with this separator; parts that are no `Html` are escaped."""
        return Html(str.join(self, [Html.escaped(part) for part in parts]))

    def text(self) -> str:
        """What a reader sees: without tags, entities resolved."""
        return unescape(_TAG.sub("", self))


def N_(message: str) -> str:
    """Mark a message for extraction; it is translated later by ``t.gettext(variable)``."""
    return message


def NP_(context: str, message: str) -> str:
    """Mark a message with a context; it is translated later by ``t.pgettext(context, variable)``."""
    del context  # It is read by the extraction only.
    return message


@lru_cache(maxsize=4096)
def _parts(message: str) -> tuple[tuple[str, str | None], ...]:
    """Split into (literal text, placeholder name or None); only bare names are placeholders, nothing is evaluated."""
    parts: list[tuple[str, str | None]] = []
    try:
        for literal, name, spec, conversion in Formatter().parse(message):
            if name is not None and (spec or conversion or not name.isidentifier()):
                raise MessageFault(f"placeholder is more than a name in {message!r}")
            parts.append((literal, name))
    except ValueError as error:
        raise MessageFault(f"{error} in {message!r}") from error
    return tuple(parts)


@lru_cache(maxsize=4096)
def placeholders(message: str) -> frozenset[str]:
    """The names of a message's placeholders. Raises `MessageFault` when the braces do not add up."""
    return frozenset(name for _, name in _parts(message) if name is not None)


def fill(message: str, values: Mapping[str, object], *, html: bool) -> str:
    """Put values into a message; `MessageFault` when one is missing or None."""
    missing = [name for name in placeholders(message) if values.get(name) is None]
    if missing:
        raise MessageFault(f"no value for {', '.join(sorted(missing))} in {message!r}")
    shown = _for_html if html else _for_plain
    pieces = [""]
    for literal, name in _parts(message):
        pieces.append(literal[1:] if _ends_twice(pieces[-1], literal) else literal)
        if name is not None:
            pieces.append(shown(values[name]))
    return "".join(pieces)


def _ends_twice(value: str, literal: str) -> bool:
    """An abbreviation's full stop also ends its sentence: «21 нояб. 2026 г.» takes no second one."""
    return value.endswith(".") and not value.endswith("..") and literal.startswith(".") and not literal.startswith("..")


def _for_html(value: object) -> str:
    return Html.escaped(value)


def _for_plain(value: object) -> str:
    return value.text() if isinstance(value, Html) else str(value)
