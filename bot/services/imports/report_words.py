"""Words of spreadsheets for categories, venues, yes and no, counts and money: in three languages, as people write."""

import re
from collections.abc import Mapping
from typing import Final

from bot.errors import Refusal
from bot.model.codebook import LANGUAGES, Names, codebook
from bot.services.imports.named_columns import squeezed

#: Beside the codebook's own codes and names.
_CATEGORIES: Final[Mapping[str, str]] = {
    "candidates": "candidate кандидат талапкер",
    "politicians": "politician политик депутат саясатчы mp",
    "parties": "party politicalparty партия партии саясийпартия",
    "authorities": "authority government государство власть органвласти бийлик мамлекеттикорган authority",
    "media": "outlet mediaoutlet медиа массмедиа жаңылык news",
    "influencers": "influencer blogger opinionleader блогер блогеры лидермнений инфлюенсер",
    "groups": "group publicgroup community группа группы паблик сообщество публичнаягруппа топ топтор коомдуктоп",
}
_VENUES: Final[Mapping[str, str]] = {
    "page": "channel public страница канал паблик баракча",
    "group": "community chat группа сообщество чат топ",
    "profile": "ownpost personal own user account личный личнаястраница профиль жеке жекебаракча",
    "site": "newssite website news web сайт новостнойсайт новости жаңылыксайты",
}
_YES: Final = frozenset({"yes", "y", "true", "1", "+", "да", "есть", "ооба", "бар", "present", "v", "x"})
_NO: Final = frozenset(
    {
        *("no", "n", "false", "0", "-", "—", "absent", "none", "notpresent", "notpresenthere"),
        *("нет", "отсутствует", "здесьнет", "неттут", "жок", "булжердежок"),
    }
)
_TIMES: Final[Mapping[str, int]] = {
    "k": 1_000,
    "к": 1_000,
    "тыс": 1_000,
    "миң": 1_000,
    "m": 1_000_000,
    "млн": 1_000_000,
    "м": 1_000_000,
}
_COUNT: Final = re.compile(r"(\d[\d\s\u00a0\u202f.,]*)\s*(k|к|тыс\.?|миң|m|м|млн\.?)?", re.IGNORECASE)
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,\s\u00a0\u202f]\d{3})+")
_MOST: Final = 10**15


def category(word: str) -> str | None:
    """The category that a word names; None for nothing. Raises Refusal for a word that names none."""
    return _code(word, codebook().categories, _CATEGORIES, "category_unknown")


def venue(word: str) -> str | None:
    """The venue that a word names. Raises Refusal."""
    return _code(word, codebook().venues, _VENUES, "venue_unknown")


def yes_no(word: str) -> bool | None:
    """Yes or no, as far as the word says so; None for nothing and for other words."""
    name = squeezed(word)
    return True if name in _YES else False if name in _NO else None


def count(word: str, field: str) -> int:
    """A number as platforms and spreadsheets show it: 1234, 1 234, 1,234, 12.5K, 3 тыс. Raises Refusal."""
    found = _COUNT.fullmatch(word.strip())
    if found is None:
        raise Refusal("count_wrong", column=field)
    times = _TIMES.get((found.group(2) or "").lower().rstrip("."), 1)
    digits = found.group(1).strip()
    if _GROUPED.fullmatch(digits) and times == 1:
        value = float(re.sub(r"\D", "", digits))
    else:
        value = _decimal(digits, field) * times
    if value > _MOST or (times == 1 and value != int(value)):
        raise Refusal("count_wrong", column=field)
    return round(value)


def money(word: str) -> int:
    """An amount in hundredths: 100, 99.50, 1 234,50. Raises Refusal."""
    digits = re.sub(r"[\s\u00a0\u202f]", "", word)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", digits):
        digits = digits.replace(",", "")
    if not re.fullmatch(r"\d{1,12}(?:[.,]\d{1,2})?", digits):
        raise Refusal("spend_wrong")
    return round(float(digits.replace(",", ".")) * 100)


def _decimal(digits: str, field: str) -> float:
    plain = re.sub(r"[\s\u00a0\u202f]", "", digits).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        raise Refusal("count_wrong", column=field) from None


def _code(word: str, table: Names, more: Mapping[str, str], refusal: str) -> str | None:
    name = squeezed(word) if word.strip() else ""
    if not name:
        return None
    for code, names in table.items():
        known = {squeezed(code), *(squeezed(names[language]) for language in LANGUAGES)}
        if name in known or name in more.get(code, "").split():
            return code
    raise Refusal(refusal, word=word.strip()[:40])
