"""A made-up stream of comments of any size: what ordinary people write, and farms that repeat themselves.

Comment n is the same whatever the size asked for: 1e6 comments are the beginning of 1e7. Words are made of syllables
and occur as often as words do (Zipf); a quarter of the comments are a farm's ready-made texts, a few of them posted
ten thousand times, most of them mutated a little. Nothing is taken from anybody's real words.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.random import Generator

#: Accounts that write, and how many of them a farm runs.
ACCOUNTS, OF_A_FARM = 10_000, 20
#: Comments made at a time, from a seed of their own.
_BLOCK: Final = 10_000
_WORDS, _TEMPLATES = 40_000, 5_000
#: Word n occurs as often as 1/(n + 3): the commonest is a sixtieth of what is written.
_FLATTENED: Final = 3.0
_SHARE_OF_FARMS: Final = 0.25
#: Of a farm's comments so many are its text to the letter, and so many have one word of it changed; others have two.
_VERBATIM, _ONE_CHANGED = 0.35, 0.75
_SHORTEST, _LONGEST, _LONG_TAIL = 4, 60, 11.0
_ENDS: Final = ("", "", "", "!", "!!", "...", " 🔥", " 😡😡", " 👍", "?!")
_CONSONANTS, _VOWELS = "бвгджзклмнпрстфхчш", "аеиоуыя"
_PLATFORMS: Final = ("facebook", "instagram", "tiktok", "vk")
_BEGINNING: Final = datetime(2024, 1, 1, tzinfo=UTC)


@cache
def lexicon() -> tuple[str, ...]:
    """Distinct words of one to five syllables, the commonest first and short."""
    chance, words = np.random.default_rng(11), dict[str, None]()
    while len(words) < _WORDS:
        syllables = 1 + min(4, int(chance.integers(0, 2 + len(words) // 4_000)))
        word = "".join(_CONSONANTS[chance.integers(18)] + _VOWELS[chance.integers(7)] for _ in range(syllables))
        words[word + ("", "", "й", "ть", "м", "ш")[chance.integers(6)]] = None
    return tuple(words)


@cache
def _steps() -> np.ndarray[Any, np.dtype[np.float64]]:
    weights = 1 / (np.arange(_WORDS) + _FLATTENED)
    steps: np.ndarray[Any, np.dtype[np.float64]] = np.cumsum(weights) / weights.sum()
    return steps


def _written(chance: Generator, count: int) -> list[list[str]]:
    """So many texts as lists of words."""
    words = lexicon()
    sizes = np.minimum(_LONGEST, _SHORTEST + chance.exponential(_LONG_TAIL, count).astype(int))
    places = np.minimum(np.searchsorted(_steps(), chance.random(int(sizes.sum()))), _WORDS - 1)
    ends = np.cumsum(sizes)
    return [
        [words[place] for place in places[end - size : end].tolist()] for size, end in zip(sizes, ends, strict=True)
    ]


@cache
def templates() -> tuple[tuple[str, ...], ...]:
    """The farms' ready-made texts, the most posted first; none of them is very short."""
    long = [words for words in _written(np.random.default_rng(12), 2 * _TEMPLATES) if len(words) > 7]
    return tuple(tuple(words) for words in long[:_TEMPLATES])


def comments(count: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Comments from number `first` on, as lines of a file to be imported."""
    return islice(_blocks(first // _BLOCK), first % _BLOCK, first % _BLOCK + count)


def _blocks(block: int) -> Iterator[dict[str, Any]]:
    while True:
        yield from _block(block)
        block += 1


def _block(block: int) -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng((13, block))
    plain = _written(chance, _BLOCK)
    is_farm = chance.random(_BLOCK) < _SHARE_OF_FARMS
    ranks = chance.zipf(1.25, _BLOCK) % len(templates())
    others = chance.integers(0, ACCOUNTS, _BLOCK)
    for place, words in enumerate(plain):
        rank = int(ranks[place])
        text = mutated(templates()[rank], chance) if is_farm[place] else " ".join(words)
        account = _of_farm(rank, int(others[place])) if is_farm[place] else int(others[place])
        yield _line(block * _BLOCK + place, text, account)


def _of_farm(rank: int, any_number: int) -> int:
    """One of the accounts that post this text: the first half of them belong to farms."""
    farms = ACCOUNTS // 2 // OF_A_FARM
    return rank % farms * OF_A_FARM + any_number % OF_A_FARM


def mutated(words: tuple[str, ...], chance: Generator) -> str:
    """A farm's text as one of its accounts posts it."""
    changed, draw = list(words), chance.random()
    for _ in range(0 if draw < _VERBATIM else 1 if draw < _ONE_CHANGED else 2):
        changed[int(chance.integers(len(changed)))] = lexicon()[int(chance.integers(_WORDS))]
    return " ".join(changed) + _ENDS[int(chance.integers(len(_ENDS)))]


def account_of(number: int) -> dict[str, str]:
    """The account with a number: its platform and its handle."""
    return {"platform": _PLATFORMS[number % len(_PLATFORMS)], "handle": f"reader_{number}"}


def _line(number: int, text: str, account: int) -> dict[str, Any]:
    # A comment each twenty seconds: a million are eight months of a country.
    at = _BEGINNING + timedelta(seconds=20 * number)
    post = f"https://example.org/posts/{number // 40}"
    return {"id": f"c{number}", "text": text, "account": account_of(account), "post": post, "at": at.isoformat()}


def write(path: Path, count: int, first: int = 0) -> None:
    """A file of comments."""
    with path.open("w", encoding="utf-8") as file:
        for line in comments(count, first):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def questions(stored: int, count: int) -> list[str]:
    """Texts to look up: stored ones as somebody else would post them, and as many that nobody wrote."""
    chance = np.random.default_rng(14)
    # A block is made as a whole: some of many comments are taken from each of a few.
    blocks = chance.integers(0, max(1, stored // _BLOCK), 20).tolist()
    size, each = min(_BLOCK, stored), -(-count // (2 * len(blocks)))
    known = [line for block in blocks for line in comments(size, block * _BLOCK)][:: max(1, size // each)]
    copies = [mutated(tuple(line["text"].split()), chance) for line in known[: count // 2]]
    news = [" ".join(words) for words in _written(chance, count - len(copies))]
    return [text for pair in zip(copies, news, strict=False) for text in pair] + news[len(copies) :]
