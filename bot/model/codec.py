"""Frozen dataclasses to JSON values and back: for findings and outbox payloads kept in a JSON column."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


def dump(value: Any) -> Any:
    """A JSON value for `value`: dataclasses become objects, tuples and sets lists, datetimes ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: dump(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [dump(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): dump(item) for key, item in value.items()}
    return value


def load(kind: type[T], data: Any) -> T:
    """The `kind` that `dump` made `data` of; unknown keys are passed over, missing ones take their default."""
    return cast(T, _load(kind, data))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _load(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _load_union(kind, data)
    if origin in (tuple, list, frozenset):
        return _load_sequence(origin, typing.get_args(kind), data)
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return cast(Any, kind)(
            **{name: _load(hints[name], data[name]) for name in _names(cast(type, kind)) if name in data}
        )
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is datetime:
        return datetime.fromisoformat(data)
    return data


def _load_union(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    inner = [arm for arm in typing.get_args(kind) if arm is not type(None)]
    return _load(inner[0], data) if len(inner) == 1 else data


def _load_sequence(origin: Any, args: tuple[Any, ...], data: Any) -> Any:
    if origin is tuple and not (len(args) == 2 and args[1] is Ellipsis):
        return tuple(_load(arm, item) for arm, item in zip(args, data, strict=True))
    return origin(_load(args[0], item) for item in data)
