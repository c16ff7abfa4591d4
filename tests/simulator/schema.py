"""A judge that others wrote: aiogram's pydantic models of the Bot API, applied to every request and every answer.

aiogram is a development dependency only and takes seconds to import, so one judge serves a whole test session.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

from aiogram import methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.simulator.calls import Call

# Not a method of the Bot API: a download has no schema.
_OUTSIDE = frozenset({"downloadfile"})


@dataclass
class Judge:
    """Collects what does not fit the Bot API: ``problems`` in plain words, ``judged`` how many exchanges."""

    problems: list[str] = field(default_factory=list)
    judged: int = 0

    def __call__(self, call: Call, answer: dict[str, Any]) -> None:
        """Judge one exchange."""
        if call.method.lower() in _OUTSIDE:
            return
        self.judged += 1
        model = _METHODS.get(call.method.lower())
        if model is None:
            self._expect_refusal(call, answer, "is no method")
            return
        self.problems += [f"{call.method}: request: {problem}" for problem in self._request_problems(model, call)]
        if answer.get("ok"):
            found = answer_problems(model.__returning__, answer["result"])
            self.problems += [f"{call.method}: answer: {problem}" for problem in found]
        elif not isinstance(answer.get("error_code"), int) or not answer.get("description"):
            self.problems.append(f"{call.method}: a refusal without code or description: {answer}")

    def _expect_refusal(self, call: Call, answer: dict[str, Any], why: str) -> None:
        if answer.get("ok"):
            self.problems.append(f"{call.method} {why}, but was answered")

    def _request_problems(self, model: type[TelegramMethod[Any]], call: Call) -> list[str]:
        try:
            parsed = model.model_validate(_params(model, call))
        except ValidationError as error:
            return [f"{item['loc']}: {item['type']}" for item in error.errors()]
        return [f"unknown field {name}" for name in _unknown(parsed, "")]


def answer_problems(returning: Any, result: Any) -> list[str]:
    """What in a result does not fit its declared type; wrong JSON types and unknown fields count."""
    adapter = TypeAdapter(returning)
    try:
        parsed = adapter.validate_python(result)
    except ValidationError as error:
        return [f"{item['loc']}: {item['type']}" for item in error.errors()[:5]]
    return [f"unknown field {name}" for name in _unknown(parsed, "")] + _loose_types(adapter, result)


def _loose_types(adapter: TypeAdapter[Any], result: Any) -> list[str]:
    """Values that fit only when converted, such as a number sent as a string. Times are numbers, as documented."""
    try:
        adapter.validate_json(json.dumps(result), strict=True)
    except ValidationError as error:
        found = [item for item in error.errors() if item["type"] in _CONVERTED and not _is_expected(item)]
        return [f"{item['loc']}: {item['type']} {item['input']!r}" for item in found[:5]]
    return []


_CONVERTED = frozenset({"string_type", "int_type", "float_type", "bool_type", "list_type", "datetime_type"})


def _is_expected(item: Any) -> bool:
    """A time is a number; and of "Message or True" an object is not the second."""
    is_time = item["type"] == "datetime_type" and isinstance(item["input"], int)
    return is_time or isinstance(item["input"], dict)


_METHODS: dict[str, type[TelegramMethod[Any]]] = {
    item.__api_method__.lower(): item
    for item in vars(methods).values()
    if isinstance(item, type) and issubclass(item, TelegramMethod) and item is not TelegramMethod
}


def _params(model: type[TelegramMethod[Any]], call: Call) -> dict[str, Any]:
    given = {name: _value(model, name, value) for name, value in call.params.items()}
    parts = {name: BufferedInputFile(upload.data, upload.file_name) for name, upload in call.files.items()}
    referenced = json.dumps(given)
    direct = {name: part for name, part in parts.items() if f"attach://{name}" not in referenced}
    return {name: _attached(value, parts) for name, value in given.items()} | direct


def _value(model: type[TelegramMethod[Any]], name: str, value: Any) -> Any:
    """A form has only strings: those whose field is no text are JSON."""
    known = model.model_fields.get(name)
    kinds = () if known is None else (known.annotation, *get_args(known.annotation))
    if not isinstance(value, str) or str in kinds:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _attached(value: Any, parts: dict[str, BufferedInputFile]) -> Any:
    if isinstance(value, str) and value.startswith("attach://"):
        return parts[value.removeprefix("attach://")]
    if isinstance(value, list):
        return [_attached(item, parts) for item in value]
    if isinstance(value, dict):
        return {name: _attached(item, parts) for name, item in value.items()}
    return value


def _unknown(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name, None), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _unknown(item, f"{path}[{number}]")
