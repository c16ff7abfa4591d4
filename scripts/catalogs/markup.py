"""What Telegram's HTML allows in a message, and which tags a text uses."""

import re
from collections import Counter
from typing import Final

# https://core.telegram.org/bots/api#html-style
_STYLES: Final = ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler")
_BLOCKS: Final = ("a", "code", "pre", "blockquote", "tg-emoji", "tg-time")
ALLOWED: Final = frozenset(_STYLES + _BLOCKS)
_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>[a-z][a-z0-9-]*)(?P<attributes>(?:\s[^<>]*)?)>")
_ENTITY: Final = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


def tags(text: str) -> Counter[str]:
    """The opening tags with their attributes, and how often each is used."""
    found = (match for match in _TAG.finditer(text) if not match["close"])
    return Counter(f"{match['name']}{match['attributes'].rstrip()}" for match in found)


def markup_faults(text: str) -> list[str]:
    """What Telegram would refuse in this text, or show wrongly."""
    faults: list[str] = []
    open_tags: list[str] = []
    for match in _TAG.finditer(text):
        faults += _tag_faults(match)
        if not match["close"]:
            open_tags.append(match["name"])
        elif not open_tags or open_tags.pop() != match["name"]:
            faults.append(f"</{match['name']}> closes nothing that is open")
    faults += [f"<{name}> is not closed" for name in open_tags]
    if "<" in _TAG.sub("", text):
        faults.append("a bare < (write &lt;, or use a plain context)")
    return faults


def _tag_faults(tag: re.Match[str]) -> list[str]:
    if tag["name"] not in ALLOWED:
        return [f"<{tag['name']}> is unknown to Telegram"]
    return ["a placeholder inside a tag (pass the whole tag as Html)"] if "{" in tag["attributes"] else []


def plain_faults(text: str) -> list[str]:
    """Markup in a text that is shown as it is."""
    return ["markup in a text that is shown as it is"] if _TAG.search(text) or _ENTITY.search(text) else []
