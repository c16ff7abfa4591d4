"""Differences: every code in every language, pieces that are the other text, and no input that hurts."""

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.text.differences import CODES, MAX_CHARS, difference
from tests.detection.text import edits

RU = "Журналисты опять врут про нашего президента Садыра. Хватит это терпеть, уходите из страны!"
KY = "Кыргызстандын өнүгүшү үчүн жаңы мыйзам керек. Элибиз ойгонсун, качан токтойсуңар!"
UZ = "O'zbekiston kelajagi uchun yangi qonun kerak. Xalqimiz uyg'onsin, yolg'on gapirmang!"
EN = "These people are paid by embassies to destroy our country. Nobody believes Robert any more!"

TABLE = [
    (RU, RU.upper(), "case"),
    (KY, KY.lower(), "case"),
    (UZ, UZ.title().replace("'S", "'s"), "case"),
    (EN, EN.swapcase(), "case"),
    (RU, RU.replace(".", "!!").replace(",", " —"), "punctuation"),
    (KY, "«" + KY.replace(",", "") + "»", "punctuation"),
    (UZ, UZ.replace("'", "ʻ"), "punctuation"),
    (EN, EN.replace(".", "..."), "punctuation"),
    (RU, RU + " 🔥🔥", "emoji"),
    (KY, "😡 " + KY.replace("жаңы", "жаңы🤡"), "emoji"),
    (UZ, UZ.replace("yangi", "yangi 👍🏽"), "emoji"),
    (EN + " ❤️", EN, "emoji"),
    (RU, "Zhurnalisty opyat vrut pro nashego prezidenta Sadyra. Khvatit eto terpet, ukhodite iz strany!", "alphabet"),
    (KY, "Kyrgyzstandyn önügüşü üçün jany myizam kerek. Elibiz oigonsun, kachan toktoisunar!", "alphabet"),
    (KY, KY.replace("ө", "о").replace("ү", "у").replace("ң", "н"), "typos"),
    (UZ, "Ўзбекистон келажаги учун янги қонун керак. Халқимиз уйғонсин, ёлғон гапирманг!", "alphabet"),
    (RU.replace("про", "всё про"), RU.replace("про", "все про"), "typos"),
    (RU, edits.disguised(RU), "lookalikes"),
    (KY, edits.broken(KY), "lookalikes"),
    (UZ, "\u200b".join(UZ), "lookalikes"),
    (EN, edits.decorated(EN), "lookalikes"),
    (EN, EN.replace("people", "pe0pl3").replace("paid", "p@id"), "lookalikes"),
    (RU, edits.accented(RU), "lookalikes"),
    ("какая же сука этот депутат", "какая же cyka этот депутат", "lookalikes"),
    (RU, RU.replace(" ", ""), "spacing"),
    (KY, KY.replace("мыйзам", "м ы й з а м"), "spacing"),
    (UZ, UZ.replace(" ", "   "), "spacing"),
    (EN, EN.replace("paid by", "pa id by"), "spacing"),
    (RU, "Хватит это терпеть, уходите из страны! Журналисты опять врут про нашего президента Садыра.", "reordered"),
    (KY, "Элибиз ойгонсун, качан токтойсуңар! Кыргызстандын өнүгүшү үчүн жаңы мыйзам керек.", "reordered"),
    (UZ, "Xalqimiz uyg'onsin, yolg'on gapirmang! O'zbekiston kelajagi uchun yangi qonun kerak.", "reordered"),
    (EN, EN.replace("to destroy our country", "our country to destroy").replace("country.", "country"), "reordered"),
    (RU, RU.replace("Садыра", "Алмазбека"), "names"),
    ("Мени Айгүл алдаган экен", "Мени Бакыт алдаган экен", "names"),
    (UZ, UZ.replace("O'zbekiston", "Qozog'iston"), "names"),
    (EN, EN.replace("Robert", "Alice Cooper"), "names"),
    ("Вчера на площади было 200 человек", "Вчера на площади было 350 человек", "numbers"),
    ("Бүгүн 12 адам келди", "Бүгүн 15 адам келди", "numbers"),
    ("Ularga 100$ to'lashdi", "Ularga 300$ to'lashdi", "numbers"),
    ("They got 5 thousand in May", "They got 70 thousand in May", "numbers"),
    (RU, RU.replace("врут", "молчат"), "words"),
    (KY, KY.replace("жаңы", "дагы бир"), "words"),
    (UZ, UZ.replace("kerak", "emas, albatta").replace("qonun", "tartib"), "words"),
    (EN, EN.replace("destroy", "quietly ruin"), "words"),
    (RU, RU.replace("Журналисты", "Жунралисты"), "typos"),
    (KY, KY.replace("мыйзам", "мыйзма"), "typos"),
    (UZ, UZ.replace("kelajagi", "kelajgi"), "typos"),
    (EN, EN.replace("country", "countrry").replace("embassies", "embasies"), "typos"),
    ("Не верьте ни одному слову", "Не верте ни одному слову", "typos"),
    ("Не верте ни одному слову", "Не верьте ни одному слову", "typos"),
    (RU, RU.replace("врут", "нагло врут"), "added"),
    (RU, RU.replace("врут", "всегда и нагло врут"), "added"),
    (RU, RU + " Позор!", "added"),
    (UZ, UZ.replace("yangi ", ""), "dropped"),
    (RU, RU.replace("опять ", ""), "dropped"),
    (RU, RU + " Позор вам всем навеки.", "added"),
    (KY, "Уят эмеспи силерге! " + KY, "added"),
    (UZ, UZ + " Uyat sizlarga hammangizga", "added"),
    (EN, EN.replace("Nobody", "Shame on every one of them! Nobody"), "added"),
    (RU, RU.partition(". ")[0] + ".", "dropped"),
    (KY, KY.split(". ")[1], "dropped"),
    (UZ, UZ.partition(". ")[0] + ".", "dropped"),
    (EN, EN.partition(". ")[0] + ".", "dropped"),
    (RU, "врут про нашего президента", "part"),
    (KY, KY[:50], "part"),
    ("Xalqimiz uyg'onsin", UZ, "part"),
    (EN, EN[: len(EN) * 6 // 10], "part"),
]


@pytest.mark.parametrize(("one", "other", "code"), TABLE)
def test_each_code_alone(one: str, other: str, code: str) -> None:
    """Whatever one edit was made, exactly that is said of it."""
    assert difference(one, other).codes == (code,)


def test_every_code_is_in_the_table() -> None:
    """Nothing is said that is not shown above, and all that is said stands in one order."""
    assert {code for _, _, code in TABLE} == set(CODES)


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        (RU.upper() + " 🔥", ("case", "emoji")),
        ("ZHURNALISTY OPYAT VRUT PRO NASHEGO PREZIDENTA ALMAZA", ("dropped", "words", "alphabet")),
        (RU.replace("Садыра", "Алмазбека").replace("страны", "строны"), ("names", "typos")),
        ("Позор вам всем навеки! " + RU.replace("о", "o"), ("added", "lookalikes")),
        (RU.replace("Садыра.", "Алмаза. Запомните этих людей навсегда!"), ("added", "names")),
        ("Запомните этих людей навсегда! Депутаты" + RU.removeprefix("Журналисты"), ("added", "names")),
        (RU.replace("опять", "снова") + " Вас 15 человек осталось!", ("added", "words")),
    ],
)
def test_codes_join(other: str, codes: tuple[str, ...]) -> None:
    """Several edits are each said, in one order."""
    found = difference(RU, other).codes
    assert set(found) - {"case"} == set(codes) - {"case"}
    assert list(found) == sorted(found, key=CODES.index)


def test_pieces_say_where() -> None:
    """In reading order: what went stands before what came in its place."""
    other = RU.replace("Садыра", "Алмаза") + " Позор вам всем!"
    assert difference(RU, other).pieces == (
        ("same", "Журналисты опять врут про нашего президента"),
        ("dropped", "Садыра."),
        ("added", "Алмаза."),
        ("same", "Хватит это терпеть, уходите из страны!"),
        ("added", "Позор вам всем!"),
    )


def test_an_added_sentence_is_whole() -> None:
    """A sentence that begins as its neighbour does is not cut in two."""
    found = difference("Мы любим страну. Мы всё видим.", "Мы любим народ, слышите. Мы любим страну. Мы всё видим.")
    assert found.pieces == (("added", "Мы любим народ, слышите."), ("same", "Мы любим страну. Мы всё видим."))
    assert found.codes == ("added",)


def test_moved_words_are_not_new() -> None:
    """A sentence that changed its place is shown as it stands, and what was added beside it as added."""
    found = difference(
        RU, "Хватит это терпеть, уходите из страны! Совсем! Журналисты опять врут про нашего президента Садыра."
    )
    assert found.codes == ("added", "reordered")
    assert [text for kind, text in found.pieces if kind != "same"] == ["Совсем!"]


WORDS = st.lists(
    st.sampled_from(
        ["сен", "Сен", "калп", "kalp", "к0лп", "айтасың", "айтасың!", "🔥", "—", "12", "15", "Асан", "Үсөн", "\n"]
    ),
    max_size=14,
).map(" ".join)
ANY = st.text(st.characters(codec=None, categories=None), max_size=60)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(st.one_of(st.tuples(WORDS, WORDS), st.tuples(ANY, ANY), st.tuples(WORDS, ANY)))
def test_pieces_are_the_other_text(pair: tuple[str, str]) -> None:
    """What is the same and what was added, joined, is the other text as it was written, spaces aside."""
    one, other = pair
    found = difference(one, other)
    assert squeezed("".join(text for kind, text in found.pieces if kind != "dropped")) == squeezed(other)
    assert all(text.strip() for _, text in found.pieces)
    assert all(a[0] != b[0] for a, b in zip(found.pieces, found.pieces[1:], strict=False))
    assert found.codes == ("same",) or set(found.codes) <= set(CODES)
    if any(kind != "same" for kind, _ in found.pieces):
        assert found.codes != ("same",)


@given(st.one_of(WORDS, ANY))
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    """One piece, one code, whatever it is made of."""
    found = difference(text, text)
    assert found.codes == ("same",)
    assert [kind for kind, _ in found.pieces] == ["same"] * bool(text.strip())


@given(WORDS, WORDS)
def test_no_difference_goes_unsaid(one: str, other: str) -> None:
    """ "same" is said of equal texts only."""
    assert (difference(one, other).codes == ("same",)) == (one.strip() == other.strip())


def _random_words(seed: int, count: int, length: int) -> str:
    dice = random.Random(seed)
    return " ".join("".join(dice.choices("абвгдеж", k=length)) for _ in range(count))


HOSTILE: list[tuple[str, Callable[[], tuple[str, str]]]] = [
    ("a megabyte of one word", lambda: ("слово " * 170_000, "словo " * 160_000)),
    ("a megabyte without a space", lambda: ("х" * 1_000_000, "х" * 999_999 + "у")),
    ("marks on one letter", lambda: ("а" + "\u0301" * 50_000, "а")),
    ("only emoji", lambda: ("🔥" * 10_000, "🔥 " * 5_000)),
    ("halves of pairs", lambda: ("\ud800 " * 5_000, "\udfff\ud800 " * 4_000)),
    ("overrides", lambda: ("\u202e" * 9_000 + "abc", "abc")),
    ("brackets", lambda: ("(" * 9_999 + "а", "(" * 9_999)),
    ("letters apart", lambda: (_random_words(1, 5_000, 1), _random_words(2, 5_000, 1) + " щщ")),
    ("nothing in common", lambda: (_random_words(3, 1_600, 5), _random_words(4, 1_600, 5))),
    ("pairs in common", lambda: (_random_words(5, 3_300, 2), _random_words(6, 3_300, 2))),
]


@pytest.mark.parametrize(("what", "make"), HOSTILE, ids=[what for what, _ in HOSTILE])
def test_hostile_texts_take_bounded_time(what: str, make: Callable[[], tuple[str, str]]) -> None:
    """No text is too long or too strange: it is cut, and answered within a second of processor time."""
    one, other = make()
    begun = time.process_time()
    found = difference(one, other)
    assert time.process_time() - begun < 1.0
    assert sum(len(text) for kind, text in found.pieces if kind != "dropped") <= MAX_CHARS
