"""The colours of each application, light and dark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.simulator.backdrops import Colour
from bot.simulator.screens.truth import Device, Platform

WHITE: Final[Colour] = (255, 255, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours by what they are used for. ``button`` is the main button's, ``on_button`` the word's on it."""

    page: Colour
    card: Colour
    ink: Colour
    faint: Colour
    line: Colour
    accent: Colour
    link: Colour
    bar: Colour
    on_bar: Colour
    button: Colour
    on_button: Colour
    wallpaper: Colour
    bubble: Colour
    own_bubble: Colour


def theme(platform: Platform, device: Device, dark: bool) -> Theme:
    """The colours of this application on this phone."""
    if device == "iphone" and (platform, dark) in _ON_IPHONE:
        return _ON_IPHONE[platform, dark]
    return _THEMES[platform, dark]


def _rgb(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def _theme(codes: str, button: str = "", chat: str = "") -> Theme:
    """From page, card, ink, faint, line, accent, link, bar, on_bar; and of chats wallpaper, bubble, own bubble."""
    page, card, ink, faint, line, accent, link, bar, on_bar = map(_rgb, codes.split())
    fill, word = map(_rgb, button.split()) if button else (accent, WHITE)
    wallpaper, bubble, own = map(_rgb, chat.split()) if chat else (page, card, card)
    return Theme(
        page=page,
        card=card,
        ink=ink,
        faint=faint,
        line=line,
        accent=accent,
        link=link,
        bar=bar,
        on_bar=on_bar,
        button=fill,
        on_button=word,
        wallpaper=wallpaper,
        bubble=bubble,
        own_bubble=own,
    )


_THEMES: Final[dict[tuple[Platform, bool], Theme]] = {
    ("facebook", False): _theme("ffffff f0f2f5 080809 65686c dadde1 0866ff 0064d1 ffffff 080809"),
    ("facebook", True): _theme("252728 3b3d3e e2e5e9 b0b3b8 424445 0866ff 5aa7ff 252728 e2e5e9"),
    ("instagram", False): _theme("ffffff efefef 000000 737373 dbdbdb 0095f6 00376b ffffff 000000"),
    ("instagram", True): _theme("000000 262626 f5f5f5 a8a8a8 262626 0095f6 e0f1ff 000000 f5f5f5"),
    ("vk", False): _theme("ffffff ebedf0 19191a 818c99 dce1e6 2688eb 2a5885 ffffff 19191a"),
    ("vk", True): _theme("19191a 2c2d2e e1e3e6 8f9296 363738 71aaeb 71aaeb 19191a e1e3e6", "e1e3e6 19191a"),
    ("ok", False): _theme("ffffff f2f3f5 2e2f33 82858c e3e5e8 ff7700 1a6ec4 ffffff 2e2f33"),
    ("ok", True): _theme("1a1b1e 2b2d31 e8e9eb 94979e 36383d ff7700 6aa9ec 1a1b1e e8e9eb"),
    ("telegram", False): _theme(
        "ffffff f0f0f0 222222 8a9199 e4e4e4 3390ec 168acd 527da3 ffffff", chat="c8d9b4 ffffff effedd"
    ),
    ("telegram", True): _theme(
        "1d2733 151e27 f5f5f5 7d8b99 101921 64b5ef 6ab3f3 242d39 ffffff", chat="0e1621 212d3b 3e6a97"
    ),
    ("tiktok", False): _theme("ffffff f1f1f2 161823 8a8b91 e3e3e4 fe2c55 2b5db9 ffffff 161823"),
    ("tiktok", True): _theme("121212 2b2b2b f6f6f6 8a8a8a 2f2f2f fe2c55 7eb0ee 121212 f6f6f6"),
    ("youtube", False): _theme("ffffff f2f2f2 0f0f0f 606060 e5e5e5 065fd4 065fd4 ffffff 0f0f0f", "0f0f0f ffffff"),
    ("youtube", True): _theme("0f0f0f 272727 f1f1f1 aaaaaa 3f3f3f 3ea6ff 3ea6ff 0f0f0f f1f1f1", "f1f1f1 0f0f0f"),
    ("whatsapp", False): _theme(
        "ffffff f6f5f3 0a0a0a 667781 e9edef 1daa61 027eb5 ffffff 0a0a0a", chat="f0ebe3 ffffff d9fdd3"
    ),
    ("whatsapp", True): _theme(
        "0b141b 1f272a fafafa 8d9599 242c30 21c063 53bdeb 0b141b fafafa", chat="0b141b 1f272a 144d37"
    ),
}
_ON_IPHONE: Final[dict[tuple[Platform, bool], Theme]] = {
    ("telegram", False): _theme(
        "ffffff f1f1f5 000000 8e8e93 c8c7cc 007aff 007aff f7f7f7 000000", chat="c5d6ae ffffff e1ffc7"
    ),
    ("telegram", True): _theme(
        "000000 1c1c1e ffffff 8d8e93 2b2b2d 3e88f7 3e88f7 1d1d1f ffffff", chat="0a0d12 262628 2f6ea5"
    ),
    ("whatsapp", False): replace(
        _theme("ffffff f6f6f6 0a0a0a 7c8084 dcdcdc 1daa61 007bfc f6f6f6 0a0a0a"),
        wallpaper=_rgb("f3ede4"),
        bubble=WHITE,
        own_bubble=_rgb("d8fdd2"),
    ),
}
