"""What the phone itself shows: time, signal and battery above, the line for gestures below."""

from __future__ import annotations

from bot.simulator.backdrops import Colour
from bot.simulator.screens.page import Page
from bot.simulator.screens.sheet import Font


def status_bar(page: Page, ink: Colour) -> None:
    """The time at the left, signal and battery at the right, as on this kind of phone."""
    (_iphone_status if page.iphone else _android_status)(page, ink)


def gesture_line(page: Page, ink: Colour) -> None:
    """The bar at the bottom of phones without buttons."""
    sheet = page.sheet
    across, high = (140, 5) if page.iphone else (110, 3.4)
    sheet.box((sheet.width - across) / 2, sheet.height - (8 if page.iphone else 7) - high, across, high, ink, 3)


def _android_status(page: Page, ink: Colour) -> None:
    sheet, y = page.sheet, 16.0
    sheet.text(24, y, page.look.clock, Font(13.5, ink, "medium", "status"))
    sheet.circle(sheet.width / 2, y, 19, (0, 0, 0))
    right = sheet.width - 20
    charge = sheet.text(right, y, f"{page.look.battery}%", Font(12, ink, "medium", "status"), anchor="r")
    x = right - charge.width - 14
    _upright_battery(page, x, y, ink)
    _bars(page, x - 24, y + 6, ink, step=3.6, low=3.2)
    sheet.icon("wifi", x - 36, y - 0.5, 18, ink)


def _upright_battery(page: Page, x: float, y: float, ink: Colour) -> None:
    sheet, pale = page.sheet, _pale(ink)
    sheet.box(x, y - 5.6, 8, 12, pale, 1.6)
    sheet.box(x + 2.3, y - 7, 3.4, 2, pale)
    charged = 12 * page.look.battery / 100
    sheet.box(x, y + 6.4 - charged, 8, charged, ink, 1.6)


def _iphone_status(page: Page, ink: Colour) -> None:
    sheet, y = page.sheet, 26.0
    middle = sheet.width / 2
    sheet.box(middle - 62, 0, 124, 31, (0, 0, 0), 16)
    sheet.box(middle - 62, 0, 124, 12, (0, 0, 0))
    sheet.text(56, y, page.look.clock, Font(17, ink, "medium", "status"), anchor="m")
    right = sheet.width - 28
    sheet.box(right - 25, y - 6.3, 25, 12.6, _pale(ink), 4)
    sheet.box(right + 1, y - 2, 1.8, 4, _pale(ink), 1)
    sheet.box(right - 25, y - 6.3, 25 * page.look.battery / 100, 12.6, ink, 4)
    sheet.icon("wifi", right - 39, y, 19, ink)
    _bars(page, right - 69, y + 5.6, ink, step=4.9, low=4.0)


def _bars(page: Page, x: float, below: float, ink: Colour, *, step: float, low: float) -> None:
    for bar in range(4):
        height = low + bar * 2.5
        page.sheet.box(x + bar * step, below - height, step * 0.66, height, ink, 0.9)


def _pale(ink: Colour) -> Colour:
    """The ink as it looks half transparent, whether on black or on white."""
    bright = sum(ink) > 380
    return (112, 112, 116) if bright else (178, 178, 182)
