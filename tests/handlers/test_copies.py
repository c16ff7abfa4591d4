"""Pages of copies in three languages: what stands on them, what is hidden, what never overflows."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.text_difference import compact
from bot.i18n import LANGUAGES
from bot.model.copies import CopyCount
from bot.model.text import Difference
from handlers.cards.card import clipped
from handlers.cards.copies import Listed, copy_page, difference_caption
from tests.handlers.made_up import copied, page_of_copies, reader
from tests.handlers.pressed import drawn, open_text

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
BIG = (1 << 63) - 1
CASE = Listed(turn="copies", differ="diff", subject=BIG)
NASTY = "<b>&\"'</b>\u202e𝒳" * 400


def nasty(number: int, tier: str = "copy") -> Any:
    """A line that is long and hostile in every part."""
    pieces = tuple((("same", "dropped", "added")[n % 3], NASTY) for n in range(60))
    codes = ("part", "added", "dropped", "reordered", "names", "numbers", "words", "typos", "alphabet")
    facts = {"handle": NASTY, "post": NASTY, "text": NASTY, "id": BIG - number, "is_fake": True}
    return copied(tier, number, difference=Difference(codes=codes, pieces=pieces), **facts)


@LANGUAGE
def test_a_line_says_who_when_where_and_what_differs(language: str) -> None:
    """Account, flag of a known fake, post, time, tier in words, the difference behind a spoiler, marked."""
    page = page_of_copies(copied(is_fake=True), copied("copy", 2))
    html, actions = drawn(copy_page(page, reader(language=language), CASE, compact))
    first = next(line for line in html.splitlines() if line.startswith("1. "))
    second = next(line for line in html.splitlines() if line.startswith("2. "))
    assert "fake.1" in first
    assert "azattyk/1" in first
    assert "02:30" in first or "2:30" in first
    assert ("🚩" in first, "🚩" in second) == (True, False)
    assert "<s>Бек &lt;b&gt;</s> <u>Айгуль &amp; Ко</u>" in html
    assert "Айгуль" not in open_text(html)
    assert "сожгу" not in open_text(html)
    assert actions == ["diff", "diff", "copies", "campaign"]


@LANGUAGE
def test_what_is_similar_stands_apart(language: str) -> None:
    """Two tiers, never mixed: a heading parts them, and each line says its own."""
    page = page_of_copies(copied(), copied("similar", 2), copied("similar", 3))
    html, _ = drawn(copy_page(page, reader(language=language), CASE, compact))
    shown = html.splitlines()
    places = [n for n, line in enumerate(shown) if re.match(r"[123]\. ", line)]
    heading = [n for n, line in enumerate(shown) if line.startswith("<b>") and places[0] < n < places[1]]
    assert len(heading) == 1
    assert shown[places[0] + 1] != shown[places[1] + 1] == shown[places[2] + 1]


@LANGUAGE
def test_only_similar_is_no_finding(language: str) -> None:
    """Where nothing is a copy, nothing is counted."""
    page = page_of_copies(copied("similar"), count=CopyCount(), campaign=None, pages=1)
    html, _ = drawn(copy_page(page, reader(language=language), CASE, compact))
    assert "🔁" not in html
    assert "14" not in html


@LANGUAGE
def test_nothing_known_is_said_kindly(language: str) -> None:
    """What is looked up and not known has an answer, and no buttons."""
    page = page_of_copies(count=CopyCount(), campaign=None, pages=1, label="")
    found = Listed(turn="found", differ="fdiff", subject=None)
    html, actions = drawn(copy_page(page, reader(language=language), found, compact))
    assert len(open_text(html).split()) > 8
    assert actions == []


@LANGUAGE
def test_what_everybody_says_is_not_called_unknown(language: str) -> None:
    """A text on the never-match list has no copies because it is there, and that is what is said."""
    page = page_of_copies(count=CopyCount(), campaign=None, pages=1, label="")
    t = reader(language=language).t
    told = t.gettext("This text is on the never-match list: it counts as nobody's copy.")
    unknown = t.gettext("Nothing like this is known yet. To have it kept, forward the comment itself.")
    for is_stock in (True, False):
        listed = Listed(turn="found", differ="fdiff", subject=None, is_stock=is_stock)
        html, _ = drawn(copy_page(page, reader(language=language), listed, compact))
        assert (told in html, unknown in html) == (is_stock, not is_stock)


@LANGUAGE
@pytest.mark.parametrize("page", [0, 1, 2, 7])
def test_pages_are_turned(language: str, page: int) -> None:
    """Newer and older, where there are some; a page that is gone leads back to the last."""
    card = copy_page(page_of_copies(copied(), page=page), reader(language=language), CASE, compact)
    drawn(card)
    turns = [b.press.argument for row in card.buttons for b in row if b.press and b.press.action == "copies"]
    assert turns == {0: ["1"], 1: ["0", "2"], 2: ["1"], 7: ["2"]}[page]


@LANGUAGE
def test_a_hostile_page_fits(language: str) -> None:
    """Five lines of the longest and worst: every line is there, in one message, with buttons that can be signed."""
    page = page_of_copies(
        *(nasty(n) for n in range(1, 4)),
        nasty(4, "similar"),
        nasty(5, "similar"),
        text=NASTY,
        count=CopyCount(times=10**6, accounts=10**6, fakes=10**6, since=None, first_account=NASTY, first_post=NASTY),
        page=99_998,
        pages=99_999,
        campaign="C-999999999",
    )
    listed = replace(CASE, may_reject=True, may_ignore=True)
    html, actions = drawn(copy_page(page, reader(language=language), listed, compact))
    assert [f"{499_990 + n}. " in html for n in range(1, 6)] == [True] * 5
    assert actions.count("diff") == actions.count("reject") == 5
    assert "<b>&" not in html
    for differ in ("cdiff", "fdiff"):
        drawn(copy_page(page, reader(language=language), replace(CASE, differ=differ), compact))


@LANGUAGE
def test_a_caption_fits(language: str) -> None:
    """What stands under the picture of a difference is within Telegram's 1024."""
    assert len(difference_caption(nasty(1), reader(language=language))) <= 1024


@LANGUAGE
def test_whoever_may_not_is_not_offered_it(language: str) -> None:
    """'Not a copy' and the never-match list are for those who may."""
    page = page_of_copies(copied())
    plain = drawn(copy_page(page, reader(language=language), CASE, compact))[1]
    able = drawn(copy_page(page, reader(language=language), replace(CASE, may_reject=True, may_ignore=True), compact))
    assert {"reject", "nevercase"}.isdisjoint(plain)
    assert {"reject", "nevercase"} <= set(able[1])


def test_word_for_word_has_no_difference_to_show() -> None:
    """Nothing is drawn of two texts that are the same, nor can they be told apart by a press."""
    same = copied(difference=Difference(codes=("same",), pieces=(("same", "вы все"),)))
    html, actions = drawn(copy_page(page_of_copies(same), reader(), replace(CASE, may_reject=True), compact))
    assert {"diff", "reject"}.isdisjoint(actions)
    assert "word for word" in html
    assert "вы все" not in html


@given(st.text(), st.integers(1, 50))
def test_clipped_text_is_escaped_and_short(text: str, most: int) -> None:
    """Never longer than asked, never half an entity, and whole when it fits."""
    shown = clipped(text, most)
    assert len(shown.encode("utf-16-le", "surrogatepass")) // 2 <= most
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)
    if len(text) * 5 <= most:
        assert shown.text() == text
