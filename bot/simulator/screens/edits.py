"""What happens to a screenshot on its way: recompressed as a photo by Telegram, or photographed by another phone."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_TABLE: Final = (38, 34, 32)


def recompressed(image: Image.Image, long_side: int = 1280, quality: int = 80) -> Image.Image:
    """What Telegram makes of a picture sent as a photo: at most ``long_side`` pixels, JPEG of this quality."""
    small = image.convert("RGB")
    small.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    packed = BytesIO()
    small.save(packed, "JPEG", quality=quality)
    return Image.open(BytesIO(packed.getvalue())).convert("RGB")


def photographed(image: Image.Image, seed: int, long_side: int = 2560) -> Image.Image:
    """A screen as another phone's camera sees it: a little askew, with moiré, glare, blur and noise, as a JPEG.

    Mild on purpose: the screen fills the picture, and its words can be read. The same picture for the same seed.
    """
    chance = np.random.default_rng(seed)
    askew = _askew(image.convert("RGB"), chance, long_side)
    blurred = askew.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.5, 1.0))))
    pixels = np.asarray(blurred, dtype=np.float32)
    pixels = pixels * _moire(pixels.shape[:2], chance) + _glare(pixels.shape[:2], chance)
    pixels *= chance.uniform(0.96, 1.04, 3).astype(np.float32)
    pixels += chance.standard_normal(pixels.shape[:2], dtype=np.float32)[..., None] * float(chance.uniform(2, 5))
    noisy = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return recompressed(noisy, long_side, 85)


def camera_view(size: tuple[int, int], seed: int, long_side: int = 2560) -> tuple[float, ...]:
    """How `photographed` sees a screen of this size: the numbers a to h of its perspective.

    The point (x, y) of the photo shows ((ax + by + c) / (gx + hy + 1), (dx + ey + f) / (gx + hy + 1)) of the screen.
    """
    return _view(size, np.random.default_rng(seed), long_side)[1]


def _view(
    size: tuple[int, int], chance: np.random.Generator, long_side: int
) -> tuple[tuple[int, int], tuple[float, ...]]:
    """The photo's size and its perspective."""
    scale = long_side / max(size)
    width, height = round(size[0] * scale), round(size[1] * scale)
    shift = chance.uniform(-0.022, 0.022, (4, 2)) * (width, height)
    corners = np.array(((0, 0), (width, 0), (width, height), (0, height)), dtype=np.float64)
    return (width, height), _perspective(corners + shift, corners / scale)


def _askew(image: Image.Image, chance: np.random.Generator, long_side: int) -> Image.Image:
    """The screen seen a little from the side, a dark table showing in the corners."""
    size, coefficients = _view(image.size, chance, long_side)
    return image.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor=_TABLE)


def _perspective(seen: NDArray[np.float64], source: NDArray[np.float64]) -> tuple[float, ...]:
    """The eight numbers that lead from points of the photo to points of the screen."""
    rows, right = [], []
    for (x, y), (u, v) in zip(seen.tolist(), source.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return tuple(np.linalg.solve(np.array(rows), np.array(right)).tolist())


def _moire(shape: tuple[int, int], chance: np.random.Generator) -> NDArray[np.float32]:
    """Faint bands where the pixels of screen and sensor beat, in two directions."""
    y, x = (np.arange(length, dtype=np.float32) for length in shape)
    bands = np.ones(shape, dtype=np.float32)
    for _ in range(2):
        angle, period = chance.uniform(0, np.pi), chance.uniform(6, 40)
        along = np.float32(2 * np.pi / period)
        phase_x = (x * np.float32(np.cos(angle)) + 6 * np.sin(x / 311)) * along
        phase_y = (y * np.float32(np.sin(angle)) + 6 * np.sin(y / 437)) * along
        sine = np.outer(np.sin(phase_y), np.cos(phase_x)) + np.outer(np.cos(phase_y), np.sin(phase_x))
        bands += np.float32(chance.uniform(0.008, 0.025)) * sine.astype(np.float32)
    return bands[..., None]


def _glare(shape: tuple[int, int], chance: np.random.Generator) -> NDArray[np.float32]:
    """A soft light spot, reflected."""
    height, width = shape
    down = np.exp(-((np.arange(height, dtype=np.float32) / height - chance.uniform(0, 1)) ** 2) / 0.06)
    across = np.exp(-((np.arange(width, dtype=np.float32) / width - chance.uniform(0, 1)) ** 2) / 0.12)
    return (float(chance.uniform(10, 38)) * np.outer(down, across))[..., None].astype(np.float32)
