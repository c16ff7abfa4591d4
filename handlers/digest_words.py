"""Words that /chats and /digest understand, in three languages."""

from typing import Final

ADD: Final = ("add", "добавить", "кошуу")
REMOVE: Final = ("remove", "убрать", "удалить", "алып", "өчүрүү")
DAILY: Final = ("daily", "ежедневно", "күндө", "күнүгө")
WEEKLY: Final = ("weekly", "еженедельно", "жумалык")
NOW: Final = ("now", "сейчас", "азыр")
OFF: Final = ("off", "pause", "пауза", "выкл", "тыныгуу", "өчүр")
ON: Final = ("on", "resume", "вкл", "продолжить", "күйгүз", "улантуу")

_NAMES: Final = (
    ("mon monday", "пн понедельник", "дш дүйшөмбү"),
    ("tue tuesday", "вт вторник", "шш шейшемби"),
    ("wed wednesday", "ср среда", "шр шаршемби"),
    ("thu thursday", "чт четверг", "бш бейшемби"),
    ("fri friday", "пт пятница", "жм жума"),
    ("sat saturday", "сб суббота", "иш ишемби"),
    ("sun sunday", "вс воскресенье", "жк жекшемби"),
)
#: Weekdays, Monday is 0.
DAYS: Final = {word: day for day, names in enumerate(_NAMES) for each in names for word in each.split()}
