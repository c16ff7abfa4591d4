"""What a member types about an account, line by line: «работа: акимат», "praised: X 01.10.2026 https://… — quote".

Every line begins with a label in Russian, Kyrgyz or English; a line without one is a note to the reason.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bot.errors import Refusal
from bot.model.account_record import TAGS, AccountKind, FactKind, NewFact
from bot.model.moments import is_plausible
from detection.accounts.links import parse_links

_LABELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("name", "имя", "аты", "ысым"), "name"),
    **dict.fromkeys(("link", "ссылка", "шилтеме"), "link"),
    **dict.fromkeys(("work", "job", "работа", "жумуш", "иши"), "work"),
    **dict.fromkeys(("study", "school", "учёба", "учеба", "вуз", "школа", "окуу", "окуган"), "study"),
    **dict.fromkeys(("place", "city", "место", "город", "жер", "шаар"), "place"),
    **dict.fromkeys(("group", "groups", "группа", "группы", "топ", "топтор"), "group"),
    **dict.fromkeys(("tag", "метка", "признак", "белги"), "tag"),
    **dict.fromkeys(("praised", "praises", "хвалит", "хвалил", "хвалила", "мактайт", "мактады"), "praised"),
    **dict.fromkeys(("attacked", "attacks", "атакует", "атаковал", "нападает", "чабуул", "сындайт"), "attacked"),
    **dict.fromkeys(("first seen", "since", "впервые", "создан", "биринчи", "ачылган"), "first_seen"),
    **dict.fromkeys(("last seen", "последний раз", "активен", "акыркы"), "last_seen"),
    **dict.fromkeys(("photo", "profile photo", "фото", "аватар", "сүрөт"), "photo_on"),
    **dict.fromkeys(("cover", "обложка", "мукаба"), "cover_on"),
    **dict.fromkeys(("posts", "posts a day", "постов", "постов в день", "посты", "пост", "күнүнө"), "posts_a_day"),
    **dict.fromkeys(("type", "kind", "тип", "түрү"), "kind"),
}
_TAG_WORDS: Final[Mapping[str, str]] = {
    **{tag: tag for tag in TAGS},
    **dict.fromkeys(("без постов", "посту жок", "no posts"), "no_posts"),
    **dict.fromkeys(("чужое фото", "украденное фото", "уурдалган сүрөт", "stolen photo"), "stolen_photo"),
    **dict.fromkeys(("рабочие часы", "жумуш убактысы", "office hours"), "office_hours"),
    **dict.fromkeys(("новый и активный", "жаңы жана активдүү", "fresh and busy"), "fresh_and_busy"),
}
_HIRED: Final = ("hired", "наёмный", "наемный", "нанят", "жалданган", "убактылуу")
_ATTACHED: Final = re.compile(r"(?:attached(?: to)?|при|закреплён за|закреплен за|бекитилген)\b[\s:]*", re.IGNORECASE)
_DAY: Final = re.compile(r"(?<!\d)(?:(\d{1,2})[./](\d{1,2})[./](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))(?!\d)")
_DASH: Final = re.compile(r"\s[—–-]\s")
_MOST_VALUE: Final = 500
_MOST_LINK: Final = 500
_MOST_WHY: Final = 2_000
_MOST_LINES: Final = 60
_MOST_POSTS: Final = 10_000.0


@dataclass(slots=True)
class Told:
    """What was said: facts, details by the names of their columns, names, and words without a label."""

    facts: list[NewFact] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was understood."""
        return not (self.facts or self.details or self.names)


def read_told(text: str, source: str = "") -> Told:
    """The lines of a message. Raises Refusal for a date, number or mark that cannot be read."""
    told = Told()
    for line in [line.strip() for line in text.splitlines() if line.strip()][:_MOST_LINES]:
        label, colon, value = line.partition(":")
        code = _LABELS.get(" ".join(label.lower().split())) if colon else None
        if code is None or not value.strip():
            told.rest.append(line)
        else:
            _take(told, code, value.strip(), source)
    return told


def _take(told: Told, code: str, value: str, source: str) -> None:
    if code in ("first_seen", "last_seen", "photo_on", "cover_on"):
        told.details[code] = read_day(value)
    elif code == "posts_a_day":
        told.details[code] = read_amount(value)
    elif code == "kind":
        told.details |= read_kind(value)
    elif code == "group":
        told.facts += [fact_of(FactKind.GROUP, each, source) for each in value.split(";") if each.strip()]
    elif code == "tag":
        told.facts.append(read_tag(value, source))
    else:
        told.facts.append(fact_of(FactKind(code), value, source))
        if code == "name":
            told.names.append(told.facts[-1].value[:200])


def fact_of(kind: FactKind, text: str, source: str = "") -> NewFact:
    """A fact from words with, in any order, a date, a link, and behind a dash a quotation or an explanation."""
    words, _, why = _split_dash(text)
    links = parse_links(words)
    # A date inside an address is a part of it.
    days = (found for found in _DAY.finditer(words) if not any(e.start <= found.start() < e.end for e in links))
    day = next(days, None)
    taken = links[:1] if kind is not FactKind.LINK else []
    link = taken[0].url[:_MOST_LINK] if taken else None
    spans = [(each.start, each.end) for each in taken] + ([day.span()] if day is not None else [])
    for start, end in sorted(spans, reverse=True):
        words = words[:start] + words[end:]
    value = " ".join(words.split()).strip(" ,;·")[:_MOST_VALUE]
    if not value:
        raise Refusal("fact_empty")
    return NewFact(
        kind=kind,
        value=value,
        why=why[:_MOST_WHY] or None,
        link=link,
        seen_on=_date_of(day) if day is not None else None,
        source=source[:200],
    )


def _split_dash(text: str) -> tuple[str, str, str]:
    found = _DASH.search(text)
    return (text[: found.start()], found.group(), text[found.end() :].strip()) if found else (text, "", "")


def read_tag(text: str, source: str = "") -> NewFact:
    """A mark of the checklist with its explanation. Raises Refusal for one that there is not, or without a word why."""
    name, _, why = _split_dash(text)
    tag = _TAG_WORDS.get(name.strip().lower())
    if tag is None:
        raise Refusal("tag_unknown", tag=name.strip()[:40])
    return tag_of(tag, why, source)


def tag_of(tag: str, why: str, source: str = "") -> NewFact:
    """A mark of the checklist. Raises Refusal: each mark is explained."""
    if tag not in TAGS:
        raise Refusal("tag_unknown", tag=tag[:40])
    if not why.strip():
        raise Refusal("tag_without_reason")
    return NewFact(kind=FactKind.TAG, value=tag, why=why.strip()[:_MOST_WHY], source=source[:200])


def read_kind(value: str) -> dict[str, Any]:
    """Hired for a time, or attached to somebody. Raises Refusal."""
    if value.lower() in _HIRED:
        return {"kind": AccountKind.HIRED.value, "attached_to": None}
    found = _ATTACHED.match(value)
    whom = value[found.end() :].strip()[:200] if found else ""
    if not whom:
        raise Refusal("account_kind_unknown")
    return {"kind": AccountKind.ATTACHED.value, "attached_to": whom}


def read_day(value: str) -> date:
    """A date as people write it: 01.10.2026 or 2026-10-01. Raises Refusal."""
    found = _DAY.search(value)
    if found is None:
        raise Refusal("day_wrong", day=value[:40])
    return _date_of(found)


def _date_of(found: re.Match[str]) -> date:
    day, month, year, *iso = found.groups()
    numbers = (year, month, day) if year else tuple(iso)
    try:
        day = date(*(int(number) for number in numbers))
    except ValueError:
        raise Refusal("day_wrong", day=found.group()[:40]) from None
    if not is_plausible(day):
        raise Refusal("day_wrong", day=found.group()[:40])
    return day


def read_amount(value: str) -> float:
    """A number of posts a day, also "3,5" and "~10". Raises Refusal."""
    found = re.search(r"\d{1,5}(?:[.,]\d{1,2})?", value)
    if found is None:
        raise Refusal("number_wrong", number=value[:40])
    return min(float(found.group().replace(",", ".")), _MOST_POSTS)


def read_numbers(text: str, most: int) -> list[int]:
    """Numbers of a list, from 1 to `most`, each once. Raises Refusal when there is none, or one that there is not."""
    numbers = list(dict.fromkeys(int(each) for each in re.findall(r"(?<![\w/.])\d{1,4}(?![\w/.])", text)))
    if not numbers or any(not 1 <= number <= most for number in numbers):
        raise Refusal("number_wrong", number=text[:40])
    return numbers


def labels() -> Iterable[str]:
    """The labels that lines may begin with."""
    return _LABELS.keys()
