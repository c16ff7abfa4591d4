"""Collect the marked English texts and merge them into the languages' catalogues."""

import ast
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.i18n import LANGUAGES, SOURCE_LANGUAGE

SOURCES: Final = ("bot", "handlers")
LOCALES: Final = Path("bot/locales")
COMMENT_TAG: Final = "Translators:"
# Which arguments of a call are texts; "c" marks a context.
KEYWORDS: Final = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "N_": None,
    "NP_": ((1, "c"), 2),
}
TEXT_ARGUMENTS: Final = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3, "N_": 1, "NP_": 2}
# Header lines that change from run to run, or hold nothing for this project.
_NOISE: Final = (
    b'"POT-Creation-Date:',
    b'"PO-Revision-Date: YEAR',
    b'"Generated-By:',
    b'"Report-Msgid-Bugs-To:',
    b'"Last-Translator: FULL NAME',
    b'"Language-Team:',
    b'"Project-Id-Version:',
)
# How a line begins that says from what a suggestion was made; Babel reads it as words of the translator's.
_PREVIOUS: Final = "|"


def template_path(root: Path) -> Path:
    """Where the template of all texts lies."""
    return root / LOCALES / "messages.pot"


def catalog_path(root: Path, language: str) -> Path:
    """Where a language's catalogue lies."""
    return root / LOCALES / language / "LC_MESSAGES" / "messages.po"


def build_template(root: Path) -> Catalog:
    """All marked texts of the sources, with the files they are used in."""
    template = Catalog(header_comment="# Kalkan's texts, in English.", fuzzy=False)
    for source in SOURCES:
        folder = root / source
        found = extract_from_dir(folder, keywords=KEYWORDS, comment_tags=(COMMENT_TAG,), strip_comment_tags=True)
        for name, line, text, comments, context in found:
            place = (Path(source, name).as_posix(), line)
            template.add(text, None, [place], auto_comments=comments, context=context)
    return template


def update_language(root: Path, language: str, template: Catalog) -> Catalog:
    """A language's catalogue merged with the template; a new language begins empty."""
    path = catalog_path(root, language)
    catalog = _read_or_new(path, language)
    # Similar texts give suggestions to a translator; English needs none, for an empty entry there is complete.
    catalog.update(template, no_fuzzy_matching=language == SOURCE_LANGUAGE, update_creation_date=False)
    catalog.obsolete.clear()
    for message in catalog:
        if not message.fuzzy:
            message.user_comments = [said for said in message.user_comments if not said.startswith(_PREVIOUS)]
    return catalog


def _read_or_new(path: Path, language: str) -> Catalog:
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=language)
    return Catalog(locale=language, header_comment=f"# Kalkan's texts in {language}.", fuzzy=False)


def rendered(catalog: Catalog) -> bytes:
    """The catalogue as a file that a second run does not change: by file, without line numbers and dates."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=116, sort_by_file=True, include_lineno=False, include_previous=True)
    lines = buffer.getvalue().splitlines(keepends=True)
    kept = b"".join(line for line in lines if not line.startswith(_NOISE))
    return kept.rstrip(b"\n") + b"\n"


def extract(root: Path, languages: Iterable[str] = LANGUAGES) -> list[Path]:
    """Write the template and every catalogue; returns the files that changed."""
    template = build_template(root)
    contents = {template_path(root): rendered(template)}
    for language in languages:
        contents[catalog_path(root, language)] = rendered(update_language(root, language, template))
    return [path for path, content in contents.items() if _write_if_changed(path, content)]


def _write_if_changed(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def computed_texts(root: Path) -> Iterator[tuple[Path, int, str]]:
    """Calls whose text is put together in the code, which no extraction can see: (file, line, function)."""
    for source in SOURCES:
        for path in sorted((root / source).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Call) and _is_computed(node):
                    yield path.relative_to(root), node.lineno, _called_name(node)


def _called_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_computed(call: ast.Call) -> bool:
    texts = call.args[: TEXT_ARGUMENTS.get(_called_name(call), 0)]
    return any(isinstance(text, ast.JoinedStr | ast.BinOp) for text in texts)
