"""Which application's page to draw, and for which shapes of photo it has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.simulator.screens.contents import PhotoShape, Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.profiles import facebook, instagram, networks, telegram, video, whatsapp
from bot.simulator.screens.truth import Platform

_DRAWN: Final[dict[Platform, Callable[[Page, Profile], None]]] = {
    "facebook": facebook.draw,
    "instagram": instagram.draw,
    "vk": networks.draw_vk,
    "ok": networks.draw_ok,
    "telegram": telegram.draw,
    "tiktok": video.draw_tiktok,
    "youtube": video.draw_youtube,
    "whatsapp": whatsapp.draw,
}
_SHAPES: Final[dict[Platform, tuple[PhotoShape, ...]]] = {
    "facebook": ("circle", "square"),
    "telegram": ("circle", "wide"),
}


def draw_profile(page: Page, who: Profile) -> None:
    """Draw the page under the status bar. Raises ValueError for a shape of photo that the application does not have."""
    shapes = _SHAPES.get(page.look.platform, ("circle",))
    if who.shape not in shapes:
        raise ValueError(f"{page.look.platform} shows no {who.shape} photos: {', '.join(shapes)}")
    _DRAWN[page.look.platform](page, who)
