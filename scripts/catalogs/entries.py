"""What can be wrong with one entry of a catalogue: placeholders, plural forms, markup, length."""

from collections.abc import Iterator
from dataclasses import dataclass
from gettext import c2py
from typing import Final

from babel.messages.catalog import Catalog, Message

from bot.i18n import MessageFault, placeholders
from scripts.catalogs.markup import markup_faults, plain_faults, tags


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How long the texts of a context may be, and whether they are shown as they are."""

    least: int = 1
    most: int
    unit: str
    plain: bool


# Telegram's own limits: answer 200 characters, command description 256, message 4096 UTF-16 units. A phone shows about
# 40 characters of a button; 3500 leaves room for the values; descriptions are counted in bytes to be on the safe side.
LIMITS: Final = {
    "button": Limit(most=40, unit="characters", plain=True),
    "answer": Limit(most=200, unit="characters", plain=True),
    "command": Limit(least=3, most=256, unit="bytes", plain=True),
    "plain": Limit(most=3500, unit="UTF-16 units", plain=True),
}
MESSAGE: Final = Limit(most=3500, unit="UTF-16 units", plain=False)


def source_texts(message: Message) -> tuple[str, ...]:
    """The English text, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id or ())


def translations(message: Message) -> tuple[str, ...]:
    """The translated forms; empty ones included."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def source_faults(message: Message) -> Iterator[str]:
    """What is wrong with the English text itself."""
    for text in source_texts(message):
        yield from _text_faults(text, message)


def translation_faults(message: Message, catalog: Catalog, *, source: bool) -> Iterator[str]:
    """What is wrong with a translation; ``source`` is the English catalogue, where empty means "as it is"."""
    forms = translations(message)
    if message.fuzzy:
        yield "fuzzy: a guess that nobody has confirmed"
    if message.pluralizable and len(forms) != catalog.num_plurals:
        yield f"{len(forms)} plural forms instead of {catalog.num_plurals}"
    if not all(forms) and not (source and not any(forms)):
        yield "untranslated"
    for number, form in enumerate(forms):
        if form:
            name = f"form {number}: " if message.pluralizable else ""
            yield from (name + fault for fault in _form_faults(form, number, message, catalog))


def _form_faults(form: str, number: int, message: Message, catalog: Catalog) -> Iterator[str]:
    allowed = [source_texts(message)[-1]]
    if message.pluralizable and _is_only_one(catalog.plural_expr, number):
        # Such a form may say "one copy" without the number, as the English singular does.
        allowed.append(source_texts(message)[0])
    yield from _text_faults(form, message)
    yield from _placeholder_faults(form, allowed)
    if all(tags(form) != tags(text) for text in allowed):
        yield f"tags {_listed(set(tags(form)))} instead of {_listed(set(tags(allowed[0])))}, or not as often"


def _placeholder_faults(form: str, allowed: list[str]) -> Iterator[str]:
    try:
        found = placeholders(form)
        wanted = [placeholders(text) for text in allowed]
    except MessageFault:
        return  # Already told by _text_faults, for this text or for the source.
    if found not in wanted:
        yield f"placeholders {_listed(found)} instead of {_listed(wanted[0])}"


def _text_faults(text: str, message: Message) -> Iterator[str]:
    limit = LIMITS.get(message.context or "", MESSAGE)
    try:
        placeholders(text)
    except MessageFault as fault:
        yield str(fault)
    yield from plain_faults(text) if limit.plain else markup_faults(text)
    size = _size(text, limit.unit)
    if not limit.least <= size <= limit.most:
        yield f"{size} {limit.unit}, allowed are {limit.least} to {limit.most}"


def _size(text: str, unit: str) -> int:
    sizes = {"characters": len(text), "bytes": len(text.encode()), "UTF-16 units": len(text.encode("utf-16-le")) // 2}
    return sizes[unit]


def _is_only_one(plural_expression: str, form: int) -> bool:
    """Is this plural form used for the number 1 alone?"""
    rule = c2py(plural_expression)
    return [n for n in range(200) if rule(n) == form] == [1]


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
