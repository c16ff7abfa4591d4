"""The entities that Telegram finds by itself: commands, mentions, hashtags, links and addresses."""

import re
from typing import Final

from bot.simulator.entities import FormattedText
from bot.simulator.limits import utf16_length
from bot.simulator.shapes import Json

# Bare host names become links only under known top-level domains; a few of Telegram's list are enough here.
_TOP: Final = "com|org|net|info|biz|io|dev|app|me|be|ru|su|kg|kz|uz|tj|by|ua|eu|de|uk|us|tv|media|news|online|site|рф"
_PATTERNS: Final = (
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,12}\b")),
    (
        "url",
        re.compile(
            rf"(?<![\w@.])(?:https?://[^\s<>\"]{{3,2000}}|(?:[\w-]{{1,63}}\.){{1,5}}(?:{_TOP})\b(?:[/?#][^\s<>\"]*)?)",
            re.I,
        ),
    ),
    ("mention", re.compile(r"(?<![\w@/.])@[A-Za-z]\w{2,31}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#(?!\d+\b)\w{1,256}")),
)
_TRAILING: Final = ".,;:!?'\"»)]}…"
_OPAQUE: Final = frozenset({"code", "pre", "text_link", "text_mention"})


def with_detected(formatted: FormattedText) -> FormattedText:
    """The same text with the entities that its letters imply, outside code and named links."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in formatted.entities if e["type"] in _OPAQUE]
    found: list[Json] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(formatted.text):
            _claim(found, taken, kind, formatted.text, match)
    entities = sorted([*formatted.entities, *found], key=lambda e: (e["offset"], -e["length"]))
    return FormattedText(text=formatted.text, entities=entities)


def _claim(found: list[Json], taken: list[tuple[int, int]], kind: str, text: str, match: re.Match[str]) -> None:
    content = match.group().rstrip(_TRAILING) if kind == "url" else match.group()
    start = utf16_length(text[: match.start()])
    end = start + utf16_length(content)
    if start < end and all(end <= low or high <= start for low, high in taken):
        taken.append((start, end))
        found.append({"type": kind, "offset": start, "length": end - start})
