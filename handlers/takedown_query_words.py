"""The words of the takedown ledger in Russian, Kyrgyz and English: keys and values of queries, lines of /takedown."""

from collections.abc import Mapping
from typing import Final

from handlers.threat_query_words import KEYS as THREAT_KEYS
from handlers.threat_query_words import PLATFORMS, Words

KEYS: Final[Words] = {
    **{name: THREAT_KEYS[name] for name in ("platform", "channel", "status", "since", "until", "account", "words")},
    "reporter": (*THREAT_KEYS["reporter"], "who", "кто", "ким"),
}

STATUSES: Final[Words] = {
    "draft": ("draft", "drafts", "черновик", "черновики", "каралама"),
    "sent": ("sent", "отправлено", "отправлена", "жөнөтүлдү", "жөнөтүлгөн"),
    "answered": ("answered", "ответ", "отвечено", "ответили", "жооп"),
    "removed": ("removed", "deleted", "удалено", "удалён", "удален", "удалили", "өчүрүлдү", "өчүрүлгөн"),
    "partly": ("partly", "partial", "частично", "жарым-жартылай", "жартылай"),
    "refused": ("refused", "rejected", "отказ", "отказано", "отказали", "четке", "четке кагылды"),
    "no_answer": ("no_answer", "silence", "без ответа", "нет ответа", "молчание", "жоопсуз", "жооп жок"),
    "withdrawn": ("withdrawn", "отозвано", "кайтарылды"),
}
#: Of several statuses at once.
OPEN: Final = ("open", "waiting", "ждём", "ждем", "ждут", "открыто", "күтүүдө", "ачык")

CHANNELS: Final[Words] = {
    "form": ("form", "форма", "через форму"),
    "trust_team": ("trust_team", "trust", "trust team", "траст", "команда безопасности", "коопсуздук тобу"),
    "partner": ("partner", "партнёр", "партнер", "өнөктөш"),
    "email": ("email", "e-mail", "mail", "почта", "имейл", "эл.почта"),
    "police": ("police", "милиция", "полиция", "мвд", "ички иштер"),
    "other": ("other", "другое", "иначе", "башка"),
}

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
