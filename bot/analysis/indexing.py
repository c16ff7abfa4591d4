"""Many texts on their way into the index: normalised, with key and fingerprints; nothing else is looked for in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.analysis.findings import AnalysisFailed, TextFailure
from bot.analysis.pool import LimitedPool
from detection.text.fingerprint_batches import packed_all
from detection.text.normalise import Normalised, key, normalise


class TextPrints(NamedTuple):
    """The forms by which a text is found again; key 0 and no prints for one without a letter or digit."""

    words: str
    text_key: int
    prints: bytes


def prints_of(texts: Sequence[str]) -> list[TextPrints | TextFailure]:
    """Runs in a worker: one result a text, in order; a text on which a detector fails does not spoil the others."""
    read = [_read(text) for text in texts]
    prints = iter(packed_all([each.skeleton for each in read if isinstance(each, Normalised)]))
    return [each if isinstance(each, TextFailure) else _forms(each, next(prints)) for each in read]


async def prints(
    pool: LimitedPool, texts: Sequence[str], *, most_texts: int, most_characters: int
) -> list[TextPrints | TextFailure]:
    """The same through ``pool``, in tasks of so many texts. Raises AnalysisFailed when the pool is stopped."""
    portions = await asyncio.gather(*(_portion(pool, part) for part in _parts(texts, most_texts, most_characters)))
    return [result for portion in portions for result in portion]


def _read(text: str) -> Normalised | TextFailure:
    try:
        return normalise(text)
    except MemoryError:
        return TextFailure(code="memory")
    except Exception:
        return TextFailure(code="crashed")


def _forms(normalised: Normalised, prints: bytes) -> TextPrints:
    skeleton = normalised.skeleton
    return TextPrints(normalised.words, key(skeleton) if skeleton else 0, prints)


async def _portion(pool: LimitedPool, texts: Sequence[str]) -> list[TextPrints | TextFailure]:
    """The texts in one task; if that ends badly, one by one, so that only the text at fault fails."""
    try:
        return await pool.run(prints_of, texts)
    except AnalysisFailed as failure:
        if failure.code == "stopped":
            raise
        if len(texts) == 1:
            return [TextFailure(code=failure.code)]
    return [result for text in texts for result in await _portion(pool, [text])]


def _parts(texts: Sequence[str], most_texts: int, most_characters: int) -> Iterator[Sequence[str]]:
    """The texts in order, in lists of at least one and at most so many texts and characters."""
    part: list[str] = []
    characters = 0
    for text in texts:
        characters += len(text)
        if part and (len(part) == most_texts or characters > most_characters):
            yield part
            part, characters = [], len(text)
        part.append(text)
    if part:
        yield part
