"""The normaliser against whatever may be sent: bounded and linear time, no crash, a fixed point, never nothing."""

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detection.text import normalise
from detection.thresholds import TEXT_MAX_CHARS

TRICKY = "абвгёжзийксцчшщъьэюяabceghijkmnoqstuwxyz0123456789 @$.-*'ʻ😀αսᎪ🇰漢ა\u0301ңəßɐǝɔ𐊠ꙮԃӏѕ"
SHORT_WORDS = st.lists(st.text(st.sampled_from("аbшьs1h3ikoяz@9ъ"), min_size=1, max_size=3), max_size=9).map(" ".join)
ANY_TEXT = st.text(max_size=60) | st.text(st.sampled_from(TRICKY), max_size=25) | SHORT_WORDS
HOSTILE = (
    *("i", "ii ii ", "@", "http://", "://", "x://y ", "www.", "t.me/", "а\u0301\u0316", "ш", "я", "аa0", "@a", "sch"),
    *("ngkh", "tskh", "\u202eаб", "\ud800", "😀", "#а ", "а@", "ꙮ", "\u0336", "ɐǝɔɟ", "🇰", "а.", "а-", "a b  ", "o'"),
    *("a*", "Ꭰa", "𐊠a", "ab1", "漢", "ﷺ", "w" * 13 + "://", " .", "io"),
)


def seconds(text: str) -> float:
    """CPU time of one text, the best of three: what else runs here only ever adds."""
    times = []
    for _ in range(3):
        started = time.process_time()
        normalise(text)
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    """A million characters of anything are answered within a fifth of a second, and the answer is a fixed point."""
    text = (unit * 1_000_000)[:1_000_000]
    assert seconds(text) < 0.2
    words = normalise(text).words
    assert normalise(words).words == words


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear(unit: str) -> None:
    """Twice the text takes about twice the time; below twenty milliseconds there is nothing to tell."""
    half, whole = (seconds((unit * TEXT_MAX_CHARS)[:size]) for size in (TEXT_MAX_CHARS // 2, TEXT_MAX_CHARS))
    assert whole < max(3.2 * half, 0.02)


def test_fifty_thousand_marks_on_one_letter() -> None:
    """They are looked at one by one, never sorted."""
    assert seconds("а" + "\u0301\u0316" * 25_000) < 0.1
    assert normalise("а" + "\u0301" * 50_000).words == "a"


@settings(max_examples=1_000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ANY_TEXT)
def test_words_given_in_again_come_out_as_they_are(text: str) -> None:
    """What is stored is a fixed point: it can be normalised again without harm."""
    words = normalise(text).words
    assert normalise(words).words == words


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lo", "Nd"]), min_size=1, max_size=20))
def test_a_letter_or_digit_of_any_script_is_never_lost(text: str) -> None:
    """Arabic, Georgian, Chinese: whatever is a letter leaves something to compare."""
    blank = {"\u115f", "\u1160", "\u3164", "\uffa0"}
    assert normalise(text).words or set(text) <= blank


@pytest.mark.parametrize(
    "text", ["مرحبا بالعالم", "გამარჯობა", "你好世界", "สวัสดี", "नमस्ते", "שלום", "Γειά σου", "Բարեւ"]
)
def test_other_scripts_stay_themselves(text: str) -> None:
    """A text in one script of its own is not taken for a disguise."""
    kept = {char for char in normalise(text).words if char.isalpha()}
    assert kept == {
        char
        for char in unicodedata.normalize("NFKD", text).casefold()
        if unicodedata.category(char) in {"Ll", "Lo", "Lm", "Mc"} and not unicodedata.combining(char)
    } - {"\u0903"} | (kept & {char for char in kept if unicodedata.category(char) == "Mc"})
