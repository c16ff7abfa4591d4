"""Say everything that is wrong with the template and the catalogues, a line each."""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from bot.i18n import LANGUAGES, SOURCE_LANGUAGE
from scripts.catalogs.entries import source_faults, translation_faults
from scripts.catalogs.extraction import build_template, catalog_path, computed_texts, rendered, template_path

OUT_OF_DATE = "out of date, run: make catalogs"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, at a line of a file (0: the file as a whole)."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}" if self.line else f"{self.path}: {self.what}"


def check(root: Path, languages: Iterable[str] = LANGUAGES) -> list[Fault]:
    """All faults of the sources' texts, the template and the catalogues."""
    template = build_template(root)
    faults = [*_source_faults(root, template), *_template_faults(root, template)]
    for language in languages:
        faults += _language_faults(root, language, template)
    return faults


def _source_faults(root: Path, template: Catalog) -> Iterator[Fault]:
    for path, line, function in computed_texts(root):
        yield Fault(str(path), line, f"{function}() is given a computed text, which cannot be extracted")
    for message in _entries(template):
        used_in, at = message.locations[0]
        yield from (Fault(used_in, at or 0, _said(message, what)) for what in source_faults(message))


def _template_faults(root: Path, template: Catalog) -> Iterator[Fault]:
    path = template_path(root)
    if not path.exists() or path.read_bytes() != rendered(template):
        yield Fault(str(path.relative_to(root)), 0, OUT_OF_DATE)


def _language_faults(root: Path, language: str, template: Catalog) -> Iterator[Fault]:
    path = catalog_path(root, language)
    name = str(path.relative_to(root))
    try:
        with path.open("rb") as file:
            catalog = read_po(file, locale=language, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        yield Fault(name, 0, f"unusable: {error}")
        return
    if catalog.num_plurals != get_plural(language).num_plurals:
        yield Fault(
            name, 0, f"{catalog.num_plurals} plural forms declared, {get_plural(language).num_plurals} are right"
        )
    yield from _membership_faults(name, catalog, template)
    for message in _entries(catalog):
        faults = translation_faults(message, catalog, source=language == SOURCE_LANGUAGE)
        yield from (Fault(name, message.lineno or 0, _said(message, what)) for what in faults)
    yield from _msgfmt_faults(path, name)


def _membership_faults(name: str, catalog: Catalog, template: Catalog) -> Iterator[Fault]:
    """Texts that the catalogue lacks, or still has although they are gone."""
    for message in _entries(template):
        if not _has(catalog, message):
            yield Fault(name, 0, _said(message, OUT_OF_DATE))
    for message in _entries(catalog):
        if not _has(template, message):
            yield Fault(name, message.lineno or 0, _said(message, "obsolete, run: make catalogs"))
    if catalog.obsolete:
        yield Fault(name, 0, f"{len(catalog.obsolete)} obsolete entries, run: make catalogs")


def _has(catalog: Catalog, message: Message) -> bool:
    found = catalog.get(message.id, message.context)
    return found is not None and found.pluralizable == message.pluralizable and found.id == message.id


def _msgfmt_faults(path: Path, name: str, find: Callable[[str], str | None] = shutil.which) -> Iterator[Fault]:
    """GNU gettext's own opinion, where it is installed; its warnings about the header are no faults."""
    program = find("msgfmt")
    if program is None:
        return
    done = subprocess.run([program, "-c", "-o", "/dev/null", path], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "warning:" not in line]
        yield Fault(name, 0, "msgfmt: " + " | ".join(line.strip() for line in lines))


def _entries(catalog: Catalog) -> Iterator[Message]:
    """The catalogue without its header."""
    return (message for message in catalog if message.id)


def _said(message: Message, what: str) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    context = f" ({message.context})" if message.context else ""
    shown = text if len(text) <= 60 else text[:57] + "..."
    return f"{what}: {shown!r}{context}"
