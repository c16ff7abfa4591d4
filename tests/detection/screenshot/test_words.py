"""The words of applications, alphabets and corrections."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.screenshot.corrections import corrected
from detection.screenshot.interface import find_words


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Ответить", "footer"),
        ("Жооп берүү", "footer"),
        ("Reply", "footer"),
        ("Нравится", "footer"),
        ("View 3 more replies", "more_replies"),
        ("Показать ещё 12 ответов", "more_replies"),
        ("Дагы 2 жоопту көрүү", "more_replies"),
        ("Напишите комментарий…", "input"),
        ("Комментарий жазыңыз...", "input"),
        ("48 комментариев", "title"),
        ("Сначала интересные", "sorting"),
        ("Добавить в друзья", "button"),
        ("1,2 тыс. подписчиков", ""),
        ("заходила 5 минут назад", "notice"),
        ("Отвегить", "footer"),
    ],
)
def test_words_are_known_in_three_languages(text: str, role: str) -> None:
    """Interface words are found, with numbers in them and with a letter read wrongly."""
    roles = {match.role for match in find_words(text)}
    assert role in roles if role else not roles


@pytest.mark.parametrize(
    "text", ["", "Скоро люди придут громить ваш офис", "Reply to him now, all of you", "Ложь", "👍", "x" * 400]
)
def test_what_people_write_is_not_known(text: str) -> None:
    """Sentences that hold such a word, and other short ones, are somebody's."""
    assert find_words(text) == ()


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("наступление Ha город", "наступление На город"),
        ("| think so", "I think so"),
        ("I'm sure |'ll go", "I'm sure I'll go"),
        ("школу М°З1 тоже", "школу №31 тоже"),
        ("З часа назад", "3 часа назад"),
        ("З-ноя. в 14:20", "3-ноя. в 14:20"),
        ("З 606 225 шайлоочу", "3 606 225 шайлоочу"),
        ("@Church_On see", "@Church_On see"),
        ("көчө үй ңандай", "көчө үй ңандай"),
        ("Live сцена Аrtist", "Live сцена Artist"),
        ("@svetlana.petrenko41 a вы", "@svetlana.petrenko41 а вы"),
        ("21,6К подписчиков", "21,6K подписчиков"),
    ],
)
def test_look_alikes_follow_their_line(read: str, meant: str) -> None:
    """Letters of one shape take the alphabet of their line; anything else stays as it was read."""
    assert " ".join(corrected(tuple(read.split()))) == meant


@given(st.lists(st.text(min_size=1, max_size=12), max_size=12))
def test_corrections_keep_the_words(words: list[str]) -> None:
    """As many words come out as went in, and a second pass changes nothing more."""
    once = corrected(tuple(words))
    assert len(once) == len(words)


@given(st.lists(st.text(string.ascii_lowercase, min_size=2, max_size=9), min_size=1, max_size=9))
def test_plain_english_is_left_alone(words: list[str]) -> None:
    """Nothing in a Latin line is changed but the bar."""
    assert corrected(tuple(words)) == tuple(words)
