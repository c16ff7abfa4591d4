"""The interface's words in one language and application, counts as that application writes them, plural forms."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from bot.simulator.screens.truth import Language, Platform

_THOUSANDS: Final[dict[Language, tuple[str, str]]] = {
    "ru": (" тыс.", " млн"),
    "ky": (" миң", " млн"),
    "en": ("K", "M"),
}


class Words:
    """Words of one application in one language. Raises KeyError for a word that the table lacks."""

    def __init__(self, language: Language, platform: Platform) -> None:
        table = _tables()[language]
        self._words = {**table["any"], **table.get(platform, {})}
        self.language: Language = language
        self.platform: Platform = platform

    def __getitem__(self, key: str) -> str:
        return self._words[key]

    def several(self, key: str) -> list[str]:
        """A list of words, as tabs and rows of buttons have them."""
        return self._words[key].split(",")

    def counted(self, key: str, number: int) -> str:
        """The word in its form for this number, with {n} as the application writes it."""
        forms = self._words[key].split("|")
        form = forms[min(_form(number, self.language), len(forms) - 1)]
        return form.replace("{n}", self.count(number))

    def count(self, number: int) -> str:
        """A number as applications shorten it: 987, 1,2 тыс., 15 тыс., 1.2K."""
        if number < 1000:
            return str(number)
        full = self.platform in ("instagram", "vk", "ok", "facebook", "telegram") and number < 10_000
        if full and (self.platform != "facebook" or self.language == "ky"):
            gap = "," if self.language == "en" else " "
            return f"{number // 1000}{gap}{number % 1000:03}"
        thousand, million = _THOUSANDS[self.language]
        if self.platform == "tiktok" or (self.platform == "vk" and self.language != "en"):
            thousand, million = "K", "M"
        unit, name = (1_000_000, million) if number >= 1_000_000 else (1000, thousand)
        whole, tenth = number // unit, number % unit * 10 // unit
        comma = "." if self.language == "en" or self.platform == "tiktok" else ","
        return f"{whole}{comma}{tenth}{name}" if tenth and whole < 100 else f"{whole}{name}"


@cache
def _tables() -> dict[str, dict[str, dict[str, str]]]:
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, dict[str, str]]] = tomllib.loads(text)
    return tables


def _form(number: int, language: Language) -> int:
    """Which of the forms stands with this number: 0 for one, 1 for few (Russian) or many (English), 2 for many."""
    if language != "ru":
        return int(number != 1)
    if number >= 1000:
        return 2
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else 2
