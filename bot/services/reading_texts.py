"""Words that a member gives, brought into the forms by which texts are found; a worker process reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.analysis import Analysis, TextFinding, TextJob
from bot.errors import Refusal
from detection.text.normalise import key
from detection.thresholds import TEXT_MAX_CHARS

#: What is longer is refused: it would be compared in part only.
LONGEST: Final = TEXT_MAX_CHARS


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadText:
    """A text and its forms."""

    text: str
    words: str
    text_key: int


async def read_text(analysis: Analysis, text: str) -> ReadText:
    """The forms of what a member typed.

    Raises Refusal: "find_empty" without a letter or digit, "text_too_long" with the `most`, "text_unreadable".
    """
    if len(text) > LONGEST:
        raise Refusal("text_too_long", most=LONGEST)
    if not text.strip():
        raise Refusal("find_empty")
    (result,) = await analysis.texts([TextJob(text=text)])
    if not isinstance(result, TextFinding):
        raise Refusal("text_unreadable")
    if not result.normalised.skeleton:
        raise Refusal("find_empty")
    return _read(text, result)


async def read_texts(analysis: Analysis, texts: Sequence[str]) -> list[ReadText | None]:
    """The forms of stored texts; None for one that cannot be read or has no letter."""
    results = await analysis.texts([TextJob(text=text) for text in texts]) if texts else []
    return [
        _read(text, result) if isinstance(result, TextFinding) and result.normalised.skeleton else None
        for text, result in zip(texts, results, strict=True)
    ]


def _read(text: str, result: TextFinding) -> ReadText:
    return ReadText(text=text, words=result.normalised.words, text_key=key(result.normalised.skeleton))
