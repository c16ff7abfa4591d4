"""A profile page: the name, the handle, the counters and the photo, wherever the application puts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import WIDTH, Canvas
from detection.screenshot.frame import Frame
from detection.screenshot.interface.matching import NUMBER, find_words
from detection.screenshot.model import Platform, ReadProfile, ReadText
from detection.screenshot.piece import Piece, joined, rows_of

_HANDLE: Final = re.compile(r"@[\w.\-]{3,}|[A-Za-z][\w.]*[._\d][\w.]*|[a-z][a-z0-9._]{4,}")
_AMOUNT: Final = re.compile(rf"({NUMBER})\s*(\D.*)?", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?\d[\d\s()\-]{7,}")
# A profile's photo is at least this wide: comments' authors have up to 0.12 of the screen.
_PHOTO: Final = 0.155 * WIDTH
# How far below a photo its name begins at the most, in pixels of a canvas that is WIDTH wide.
_NAME_BELOW: Final = 140
# The same below the numbers of its counters, whose words stand between.
_NAME_BELOW_COUNTERS: Final = 280
# Buttons and counters below it belong to posts.
_HEAD: Final = 0.72
_NOTHING: Final = ReadText(text="", confidence=0.0)


def read_profile(
    canvas: Canvas, pieces: Sequence[Piece], circles: Sequence[Box], frame: Frame, platform: Platform | None
) -> ReadProfile | None:
    """The profile, None when the screen is no profile page."""
    head = [piece for piece in pieces if piece.box.y > frame.status and piece.box.y < _HEAD * canvas.height]
    counters = _counters(head)
    buttons = [piece for piece in head if piece.has_role("button")]
    labels = [piece for piece in head if piece.has_role("label")]
    photo = _photo(circles, canvas.height)
    if not _is_profile(counters, buttons, labels, photo):
        return None
    name = _as_titled(_name(head, photo, frame), pieces, frame)
    if platform == "tiktok":
        # Its only large letters may be the person's own words; the name stands in the bar.
        name = next((piece for piece in pieces if piece.text == frame.title and _is_name(piece)), name)
    if platform == "instagram":
        # The name is no larger than the person's own words below it.
        name = _beneath(head, photo, counters.values()) or name
    handle = _handle(head, name, platform)
    about = _about(head, name, handle, buttons)
    return ReadProfile(
        name=_field(name),
        handle=_field(handle),
        counters={kind: _amount_of(piece) for kind, piece in counters.items()},
        about=about,
        avatar=photo,
    )


def _is_profile(
    counters: dict[str, Piece], buttons: Sequence[Piece], labels: Sequence[Piece], photo: Box | None
) -> bool:
    """Two of: a large photo, counters of people, buttons to befriend or write, labels of a person's details."""
    people = any(kind in counters for kind in ("followers", "following", "friends"))
    several = min(2, len({piece.text for piece in labels}))
    return bool(photo) + people + bool(buttons) + several >= 2


def _photo(circles: Sequence[Box], height: int) -> Box | None:
    large = [circle for circle in circles if circle.w >= _PHOTO and circle.y < 0.5 * height]
    return max(large, key=lambda circle: circle.w, default=None)


def _counters(head: Sequence[Piece]) -> dict[str, Piece]:
    """Counters by kind, each the piece that holds its number (and perhaps its word)."""
    found: dict[str, Piece] = {}
    parts = [part for piece in head for part in _parts(piece)]
    for part in parts:
        for kind, holder in _counted(part, parts):
            found.setdefault(kind, holder)
    return found


def _parts(piece: Piece) -> list[Piece]:
    """«18,5 тыс. подписчиков 157 видео» counts twice: a number after a word begins anew."""
    words = piece.reading.words
    starts = [0, *(at for at in range(1, len(words)) if _starts_count(words[at - 1].text, words[at].text))]
    if len(starts) < 2 or not any(map(str.isdigit, words[0].text)):
        return [piece]
    return [piece.part(words[start:end]) for start, end in pairwise([*starts, len(words)])]


def _starts_count(before: str, word: str) -> bool:
    return word[0].isdigit() and not any(map(str.isdigit, before))


def _counted(piece: Piece, head: Sequence[Piece]) -> list[tuple[str, Piece]]:
    """What a piece counts: «950 дос» in itself, or a word alone with its number above or beside it."""
    match = _AMOUNT.fullmatch(piece.text.strip(" .·•"))
    word = match[2] if match and match[2] else None
    if word:
        kinds = _kinds(re.split(r"\s?[·•]", word)[0])
        return [(kind, piece) for kind in kinds]
    kinds = _kinds(piece.text) if not match else []
    numbers = [other for other in head if other.is_number and _belongs(other.box, piece.box)]
    if not kinds or not numbers:
        return []
    nearest = min(
        numbers, key=lambda other: abs(other.box.middle[1] - piece.box.middle[1]) + _aside(other.box, piece.box)
    )
    return [(kind, nearest) for kind in kinds]


def _kinds(text: str) -> list[str]:
    roles = {match.role for match in find_words(text) if match.role.startswith("counter:")}
    return sorted(role.split(":")[1] for role in roles)


def _belongs(number: Box, word: Box) -> bool:
    above = (
        0 < word.middle[1] - number.middle[1] < 2.6 * word.h and abs(number.middle[0] - word.middle[0]) < 0.1 * WIDTH
    )
    left_above = above or (0 < word.y - number.y < 2.6 * word.h and abs(number.x - word.x) < 24)
    level = abs(number.middle[1] - word.middle[1]) < 0.6 * word.h
    beside = level and (0 <= word.x - number.right < 0.06 * WIDTH or 0 <= number.x - word.right < 0.06 * WIDTH)
    return left_above or beside


def _aside(number: Box, word: Box) -> float:
    return abs(number.middle[0] - word.middle[0]) * 0.2


def _amount_of(piece: Piece) -> ReadText:
    match = re.match(NUMBER, piece.text.strip(), re.IGNORECASE)
    return ReadText(text=(match[0] if match else piece.text).strip(" ."), confidence=piece.confidence)


def _is_name(piece: Piece) -> bool:
    counted = [_AMOUNT.fullmatch(part.text) for part in _parts(piece)]
    if piece.is_icon or any(each and each[2] and _kinds(each[2]) for each in counted):
        return False
    if piece.letters < 2 or piece.matches or piece.is_number or piece.is_time or piece.confidence < 0.45:
        return False
    return not _PHONE.fullmatch(piece.text) and not piece.text.startswith("@")


def _name(head: Sequence[Piece], photo: Box | None, frame: Frame) -> Piece | None:
    """The largest letters below or beside the photo that are no word of the application; else the title."""
    near = [piece for piece in head if _is_name(piece) and piece.box.y > _top(piece, photo, frame)]
    if photo:
        near = [piece for piece in near if piece.box.y < photo.bottom + 0.14 * 2 * WIDTH] or near
    return max(near, key=_size, default=None)


def _top(piece: Piece, photo: Box | None, frame: Frame) -> float:
    """Above it stands no name: beside a photo it may be level with its upper edge."""
    if photo is None:
        return frame.top - 120
    return photo.y - 10 if piece.box.x > photo.right - 6 else photo.y + 0.2 * photo.h


def _as_titled(name: Piece | None, pieces: Sequence[Piece], frame: Frame) -> Piece | None:
    """The title instead, where it begins as the name does and is longer: a name over a cover is read in part only."""
    if name is None or not frame.title.startswith(name.text) or len(frame.title) <= len(name.text):
        return name
    return next((piece for piece in pieces if piece.text == frame.title), name)


def _size(piece: Piece) -> float:
    """Letters' height, without what accents and tails add: names stand in the largest."""
    letters = piece.text
    tall = any(letter.isupper() or letter in "бёйф" for letter in letters)
    low = any(letter in "ругфцщдqypgjҗңү,;" for letter in letters)
    return piece.box.h / (0.52 + 0.2 * tall + 0.2 * low) - 0.002 * piece.box.y


def _beneath(head: Sequence[Piece], photo: Box | None, counters: Iterable[Piece]) -> Piece | None:
    """The name-like line next below the photo, or below the counters beside it when no photo was found."""
    ends = [photo.bottom - 10] if photo else [piece.box.bottom for piece in counters]
    if not ends:
        return None
    start, reach = max(ends), _NAME_BELOW if photo else _NAME_BELOW_COUNTERS
    below = [piece for piece in head if _is_name(piece) and start < piece.box.y < start + reach]
    return min(below, key=lambda piece: piece.box.y, default=None)


def _handle(head: Sequence[Piece], name: Piece | None, platform: Platform | None) -> Piece | None:
    signed = [piece for piece in head if re.fullmatch(r"@[\w.\-]{2,}", piece.text.split(" ")[0])]
    if signed:
        return signed[0].part(signed[0].reading.words[:1])
    if platform in ("instagram", "tiktok", "vk"):
        bare = [piece for piece in head if _HANDLE.fullmatch(piece.text) and piece is not name and not piece.matches]
        return bare[0] if bare else None
    return None


def _about(head: Sequence[Piece], name: Piece | None, handle: Piece | None, buttons: Sequence[Piece]) -> ReadText:
    """The free words between the name and the buttons or the tabs."""
    if name is None:
        return _NOTHING
    ends = [piece.box.y for piece in head if piece.has_role("tab") and piece.box.y > name.box.bottom]
    end = min(ends, default=name.box.bottom + 500)
    rows = rows_of(piece for piece in head if name.box.bottom - 4 <= piece.box.y < end)
    words = [piece for row in rows for piece in row if _is_name(piece) and piece is not handle and piece not in buttons]
    text, confidence = joined([piece for piece in words if not _AMOUNT.fullmatch(piece.text)])
    return ReadText(text=text, confidence=confidence)


def _field(piece: Piece | None) -> ReadText:
    return ReadText(text=piece.text, confidence=piece.confidence) if piece else _NOTHING
