"""The normaliser: what it undoes, what it keeps apart, and that no text can harm it."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.text import key, normalise
from detection.text.alphabets import BARE, BARE_WITH_APOSTROPHES
from detection.thresholds import TEXT_MAX_CHARS
from tests.detection.text.edits import SAME_SKELETON, TEXTS

ANY_TEXT = st.text(st.characters(), max_size=300)


@pytest.mark.parametrize("edit", SAME_SKELETON, ids=lambda edit: edit.__name__)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_an_edit_that_keeps_the_words_keeps_the_skeleton(edit: Callable[[str], str], text: str) -> None:
    """Case, emoji, punctuation, look-alikes, spaces, marks and Kyrgyz letters do not make another text."""
    assert normalise(edit(text)).skeleton == normalise(text).skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Журналисты снова молчат", "Zhurnalisty snova molchat"),
        ("ещё щука", "eshche shchuka"),
        ("хватит яхты", "khvatit yakhty"),
        ("жаңы өзгөрүү", "жаны озгоруу"),
        ("g'alaba bo'ldi", "galaba boldi"),
    ],
)
def test_two_alphabets_give_one_skeleton(one: str, other: str) -> None:
    """A text typed in Latin letters is the same text."""
    assert normalise(one).skeleton == normalise(other).skeleton


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Пpивeт, кaк дeлa", "привет как дела"),
        ("п р и в е т всем", "привет всем"),
        ("отка3ался ве3ти ребенк@", "отказался везти ребенка"),
        ("h3llo w0rld k1ll", "hello world kill"),
        ("ᴘᴜᴛɪɴ ｐｕｔｉｎ 🅟🅤🅣🅘🅝", "putin putin putin"),
        ("сука cyka", "сука cyka"),
        ("вcя cyka вpёт", "вся сука врет"),
        ("please сору thаt tехt", "please copy that text"),
        ("смотри https://t.co/abc123 и http://kloop.kg", "смотри и"),
        ("привет @someone_1 как ты", "привет как ты"),
        ("Ёлка, Ң Ө Ү", "елка н о у"),
    ],
)
def test_folding_reads_what_a_person_reads(text: str, folded: str) -> None:
    """Disguises come off; links and mentions go."""
    assert normalise(text).folded == folded


@pytest.mark.parametrize(
    "text",
    [
        "2015 год",
        "iphone 7 за 100",
        "в 18:00 у 12 дома",
        "covid 19",
        "100 сом",
        "iPhone7",
        "mp3",
        "3го мая",
        "100сом",
        "5G",
    ],
)
def test_numbers_stay_numbers(text: str) -> None:
    """Digits that stand alone or count something are not letters, and repeated ones are not one."""
    digits = [char for char in text if char.isdigit()]
    assert [char for char in normalise(text).words if char.isdigit()] == digits


def test_hashtags_go_only_when_enough_is_left() -> None:
    """Farms vary hashtags; a short text and a text of hashtags alone keep their words."""
    body = "Смотрите все, что творится сегодня утром в нашей столице"
    assert normalise(f"#один {body} #два").skeleton == normalise(body).skeleton
    assert normalise("Смотрите все на #столицу").folded == "смотрите все на столицу"
    assert normalise("#один #два").folded == "один два"


@pytest.mark.parametrize(
    "text",
    [
        "#Бишкек утром без тепла, мы все мёрзнем! #позор",
        "Когда уже починят дорогу #ремонт в нашем районе",
        "#UnlikelyMagic you may never open this door",
    ],
)
def test_a_short_text_with_hashtags_is_the_same_with_other_spaces(text: str) -> None:
    """Where a hashtag ends nobody can say once the spaces are gone or torn."""
    skeleton = normalise(text).skeleton
    assert normalise(text.replace(" ", "")).skeleton == skeleton
    assert normalise(text.replace("т", "т ").replace("s", "s ")).skeleton == skeleton


def test_only_as_much_goes_as_a_name_or_hashtag_may_have() -> None:
    """What was written without spaces behind them stays, but for the letters that might have been theirs."""
    said = "Смотрите, что творится сегодня утром в нашей столице, никто ничего не чинит"
    glued = said.replace(" ", "")
    assert normalise(said).skeleton.endswith(normalise(f"#позор{glued}").skeleton[-40:])
    assert normalise(f"@someone{'where' * 6}").skeleton.endswith("resere")
    assert normalise(f"@first_one@second.one {said}").skeleton == normalise(said).skeleton
    assert normalise(f"{said[:-5]} чинит#позор").skeleton == normalise(said).skeleton


@pytest.mark.parametrize("apart", [" ", "\u00a0", "\u2009", ".", "-", "_"])
@pytest.mark.parametrize("gap", ["  ", "   "])
def test_letters_apart_are_put_together_with_their_signs(apart: str, gap: str) -> None:
    """Names, hashtags and numbers are seen as such again."""
    text = "@some_one Вчера в 2019 было так: никто #совсем никто не пришёл, позор!"
    assert normalise(gap.join(apart.join(word) for word in text.split())) == normalise(text)


@pytest.mark.parametrize(
    "text", ["", "   ", "🔥🔥🔥", "https://t.co/abc", "@someone", "\u202e\u200b", "!!! ???", "\ud800"]
)
def test_a_text_without_words_has_an_empty_skeleton(text: str) -> None:
    """Emoji, links, mentions and invisible signs alone are nothing to compare."""
    assert normalise(text).skeleton == ""


@given(ANY_TEXT)
def test_any_text_gives_clean_forms(text: str) -> None:
    """Forms hold letters, digits and single spaces only, and can be stored as UTF-8."""
    forms = normalise(text)
    assert forms.skeleton == forms.words.replace(" ", "")
    for form in (forms.folded, forms.words):
        assert form == " ".join(form.split())
        assert form.encode("utf-8").decode("utf-8") == form
        assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in form)


@given(st.text(st.sampled_from("абвгдежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyzңөү"), min_size=1))
def test_a_word_never_becomes_empty(word: str) -> None:
    """A text with a letter can always be compared."""
    assert normalise(word).skeleton


@given(ANY_TEXT)
def test_case_never_matters_for_plain_letters(text: str) -> None:
    """Lower and upper case of the region's alphabets give one skeleton."""
    plain = "".join(char for char in text if "а" <= char <= "я" or char == " ")
    assert normalise(plain.upper()).skeleton == normalise(plain).skeleton


def test_what_lies_beyond_the_limit_is_cut() -> None:
    """Two texts that differ after the limit only are one."""
    start = "слово " * (TEXT_MAX_CHARS // 6 + 1)
    assert normalise(start + "хвост") == normalise(start + "другой")


def test_the_character_table_does_not_grow_without_end() -> None:
    """A text with every code point does not fill the memory."""
    normalise("".join(map(chr, range(0x3000, 0x7000))))
    assert len(BARE) <= 8192
    assert len(BARE_WITH_APOSTROPHES) <= 8192


@given(st.text())
def test_key_is_stable_and_fits_a_signed_column(skeleton: str) -> None:
    """The key is a non-negative 63-bit number."""
    assert 0 <= key(skeleton) < 2**63
    assert key(skeleton) == key(skeleton)


def test_key_does_not_change_between_releases() -> None:
    """Stored keys stay valid."""
    assert key("") == 0xE4A6A0577479B2B4 >> 1
    assert key("privet") != key("poka")
