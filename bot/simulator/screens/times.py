"""How long ago, as each application writes it in its comments: «2 ч», "2h ago", «вчера в 14:20», «12 окт», "3w"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.simulator.screens.truth import Language, Platform

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "ru": ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "ky": ("янв.", "фев.", "мар.", "апр.", "май", "июн.", "июл.", "авг.", "сен.", "окт.", "ноя.", "дек."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
#: now, minutes, hours, days, weeks, years, in short
_SHORT: Final[dict[Language, tuple[str, str, str, str, str, str]]] = {
    "ru": ("Только что", "{} мин", "{} ч", "{} дн.", "{} нед.", "{} г."),
    "ky": ("Азыр эле", "{} мүн", "{} саат", "{} күн", "{} жума", "{} жыл"),
    "en": ("Just now", "{}m", "{}h", "{}d", "{}w", "{}y"),
}
#: minutes, hours, days, weeks, months, years in full; Russian in three forms
_LONG: Final[dict[Language, tuple[str, str, str, str, str, str]]] = {
    "ru": (
        "{} минуту|{} минуты|{} минут",
        "{} час|{} часа|{} часов",
        "{} день|{} дня|{} дней",
        "{} неделю|{} недели|{} недель",
        "{} месяц|{} месяца|{} месяцев",
        "{} год|{} года|{} лет",
    ),
    "ky": ("{} мүнөт", "{} саат", "{} күн", "{} жума", "{} ай", "{} жыл"),
    "en": (
        "{} minute|{} minutes",
        "{} hour|{} hours",
        "{} day|{} days",
        "{} week|{} weeks",
        "{} month|{} months",
        "{} year|{} years",
    ),
}
_AGO: Final[dict[Language, str]] = {"ru": "{} назад", "ky": "{} мурун", "en": "{} ago"}
_TODAY: Final[dict[Language, str]] = {"ru": "сегодня в {}", "ky": "бүгүн {}", "en": "today at {}"}
_YESTERDAY: Final[dict[Language, str]] = {"ru": "вчера в {}", "ky": "кече {}", "en": "yesterday at {}"}
_DATED: Final[dict[Language, str]] = {"ru": "{} в {}", "ky": "{}, {}", "en": "{} at {}"}


def shown_time(when: datetime, now: datetime, platform: Platform, language: Language) -> str:
    """A moment as this application writes it under a comment; both moments in the phone's own zone."""
    age = max(now - when, timedelta())
    if platform in ("telegram", "whatsapp"):
        return when.strftime("%H:%M")
    if platform in ("vk", "ok"):
        return _by_calendar(when, now, platform, language)
    if platform == "youtube":
        return _AGO[language].format(_in_full(age, language))
    if platform == "tiktok":
        return _on_tiktok(when, now, age, language)
    short = _in_short(age, language)
    return short + "." if platform == "instagram" and language == "ru" and short.endswith((" ч", " мин")) else short


def shown_date(when: datetime, language: Language) -> str:
    """A day and month as chats write it between messages."""
    month = _MONTHS[language][when.month - 1]
    return {"ru": f"{when.day} {month}", "ky": f"{when.day}-{month}", "en": f"{month} {when.day}"}[language]


def _in_short(age: timedelta, language: Language) -> str:
    now, minutes, hours, days, weeks, years = _SHORT[language]
    if age < _MINUTE:
        return now
    for pattern, unit, end in ((minutes, _MINUTE, _HOUR), (hours, _HOUR, _DAY), (days, _DAY, 7 * _DAY)):
        if age < end:
            return pattern.format(age // unit)
    return weeks.format(age // (7 * _DAY)) if age < 365 * _DAY else years.format(age // (365 * _DAY))


def _in_full(age: timedelta, language: Language) -> str:
    units = (_MINUTE, _HOUR, _DAY, 7 * _DAY, 30 * _DAY, 365 * _DAY)
    place = max((number for number, unit in enumerate(units) if age >= unit), default=0)
    count = max(1, age // units[place])
    forms = _LONG[language][place].split("|")
    if language != "ru":
        return forms[min(int(count != 1), len(forms) - 1)].format(count)
    one = count % 10 == 1 and count % 100 != 11
    few = 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14
    return forms[0 if one else 1 if few else 2].format(count)


def _by_calendar(when: datetime, now: datetime, platform: Platform, language: Language) -> str:
    """VK and OK: hours while they are few, then today and yesterday with the hour, then the date."""
    if now - when < 4 * _HOUR:
        return _AGO[language].format(_in_full(now - when, language))
    clock = when.strftime("%H:%M")
    if when.date() == now.date():
        return _TODAY[language].format(clock) if platform == "vk" else clock
    if when.date() == (now - _DAY).date():
        return _YESTERDAY[language].format(clock)
    date = shown_date(when, language)
    if when.year != now.year:
        return f"{date}, {when.year}" if language == "en" else f"{date} {when.year}"
    return _DATED[language].format(date, clock) if platform == "vk" else date


def _on_tiktok(when: datetime, now: datetime, age: timedelta, language: Language) -> str:
    if age >= 7 * _DAY:
        return when.strftime("%m-%d") if when.year == now.year else when.strftime("%Y-%m-%d")
    short = _in_short(age, language)
    if age < _MINUTE:
        return short
    return _AGO[language].format(short + "." if language == "ru" and not short.endswith(".") else short)
