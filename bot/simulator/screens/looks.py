"""How each application looks: its colours, the shape of its profile page, and its words in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.simulator.backdrops import Colour
from bot.simulator.screens.contents import Language, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours of one look, light or dark."""

    page: Colour
    card: Colour
    ink: Colour
    faint: Colour
    line: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One application. ``photo`` is the profile photo's diameter in dp, ``bubbles`` whether comments lie in boxes."""

    accent: Colour
    layout: Literal["left", "centre", "row", "full"]
    photo: int
    cover: int
    bubbles: bool
    ring: bool = False
    dark_page: Colour = (24, 25, 26)


LIGHT: Final = Palette(
    page=(255, 255, 255), card=(240, 242, 245), ink=(5, 5, 5), faint=(101, 103, 107), line=(220, 222, 226)
)
_DARK_CARD: Final = (50, 52, 54)

LOOKS: Final[dict[Platform, Look]] = {
    "facebook": Look(accent=(24, 119, 242), layout="left", photo=140, cover=196, bubbles=True),
    "instagram": Look(
        accent=(0, 149, 246), layout="row", photo=80, cover=0, bubbles=False, ring=True, dark_page=(0, 0, 0)
    ),
    "vk": Look(accent=(38, 136, 235), layout="centre", photo=100, cover=124, bubbles=False, dark_page=(20, 20, 21)),
    "ok": Look(accent=(238, 130, 8), layout="centre", photo=112, cover=140, bubbles=True),
    "telegram": Look(accent=(51, 144, 236), layout="full", photo=360, cover=0, bubbles=True, dark_page=(15, 20, 27)),
}


def palette(look: Look, dark: bool) -> Palette:
    """The colours of this application, light or dark."""
    if not dark:
        return LIGHT
    return Palette(page=look.dark_page, card=_DARK_CARD, ink=(228, 230, 235), faint=(160, 164, 170), line=(58, 60, 63))


WORDS: Final[dict[Language, dict[str, str]]] = {
    "ru": {
        "friends": "друзей",
        "followers": "подписчиков",
        "posts": "публикаций",
        "add": "Добавить",
        "follow": "Подписаться",
        "message": "Сообщение",
        "lives": "Город:",
        "ago": "3 ч",
        "wall": "Публикации",
        "comments": "Комментарии",
        "like": "Нравится",
        "reply": "Ответить",
        "write": "Напишите комментарий…",
        "search": "Поиск",
        "about": "О себе",
        "handle": "Имя пользователя",
    },
    "ky": {
        "friends": "дос",
        "followers": "жазылуучу",
        "posts": "жарыялоо",
        "add": "Дос кошуу",
        "follow": "Жазылуу",
        "message": "Билдирүү",
        "lives": "Шаары:",
        "ago": "3 саат",
        "wall": "Жарыялоолор",
        "comments": "Комментарийлер",
        "like": "Жакты",
        "reply": "Жооп берүү",
        "write": "Комментарий жазыңыз…",
        "search": "Издөө",
        "about": "Өзү жөнүндө",
        "handle": "Колдонуучунун аты",
    },
    "en": {
        "friends": "friends",
        "followers": "followers",
        "posts": "posts",
        "add": "Add friend",
        "follow": "Follow",
        "message": "Message",
        "lives": "Lives in:",
        "ago": "3 h",
        "wall": "Posts",
        "comments": "Comments",
        "like": "Like",
        "reply": "Reply",
        "write": "Write a comment…",
        "search": "Search",
        "about": "Bio",
        "handle": "Username",
    },
}
