"""bot.i18n: the right words, safe values, and never a broken card in a chat."""

import datetime as dt
import html
import io
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, N_, NP_, CatalogError, Catalogs, Html, MessageFault, pick_language, placeholders
from bot.i18n.translator import Translator

BISHKEK = ZoneInfo("Asia/Bishkek")
ENGLISH = Catalogs.load(["en"])["en"]
MOMENT = dt.datetime(2026, 11, 21, 8, 5, tzinfo=dt.UTC)
RUSSIAN = r"""
msgid ""
msgstr ""
"Language: ru\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "Saved by <b>{name}</b>"
msgstr "Сохранено: <b>{name}</b>"

msgid "{n} copy"
msgid_plural "{n} copies"
msgstr[0] "{n} копия"
msgstr[1] "{n} копии"
msgstr[2] "{n} копий"

msgctxt "button"
msgid "Undo"
msgstr "Отменить"

msgctxt "button"
msgid "{n} copy"
msgid_plural "{n} copies"
msgstr[0] "{n} коп."
msgstr[1] "{n} коп."
msgstr[2] "{n} коп."

msgid "Wrong {name}"
msgstr "Ошибка {other}"

#, fuzzy
msgid "Guess"
msgstr "Догадка"
"""


def write_catalog(folder: Path, language: str, text: str) -> Path:
    """Lay a catalogue where it is looked for."""
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Catalogs:
    """A Russian catalogue of five messages, as it behaves in a chat."""
    write_catalog(tmp_path, "ru", RUSSIAN)
    return Catalogs.load(["ru"], tmp_path)


def test_product_catalogues_load() -> None:
    """Every language of the product is usable, in its order."""
    assert tuple(Catalogs.load()) == LANGUAGES


def test_value_is_escaped_and_html_is_not(small: Catalogs) -> None:
    """What a person wrote cannot become markup; what we rendered stays markup."""
    translator = small["ru"]
    assert translator.gettext("Saved by <b>{name}</b>", name="<i>&") == "Сохранено: <b>&lt;i&gt;&amp;</b>"
    assert translator.gettext("Saved by <b>{name}</b>", name=Html("<i>x</i>")) == "Сохранено: <b><i>x</i></b>"


def test_translation_is_a_value_of_another(small: Catalogs) -> None:
    """A rendered message nests in another without being escaped twice."""
    inner = small["ru"].gettext("Saved by <b>{name}</b>", name="&")
    assert small["ru"].gettext("» {inner}", inner=inner) == "» Сохранено: <b>&amp;</b>"


def test_plain_escapes_nothing_and_sheds_tags(small: Catalogs) -> None:
    """A button shows signs as they are, and no tags."""
    plain = small["ru"].plain
    assert plain.pgettext("button", "Undo") == "Отменить"
    assert plain.gettext("{a} {b}", a="<&>", b=Html("<b>x &lt; y</b>")) == "<&> x < y"
    assert type(plain.gettext("x")) is str


@pytest.mark.parametrize(
    ("n", "shown"),
    [(1, "1 копия"), (21, "21 копия"), (3, "3 копии"), (11, "11 копий"), (1200, "1\N{NO-BREAK SPACE}200 копий")],
)
def test_russian_plurals(small: Catalogs, n: int, shown: str) -> None:
    """The plural form follows the number, which is filled in by itself."""
    assert small["ru"].ngettext("{n} copy", "{n} copies", n) == shown


def test_given_number_wins(small: Catalogs) -> None:
    """A caller may show the number in another way."""
    assert small["ru"].ngettext("{n} copy", "{n} copies", 2, n=Html("<b>2</b>")) == "<b>2</b> копии"
    assert small["ru"].npgettext("button", "{n} copy", "{n} copies", 5) == "5 коп."


def test_untranslated_and_fuzzy_fall_back_to_english(small: Catalogs) -> None:
    """A text without a confirmed translation is shown in English."""
    assert small["ru"].gettext("Guess") == "Guess"
    assert small["ru"].ngettext("one", "many", 1) == "one"


def test_broken_translation_shows_english(small: Catalogs, translation_faults: list[str]) -> None:
    """A translator's wrong placeholder never reaches a chat: English is shown, the fault is logged."""
    assert small["ru"].gettext("Wrong {name}", name="x") == "Wrong x"
    assert ["Ошибка {other}" in fault for fault in translation_faults] == [True]
    translation_faults.clear()


HOSTILE = [
    "",
    "{",
    "}{",
    "{0}",
    "{}",
    "{name.__class__.__init__.__globals__}",
    "{name!r:>99999999}",
    "{secret}",
    "%s%n",
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_catalogue_breaks_no_card_and_tells_nothing(
    tmp_path: Path, translation_faults: list[str], language: str
) -> None:
    """Every message of the product with every spoilt translation: it is said in English or without the value; nothing
    is raised, nothing is evaluated, and nothing is told but the values that were given."""
    told = _product_messages(language)
    assert len(told) > 1_000
    for number, spoilt in enumerate(HOSTILE):
        catalog = Catalog(locale=language)
        for message in told[number :: len(HOSTILE)]:
            many = isinstance(message.id, tuple)
            forms = tuple([spoilt] * catalog.num_plurals) if many else spoilt
            catalog.add(message.id, forms, context=message.context)
        file = io.BytesIO()
        write_po(file, catalog)
        write_catalog(tmp_path / str(number), language, file.getvalue().decode())
        translator = Catalogs.load([language], tmp_path / str(number))[language]
        for message in told[number :: len(HOSTILE)]:
            shown = _shown(translator, message)
            assert "class" not in shown or "class" in str(message.id), (spoilt, message.id)
            assert len(shown) < 10_000
    assert translation_faults
    translation_faults.clear()


def _product_messages(language: str) -> list[Message]:
    path = resources.files("bot") / "locales" / language / "LC_MESSAGES" / "messages.po"
    return [message for message in read_po(io.BytesIO(path.read_bytes()), locale=language) if message.id]


def _shown(translator: Translator, message: Message) -> str:
    texts = message.id if isinstance(message.id, tuple) else (message.id,)
    values = {name: "<x>" for text in texts for name in placeholders(text)} | {"name": "<y>"}
    context = () if message.context is None else (message.context,)
    if len(texts) == 2:
        say = translator.npgettext if context else translator.ngettext
        return say(*context, *texts, 5, **values)
    return (translator.pgettext if context else translator.gettext)(*context, *texts, **values)


@pytest.mark.parametrize("values", [{}, {"name": None}], ids=["absent", "none"])
def test_missing_value_is_visible_but_harmless(
    small: Catalogs, translation_faults: list[str], values: dict[str, object]
) -> None:
    """A card with a gap is better than no card."""
    assert small["ru"].gettext("Saved by <b>{name}</b>", **values) == "Saved by <b>…</b>"
    assert translation_faults
    translation_faults.clear()


def test_unreadable_braces_are_shown_escaped(small: Catalogs, translation_faults: list[str]) -> None:
    """Even a text that cannot be read as a message is shown, as text."""
    assert small["ru"].gettext("<b>{oops") == "&lt;b&gt;{oops"
    translation_faults.clear()


def test_strict_raises(tmp_path: Path) -> None:
    """Tests see a missing value at once."""
    write_catalog(tmp_path, "ru", RUSSIAN)
    strict = Catalogs.load(["ru"], tmp_path, strict=True)
    with pytest.raises(MessageFault, match="no value for name"):
        strict["ru"].gettext("Saved by <b>{name}</b>")
    with pytest.raises(MessageFault):
        strict["ru"].plain.gettext("{name}")


@pytest.mark.parametrize(
    ("message", "value", "said"),
    [
        ("Решение: {day}.", "21 нояб. 2026 г.", "Решение: 21 нояб. 2026 г."),
        ("Решение: {day}.", "сегодня", "Решение: сегодня."),
        ("{day}. Дальше", "21 нояб. 2026 г.", "21 нояб. 2026 г. Дальше"),
        ("{text}…", "и т. д.", "и т. д.…"),
        ("{text}...", "Ждите.", "Ждите...."),
    ],
)
def test_an_abbreviation_ends_its_sentence(message: str, value: str, said: str) -> None:
    """A full stop that the value brings along is not doubled."""
    assert ENGLISH.plain.gettext(message, day=value, text=value) == said


@pytest.mark.parametrize("message", ["{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{}", "{0}", "{a", "a}"])
def test_placeholder_is_only_a_name(message: str) -> None:
    """A catalogue cannot reach into our objects."""
    with pytest.raises(MessageFault):
        placeholders(message)


def test_doubled_brace_is_literal(small: Catalogs) -> None:
    """A brace can be shown."""
    assert small["ru"].gettext("{{{name}}}", name="x") == "{x}"


@given(st.text(), st.text())
def test_no_value_makes_markup(value: str, other: str) -> None:
    """For any texts: the reader sees exactly what was given, and nothing is markup."""
    shown = ENGLISH.gettext("{value}|{other}", value=value, other=other)
    assert "<" not in shown
    assert ">" not in shown
    assert html.unescape(shown) == f"{html.unescape(html.escape(value))}|{other}"


def test_html_joins_safely() -> None:
    """Joining and adding keep what is markup apart from what is not."""
    assert Html("\n").join(["<", Html("<b>x</b>")]) == "&lt;\n<b>x</b>"
    assert Html("<b>x</b>") + "<" == "<b>x</b>&lt;"
    assert "<" + Html("<b>x</b>") == "&lt;<b>x</b>"
    assert isinstance(Html("a") + "b", Html)


def test_markers_return_the_message() -> None:
    """Marking a text does not change it."""
    assert (N_("text"), NP_("button", "text")) == ("text", "text")


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ru", "21 нояб. 2026\N{NARROW NO-BREAK SPACE}г., 14:05"),
        ("ky", "2026-ж., 21-ноя., 14:05"),
        ("en", "21 Nov 2026, 14:05"),
    ],
)
def test_moment_in_the_newsrooms_zone(catalogs: Catalogs, language: str, shown: str) -> None:
    """A moment is kept in UTC and shown in a zone."""
    assert catalogs[language].datetime(MOMENT, BISHKEK) == shown


def test_naive_moment_is_refused(catalogs: Catalogs) -> None:
    """A moment without a zone would be shown wrongly."""
    with pytest.raises(ValueError, match="zone"):
        catalogs["en"].datetime(MOMENT.replace(tzinfo=None), BISHKEK)
    with pytest.raises(ValueError, match="zone"):
        catalogs["en"].date(MOMENT)


def test_plain_day_needs_no_zone(catalogs: Catalogs) -> None:
    """A day is a day everywhere; a moment's day depends on the zone."""
    assert catalogs["en"].date(dt.date(2026, 11, 21)) == "21 Nov 2026"
    assert catalogs["en"].date(dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC), BISHKEK) == "22 Nov 2026"


def test_numbers_in_each_language(catalogs: Catalogs) -> None:
    """Separators and signs are the language's own."""
    assert [catalogs[code].number(12345.5) for code in ("ru", "en")] == ["12\N{NO-BREAK SPACE}345,5", "12,345.5"]
    assert [catalogs[code].percent(0.963) for code in LANGUAGES] == ["96\N{NO-BREAK SPACE}%", "96%", "96%"]


def test_relative_time_in_each_language(catalogs: Catalogs) -> None:
    """Past and future are told apart."""
    said = [catalogs[code].relative(dt.timedelta(hours=-3)) for code in LANGUAGES]
    assert said == ["3 часа назад", "3 саат мурун", "3 hours ago"]
    assert catalogs["ky"].relative(dt.timedelta(hours=3)) == "3 сааттан кийин"


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("ky", "ky"), ("en-US", "en"), ("RU_ru", "ru"), ("de", "ky"), ("", "ky"), (None, "ky"), ("-", "ky")],
)
def test_language_is_picked(code: str | None, language: str) -> None:
    """Telegram's code decides where we speak it, else the newsroom's default."""
    assert pick_language(code, "ky") == language


def test_missing_language_refuses_to_start(tmp_path: Path) -> None:
    """A configured language without a catalogue is an error at the start, not in a chat."""
    with pytest.raises(CatalogError, match="language ky: no catalogue"):
        Catalogs.load(["ky"], tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        RUSSIAN + "garbage\n",
        RUSSIAN.replace("nplurals=3", "nplurals=2"),
        RUSSIAN.replace("n%10==1", "__import__(n)"),
        RUSSIAN.replace("msgstr[2]", "msgstr[7]"),
    ],
    ids=["syntax", "plural-count", "plural-rule", "plural-index"],
)
def test_unusable_language_refuses_to_start(tmp_path: Path, text: str) -> None:
    """A catalogue that cannot be trusted stops the start with its file's name."""
    write_catalog(tmp_path, "ru", text)
    with pytest.raises(CatalogError, match=r"language ru: .*messages\.po"):
        Catalogs.load(["ru"], tmp_path)


def test_bytes_that_are_no_text_refuse_to_start(tmp_path: Path) -> None:
    """A damaged file is an error at the start too."""
    write_catalog(tmp_path, "ru", "").write_bytes(b'msgid "a"\nmsgstr "\xff\xfe"\n')
    with pytest.raises(CatalogError):
        Catalogs.load(["ru"], tmp_path)
