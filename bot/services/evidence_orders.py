"""Reads what is to be exported from typed words: `T-42 T-50..53 K-7 hrd ky names`, in any order, in three languages."""

import re
from typing import Final

from bot.errors import Refusal
from bot.model.evidence import EvidenceOrder, Profile

#: What one export holds at most.
MOST: Final = 200

_PROFILES: Final = {
    "full": Profile.FULL,
    "полный": Profile.FULL,
    "толук": Profile.FULL,
    "hrd": Profile.HRD,
    "newsroom": Profile.NEWSROOM,
    "редакция": Profile.NEWSROOM,
    "журнал": Profile.NEWSROOM,
}
_LANGUAGES: Final = ("ru", "ky", "en")
_NAMES: Final = frozenset({"names", "имена", "аттар", "ысымдар"})
# Latin and Cyrillic letters that look alike; a number alone is a threat.
_NUMBERS: Final = re.compile(r"([TtТтKkКк]?)-?([0-9]{1,9})(?:\.\.(?:[TtТтKkКк]-?)?([0-9]{1,9}))?")
_CASE_LETTERS: Final = frozenset("KkКк")


def read_order(words: str) -> EvidenceOrder:
    """The order in these words. Raises Refusal: nothing was named, too much, or a word that means nothing."""
    threats: dict[int, None] = {}
    cases: dict[int, None] = {}
    chosen: dict[str, str] = {}
    for word in words.replace(",", " ").split():
        found = _NUMBERS.fullmatch(word)
        if found is None:
            chosen |= _option(word.lower())
            continue
        kept = cases if found.group(1) in _CASE_LETTERS and found.group(1) else threats
        kept |= dict.fromkeys(_span(found.group(2), found.group(3)))
        if len(threats) + len(cases) > MOST:
            raise Refusal("export_too_many", most=MOST)
    if not threats and not cases:
        raise Refusal("export_empty")
    return EvidenceOrder(
        threats=tuple(threats),
        cases=tuple(cases),
        profile=Profile(chosen.get("profile", Profile.FULL.value)),
        language=chosen.get("language"),
        with_names="names" in chosen,
    )


def _option(word: str) -> dict[str, str]:
    if word in _PROFILES:
        return {"profile": _PROFILES[word].value}
    if word in _LANGUAGES:
        return {"language": word}
    if word in _NAMES:
        return {"names": "yes"}
    raise Refusal("export_word_unknown", word=word[:40])


def _span(first: str, last: str | None) -> range:
    begin, end = int(first), int(last or first)
    if end - begin >= MOST:
        raise Refusal("export_too_many", most=MOST)
    return range(begin, end + 1)
