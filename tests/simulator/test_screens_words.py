"""The words of rendered screens: complete in three languages, counts and times as each application writes them."""

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.screens import LANGUAGES, PLATFORMS, Language, Platform
from bot.simulator.screens.samples import handle_of
from bot.simulator.screens.times import shown_date, shown_time
from bot.simulator.screens.words import Words

NOW = datetime(2026, 10, 14, 12, 30)  # noqa: DTZ001 - what a phone shows is in its own zone


def tables(name: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(files("bot.simulator.screens").joinpath(name).read_text(encoding="utf-8"))


def test_every_language_has_every_word() -> None:
    """No application lacks in one language what it says in another, or what all share."""
    words = tables("words.toml")
    for platform in ("any", *PLATFORMS):
        keys = {
            language: set(words[language]["any"]) | set(words[language].get(platform, {}))  # type: ignore[call-overload]
            for language in LANGUAGES
        }
        assert keys["ru"] == keys["ky"] == keys["en"], platform


def test_every_language_has_as_much_to_say() -> None:
    """Sampled people have names, texts and places in each language."""
    phrases = tables("phrases.toml")
    assert {frozenset(table) for table in phrases.values()} == {frozenset(phrases["ru"])}
    assert set(phrases) == set(LANGUAGES)
    assert any("ө" in str(table) and "ү" in str(table) and "ң" in str(table) for table in phrases.values())


@pytest.mark.parametrize(
    ("platform", "language", "number", "shown"),
    [
        ("instagram", "ru", 987, "987"),
        ("instagram", "ru", 1280, "1 280"),
        ("instagram", "en", 1280, "1,280"),
        ("youtube", "ru", 1280, "1,2 тыс."),
        ("youtube", "ky", 15_321, "15,3 миң"),
        ("facebook", "en", 15_321, "15.3K"),
        ("tiktok", "ru", 2_400_000, "2.4M"),
        ("youtube", "en", 251_000, "251K"),
    ],
)
def test_counts_are_shortened(platform: Platform, language: Language, number: int, shown: str) -> None:
    """Counters read as applications write them."""
    assert Words(language, platform).count(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "1 ответ"),
        (3, "3 ответа"),
        (5, "5 ответов"),
        (11, "11 ответов"),
        (21, "21 ответ"),
        (1200, "1,2 тыс. ответов"),
    ],
)
def test_russian_counts_in_three_forms(number: int, shown: str) -> None:
    """One, few, many."""
    assert Words("ru", "youtube").counted("more_replies", number) == shown


@pytest.mark.parametrize(
    ("platform", "language", "minutes", "shown"),
    [
        ("facebook", "ru", 125, "2 ч"),
        ("facebook", "ky", 125, "2 саат"),
        ("facebook", "en", 3 * 1440, "3d"),
        ("instagram", "ru", 125, "2 ч."),
        ("instagram", "en", 15 * 1440, "2w"),
        ("vk", "ru", 125, "2 часа назад"),
        ("vk", "ru", 60 * 10, "сегодня в 02:30"),
        ("vk", "ru", 60 * 20, "вчера в 16:30"),
        ("vk", "ky", 60 * 20, "кече 16:30"),
        ("ok", "ru", 1440 * 3, "11 окт"),
        ("vk", "ru", 1440 * 300, "18 дек 2025"),
        ("vk", "en", 1440 * 3, "Oct 11 at 12:30"),
        ("youtube", "ru", 60 * 24 * 65, "2 месяца назад"),
        ("youtube", "en", 61, "1 hour ago"),
        ("youtube", "ky", 61, "1 саат мурун"),
        ("tiktok", "ru", 125, "2 ч. назад"),
        ("tiktok", "en", 1440 * 20, "09-24"),
        ("telegram", "ru", 30, "12:00"),
        ("facebook", "ru", 0, "Только что"),
    ],
)
def test_times_as_applications_write_them(platform: Platform, language: Language, minutes: int, shown: str) -> None:
    """How long ago, in the words of each."""
    assert shown_time(NOW - timedelta(minutes=minutes), NOW, platform, language) == shown


@given(st.integers(-100, 10_000_000), st.sampled_from(PLATFORMS), st.sampled_from(LANGUAGES))
def test_every_age_has_words(minutes: int, platform: Platform, language: Language) -> None:
    """From the future to twenty years ago something short is shown, without a hole in it."""
    shown = shown_time(NOW - timedelta(minutes=minutes), NOW, platform, language)
    assert 0 < len(shown) < 30
    assert "{" not in shown


def test_dates_of_chats() -> None:
    """Day and month, as the language orders them."""
    assert [shown_date(NOW, language) for language in LANGUAGES] == ["14 окт", "14-окт.", "Oct 14"]


@pytest.mark.parametrize(("name", "number", "handle"), [("Өмүрбек Үсөнов", 3, "omurbek_usonov3"), ("Ян", 4, "yan")])
def test_handles_are_latin(name: str, number: int, handle: str) -> None:
    """User names are made of the name's sounds."""
    assert handle_of(name, number) == handle
