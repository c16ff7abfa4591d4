"""What every phone screen has around its contents: the status bar, the application's bar, the gesture line."""

from __future__ import annotations

from bot.simulator.screens.sheet import HEIGHT, WIDTH, Sheet

STATUS: int = 30
BAR: int = 48


def status_bar(sheet: Sheet, clock: str = "14:32") -> None:
    """Time at the left; signal and battery at the right."""
    ink = sheet.colours.ink
    sheet.text(20, 9, clock, 13, ink, bold=True)
    for bar in range(4):
        height = 4 + bar * 2.4
        sheet.box(WIDTH - 84 + bar * 5, 22 - height, 3, height, ink, radius=0.6)
    sheet.text(WIDTH - 60, 9.5, "LTE", 11, ink, bold=True)
    sheet.box(WIDTH - 38, 11, 22, 11, ink, radius=3)
    sheet.box(WIDTH - 37, 12, 20, 9, sheet.colours.page, radius=2)
    sheet.box(WIDTH - 36, 13, 13, 7, ink, radius=1)
    sheet.box(WIDTH - 15.4, 14.5, 1.6, 4, ink)


def app_bar(sheet: Sheet, title: str) -> float:
    """The back arrow, a title and the menu's three dots; the y below it."""
    middle, ink = STATUS + BAR / 2, sheet.colours.ink
    sheet.strokes([(26, middle - 7), (18, middle), (26, middle + 7)], ink)
    sheet.text(44, middle - 10, title, 17, ink, bold=True)
    for dot in (-6, 0, 6):
        sheet.circle(WIDTH - 20, middle + dot, 3.4, ink)
    return STATUS + BAR


def gesture_line(sheet: Sheet) -> None:
    """The bar at the bottom of phones without buttons."""
    sheet.box(WIDTH / 2 - 60, HEIGHT - 10, 120, 4, sheet.colours.ink, radius=2)


def counted(number: int, comma: str) -> str:
    """A count as applications shorten it: 987, 1,2K, 15K."""
    if number < 1000:
        return str(number)
    if number < 10_000:
        return f"{number // 1000}{comma}{number % 1000 // 100}K"
    return f"{number // 1000}K"
