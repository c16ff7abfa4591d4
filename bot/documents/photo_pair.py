"""Two pictures side by side for a person who compares them: labelled, the matching region framed in both."""

import io
import math
import unicodedata
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from bot.documents.fonts import font
from bot.model.photo import Frame, PhotoSide

#: The long side of the drawn picture, in pixels: Telegram itself shrinks larger photos.
LONG_SIDE: Final = 1280

_MARGIN: Final = 16
_GAP: Final = 24
_BAND: Final = 44
_LABEL: Final = 24
_TALLEST: Final = 900
# Panels stay within these shapes (width to height), however long or flat a picture is.
_NARROWEST, _WIDEST = 0.4, 2.5
_PAGE: Final = (255, 255, 255)
_GROUND: Final = (232, 234, 238)
_INK: Final = (20, 22, 26)
_FRAME: Final = (255, 196, 0)
_SHADOW: Final = (20, 22, 26)
_BADGE: Final = 22
_MOST_CORNERS: Final = 64
# A region smaller than this share of its picture, such as an avatar in a screenshot, is shown with its surroundings
# only: so many times its own size on each side.
_SMALL: Final = 0.12
_AROUND: Final = 0.75
_QUALITY: Final = 88
# None of these has a picture of its own; surrogate halves cannot be drawn at all.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

Picture = Image.Image | bytes


def picture(left: Picture, right: Picture, sides: tuple[PhotoSide, PhotoSide], mirrored: bool = False) -> bytes:
    """A JPEG of both, left the one that is asked about, as it is; `mirrored` adds a sign that one is turned over.

    The pixels alone are drawn: nothing else of either file is in it. Bytes must come from where they were opened
    safely before; Pillow's own errors are raised for what is no picture.
    """
    views = [_view(_opened(given), side) for given, side in zip((left, right), sides, strict=True)]
    drawn = [image for image, _ in views]
    shapes = [min(_WIDEST, max(_NARROWEST, image.width / image.height)) for image in drawn]
    height = _height(sum(shapes))
    widths = [max(1, round(shape * height)) for shape in shapes]
    page = Image.new("RGB", (sum(widths) + _GAP + 2 * _MARGIN, height + _BAND + 2 * _MARGIN), _PAGE)
    place = _MARGIN
    for (image, corners), side, width in zip(views, sides, widths, strict=True):
        page.paste(_panel(image, corners, (width, height)), (place, _MARGIN + _BAND))
        _write(page, side.label, place, width)
        place += width + _GAP
    if mirrored:
        _draw_sign(page, (_MARGIN + widths[0] + _GAP // 2, _MARGIN + _BAND + height // 2))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _opened(given: Picture) -> Image.Image:
    if isinstance(given, Image.Image):
        return given.convert("RGB")
    with Image.open(io.BytesIO(given)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def _height(shapes: float) -> int:
    """The height of both panels, so that the page is within the long side."""
    room = LONG_SIDE - 2 * _MARGIN
    # Each width may be rounded up by one pixel.
    return int(min(_TALLEST, room - _BAND, (room - _GAP - 2) / shapes))


def _view(image: Image.Image, side: PhotoSide) -> tuple[Image.Image, Frame]:
    """The part of a picture that is shown, and the frame in its pixels (none: nothing to frame)."""
    whole = side.size or image.size
    points = [point for point in side.frame[:_MOST_CORNERS] if all(map(math.isfinite, point))]
    if len(points) < 3 or min(whole) < 1:
        return image, ()
    frame = tuple((_within(x, whole[0], image.width), _within(y, whole[1], image.height)) for x, y in points)
    left, top, right, bottom = _box(frame)
    if (right - left) * (bottom - top) >= _SMALL * image.width * image.height:
        return image, frame
    across, down = (1 + (right - left) * _AROUND, 1 + (bottom - top) * _AROUND)
    left, top = max(0, int(left - across)), max(0, int(top - down))
    right, bottom = min(image.width, math.ceil(right + across)), min(image.height, math.ceil(bottom + down))
    return image.crop((left, top, right, bottom)), tuple((x - left, y - top) for x, y in frame)


def _within(value: float, whole: int, pixels: int) -> float:
    return min(max(0.0, value * pixels / whole), float(pixels))


def _box(frame: Frame) -> tuple[float, float, float, float]:
    across, down = [x for x, _ in frame], [y for _, y in frame]
    return min(across), min(down), max(across), max(down)


def _panel(image: Image.Image, frame: Frame, size: tuple[int, int]) -> Image.Image:
    scale = min(size[0] / image.width, size[1] / image.height)
    fitted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    shown = image.resize(fitted, Image.Resampling.LANCZOS)
    _draw_frame(shown, frame, image.size)
    panel = Image.new("RGB", size, _GROUND)
    panel.paste(shown, ((size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2))
    return panel


def _draw_frame(shown: Image.Image, frame: Frame, size: tuple[int, int]) -> None:
    if not frame:
        return
    corners = [_corner(point, size, shown.size) for point in frame]
    pen = ImageDraw.Draw(shown)
    closed = [*corners, *corners[:2]]
    # A light line on a dark one is seen on any ground.
    pen.line(closed, fill=_SHADOW, width=8, joint="curve")
    pen.line(closed, fill=_FRAME, width=4, joint="curve")


def _corner(point: tuple[float, float], size: tuple[int, int], shown: tuple[int, int]) -> tuple[float, float]:
    # A line at the very edge would be half outside.
    across, down = (
        min(max(2.0, value * pixels / whole), max(2.0, pixels - 3.0))
        for value, whole, pixels in zip(point, size, shown, strict=True)
    )
    return across, down


def _write(page: Image.Image, label: str, left: int, width: int) -> None:
    face = font(_LABEL)
    text = _fitting(_visible(label), width)
    place = (left + (width - face.getlength(text)) / 2, _MARGIN + (_BAND - _LABEL) // 2 - 4)
    ImageDraw.Draw(page).text(place, text, font=face, fill=_INK)


def _fitting(text: str, width: int) -> str:
    """The text, or its beginning with an ellipsis, within the width."""
    face = font(_LABEL)
    # No letter is narrower than an "i", so that no text is measured beyond what can be shown.
    text = text[: int(width / face.getlength("i")) + 1]
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _visible(text: str) -> str:
    drawn = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join("".join(drawn).split())


def _draw_sign(page: Image.Image, middle: tuple[int, int]) -> None:
    """An arrow to the left over one to the right, in a round badge between the pictures."""
    x, y = middle
    pen = ImageDraw.Draw(page)
    pen.ellipse((x - _BADGE, y - _BADGE, x + _BADGE, y + _BADGE), fill=_FRAME, outline=_SHADOW, width=3)
    for up, way in ((-6, -1), (6, 1)):
        tip, end = x + way * 13, x - way * 11
        pen.line((end, y + up, tip, y + up), fill=_INK, width=3)
        pen.line([(tip - way * 6, y + up - 5), (tip, y + up), (tip - way * 6, y + up + 5)], fill=_INK, width=3)
