"""What a fuzz target is, and the list of them: one for each parser of what strangers write."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
#: Processor seconds that one input may take.
MOST_SECONDS = 1.0

Run = Callable[[bytes], None]


@dataclass(frozen=True, kw_only=True)
class Target:
    """`name` of a function in a module beside this one; it raises whatever its parser must not do.

    `measured` are the packages in which new ways through the code count, `most` the bytes of the longest input, `words`
    pieces from which inputs are put together.
    """

    name: str
    module: str
    measured: tuple[str, ...]
    most: int = 4096
    words: tuple[str, ...] = ()

    def load(self) -> Run:
        """The function."""
        run: Run = getattr(import_module(f"tests.fuzz.{self.module}"), self.name)
        return run

    @property
    def corpus(self) -> Path:
        """Where its seeds lie."""
        return CORPUS / self.name


_DATES = (
    "2026-10-06",
    "06.10.2026",
    "31.02.2026",
    "01.01.0001",
    "31.12.9999",
    "7d",
    "2w",
    "7к",
    "20:00",
    "+4h",
    "+9999d",
)
_QUERY = (
    "kind:death,arson",
    "severity:>=3",
    "since:7d",
    "target:",
    "-status:done",
    '"',
    "«",
    "»",
    "T-1",
    "sort:new",
    "!",
)
_JSON = ('{"', '":', '"}', "null", "true", "1e999", "NaN", '"\\ud800"', "[[", "}}", "-1", '"\\u0000"')
_COLUMNS = ("text", "platform", "handle", "name", "actor", "time", "link", "id", "captured", "spend", "names", "photos")

TARGETS = {
    each.name: each
    for each in (
        Target(
            name="links",
            module="wording",
            measured=("detection.accounts",),
            words=(
                "https://",
                "facebook.com/",
                "t.me/",
                "vk.com/id",
                "xn--",
                "@",
                "%d0%b0",
                "profile.php?id=",
                "инстаграм @",
            ),
        ),
        Target(
            name="texts",
            module="wording",
            measured=("detection.text",),
            words=("\u200b", "\u202e", "а́", "сөкөт", "@", "#"),
        ),
        Target(
            name="threats",
            module="wording",
            measured=("detection.threats",),
            words=("убью", "сожжём", "өлтүрөбүз", "редакцию", "Айбек", "kill", "завтра", "не ", "?", "сволочь*"),
        ),
        Target(name="queries", module="orders", measured=("handlers",), words=_QUERY + _DATES),
        Target(
            name="periods",
            module="orders",
            measured=("handlers", "bot.services"),
            words=(*_DATES, "..", " vs ", "target:"),
        ),
        Target(
            name="told",
            module="orders",
            measured=("bot.services",),
            words=(*_DATES, "work:", "tag:", " — ", "hired", "при "),
        ),
        Target(
            name="presses",
            module="telegram_input",
            measured=("handlers", "bot.model"),
            most=256,
            words=(":", "/start "),
        ),
        Target(name="updates", module="telegram_input", measured=("bot.sieve", "handlers", "telegram"), words=_JSON),
        Target(
            name="cards",
            module="telegram_input",
            measured=("handlers.cards", "bot.i18n"),
            words=("<b>", "&lt;", "&", "</", "😀"),
        ),
        Target(
            name="tables",
            module="files",
            measured=("bot.services",),
            words=(*_COLUMNS, ",", ";", "\t", '"', "\r\n", *_DATES),
        ),
        Target(name="objects", module="files", measured=("bot.services",), words=(*_COLUMNS, *_JSON, *_DATES)),
        Target(name="sheets", module="files", measured=("bot.services",), most=1 << 15),
        Target(name="zips", module="files", measured=("bot.services", "zipfile"), most=1 << 14),
        Target(name="images", module="files", measured=("detection.image", "PIL"), most=1 << 14),
        Target(
            name="notes",
            module="custody",
            measured=("bot.custody",),
            words=("kalkan/", "time ", "\u2014 ", "log-size=", *_JSON),
        ),
        Target(
            name="bags", module="custody", measured=("bot.documents.evidence.bagged",), words=("data/", "  ", *_JSON)
        ),
        Target(
            name="backups",
            module="backups",
            measured=("bot.services.backup", "bot.storage.dumping"),
            most=1 << 13,
            words=("kalkan-backup.json", "manifest.json", "database/", "vault/", "keys/", "ustar", "\0" * 8, *_JSON),
        ),
        Target(
            name="settings",
            module="configuration",
            measured=("bot.config",),
            words=("KALKAN_", "ZONE=", "DATA_DIR=", "=\n"),
        ),
    )
}
