"""The notation of the lexicons taken apart: brackets into alternatives, stems with their endings into all forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# The stem may hold brackets, so that за(реж|коп)+we inflects both, but none around several words.
_INFLECTED: Final = re.compile(r"(?P<stem>@\w+|(?:\w|\([\w|]*\))+)\+(?P<endings>\w+)")

_BRACKET: Final = re.compile(r"[()]")
_SIGN: Final = re.compile(r"[()|]")


class PatternError(ValueError):
    """A lexicon pattern cannot be read."""


def inflected(source: str, named: Mapping[str, str]) -> str:
    """`source` with every `stem+endings` written out: each stem with each word of the group `endings`.

    The stem may be a group too: `@kill+we`. Forms that no language has do no harm. Raises `PatternError`.
    """
    return " ".join(_inflected_word(token, named) if "+" in token else token for token in source.split(" "))


def _inflected_word(token: str, named: Mapping[str, str]) -> str:
    """All forms of one token; brackets and signs around it stay (`[`, `(`, `|`)."""
    found = _INFLECTED.search(token)
    if found is None:
        raise PatternError(f"endings are written stem+group, not {token!r}")
    stem, endings = found["stem"], found["endings"]
    if endings not in named or (stem.startswith("@") and stem[1:] not in named):
        raise PatternError(f"no such group in {token!r}")
    stems = _words_of(named[stem[1:]]) if stem.startswith("@") else literals(stem)
    forms = "|".join(each + ending for each in stems for ending in _words_of(named[endings]))
    whole = f"{token[: found.start()]}({forms}){token[found.end() :]}"
    return _inflected_word(whole, named) if "+" in whole else whole


def _words_of(words: str) -> list[str]:
    return [literal for word in words.split() for literal in literals(word)]


def literals(token: str) -> list[str]:
    """The words that one token with brackets stands for: за(режу|режем) → зарежу, зарежем."""
    opened = token.find("(")
    if opened < 0:
        if set(token) & set(")[]|") or not token:
            raise PatternError(f"a bracket is missing in {token!r}")
        return [token]
    closed = _closing(token, opened)
    head, tail = token[:opened], token[closed + 1 :]
    return [
        literal
        for alternative in _alternatives(token[opened + 1 : closed])
        for literal in literals(head + alternative + tail)
        if literal
    ]


def spread(source: str) -> list[str]:
    """`source` once for each alternative of several words; those of one word stay together."""
    opened = source.find("(")
    while opened >= 0:
        closed = _closing(source, opened)
        inside = source[opened + 1 : closed]
        if " " in inside:
            head, tail = source[:opened], source[closed + 1 :]
            return [flat for part in _separate(inside) for flat in spread(head + part + tail)]
        opened = source.find("(", closed)
    return [source]


def _separate(inside: str) -> list[str]:
    """The alternatives of a bracket: each of several words alone, all of one word in a bracket of their own."""
    parts = _alternatives(inside)
    single = [part for part in parts if " " not in part]
    return [*([f"({'|'.join(single)})"] if single else []), *(part for part in parts if " " in part)]


def _closing(source: str, opened: int) -> int:
    depth = 0
    for bracket in _BRACKET.finditer(source, opened):
        depth += 1 if bracket.group() == "(" else -1
        if depth == 0:
            return bracket.start()
    raise PatternError(f"a bracket is not closed in {source!r}")


def _alternatives(inside: str) -> list[str]:
    parts, depth, begin = [], 0, 0
    for sign in _SIGN.finditer(inside):
        if sign.group() != "|":
            depth += 1 if sign.group() == "(" else -1
        elif depth == 0:
            parts.append(inside[begin : sign.start()])
            begin = sign.end()
    return [*parts, inside[begin:]]
