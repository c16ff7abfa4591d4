"""What is shown to a person: Telegram HTML and buttons, before anything of Telegram's is touched."""

from dataclasses import dataclass
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
    """For whom a card is written: who it is, in which language, in which zone."""

    member: Member
    newsroom: Newsroom
    t: Translator

    @property
    def zone(self) -> ZoneInfo:
        """The newsroom's zone."""
        return ZoneInfo(self.newsroom.zone)


def lines(*parts: str | None) -> Html:
    """The parts that are there, a line each, kept within Telegram's limit by whole lines."""
    kept: list[str] = []
    size = 0
    for part in parts:
        if part is None or part == "":
            continue
        size += len(part.encode("utf-16-le")) // 2 + 1
        if size > MESSAGE_LIMIT:
            break
        kept.append(part)
    return Html("\n").join(Html(part) for part in kept)


def bold(text: object) -> Html:
    """Escaped text in bold."""
    return Html(f"<b>{Html.escaped(text)}</b>")


def spoiler(text: Html) -> Html:
    """Hidden until tapped: abuse is never shown in the open."""
    return Html(f"<tg-spoiler>{text}</tg-spoiler>")


def quote(text: Html) -> Html:
    """An expandable quotation."""
    return Html(f"<blockquote expandable>{text}</blockquote>")
