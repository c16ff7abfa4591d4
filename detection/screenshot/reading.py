"""Read a phone screenshot: the one entry to this room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import Canvas, canvas_of
from detection.screenshot.chats import read_messages
from detection.screenshot.circles import find_circles
from detection.screenshot.emoji import without_emoji
from detection.screenshot.engine import DEFAULT_LANGUAGES, EngineMissing, Word, available
from detection.screenshot.entries import find_entries
from detection.screenshot.frame import Frame, find_frame
from detection.screenshot.model import Kind, ReadComment, ReadLine, ReadProfile, Role, Screen
from detection.screenshot.piece import Piece, piece_of, rows_of
from detection.screenshot.platforms import Guess, guess_platform
from detection.screenshot.profiles import read_profile
from detection.screenshot.readings import Reading
from detection.screenshot.recognition import Recogniser
from detection.screenshot.slant import levelled
from detection.screenshot.strokes import find_lines, letter_rows
from detection.screenshot.threads import is_caption, is_post, read_comment, read_post

# Larger circles are no authors' photos and may be anything: nothing is hidden behind them.
_AVATAR_MAX: Final = 320
# Pieces that are read at most: a full screen of small text has some 120.
_PIECES_MAX: Final = 260
_CHATS: Final = ("telegram", "whatsapp")


@dataclass(frozen=True, slots=True)
class _Contents:
    kind: Kind
    profile: ReadProfile | None = None
    post: ReadComment | None = None
    comments: tuple[ReadComment, ...] = ()


def read_screen(image: Image.Image, languages: Sequence[str] = DEFAULT_LANGUAGES, *, seconds: float = 20.0) -> Screen:
    """Everything that a screenshot says.

    ``image`` is upright and decoded (detection.image.opening); ``languages`` are the engine's names, of which those
    without a model are left out. ``seconds`` of CPU bound the reading of letters: what is not reached by then is not
    read, and ``complete`` is False. A picture without any text is a screen of kind "unknown" without lines. Raises
    `EngineMissing` when none of the languages can be read here.
    """
    usable = tuple(language for language in languages if language in available())
    if not usable:
        raise EngineMissing(", ".join(languages))
    canvas = canvas_of(image)
    if canvas is None:
        return _nothing(complete=True)
    canvas = levelled(canvas, letter_rows(canvas))
    circles = find_circles(canvas)
    pieces, dots, complete = _read_pieces(canvas, circles, usable, seconds)
    if not pieces:
        return _nothing(complete=complete)
    frame = find_frame(pieces, canvas.height)
    guess = guess_platform(canvas, pieces, circles)
    contents = _contents(canvas, pieces, circles, frame, guess)
    shown = [*(piece for piece in pieces if not piece.is_icon), *(_dot(canvas, dot) for dot in dots)]
    return _screen(canvas, shown, frame, guess, contents, complete)


def _nothing(*, complete: bool) -> Screen:
    return Screen(
        platform=None, platform_confidence=0.0, kind="unknown", language=None, dark=False, lines=(), complete=complete
    )


def _read_pieces(
    canvas: Canvas, circles: Sequence[Box], languages: tuple[str, ...], seconds: float
) -> tuple[list[Piece], tuple[Box, ...], bool]:
    canvas = without_emoji(canvas)
    found = find_lines(canvas, tuple(circle for circle in circles if circle.w < _AVATAR_MAX))
    # Noise has thousands of pieces; text has long ones.
    widest = sorted(found.lines, key=lambda box: -box.w)[:_PIECES_MAX]
    recogniser = Recogniser(languages, seconds)
    lines = recogniser.read(canvas, sorted(widest, key=lambda box: (box.y, box.x)))
    pieces = [piece_of(canvas, line.box, line.reading) for line in lines]
    return pieces, found.dots, len(widest) == len(found.lines) and not recogniser.exhausted


def _contents(canvas: Canvas, pieces: Sequence[Piece], circles: Sequence[Box], frame: Frame, guess: Guess) -> _Contents:
    profile = read_profile(canvas, pieces, circles, frame, guess.platform)
    if profile is not None:
        return _Contents("profile", profile=profile)
    if guess.platform in _CHATS:
        comments, start = read_messages(canvas, pieces, circles, frame)
        if start:
            return _Contents("thread", post=comments[start - 1], comments=tuple(comments[start:]))
        return _Contents("chat" if comments else "unknown", comments=tuple(comments))
    return _thread(pieces, circles, frame)


def _thread(pieces: Sequence[Piece], circles: Sequence[Box], frame: Frame) -> _Contents:
    entries = find_entries(pieces, circles, frame.floor)
    post, comments = None, []
    for place, entry in enumerate(entries):
        if place == 0 and is_post(entry):
            post = read_post(entry)
        elif place == 0 and is_caption(entry, entries[1:]):
            post = read_comment(entry)
        else:
            comments.append(read_comment(entry))
    kind: Kind = "thread" if comments else "post" if post else "unknown"
    return _Contents(kind, post=post, comments=tuple(comments))


def _screen(
    canvas: Canvas, pieces: Sequence[Piece], frame: Frame, guess: Guess, contents: _Contents, complete: bool
) -> Screen:
    lines = tuple(_line(canvas, piece, frame) for row in rows_of(pieces) for piece in row)
    letters = sum(len(line.text) for line in lines)
    return Screen(
        platform=guess.platform,
        platform_confidence=guess.confidence,
        kind=contents.kind,
        language=_language(pieces),
        dark=_is_dark(pieces),
        lines=lines,
        profile=_profile_there(canvas, contents.profile),
        post=_there(canvas, contents.post) if contents.post else None,
        comments=tuple(_there(canvas, comment) for comment in contents.comments),
        title=frame.title,
        confidence=sum(line.confidence * len(line.text) for line in lines) / max(1, letters),
        complete=complete,
    )


def _line(canvas: Canvas, piece: Piece, frame: Frame) -> ReadLine:
    return ReadLine(
        text=piece.text,
        box=canvas.original(piece.box),
        confidence=piece.confidence,
        language=piece.reading.language,
        role=_role(piece, frame),
    )


def _dot(canvas: Canvas, box: Box) -> Piece:
    """The dot between two parts of a line."""
    return piece_of(canvas, box, Reading((Word("·", 1.0, box),), "", 1.0))


def _role(piece: Piece, frame: Frame) -> Role:
    if piece.box.bottom <= frame.status:
        return "status"
    if piece.box.y >= frame.floor:
        return "input"
    if piece.is_time:
        return "time"
    if piece.is_number:
        return "number"
    return "interface" if piece.matches or not piece.letters else "content"


def _there(canvas: Canvas, comment: ReadComment) -> ReadComment:
    avatar = canvas.original(comment.avatar) if comment.avatar else None
    return replace(comment, avatar=avatar, box=canvas.original(comment.box))


def _profile_there(canvas: Canvas, profile: ReadProfile | None) -> ReadProfile | None:
    if profile is None or profile.avatar is None:
        return profile
    return replace(profile, avatar=canvas.original(profile.avatar))


def _language(pieces: Sequence[Piece]) -> str | None:
    """The language of most words of the application; one that several languages have counts a part for each."""
    votes: defaultdict[str, float] = defaultdict(float)
    for piece in pieces:
        languages = {language for match in piece.matches for language in match.languages}
        for language in languages:
            votes[language] += 1 / len(languages)
    return max(votes, key=lambda language: votes[language]) if votes else None


def _is_dark(pieces: Sequence[Piece]) -> bool:
    """Whether letters are mostly lighter than what they stand on."""
    lighter = sum(len(piece.text) * (1 if sum(piece.ink) > sum(piece.ground) else -1) for piece in pieces)
    return lighter > 0
