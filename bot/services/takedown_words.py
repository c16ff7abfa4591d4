"""What statuses and channels of the takedown ledger are called in Russian, Kyrgyz and English: typed, or in files."""

from collections.abc import Mapping
from typing import Final

Words = Mapping[str, tuple[str, ...]]

STATUS_WORDS: Final[Words] = {
    "draft": (
        "draft",
        "drafts",
        "not sent yet",
        "черновик",
        "черновики",
        "ещё не отправлено",
        "каралама",
        "жөнөтүлө элек",
    ),
    "sent": (
        "sent",
        "sent, waiting",
        "отправлено",
        "отправлена",
        "отправлено, ждём",
        "жөнөтүлдү",
        "жөнөтүлгөн",
        "жөнөтүлдү, күтөбүз",
    ),
    "answered": (
        "answered",
        "answered, not decided",
        "ответ",
        "отвечено",
        "ответили",
        "ответили, решения нет",
        "жооп",
        "жооп келди",
        "жооп келди, чечим жок",
    ),
    "removed": ("removed", "deleted", "удалено", "удалён", "удален", "удалили", "өчүрүлдү", "өчүрүлгөн"),
    "partly": (
        "partly",
        "partial",
        "removed in part",
        "частично",
        "удалено частично",
        "жарым-жартылай",
        "жарым-жартылай өчүрүлдү",
        "жартылай",
    ),
    "refused": ("refused", "rejected", "отказ", "отказано", "отказали", "баш тартышты", "четке кагылды", "четке"),
    "no_answer": ("no_answer", "no answer", "silence", "без ответа", "нет ответа", "молчание", "жоопсуз", "жооп жок"),
    "withdrawn": (
        "withdrawn",
        "отозвано",
        "отозвана",
        "кайтарылды",
        "кайтарылган",
        "кайтарып алынды",
        "кайтарылып алынган",
    ),
}

CHANNEL_WORDS: Final[Words] = {
    "form": ("form", "a form", "форма", "через форму"),
    "trust_team": (
        "trust_team",
        "trust",
        "trust team",
        "the trust team",
        "траст",
        "команда безопасности",
        "коопсуздук тобу",
    ),
    "partner": (
        "partner",
        "a partner organisation",
        "партнёр",
        "партнер",
        "партнёрская организация",
        "өнөктөш",
        "өнөктөш уюм",
    ),
    "email": ("email", "e-mail", "mail", "почта", "эл. почта", "имейл"),
    "police": ("police", "милиция", "полиция", "мвд", "ички иштер"),
    "other": ("other", "another way", "другое", "другой способ", "башка", "башка жол"),
}


def named(words: Words, text: str) -> str | None:
    """The code that a whole text names; None when it names none."""
    said = " ".join(text.lower().split())
    return next((code for code, names in words.items() if said in names), None)
