"""What Telegram's applications do to a picture before it is sent as a photo.

Turned upright, made smaller than 1280 px on the long side, compressed again as JPEG without any metadata, and kept
in several sizes. Source of the sizes: the box types s, m, x and y of Telegram's photo sizes (100, 320, 800, 1280).
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.simulator.refusals import bad_request

_SIDES: Final = (100, 320, 800, 1280)
_QUALITY: Final = 80
_THUMBNAIL_SIDE: Final = 320
# A document that is a larger picture than this gets no thumbnail; the simulator never decodes it.
_MAX_THUMBNAIL_SOURCE: Final = 50_000_000  # pixels
_MAX_SUM_OF_SIDES: Final = 10_000  # documentation of sendPhoto
_MAX_RATIO: Final = 20  # documentation of sendPhoto


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """An encoded JPEG and its size in pixels."""

    data: bytes
    width: int
    height: int


def photo_sizes(data: bytes) -> list[Picture]:
    """The sizes of a photo, smallest first. Raises ApiError 400 for what can't be a photo."""
    image = _opened(data)
    if image.width + image.height > _MAX_SUM_OF_SIDES or not _ratio_is_fine(image):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    try:
        upright = _flattened(image)
    except (OSError, ValueError, SyntaxError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    upright.thumbnail((_SIDES[-1], _SIDES[-1]), Image.Resampling.LANCZOS)
    longest = max(upright.size)
    sides = [side for side in _SIDES if side < longest]
    return [_encoded(upright, side) for side in [*sides, longest]]


def thumbnail(data: bytes) -> Picture | None:
    """A small JPEG of a document that is a picture, or None."""
    try:
        image = _opened(data)
        if image.width * image.height > _MAX_THUMBNAIL_SOURCE:
            return None
        return _encoded(_flattened(image), _THUMBNAIL_SIDE)
    except Exception:  # a broken or hostile picture is still a document, just one without a thumbnail
        return None


def _ratio_is_fine(image: Image.Image) -> bool:
    return max(image.size) <= _MAX_RATIO * max(1, min(image.size))


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(data))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error


def _flattened(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    if upright.mode == "RGB":
        return upright
    if "A" in upright.mode or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        ground = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(ground, upright).convert("RGB")
    return upright.convert("RGB")


def _encoded(image: Image.Image, side: int) -> Picture:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    small.info.clear()
    out = BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(data=out.getvalue(), width=small.width, height=small.height)
