"""Tesseract through tesserocr: one line of black letters on white in, words with their confidence out.

tesserocr's wheel brings the library; the models ("traineddata") are Debian's tesseract-ocr-* packages. Where either is
missing `available` says so and nothing here fails at import.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from PIL import Image

from detection.screenshot.boxes import Box

#: Every language whose models this room can use; the first three are read by default.
LANGUAGES: Final = ("rus", "kir", "eng", "tgk", "uzb", "uzb_cyrl", "kaz")
DEFAULT_LANGUAGES: Final = LANGUAGES[:3]

_FOLDERS: Final = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
# Tesseract's numbers for the level of words and for "the picture is a single line".
_WORD: Final = 3
_SINGLE_LINE: Final = 7


class EngineMissing(RuntimeError):
    """The engine, or the model of a language, is not installed; the message names what is missing."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read, its confidence (0 to 1) and where it stands on the picture of the line."""

    text: str
    confidence: float
    box: Box


def available() -> frozenset[str]:
    """The languages that can be read here, of `LANGUAGES`; empty without the engine or without any model."""
    folder = models_folder()
    if folder is None or _tesserocr() is None:
        return frozenset()
    return frozenset(language for language in LANGUAGES if (folder / f"{language}.traineddata").is_file())


def version() -> str | None:
    """Tesseract's version, None without the engine."""
    engine = _tesserocr()
    return str(engine.tesseract_version()).split("\n")[0].removeprefix("tesseract ") if engine else None


def models_folder() -> Path | None:
    """Where the models lie: what TESSDATA_PREFIX names, else the first usual folder that has any."""
    for folder in (os.environ.get("TESSDATA_PREFIX"), *_FOLDERS):
        if folder and any(Path(folder).glob("*.traineddata")):
            return Path(folder)
    return None


@cache
def _tesserocr() -> Any | None:
    """The module, or None where it is not installed or its library does not load."""
    with suppress(ImportError, OSError):
        return importlib.import_module("tesserocr")
    return None


class LineReader:
    """Reads lines in one mixture of languages. Not for use by two threads at once; loading costs some 0.1 s."""

    def __init__(self, languages: Sequence[str]) -> None:
        """Raises `EngineMissing` when a language cannot be read here."""
        engine, missing = _tesserocr(), sorted(set(languages) - available())
        if engine is None or missing:
            raise EngineMissing(", ".join(missing) or "tesserocr")
        self._walk = engine.iterate_level
        self._api = engine.PyTessBaseAPI(path=str(models_folder()), lang="+".join(languages), psm=_SINGLE_LINE)
        # Its remarks about small pictures would go to standard error.
        self._api.SetVariable("debug_file", os.devnull)

    def read(self, line: Image.Image, milliseconds: int) -> tuple[Word, ...]:
        """The words of one line, from left to right; none when there is no text or the time is over."""
        self._api.SetImage(line)
        self._api.SetSourceResolution(300)
        if not self._api.Recognize(max(1, milliseconds)):
            return ()
        return tuple(self._words())

    def _words(self) -> Iterator[Word]:
        found = self._api.GetIterator()
        if found is None:
            return
        for item in self._walk(found, _WORD):
            with suppress(RuntimeError):
                text, box = item.GetUTF8Text(_WORD).strip(), item.BoundingBox(_WORD)
                if text and box:
                    left, top, right, bottom = box
                    yield Word(text, item.Confidence(_WORD) / 100, Box(left, top, right - left, bottom - top))


@cache
def line_reader(languages: tuple[str, ...]) -> LineReader:
    """The reader of this mixture, loaded once in a process."""
    return LineReader(languages)
