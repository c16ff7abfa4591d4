"""Copies among many texts: what is the same, what was edited, what is only alike, what has nothing to do with it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.text import Shelf, normalise
from detection.text.candidates import Asked
from detection.text.decision import copy_odds, similar_odds
from detection.text.forest import forest
from detection.text.likeness import FEATURES, Profile, likeness

SAID = (
    "Эти журналисты получают деньги из-за границы и каждый день врут нашему народу, пора закрыть их навсегда.",
    "Кыргыз эли силердин калпыңарга ишенбейт, чет элдик акчага сатылган журналисттер өлкөдөн кетсин!",
    "Bu saytning yolgʻonlariga hech kim ishonmaydi, ularni chet eldan kimdir boqib turibdi, hammasi sotilgan.",
    "Everybody knows that this so called newsroom is paid from abroad to stir up trouble in our country.",
    "Когда уже посадят этих продажных писак, сколько можно терпеть их враньё про нашего президента?",
)


def ordinary(count: int, seed: int = 1) -> list[str]:
    """Made-up comments that have nothing to do with each other, beyond their words."""
    r = random.Random(seed)
    words = (  # noqa: SIM905 - a list would take a page
        "вчера дорога открыли новый рынок погода цены мясо школа дети учитель город ремонт автобус домой вечером"
        " утром очень красиво спасибо хорошая статья интересно почитать соседи ждут весну урожай яблоки Бишкек Ош Нарын"
        " Каракол машина сломалась мастер обещал завтра починить телефон интернет опять пропал свет вода отключили зиму"
    ).split()
    return [" ".join(r.choice(words) for _ in range(r.randint(8, 20))) for _ in range(count)]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Five things that are said by order, among a thousand comments."""
    return Shelf(normalise(text).words for text in [*SAID, *ordinary(1000)])


EDITED = [
    (
        0,
        "ЭТИ ЖУРНАЛИСТЫ ПОЛУЧАЮТ ДЕНЬГИ ИЗ-ЗА ГРАНИЦЫ И КАЖДЫЙ ДЕНЬ ВРУТ НАШЕМУ НАРОДУ, ПОРА ЗАКРЫТЬ ИХ НАВСЕГДА!!! 😡",
    ),
    (0, "Eti zhurnalisty poluchayut dengi iz-za granitsy i kazhdyy den vrut nashemu narodu, pora zakryt ih navsegda"),
    (0, "Эти журналюги получают деньги из-за границы и каждый день врут нашим людям, пора закрыть их навсегда."),
    (0, "Пора закрыть их навсегда. Эти журналисты получают деньги из-за границы и каждый день врут нашему народу."),
    (
        0,
        "Смотрите сами! Эти журналисты получают деньги из-за границы и каждый день врут нашему народу, пора закрыть их "
        "навсегда. Я давно об этом говорил, никто не слушал.",
    ),
    (0, "Эти жунралисты получают деньги ииз-за гранцы и каждый день вурт нашему нроду, пора закрыт их навсегда."),
    (1, "Кыргыз эли силердин калпынарга ишенбейт, чет элдик акчага сатылган журналисттер олкодон кетсин"),
    (1, "Кыргыз эли силердин калпыңарга ишенбейт, акчага сатылган блогерлер менен журналисттер өлкөдөн кетсин!"),
    (2, "Бу сайтнинг ёлғонларига ҳеч ким ишонмайди, уларни чет элдан кимдир боқиб турибди, ҳаммаси сотилган"),
    (3, "Everybody knows that this so called newspaper is paid from abroad to stir up trouble in our republic"),
    (4, "Kогда ужe пocaдят этих пpoдaжных пиcaк, cкoлькo можнo тepпеть их вpaньё пpo нaшeгo пpeзидeнтa???"),
    (4, "сколько можно терпеть их враньё про нашего президента? Когда уже посадят этих продажных писак"),
]


@pytest.mark.parametrize(("number", "text"), EDITED)
def test_an_edited_text_is_a_copy(shelf: Shelf, number: int, text: str) -> None:
    """Whatever an operator does by hand, the text is found again, and said as a finding."""
    found = shelf.search(normalise(text).words)
    assert [(each.number, each.tier) for each in found[:1]] == [(number, "copy")]


@pytest.mark.parametrize(
    "text",
    [
        "Журналисты получили премию за расследование о загрязнении реки, поздравляем коллег с этой победой!",
        "Кыргыз эли Нооруз майрамын тосуп жатат, баарына ден соолук жана бакыт каалайбыз, кымбаттуу достор!",
        "Когда уже починят дорогу в нашем районе, сколько можно ездить по этим ямам каждый день?",
        "Everybody knows that the best shashlik is sold at the market near the railway station on Sundays.",
    ],
)
def test_what_only_shares_some_words_is_nothing(shelf: Shelf, text: str) -> None:
    """The same beginning or the same question makes no copy."""
    assert [each for each in shelf.search(normalise(text).words) if each.tier == "copy"] == []


def test_the_same_text_comes_first_and_is_exact(shelf: Shelf) -> None:
    """The same skeleton is the same text, with certainty."""
    found = shelf.search(normalise(SAID[2].upper()).words)
    assert (found[0].number, found[0].score, found[0].why) == (2, 1.0, ("exact",))


def test_a_short_text_is_only_found_as_itself() -> None:
    """«Согласен» and «рахмат» say nothing about who wrote what."""
    shelf = Shelf(normalise(text).words for text in ("Рахмат сизге!", "Полностью согласен", "Позор вам"))
    assert [each.number for each in shelf.search(normalise("рахмат сизге").words)] == [0]
    assert shelf.search(normalise("полностью согласна").words) == []
    assert shelf.search("") == []


SLIPS = "Почему они все молчат опять", "Погода в Оше на 12.05.2026 будет хорошей для прогулок"


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("Почему они все мочлат опять", ["copy"]),
        ("Почему они все мотчат опять", ["copy"]),
        ("Почему они все врут опять", []),
        ("Погода в Оше на 12.05.2026 бует хорошой для прогулок", ["copy"]),
        ("Погода в Оше на 21.05.2026 будет хорошей для прогулок", ["similar"]),
    ],
)
def test_slips_are_forgiven_and_other_words_and_numbers_are_not(text: str, tiers: list[str]) -> None:
    """Also in a text that is too short for anything else."""
    shelf = Shelf(normalise(said).words for said in [*SLIPS, *ordinary(1000)])
    assert [each.tier for each in shelf.search(normalise(text).words)] == tiers


def test_what_latin_spellings_mix_up_hides_no_text() -> None:
    """To some "w" is «в» and to others «ш», "c" is «к» or «ц»."""
    said = "В столице вспышка заболеваемости, власти ввели запрет", "Завод в Викулово получит новые специальности"
    shelf = Shelf(normalise(text).words for text in [*said, *ordinary(1000)])
    asked = (
        "W stolice wspywka zabolewaemosti, wlasti wweli zapret",
        "Zawod w Wiculowo polu4it nowye spetsial'nosti",
    )
    found = [shelf.search(normalise(text).words)[:1] for text in asked]
    assert [[(each.number, each.tier) for each in best] for best in found] == [[(0, "copy")], [(1, "copy")]]


def test_a_part_is_said_to_be_a_part(shelf: Shelf) -> None:
    """What holds another text as a part is found, and marked, so that it never joins two campaigns."""
    found = shelf.search(normalise(f"{SAID[0]} {SAID[4]}").words)
    assert {each.number for each in found if each.partial} >= {0, 4}
    whole = shelf.search(normalise(SAID[0].replace("навсегда", "наконец")).words)
    assert not whole[0].partial


def test_thresholds_rise_with_the_store() -> None:
    """The more texts there are, the more come near by chance."""
    sizes = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
    assert sorted(map(copy_odds, sizes)) == list(map(copy_odds, sizes))
    assert copy_odds(10_000_000) > copy_odds(1_000)
    assert all(similar_odds(size) < copy_odds(size) for size in sizes)


def test_the_forest_was_grown_for_these_numbers() -> None:
    """Every tree is whole, and asks about numbers that a likeness has."""
    grown = forest()
    nodes = 2**grown.depth - 1
    assert grown.feature.shape == grown.threshold.shape == (len(grown.leaf), nodes)
    assert grown.leaf.shape[1] == nodes + 1
    assert grown.feature.max() < len(FEATURES)


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_a_likeness_has_every_number(one: str, other: str) -> None:
    """Any two texts can be compared; shares stay within 0 and 1, ratios within 0 and 100."""
    words, others = normalise(one).words, normalise(other).words
    asked = Asked(words)
    if not asked.skeleton or not others:
        return
    like = likeness(Profile.of(words, asked.weights({}, 1000)), others, 1.0, 0, 1000)
    assert len(like.values) == len(FEATURES)
    assert 0 <= like.covered <= 1
    assert 0 <= like.other_covered <= 1
    assert 0 <= like.whole <= 100


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 4), st.randoms(use_true_random=False))
def test_a_few_typing_errors_never_hide_a_text(number: int, r: random.Random) -> None:
    """Four letters of a hundred, wherever they stand."""
    shelf = Shelf(normalise(text).words for text in [*SAID, *ordinary(200)])
    letters = list(SAID[number])
    for place in r.sample(range(len(letters)), 4):
        letters[place] = r.choice("аекынотsm")
    found = shelf.search(normalise("".join(letters)).words)
    assert [(each.number, each.tier) for each in found[:1]] == [(number, "copy")]


def test_hostile_texts_take_bounded_time_and_mean_nothing(shelf: Shelf) -> None:
    """A megabyte, marks without end, only emoji, halves of surrogates, text turned around."""
    hostile = (
        "a" * 1_000_000,
        "е" + "\u0301" * 50_000,
        "😡" * 5_000,
        "\ud800" * 500,
        "\u202e" + "абв " * 5_000,
        "ab" * 500_000,
    )
    for text in hostile:
        assert [each for each in shelf.search(normalise(text).words) if each.tier == "copy"] == []
