"""The words of the takedown ledger in Russian, Kyrgyz and English: keys and values of queries, lines of /takedown."""

from collections.abc import Mapping
from typing import Final

from bot.services.takedown_words import CHANNEL_WORDS as CHANNELS
from bot.services.takedown_words import STATUS_WORDS as STATUSES
from handlers.threat_query_words import KEYS as THREAT_KEYS
from handlers.threat_query_words import PLATFORMS, Words

KEYS: Final[Words] = {
    **{name: THREAT_KEYS[name] for name in ("platform", "channel", "status", "since", "until", "account", "words")},
    "reporter": (*THREAT_KEYS["reporter"], "who", "кто", "ким"),
}

#: Of several statuses at once.
OPEN: Final = ("open", "waiting", "ждём", "ждем", "ждут", "открыто", "күтүүдө", "ачык")

WHYS: Final[Words] = {
    "stolen_photo": ("stolen_photo", "stolen photo", "photo", "чужое фото", "фото", "сүрөт", "башканын сүрөтү"),
    "shared_photo": ("shared_photo", "shared photo", "общее фото", "бир сүрөт"),
    "impersonation": ("impersonation", "clone", "двойник", "клон", "выдаёт себя", "окшоштуруу"),
    "copied_texts": ("copied_texts", "copies", "copied texts", "копии", "одинаковые тексты", "көчүрмө"),
    "threats": ("threats", "threat", "угрозы", "угроза", "коркутуу"),
    "spam": ("spam", "спам"),
    "other": ("other", "другое", "башка"),
}

#: What lines of /takedown begin with.
LABELS: Final[Words] = {
    "channel": ("channel", "via", "канал", "способ", "жолу"),
    "ticket": ("ticket", "number", "тикет", "номер", "обращение", "кайрылуу"),
    "sent": ("sent", "date", "дата", "отправлено", "күнү", "жөнөтүлдү"),
    "recheck": ("recheck", "check", "проверить", "перепроверить", "текшерүү"),
    "why": ("why", "what", "почему", "причина", "нарушение", "себеп", "себеби"),
    "evidence": ("evidence", "доказательства", "улики", "далил", "далилдер"),
    "answer": ("answer", "ответ", "жооп"),
    "status": ("status", "статус", "итог", "абалы"),
    "note": ("note", "заметка", "эскертүү"),
}

#: The word that makes a batch list of a platform.
BATCH: Final = ("batch", "list", "список", "пакет", "тизме")

VALUES: Final[Mapping[str, Words]] = {"platform": PLATFORMS, "channel": CHANNELS, "status": STATUSES}
