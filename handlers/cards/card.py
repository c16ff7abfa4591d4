"""What is shown to a person: Telegram HTML and buttons, before anything of Telegram's is touched."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.i18n import Html, Translator
from bot.model.newsroom import Member, Newsroom
from handlers.buttons import Press

MESSAGE_LIMIT = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A label, and what pressing it says; or an address that it opens."""

    label: str
    press: Press | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One message."""

    text: Html
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """For whom a card is written: who it is, in which language, in which zone; and when, where that is known."""

    member: Member
    newsroom: Newsroom
    t: Translator
    now: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The newsroom's zone."""
        return ZoneInfo(self.newsroom.zone)

    def day(self, moment: datetime) -> str:
        """A day with its weekday; with its year when that is not this one."""
        is_this_year = self.now is not None and self.now.astimezone(self.zone).year == moment.astimezone(self.zone).year
        return self.t.day(moment, self.zone, year=not is_this_year)


def lines(*parts: str | None) -> Html:
    """The parts that are there, a line each, kept within Telegram's limit by whole lines."""
    kept: list[str] = []
    size = 0
    for part in parts:
        if part is None or part == "":
            continue
        size += _units(part) + 1
        if size > MESSAGE_LIMIT:
            break
        kept.append(part)
    return Html("\n").join(Html(part) for part in kept)


def clipped(text: str, most: int) -> Html:
    """Escaped text of at most `most` UTF-16 units, an ellipsis included where it was cut."""
    escaped = Html.escaped(text[:most])
    if len(text) <= most and _units(escaped) <= most:
        return escaped
    room, kept = most - 1, []
    for char in text[:most]:
        piece = Html.escaped(char)
        room -= _units(piece)
        if room < 0:
            break
        kept.append(piece)
    return Html("".join(kept).rstrip() + "…")


def _units(text: str) -> int:
    # An unpaired half of a character must not be the end of a card.
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def bold(text: object) -> Html:
    """Escaped text in bold."""
    return Html(f"<b>{Html.escaped(text)}</b>")


def spoiler(text: Html) -> Html:
    """Hidden until tapped: abuse is never shown in the open."""
    return Html(f"<tg-spoiler>{text}</tg-spoiler>")


def quote(text: Html) -> Html:
    """An expandable quotation."""
    return Html(f"<blockquote expandable>{text}</blockquote>")
