"""scripts.catalogs: extraction that settles, and a check that finds each kind of fault."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.catalogs.checks import check
from scripts.catalogs.extraction import LOCALES, extract

ROOT = Path(__file__).resolve().parents[1]
SOURCE = """
from bot.i18n import N_, NP_
LABEL = NP_("button", "Undo")
LATER = N_("Later")

def card(t, n, name):
    # Translators: the sender of a forward.
    t.gettext("Saved by <b>{name}</b>", name=name)
    t.ngettext("one copy", "{n} copies", n)
    t.plain.pgettext("answer", "Done")
    t.npgettext("digest", "{n} threat", "{n} threats", n)
    t.gettext(LATER)
    return t.plain.pgettext("button", LABEL)
"""
TRANSLATED = {
    "Undo": "Отменить",
    "Later": "Позже",
    "Saved by <b>{name}</b>": "Сохранено: <b>{name}</b>",
    "Done": "Готово",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small checkout with marked texts and a complete Russian catalogue."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "handlers").mkdir()
    (tmp_path / "handlers" / "cards.py").write_text(SOURCE)
    extract(tmp_path, ["ru"])
    text = po(tmp_path).read_text()
    for english, russian in TRANSLATED.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{russian}"')
    text = text.replace(f'copies"\n{forms("")}', f'copies"\n{forms("{n} копий")}')
    text = text.replace(f'threats"\n{forms("")}', f'threats"\n{forms("{n} угроз")}')
    po(tmp_path).write_text(text)
    return tmp_path


def forms(text: str) -> str:
    """The three plural forms of a Russian entry, all alike."""
    return "\n".join(f'msgstr[{form}] "{text}"' for form in range(3))


def po(root: Path, language: str = "ru") -> Path:
    return root / LOCALES / language / "LC_MESSAGES" / "messages.po"


def replace(path: Path, old: str, new: str) -> None:
    """Break one thing in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def found(root: Path, language: str = "ru") -> list[str]:
    return [str(fault) for fault in check(root, [language])]


def test_complete_catalogue_passes(root: Path) -> None:
    """Nothing is said where nothing is wrong."""
    assert found(root) == []


def test_extraction_finds_every_kind_of_call(root: Path) -> None:
    """All four look-ups, both markers, contexts and the note to translators; variables are no texts."""
    template = (root / LOCALES / "messages.pot").read_text()
    assert template.count("msgid ") == 7
    assert 'msgctxt "button"\nmsgid "Undo"' in template
    assert 'msgctxt "digest"\nmsgid "{n} threat"\nmsgid_plural "{n} threats"' in template
    assert "#. the sender of a forward.\n#: handlers/cards.py\n#, python-brace-format\n" in template


def test_extraction_settles(root: Path) -> None:
    """Running again changes no byte, translations stay, and no date or line number is written."""
    assert extract(root, ["ru"]) == []
    assert "Сохранено" in po(root).read_text()
    assert not any(word in po(root).read_text() for word in ("cards.py:", "Creation-Date", "Revision-Date", "Babel"))


def test_changed_text_keeps_a_suggestion(root: Path) -> None:
    """A corrected English text keeps its translation as a guess, which the check demands to be confirmed."""
    replace(root / "handlers" / "cards.py", "Saved by <b>", "Stored by <b>")
    extract(root, ["ru"])
    assert ["fuzzy" in fault for fault in found(root)] == [True]
    assert "Сохранено" in po(root).read_text()
    assert '#| msgid "Saved by' in po(root).read_text()


def test_a_confirmed_text_keeps_no_history(root: Path) -> None:
    """From what a suggestion was made is told until somebody has confirmed it."""
    replace(root / "handlers" / "cards.py", "Saved by <b>", "Stored by <b>")
    extract(root, ["ru"])
    replace(po(root), "#, fuzzy, python-brace-format", "#, python-brace-format")
    extract(root, ["ru"])
    assert found(root) == []
    assert "Saved by" not in po(root).read_text()


def test_vanished_text_is_dropped(root: Path) -> None:
    """A text that is gone from the code is gone from the catalogue."""
    replace(root / "handlers" / "cards.py", 'LATER = N_("Later")', 'LATER = ""')
    assert any("obsolete" in fault for fault in found(root))
    extract(root, ["ru"])
    assert "Позже" not in po(root).read_text()
    assert found(root) == []


def test_english_is_complete_when_empty(root: Path) -> None:
    """An English entry stands for itself; a half-filled plural does not."""
    extract(root, ["en"])
    assert found(root, "en") == []
    replace(po(root, "en"), 'threats"\nmsgstr[0] ""', 'threats"\nmsgstr[0] "{n} threat!"')
    assert [fault for fault in found(root, "en") if "untranslated" in fault] != []


def test_new_text_makes_the_template_out_of_date(root: Path) -> None:
    """Texts that nobody extracted are told, for the template and for each language."""
    replace(root / "handlers" / "cards.py", 'N_("Later")', 'N_("Later") + N_("New")')
    assert found(root) == [
        "bot/locales/messages.pot: out of date, run: make catalogs",
        "bot/locales/ru/LC_MESSAGES/messages.po: out of date, run: make catalogs: 'New'",
    ]


def test_missing_catalogue_is_told(root: Path) -> None:
    """A language without a file is one clear line."""
    assert ["unusable" in fault for fault in found(root, "ky")] == [True]


SAVED = 'msgstr "Сохранено: <b>{name}</b>"'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('msgstr "Позже"', 'msgstr ""', "untranslated: 'Later'"),
        ('msgid "Later"', '#, fuzzy\nmsgid "Later"', "fuzzy: a guess that nobody has confirmed: 'Later'"),
        ('msgstr[2] "{n} угроз"', 'msgstr[2] ""', "untranslated: '{n} threat' (digest)"),
        ('msgstr[1] "{n} угроз"', 'msgstr[1] "угроз"', "form 1: placeholders none instead of n: '{n} threat' (digest)"),
        ('msgstr[0] "{n} копий"', 'msgstr[0] "копия"', "form 0: placeholders none instead of n: 'one copy'"),
        (SAVED, 'msgstr "Сохранено: <b>{nmae}</b>"', "placeholders nmae instead of name"),
        (SAVED, 'msgstr "Сохранено: <b>{name!r}</b>"', "placeholder is more than a name"),
        (SAVED, 'msgstr "Сохранено: <b>{name</b>"', "expected '}' before end of string"),
        (SAVED, 'msgstr "Сохранено: <b>{name}"', "<b> is not closed"),
        (SAVED, 'msgstr "Сохранено: <b>{name}</b></b>"', "</b> closes nothing that is open"),
        (SAVED, 'msgstr "Сохранено: <i>{name}</i>"', "tags i instead of b"),
        (SAVED, 'msgstr "Сохранено: <b>{name}</b> <b>!</b>"', "or not as often"),
        (SAVED, 'msgstr "Сохранено: <b><blink>{name}</blink></b>"', "<blink> is unknown to Telegram"),
        (SAVED, "msgstr \"<b><a href='{name}'>x</a></b>\"", "a placeholder inside a tag"),
        (SAVED, 'msgstr "Сохранено < <b>{name}</b>"', "a bare <"),
        ('msgstr "Отменить"', 'msgstr "<b>Отменить</b>"', "markup in a text that is shown as it is"),
        ('msgstr "Отменить"', 'msgstr "Отменить &amp; всё"', "markup in a text that is shown as it is"),
        ('msgstr "Отменить"', f'msgstr "{"ы" * 41}"', "41 characters, allowed are 1 to 40"),
        ('msgstr "Готово"', f'msgstr "{"ы" * 201}"', "201 characters, allowed are 1 to 200"),
        ('msgstr "Позже"', f'msgstr "{"😀" * 1751}"', "3502 UTF-16 units, allowed are 1 to 3500"),
        ("nplurals=3", "nplurals=2", "unusable"),
        ('msgstr[2] "{n} угроз"', 'msgstr[2] "{n} угроз"\nmsgstr[3] "x {n}"', "unusable"),
        ('msgid "Later"', 'msgid "Later than"', "obsolete, run: make catalogs: 'Later than'"),
        ('msgid "Later"', 'msgid "Later"\nmsgid_plural "Laters"', "out of date"),
        ('msgstr "Позже"', 'msgstr "Позже"\n\n#~ msgid "Old"\n#~ msgstr "Старое"', "1 obsolete entries"),
    ],
)
def test_fault_is_found(root: Path, old: str, new: str, said: str) -> None:
    """Each kind of fault in a catalogue gives a line that says it."""
    replace(po(root), old, new)
    assert any(said in fault for fault in found(root)), found(root)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('t.gettext(f"Hello {name}")', "gettext() is given a computed text"),
        ('t.gettext("Hello " + name)', "gettext() is given a computed text"),
        ('t.plain.pgettext("button", "Hello %s" % name)', "pgettext() is given a computed text"),
        ('t.gettext("<b>never closed")', "<b> is not closed"),
        ('N_("{a.b}")', "placeholder is more than a name"),
        ('NP_("command", "ab")', "2 bytes, allowed are 3 to 256"),
        (f'NP_("command", "{"ы" * 129}")', "258 bytes, allowed are 3 to 256"),
        (f'NP_("button", "{"x" * 41}")', "41 characters, allowed are 1 to 40"),
    ],
)
def test_fault_in_the_code_is_found(root: Path, code: str, said: str) -> None:
    """A text that is wrong in English is told at its place in the code."""
    (root / "bot" / "more.py").write_text(f"def more(t, name):\n    {code}\n")
    faults = [fault for fault in found(root) if fault.startswith("bot/more.py:2: ")]
    assert any(said in fault for fault in faults), found(root)


def test_singular_may_omit_the_number_where_it_is_only_one(root: Path) -> None:
    """Kyrgyz uses its first form for 1 alone, so it may say "one copy"; Russian uses it for 21 as well."""
    extract(root, ["ky"])
    replace(po(root, "ky"), 'copies"\nmsgstr[0] ""\nmsgstr[1] ""', 'copies"\nmsgstr[0] "бир"\nmsgstr[1] "{n} көчүрмө"')
    assert not any("one copy" in fault for fault in found(root, "ky"))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed: run scripts/setup-system")
def test_msgfmt_has_its_say(root: Path) -> None:
    """What only GNU gettext notices is told too, where it is installed."""
    replace(po(root), 'msgid "Saved by <b>{name}</b>"', 'msgid "Saved by <b>{name}</b>\\n"')
    assert any("msgfmt: " in fault for fault in found(root))


def test_command_line(root: Path) -> None:
    """The check exits with 1 and a line for each fault."""
    replace(po(root), 'msgstr "Позже"', 'msgstr ""')
    command = [sys.executable, "-m", "scripts.catalogs", "check", "--root", str(root)]
    environment = os.environ | {"PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert done.returncode == 1
    assert "messages.po" in done.stdout
    assert "untranslated: 'Later'" in done.stdout
