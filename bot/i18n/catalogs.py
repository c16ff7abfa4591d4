"""The languages the bot speaks: their catalogues, compiled in memory once a process."""

import gettext
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, Self

from babel import UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from bot.i18n.translator import Translator

LANGUAGES: Final = ("ru", "ky", "en")
SOURCE_LANGUAGE: Final = "en"


class CatalogError(Exception):
    """A configured language has no usable catalogue."""


class Catalogs(Mapping[str, Translator]):
    """A translator per language: ``catalogs["ky"]``. Languages are the keys, in the order they were asked for."""

    def __init__(self, translators: Mapping[str, Translator]) -> None:
        self._translators = dict(translators)

    @classmethod
    def load(
        cls, languages: Iterable[str] = LANGUAGES, folder: Traversable | None = None, *, strict: bool = False
    ) -> Self:
        """Compile the catalogues in memory. Raises `CatalogError` when one is missing or unusable.

        With ``strict`` a message that cannot be filled in raises `MessageFault` (tests); without it the reader gets the
        English text and the fault is logged.
        """
        root = folder or resources.files("bot") / "locales"
        return cls({code: Translator(code, _compile(code, root), strict=strict) for code in languages})

    def __getitem__(self, language: str) -> Translator:
        return self._translators[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._translators)

    def __len__(self) -> int:
        return len(self._translators)


def _compile(language: str, root: Traversable) -> gettext.GNUTranslations:
    """Read one .po file into stdlib translations; an untranslated message falls back to its English text."""
    path = root / language / "LC_MESSAGES" / "messages.po"
    try:
        messages, plurals = _read(language, path.read_bytes())
    except FileNotFoundError as error:
        raise CatalogError(f"language {language}: no catalogue at {path}") from error
    except (OSError, ValueError, UnknownLocaleError, PoFileError) as error:
        raise CatalogError(f"language {language}: {path} is unusable: {error}") from error
    if plurals != get_plural(language).num_plurals:
        raise CatalogError(f"language {language}: {path} declares {plurals} plural forms")
    return messages


# Compiling one takes an eighth of a second; translations are only read, so all who load the same file may share them.
@lru_cache(maxsize=8)
def _read(language: str, data: bytes) -> tuple[gettext.GNUTranslations, int]:
    """A .po file's translations, and how many plural forms it declares. Raises what Babel raises."""
    catalog = read_po(io.BytesIO(data), locale=language, abort_invalid=True)
    binary = io.BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return gettext.GNUTranslations(binary), catalog.num_plurals


def pick_language(telegram_language_code: str | None, default: str, languages: Collection[str] = LANGUAGES) -> str:
    """The reader's language from Telegram's code ("ru-RU", "ky"), else the newsroom's default.

    A code of another language falls back to the default as well: a guess would put words in people's mouths.
    """
    code = (telegram_language_code or "").replace("_", "-").split("-")[0].lower()
    return code if code in languages else default
