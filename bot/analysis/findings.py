"""What goes into an analysis and what comes out of it; all of it crosses a process border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.errors import KalkanError
from detection.accounts.links import Link
from detection.image.description import Description
from detection.text.normalise import Normalised
from detection.threats import OwnWord, StaffName, ThreatFinding

FailureCode = Literal["timeout", "memory", "crashed", "stopped"]


class AnalysisFailed(KalkanError):
    """A worker was ended or died over its task; ``code`` says why. The pool lives on."""

    def __init__(self, code: FailureCode) -> None:
        super().__init__(code)
        self.code: FailureCode = code


class EngineMissing(KalkanError):
    """The engine that reads pictures is not installed, or has no model of any language that is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextJob:
    """One text to examine, the addresses hidden behind its words, and the names under protection it may target.

    Jobs of one call should share one ``staff`` tuple: it then crosses the process border once.
    """

    text: str
    staff: tuple[StaffName, ...] = ()
    #: The newsroom's own threat words, and its own model as bytes (empty: the shipped one); shared as `staff` is.
    words: tuple[OwnWord, ...] = ()
    model: bytes = b""
    #: Addresses hidden behind words of the text.
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFinding:
    """What the detectors say of one text, apart from any store."""

    normalised: Normalised
    #: The fingerprints of its skeleton, packed (`detection.text.fingerprints`).
    prints: bytes
    links: tuple[Link, ...]
    threat: ThreatFinding


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFailure:
    """This text could not be examined: nothing is known about it, which a card must say."""

    code: FailureCode


TextResult = TextFinding | TextFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFinding:
    """What the detectors say of one picture, apart from any store.

    ``width`` and ``height`` are those of the upright picture as it was sent; ``format`` is "JPEG", "PNG", "WEBP",
    "GIF", "HEIF" or "AVIF"; of an animation (``moves``) it is the first picture that was described.
    """

    description: Description
    #: The same as the archive keeps it.
    packed: bytes
    width: int
    height: int
    format: str
    moves: bool = False
