"""Text and its entities: the HTML parse mode, read as strictly as Telegram reads it.

Grammar, tag names and error texts follow tdlib's ``parse_html``; offsets and lengths are in UTF-16 code units.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.simulator.limits import utf16_length
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json

_SIMPLE_TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_OTHER_TAGS: Final = frozenset({"a", "span", "blockquote", "tg-emoji", "tg-time"})
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_STYLES: Final = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_SPACES: Final = " \t\r\n\f\v"


@dataclass(frozen=True, kw_only=True, slots=True)
class FormattedText:
    """A text with its entities, as a message carries them."""

    text: str
    entities: list[Json]


@dataclass(kw_only=True, slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    attributes: dict[str, str]
    offset: int  # UTF-16, in the text without tags
    start: int  # the same place, in characters


@dataclass(slots=True)
class _Reader:
    source: str
    find_user: Callable[[int], Json | None]
    at: int = 0
    units: int = 0
    out: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def refuse(self, reason: str, at: int | None = None) -> Exception:
        place = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return bad_request(f"can't parse entities: {reason}{place}")

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.units += utf16_length(text)

    def peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def skip_spaces(self) -> None:
        while self.peek() and self.peek() in _SPACES:
            self.at += 1

    def word(self, stop: str) -> str:
        start = self.at
        while self.peek() and self.peek() not in stop:
            self.at += 1
        return self.source[start : self.at]

    def read(self) -> FormattedText:
        while self.at < len(self.source):
            if self.peek() == "&":
                self.emit(self._character_reference())
            elif self.peek() != "<":
                self.emit(self.word("&<"))
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.stack:
            raise self.refuse(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return FormattedText(text="".join(self.out), entities=self.entities)

    def _character_reference(self) -> str:
        start = self.at
        self.at += 1
        letter = self._numeric() if self.peek() == "#" else _NAMED.get(self._letters())
        if letter is None:
            self.at = start + 1
            return "&"
        if self.peek() == ";":
            self.at += 1
        return letter

    def _letters(self) -> str:
        start = self.at
        while self.peek().isascii() and self.peek().isalpha():
            self.at += 1
        return self.source[start : self.at]

    def _numeric(self) -> str | None:
        self.at += 1
        base, digits = (16, "0123456789abcdefABCDEF") if self.peek().lower() == "x" else (10, "0123456789")
        self.at += base == 16
        start = self.at
        while self.peek() and self.peek() in digits:
            self.at += 1
        number = int(self.source[start : self.at] or "0", base) if self.at - start < 10 else 0
        return chr(number) if 0 < number < 0x10FFFF and not 0xD800 <= number < 0xE000 else None

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self.word(_SPACES + ">").lower()
        if not self.peek():
            raise self.refuse("Unclosed start tag", begin)
        if tag not in _SIMPLE_TAGS and tag not in _OTHER_TAGS:
            raise self.refuse(f'Unsupported start tag "{tag}"', begin)
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self.refuse('Tag "span" must have class "tg-spoiler"', begin)
        start = sum(map(len, self.out))
        self.stack.append(_Open(tag=tag, attributes=attributes, offset=self.units, start=start))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self.skip_spaces()
            if self.peek() == ">":
                self.at += 1
                return found
            name = self.word(_SPACES + "=>").lower()
            if not name:
                if not self.peek():
                    raise self.refuse(f'Unclosed start tag "{tag}"', begin)
                raise self.refuse(f'Empty attribute name in the tag "{tag}"', begin)
            self.skip_spaces()
            found[name] = self._attribute_value(tag, begin) if self.peek() == "=" else ""

    def _attribute_value(self, tag: str, begin: int) -> str:
        self.at += 1
        self.skip_spaces()
        quote = self.peek()
        if quote and quote in "\"'":
            self.at += 1
            value = self._quoted(quote)
            self.at += 1
        else:
            value = self.word(_SPACES + ">")
        if self.at >= len(self.source):
            raise self.refuse(f'Unclosed start tag "{tag}"', begin)
        return value

    def _quoted(self, quote: str) -> str:
        parts: list[str] = []
        while self.peek() and self.peek() != quote:
            parts.append(self._character_reference() if self.peek() == "&" else self.word("&" + quote))
        return "".join(parts)

    def _end_tag(self) -> None:
        begin = self.at
        self.at += 2
        name = self.word(_SPACES + ">").lower()
        self.skip_spaces()
        if self.peek() != ">":
            raise self.refuse("Unclosed end tag", begin)
        self.at += 1
        if not self.stack:
            raise self.refuse("Unexpected end tag", begin)
        tag = self.stack[-1].tag
        if name and name != tag:
            place = len(self.source[:begin].encode())
            raise self.refuse(f'Unmatched end tag at byte offset {place}, expected "</{tag}>", found "</{name}>"')
        self._close(self.stack.pop())

    def _close(self, tag: _Open) -> None:
        entity = self._entity(tag, "".join(self.out)[tag.start :])
        if entity is not None and self.units > tag.offset:
            self.entities.append({**entity, "offset": tag.offset, "length": self.units - tag.offset})

    def _entity(self, tag: _Open, content: str) -> Json | None:
        match tag.tag:
            case "a":
                return self._link(tag.attributes.get("href") or content)
            case "span":
                return {"type": "spoiler"}
            case "blockquote":
                return {"type": "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"}
            case "tg-emoji":
                return {"type": "custom_emoji", "custom_emoji_id": tag.attributes.get("emoji-id", "")}
            case "tg-time":
                return self._moment(tag.attributes)
            case "code":
                return self._code(tag)
            case "pre":
                language = tag.attributes.get("language")
                return {"type": "pre", "language": language} if language else {"type": "pre"}
            case _:
                return {"type": _SIMPLE_TAGS[tag.tag]}

    def _moment(self, attributes: dict[str, str]) -> Json | None:
        unix = attributes.get("unix", "")
        if not unix.isascii() or not unix.isdigit():
            return None
        entity: Json = {"type": "date_time", "unix_time": int(unix)}
        return entity | ({"date_time_format": attributes["format"]} if attributes.get("format") else {})

    def _code(self, tag: _Open) -> Json:
        language = tag.attributes.get("class", "")
        inside = self.stack[-1] if self.stack else None
        if inside is not None and inside.tag == "pre" and inside.offset == tag.offset and language[:9] == "language-":
            inside.attributes["language"] = language[9:]
        return {"type": "code"}

    def _link(self, url: str) -> Json | None:
        prefix = "tg://user?id="
        if url.startswith(prefix) and url[len(prefix) :].isdigit():
            user = self.find_user(int(url[len(prefix) :]))
            return {"type": "text_mention", "user": user} if user else None
        if "://" not in url:
            url = f"http://{url}"
        host = url.split("://", 1)[1].split("/", 1)[0]
        scheme = url.split("://", 1)[0].lower()
        valid = scheme in {"http", "https", "tg", "ton"} and host and not any(c in _SPACES for c in url)
        return {"type": "text_link", "url": url} if valid and ("." in host or scheme == "tg") else None


def parse_html(source: str, find_user: Callable[[int], Json | None] = lambda _: None) -> FormattedText:
    """Read ``source`` in the HTML parse mode.

    Raises ApiError 400 "can't parse entities: …" for what Telegram refuses: unknown, unclosed or crossed tags.
    """
    return _tidied(_Reader(source, find_user).read())


def plain(text: str) -> FormattedText:
    """A text without markup, its outer white space removed as Telegram does."""
    return _tidied(FormattedText(text=text, entities=[]))


def _tidied(formatted: FormattedText) -> FormattedText:
    entities = _without_code_inside(_pre_with_language(formatted.entities))
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return _trimmed(formatted.text, entities)


def _pre_with_language(entities: list[Json]) -> list[Json]:
    """A ``code`` that fills a ``pre`` is part of it, not an entity of its own."""
    blocks = {(e["offset"], e["length"]) for e in entities if e["type"] == "pre"}
    return [e for e in entities if e["type"] != "code" or (e["offset"], e["length"]) not in blocks]


def _without_code_inside(entities: list[Json]) -> list[Json]:
    """Styles never overlap ``code`` and ``pre``: they are cut around them."""
    fixed = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in {"code", "pre"}]
    kept: list[Json] = []
    for entity in entities:
        if entity["type"] not in _STYLES:
            kept.append(entity)
            continue
        for start, end in _subtract((entity["offset"], entity["offset"] + entity["length"]), fixed):
            kept.append({**entity, "offset": start, "length": end - start})
    return kept


def _subtract(piece: tuple[int, int], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    pieces = [piece]
    for low, high in holes:
        pieces = [
            part
            for start, end in pieces
            for part in ((start, min(end, low)), (max(start, high), end))
            if part[0] < part[1]
        ]
    return pieces


def _trimmed(text: str, entities: list[Json]) -> FormattedText:
    first = min((e["offset"] for e in entities), default=len(text))
    lead = 0
    while lead < len(text) and text[lead] in _SPACES and lead < first:
        lead += 1
    text = text[lead:].rstrip(_SPACES)
    units = utf16_length(text)
    kept = []
    for entity in entities:
        start = entity["offset"] - lead
        end = min(start + entity["length"], units)
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    return FormattedText(text=text, entities=kept)
