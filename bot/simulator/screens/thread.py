"""A post and the comments under it."""

from __future__ import annotations

from bot.simulator.screens.contents import CommentThread, ThreadComment
from bot.simulator.screens.frame import app_bar
from bot.simulator.screens.looks import Look
from bot.simulator.screens.sheet import HEIGHT, WIDTH, Sheet

_INPUT = 64
_TEXT = 14.5


def draw_thread(sheet: Sheet, thread: CommentThread, look: Look, words: dict[str, str]) -> None:
    """Draw the whole page under the status bar; comments that do not fit are left out."""
    y = _post(sheet, thread, app_bar(sheet, words["comments"]), look, words)
    for comment in thread.comments:
        if y + _height(sheet, comment, look) > HEIGHT - _INPUT:
            break
        y = _comment(sheet, comment, y, look, words)
    _input(sheet, words)


def _post(sheet: Sheet, thread: CommentThread, y: float, look: Look, words: dict[str, str]) -> float:
    sheet.disc(36, y + 28, 40, thread.photo)
    sheet.text(66, y + 10, thread.author, 15, sheet.colours.ink, bold=True)
    sheet.text(66, y + 31, thread.when, 12, sheet.colours.faint)
    y = sheet.paragraph(16, y + 60, thread.text, 15.5, sheet.colours.ink, WIDTH - 32) + 10
    sheet.circle(26, y + 9, 18, look.accent)
    sheet.text(40, y + 1, str(thread.likes), 13, sheet.colours.faint)
    sheet.text(WIDTH - 16, y + 1, f"{words['comments']}: {len(thread.comments)}", 13, sheet.colours.faint, anchor="r")
    sheet.line(y + 28)
    return y + 40


def _indent(comment: ThreadComment) -> tuple[float, float]:
    """Left edge and photo's diameter."""
    return (60, 28) if comment.reply else (12, 36)


def _text_width(comment: ThreadComment, look: Look) -> float:
    left, side = _indent(comment)
    return WIDTH - left - side - 8 - (38 if look.bubbles else 24)


def _height(sheet: Sheet, comment: ThreadComment, look: Look) -> float:
    return len(sheet.lines(comment.text, _TEXT, _text_width(comment, look))) * _TEXT * 1.36 + 64


def _comment(sheet: Sheet, comment: ThreadComment, y: float, look: Look, words: dict[str, str]) -> float:
    left, side = _indent(comment)
    sheet.disc(left + side / 2, y + side / 2, side, comment.photo)
    x, width = left + side + 8, _text_width(comment, look)
    lines = sheet.lines(comment.text, _TEXT, width)
    below = y + 30 + len(lines) * _TEXT * 1.36
    if look.bubbles:
        sheet.box(x, y, width + 24, below - y + 4, sheet.colours.card, radius=16)
        x += 12
    sheet.text(x, y + 7, comment.author, 13.5, sheet.colours.ink, bold=True)
    sheet.paragraph(x, y + 27, comment.text, _TEXT, sheet.colours.ink, width)
    at = x
    for part in (comment.when, words["like"], words["reply"]):
        at += sheet.text(at, below + 9, part, 12, sheet.colours.faint, bold=part != comment.when) + 14
    if comment.likes:
        sheet.text(WIDTH - 30, below + 9, str(comment.likes), 12, sheet.colours.faint, anchor="r")
        sheet.circle(WIDTH - 20, below + 16, 12, look.accent)
    return below + 34


def _input(sheet: Sheet, words: dict[str, str]) -> None:
    top = HEIGHT - _INPUT
    sheet.box(0, top, WIDTH, _INPUT, sheet.colours.page)
    sheet.line(top)
    sheet.box(12, top + 8, WIDTH - 24, 36, sheet.colours.card, radius=18)
    sheet.text(28, top + 17, words["write"], 14, sheet.colours.faint)
