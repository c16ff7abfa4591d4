"""Open a picture that a stranger made, or refuse it with a code; re-encode it so that nothing foreign is sent on.

The limits here bound pixels, sides and bytes. Time and memory are bounded by the process in which this runs
(``bot.analysis``): a decoder that misbehaves takes down only its worker. The first frame of an animation is
read and the others are never counted or decoded, so a long animation costs what a still picture costs.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace
from typing import Final, Literal

from PIL import Image

from detection import thresholds
from detection.image.decoders import DECODED
from detection.image.headers import gif_moves, jpeg_scans, sniff, webp_canvas

RefusalCode = Literal[
    "empty",
    "too_many_bytes",
    "not_an_image",
    "format_not_allowed",
    "too_many_pixels",
    "too_large_side",
    "truncated",
    "bomb",
    "decode_failed",
]

WHITE: Final = (255, 255, 255)
_ORIENTATION_TAG: Final = 0x0112
# EXIF orientation (CIPA DC-008, table "Orientation") to the transposition that shows the picture upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
# What decoders say, in small letters: they raise almost anything, and the words alone tell one failure from another.
_BOMB: Final = ("text chunk", "decompressed data too large", "too much memory", "security limit")
_NO_MEMORY: Final = ("out of memory", "allocation failed", "allocation error", "allocating")
_CUT: Final = ("truncated", "end of file", "end of data")


class ImageRefused(Exception):
    """The bytes are not a picture that may be looked at; ``code`` says why. Crosses process borders unchanged."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code: RefusalCode = code


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What a picture may ask for before it is decoded, and the size it is shrunk to.

    Defaults: 20 MB is what the Bot API lets a bot download; 40 megapixels and 12,000 pixels a side hold every phone
    camera's default and long screenshots, and bound a decoded RGBA picture to 160 MB; 1,280 pixels is the long side to
    which Telegram itself shrinks photos. A camera's or an editor's progressive JPEG has some ten scans; a hundred of 36
    megapixels take 0.4 s. What has a phone's shape may be a screenshot, which keeps its small round photos up to 2,560.
    """

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 40_000_000
    max_side: int = 12_000
    max_scans: int = 100
    long_side: int = 1280
    tall_side: int = 2560

    def side_of(self, width: int, height: int) -> int:
        """The long side to which an upright picture of this shape is shrunk."""
        return self.tall_side if height >= thresholds.PHOTO_TALL * width else self.long_side


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedImage:
    """A decoded picture, upright, opaque and shrunk.

    ``width`` and ``height`` are those of ``rgb``; ``original_size`` is (width, height) of the upright picture before it
    was shrunk; ``format`` is what the file was: "JPEG", "PNG", "WEBP", "GIF", "HEIF" or "AVIF"; ``moves`` says that
    it is an animation, of which this is the first picture.
    """

    rgb: Image.Image
    width: int
    height: int
    format: str
    original_size: tuple[int, int]
    moves: bool = False


def open_image(data: bytes, limits: ImageLimits | None = None) -> OpenedImage:
    """Decode ``data`` within ``limits``. Raises ImageRefused, and MemoryError where the process runs out of it."""
    limits = limits or ImageLimits()
    kind = check_bytes(data, limits)
    if kind == "JPEG" and jpeg_scans(data, limits.max_scans + 1) > limits.max_scans:
        raise ImageRefused("bomb")
    # Pillow warns of odd metadata and of large pictures; the pixel limit below is stricter and decides.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = _open_lazily(data, kind)
        _check_size(image.size, limits)
        moves = _moves(image, data, kind)
        return replace(_decode(image, image.size, kind, limits), moves=moves)


def check_bytes(data: bytes, limits: ImageLimits) -> str:
    """The format that the first bytes claim, or ImageRefused: all that can be told at once, without reading on.

    It is asked on the event loop: a file of 20 MB made of empty segments keeps whoever counts them busy for seconds.
    """
    if not data:
        raise ImageRefused("empty")
    if len(data) > limits.max_bytes:
        raise ImageRefused("too_many_bytes")
    kind = sniff(data)
    if kind is None:
        raise ImageRefused("not_an_image")
    if kind not in DECODED:
        raise ImageRefused("format_not_allowed")
    if kind == "WEBP" and (canvas := webp_canvas(data)):
        _check_size(canvas, limits)
    return kind


def clean_copy(image: Image.Image, max_side: int, quality: int = 85) -> bytes:
    """JPEG bytes of the pixels alone, long side at most ``max_side``.

    No EXIF, XMP, IPTC, colour profile, comment or trailing byte of the source survives: the pixels are pasted on a new
    picture, because Pillow carries some of ``image.info`` into what it saves.
    """
    fresh = Image.new("RGB", image.size, WHITE)
    fresh.paste(image)
    fresh.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _check_size(size: tuple[int, int], limits: ImageLimits) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise ImageRefused("decode_failed")
    if width * height > limits.max_pixels:
        raise ImageRefused("too_many_pixels")
    if max(size) > limits.max_side:
        raise ImageRefused("too_large_side")


def _open_lazily(data: bytes, kind: str) -> Image.Image:
    """Read the headers only, with the one decoder that the magic bytes name."""
    try:
        return Image.open(io.BytesIO(data), formats=(kind,))
    except Image.DecompressionBombError as error:
        raise ImageRefused("too_many_pixels") from error
    except MemoryError:
        raise
    except Exception as error:
        raise _refusal(error) from error


def _decode(image: Image.Image, original: tuple[int, int], kind: str, limits: ImageLimits) -> OpenedImage:
    try:
        turn = _orientation(image)
        # A JPEG is decoded at 1/2, 1/4 or 1/8 of its size when that is still enough: less memory, less time.
        shown = (original[1], original[0]) if turn in _SIDEWAYS else original
        side = limits.side_of(*shown)
        image.draft("RGB", (side, side))
        image.load()
        # A GIF's frame may be larger than the screen its header declares, and a HEIC's pixels more than its box says.
        _check_size(image.size, limits)
        rgb = _flatten(image, side)
        if turn in _UPRIGHT:
            rgb = rgb.transpose(_UPRIGHT[turn])
    except (ImageRefused, MemoryError):
        raise
    except Exception as error:
        raise _refusal(error) from error
    return OpenedImage(rgb=rgb, width=rgb.width, height=rgb.height, format=kind, original_size=shown)


def _moves(image: Image.Image, data: bytes, kind: str) -> bool:
    """Whether there are more pictures to come; a JPEG with a second one inside is still a photo."""
    if kind == "GIF":
        return gif_moves(data)
    return kind != "JPEG" and bool(getattr(image, "is_animated", False))


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 when it is absent or its block is damaged: bad metadata is no reason to refuse."""
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except MemoryError:
        raise
    except Exception:
        return 1
    return value if isinstance(value, int) else 1


def _flatten(image: Image.Image, long_side: int) -> Image.Image:
    """Shrink to ``long_side`` and make opaque RGB: transparency lies on white, 16-bit grey is scaled to 8."""
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    elif image.mode in ("1", "P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.has_transparency_data and image.mode in ("L", "RGB"):
        image = image.convert("RGBA")
    image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if image.has_transparency_data:
        alpha = image.convert("RGBA")
        image = Image.new("RGB", alpha.size, WHITE)
        image.paste(alpha, mask=alpha.getchannel("A"))
    rgb = image.convert("RGB")
    rgb.info.clear()
    return rgb


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits a pixel as 8: a plain conversion would clip everything above 255 to white."""
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _refusal(error: Exception) -> ImageRefused:
    """The code for what Pillow raised: hostile input reaches its plugins as almost any exception.

    Raises MemoryError where a decoder says in its own words that the process has run out of it.
    """
    text = str(error).lower()
    if any(words in text for words in _BOMB):
        return ImageRefused("bomb")
    if any(words in text for words in _NO_MEMORY):
        raise MemoryError from error
    if isinstance(error, EOFError) or any(words in text for words in _CUT):
        return ImageRefused("truncated")
    return ImageRefused("decode_failed")
