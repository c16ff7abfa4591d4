"""Names are found in any script, order and pet form; handles by what they look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.accounts.name_index import NameIndex, likeness
from detection.accounts.name_sounds import words_of
from detection.accounts.nicknames import nicknames, read_nicknames
from detection.thresholds import IMPERSONATION_LIKENESS

PEOPLE = {
    1: ("Талайгүл Өмүралиева", "talai.gul_92"),
    2: ("Айбек Асанов", "aibek.asanov"),
    3: ("Гүлнара Токтосунова", None),
    4: ("Александр Петров", "sasha_petrov"),
    5: ("Нурлан Өмүралиев", None),
    6: ("Алия Омурбекова", "aliya2001"),
}


@pytest.fixture
def index() -> NameIndex:
    """Six people."""
    built = NameIndex()
    for ref, (name, handle) in PEOPLE.items():
        built.put(ref, [name], [handle] if handle else [])
    return built


@pytest.mark.parametrize(
    ("asked", "ref"),
    [
        ("Talaigul Omuralieva", 1),
        ("Талайгуль Омуралиева", 1),
        ("Talaygül Ömüralieva", 1),
        ("ОМУРАЛИЕВА Талайгүл Асановна", 1),
        ("Талайгүл Өмүралы кызы", 1),
        ("Т. Омуралиева", 1),
        ("Талайгул Омуралиеоа", 1),
        ("Tаlайгүл Өмүрaлиева", 1),
        ("TalaigulOmuralieva", 1),
        ("ta1aigul92", 1),
        ("@talai_gul.92", 1),
        ("Aybek Asan uulu", 2),
        ("Гуля Токтосунова", 3),
        ("Gulya Toktosunova", 3),
        ("Саша Петров", 4),
        ("Шурик Петров", 4),
        ("Нурик Омуралиев", 5),
    ],
)
def test_a_name_is_found_however_it_is_written(index: NameIndex, asked: str, ref: int) -> None:
    """The account is the first answer."""
    assert index.search(asked)[0].ref == ref


def test_what_is_nobody_s_name_finds_nobody(index: NameIndex) -> None:
    """Signs, digits and other people's names lead nowhere near."""
    assert index.search("") == index.search("★ 12 !!") == []
    assert all(hit.score < IMPERSONATION_LIKENESS for hit in index.search("Бермет Жээнбекова"))


def test_an_account_is_replaced_and_forgotten(index: NameIndex) -> None:
    """Only what was put last counts; a dropped account is never found again."""
    index.put(2, ["Бекзат Исаков"])
    assert index.search("Айбек Асанов", 1)[0].ref != 2 or index.search("Айбек Асанов", 1)[0].score < 0.8
    assert index.search("Bekzat Isakov")[0].ref == 2
    index.drop(2)
    assert all(hit.ref != 2 for hit in index.search("Бекзат Исаков"))
    assert len(index) == len(PEOPLE) - 1


def test_likeness_is_high_for_one_name_and_low_for_two() -> None:
    """The measure by which impersonation is offered."""
    assert likeness("Талайгүл Өмүралиева", "Talaigul Omuralieva") > IMPERSONATION_LIKENESS
    assert likeness("Талайгүл Өмүралиева", "Талайгүл Токтосунова") < IMPERSONATION_LIKENESS
    assert likeness("Айбек Асанов", "Айбек Осмонов") < IMPERSONATION_LIKENESS


def test_nicknames_are_data() -> None:
    """A line of the table is enough, in any alphabet; what is no line is passed over."""
    table = read_nicknames("# words\nТуку\tTurgunbek Түр*\nno tab\n\tx\n")
    assert table.of("turgunbek") == {"tuku"}
    assert table.of("tuku") == {"turgunbek"}
    assert table.fitting("tuku", ["turdubek", "asan"]) == ["turdubek"]
    assert "gulnara" in nicknames().of("gula")


@given(st.text(max_size=60))
def test_no_words_break_the_search(text: str) -> None:
    """Whatever is typed is an answer, never an error, and names are of few words."""
    index = NameIndex()
    index.put(1, [text, "Айбек Асанов"], [text])
    assert len(words_of(text)) <= 8
    assert all(0 <= hit.score <= 1.01 for hit in index.search(text))
