"""The letters to owners of stolen photos, filled in: data files beside this one hold their texts and the addresses."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from bot.i18n.messages import fill
from bot.model.account import Account
from bot.model.plain import one_line
from handlers.cards import words

#: Search pages for pictures, opened by hand: nothing is uploaded by the bot.
SEARCH_PAGES = {
    "Google Lens": "https://lens.google.com/",
    "Yandex": "https://yandex.com/images/",
    "TinEye": "https://tineye.com/",
    "Bing": "https://www.bing.com/visualsearch",
}
_MOST_LINKS = 5


def letter(language: str, name: str, newsroom: str, accounts: Sequence[tuple[Account, str]]) -> str:
    """The letter in a language: which accounts (with their links) use the photo, and where to complain of them."""
    shown = accounts[:_MOST_LINKS]
    platforms = dict.fromkeys(account.platform for account, _ in shown)
    values = {
        "name": one_line(name),
        "newsroom": one_line(newsroom),
        "links": "\n".join(one_line(link) for _, link in shown) or "…",
        "forms": "\n".join(f"{words.platform(code)}: {forms()[code]}" for code in platforms if code in forms()) or "…",
    }
    return fill(_letters()[language].strip(), values, html=False)


@cache
def _letters() -> Mapping[str, str]:
    return _table("outreach_letters.toml")


@cache
def forms() -> Mapping[str, str]:
    """The pages for complaints, by platform."""
    return _table("complaint_forms.toml")


def _table(name: str) -> Mapping[str, str]:
    return tomllib.loads(resources.files("handlers.cards").joinpath(name).read_text(encoding="utf-8"))
