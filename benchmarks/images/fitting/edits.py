"""Edits that the matcher's thresholds are learnt from, made with OpenCV; those that judge it are others."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Act = Callable[[Pixels, random.Random], Pixels]


def _bytes(values: object) -> Pixels:
    cut: Pixels = np.clip(np.asarray(values), 0, 255).astype(np.uint8)
    return cut


def _jpeg(pixels: Pixels, chance: random.Random) -> Pixels:
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, chance.randint(35, 65)])
    return _bytes(cv2.imdecode(packed, cv2.IMREAD_COLOR))


def _tiny(pixels: Pixels, chance: random.Random) -> Pixels:
    scale = chance.randint(64, 130) / max(pixels.shape)
    return _jpeg(_bytes(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)), chance)


def _light(pixels: Pixels, chance: random.Random) -> Pixels:
    return _bytes(pixels.astype(np.float32) * chance.uniform(0.65, 1.4) + chance.uniform(-25, 25))


def _gamma(pixels: Pixels, chance: random.Random) -> Pixels:
    curves = [np.linspace(0, 1, 256) ** chance.uniform(0.6, 1.6) * 255 for _ in range(3)]
    return _bytes(np.stack([curves[c][pixels[..., c]] for c in range(3)], axis=-1))


def _cut(low: float, high: float) -> Act:
    def act(pixels: Pixels, chance: random.Random) -> Pixels:
        height, width = pixels.shape[:2]
        share = 1 - chance.uniform(low, high)
        down, across = round(height * share), round(width * share)
        y, x = chance.randint(0, height - down), chance.randint(0, width - across)
        return np.ascontiguousarray(pixels[y : y + down, x : x + across])

    return act


def _turned(pixels: Pixels, chance: random.Random) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-9, 9), 1.0)
    return _bytes(cv2.warpAffine(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))


def _words(pixels: Pixels, chance: random.Random) -> Pixels:
    shown = pixels.copy()
    height, width = shown.shape[:2]
    top = chance.choice((0, int(height * 0.82)))
    colour = chance.choice(((0, 0, 0), (255, 255, 255), (40, 40, 200)))
    cv2.rectangle(shown, (0, top), (width, top + int(height * 0.18)), colour, -1)
    ink = (0, 255, 255) if sum(colour) < 400 else (0, 0, 0)
    cv2.putText(shown, "TRAITOR 2026", (6, top + int(height * 0.13)), cv2.FONT_HERSHEY_DUPLEX, height / 350, ink, 1)
    return shown


def _stickers(pixels: Pixels, chance: random.Random) -> Pixels:
    shown = pixels.copy()
    height, width = shown.shape[:2]
    for _ in range(3):
        centre = (chance.randint(0, width), chance.randint(0, height))
        cv2.circle(shown, centre, int(min(height, width) * chance.uniform(0.06, 0.12)), (30, 30, 220), -1)
    return shown


def _soft(pixels: Pixels, chance: random.Random) -> Pixels:
    return _bytes(cv2.GaussianBlur(pixels, (0, 0), chance.uniform(0.7, 2.0)))


def _grainy(pixels: Pixels, chance: random.Random) -> Pixels:
    """The noise of a bad camera, of a deviation of 5 to 20 levels, the same in all channels or not."""
    dice = np.random.default_rng(chance.getrandbits(32))
    channels = chance.choice((1, 3))
    return _bytes(pixels + dice.normal(0, chance.uniform(5, 20), (*pixels.shape[:2], channels)))


def _faded(pixels: Pixels, chance: random.Random) -> Pixels:
    """A third to three quarters of the contrast, around another level in each channel."""
    levels = np.array([chance.uniform(60, 200) for _ in range(3)])
    share = chance.uniform(0.35, 0.75)
    return _bytes(pixels * share + levels * (1 - share))


def _shrunk(pixels: Pixels, chance: random.Random) -> Pixels:
    scale = chance.randint(130, 240) / max(pixels.shape)
    return _bytes(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR))


def _all(*acts: Act) -> Act:
    def act(pixels: Pixels, chance: random.Random) -> Pixels:
        for each in acts:
            pixels = each(pixels, chance)
        return pixels

    return act


FIT_EDITS: Final[Mapping[str, Act]] = {
    "jpeg": _jpeg,
    "tiny": _tiny,
    "light": _light,
    "gamma": _gamma,
    "soft": _soft,
    "turned": _turned,
    "words": _words,
    "stickers": _stickers,
    "cut 15": _cut(0.05, 0.15),
    "cut 30": _cut(0.25, 0.32),
    "several": _all(_cut(0.05, 0.15), _gamma, _words, _jpeg),
    "many": _all(_cut(0.1, 0.2), _turned, _light, _words, _tiny),
    "grain": _all(_cut(0.05, 0.2), _turned, _gamma, _words, _grainy, _shrunk, _jpeg),
    "faded grain": _all(_cut(0.05, 0.2), _turned, _faded, _words, _grainy, _shrunk, _jpeg),
}
