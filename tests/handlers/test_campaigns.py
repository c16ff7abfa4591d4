"""Campaigns on cards in three languages: figures, targets for those who may, edits and how to undo them."""

import re
from dataclasses import replace
from html import unescape as html_of
from typing import Any

import pytest

from bot.i18n import LANGUAGES
from bot.model.campaign import CampaignText
from bot.model.rights import Role
from bot.model.stock_phrase import StockPhrase
from handlers.cards.campaign_edits import merge_question, merged_card, split_card, text_choice
from handlers.cards.campaign_list import campaign_list
from handlers.cards.campaigns import campaign_card
from handlers.cards.stock_phrases import phrase_list
from tests.handlers.made_up import ABUSE, AT, campaign, campaign_view, reader
from tests.handlers.pressed import drawn, open_text

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NASTY = "<b>&\"'</b>\u202e𝒳" * 400
EDITS = {"merge", "splits", "nevers"}


@LANGUAGE
def test_a_campaign_shows_what_is_known(language: str) -> None:
    """Number, figures, accounts, posts, texts behind spoilers, its relatives, and who did what."""
    html, actions = drawn(campaign_card(campaign_view(), [], reader(language=language), 7))
    for told in (
        "C-7",
        "14",
        "9",
        "6",
        "fake.3",
        "azattyk/1",
        "/campaign_3",
        "C-9",
        "Данияр &lt;u&gt;",
        "Фейк &lt;b&gt;",
    ):
        assert told in html
    assert "сожгу" in html
    assert "сожгу" not in open_text(html)
    assert actions == ["ccopies"]


@LANGUAGE
def test_targets_are_not_for_every_eye(language: str) -> None:
    """At whom a campaign is aimed is shown to editors and security leads only."""
    for role, sees in ((Role.JOURNALIST, False), (Role.ADMIN, False), (Role.EDITOR, True), (Role.SECURITY, True)):
        html, _ = drawn(campaign_card(campaign_view(), [], reader(role, language=language), 7))
        assert ("Бек &lt;b&gt;" in html) == sees


@LANGUAGE
def test_edits_are_for_editors(language: str) -> None:
    """Merging, splitting and the never-match list are offered to editors and security leads, and said to be undone."""
    for role, may in ((Role.JOURNALIST, False), (Role.ADMIN, False), (Role.EDITOR, True), (Role.SECURITY, True)):
        told = reader(role, language=language)
        html, actions = drawn(campaign_card(campaign_view(), [campaign(5), campaign(8)], told, 7))
        assert (set(actions) & EDITS) == (EDITS if may else set())
        assert actions.count("merge") == (2 if may else 0)
        undone = reader(language=language).t.gettext("Merging and splitting can be undone: each by the other.")
        assert (undone in html) == may


@LANGUAGE
def test_one_text_cannot_be_split(language: str) -> None:
    """A campaign of one text has nothing to split off; an empty one has no copies."""
    editor = reader(Role.EDITOR, language=language)
    assert "splits" not in drawn(campaign_card(campaign_view(text_count=1), [], editor, 7))[1]
    empty = campaign_view(line=campaign(times=0, accounts=0, fakes=0, posts=0), texts=(), text_count=0)
    assert drawn(campaign_card(empty, [], editor, 7))[1] == []


@LANGUAGE
def test_a_merged_campaign_says_where_it_went(language: str) -> None:
    """Whoever asks for the number that is gone reads which one replaced it."""
    assert "C-9" not in drawn(campaign_card(campaign_view(history=()), [], reader(language=language), 7))[0]
    assert "C-9" in drawn(campaign_card(campaign_view(history=()), [], reader(language=language), 9))[0]


@LANGUAGE
def test_a_hostile_campaign_fits(language: str) -> None:
    """A hundred accounts with the longest names, texts, posts and targets: one message, nothing unescaped."""
    texts = tuple(CampaignText(number=n, text=NASTY, times=10**6, accounts=10**6) for n in range(10))
    view = campaign_view(
        texts=texts,
        authors=((NASTY, 10**6),) * 100,
        posts=((NASTY, 10**6),) * 100,
        targets=(NASTY,) * 50,
        contains=tuple(f"C-{n}" for n in range(999_999_900, 1_000_000_000)),
        history=(("merged", NASTY, AT, "C-9"),) * 100,
    )
    others = [campaign(999_999_990 + n) for n in range(5)]
    html, actions = drawn(campaign_card(view, others, reader(Role.EDITOR, language=language), 7))
    assert "<b>&" not in html
    assert actions.count("merge") == 5
    assert reader(language=language).t.gettext("Merging and splitting can be undone: each by the other.") in html
    drawn(text_choice(999_999_999, texts, 99_999, "split", reader(language=language)))
    drawn(text_choice(999_999_999, texts, 99_999, "never", reader(language=language)))


@LANGUAGE
def test_a_merge_is_asked_once_and_can_be_undone(language: str) -> None:
    """The question names both; what came of it names who did it, and holds the opposite press."""
    editor = reader(Role.EDITOR, language=language)
    html, actions = drawn(merge_question(campaign_view(), campaign_view(line=campaign(5)), editor))
    assert "C-7" in html
    assert "C-5" in html
    assert actions == ["mergeyes", "campaign"]
    html, actions = drawn(merged_card("C-5", "C-7", 31, editor))
    assert "Айгуль &lt;i&gt;" in html
    assert actions == ["split", "campaign"]
    assert drawn(merged_card("C-5", "C-7", None, editor))[1] == ["campaign"]


@LANGUAGE
def test_a_split_can_be_undone(language: str) -> None:
    """What came of a split names both campaigns, who did it, and holds the opposite press."""
    editor = reader(Role.EDITOR, language=language)
    html, actions = drawn(split_card("C-5", "C-9", 2, editor))
    assert "Айгуль &lt;i&gt;" in html
    assert "C-9" in html
    assert actions == ["merge", "campaign", "campaign"]
    assert drawn(split_card("C-5", "C-5", 0, editor))[1] == ["campaign"]


@LANGUAGE
@pytest.mark.parametrize("purpose", ["split", "never"])
def test_a_text_is_chosen_by_its_number(language: str, purpose: str) -> None:
    """Ten texts a page behind spoilers, a button for each, pages, and the way back."""
    texts = [CampaignText(number=n, text=ABUSE, times=2, accounts=2) for n in range(10)]
    html, actions = drawn(text_choice(7, texts, 1, purpose, reader(language=language)))
    turn = "splits" if purpose == "split" else "nevers"
    assert actions == [*[purpose] * 10, turn, turn, "campaign"]
    assert "20. " in html
    assert "сожгу" not in open_text(html)
    assert drawn(text_choice(7, [], 2, purpose, reader(language=language)))[1] == [turn, "campaign"]


ALIKE = "Журналисты опять врут про нашего президента, " * 6


@LANGUAGE
def test_texts_that_begin_alike_are_told_apart(language: str) -> None:
    """Each is shown from where it stops being the first one, in 120 characters; whatever is short stays whole."""
    endings = ("хватит терпеть. " * 20, "увольте их! " * 20, "уходите. ", "", "увы & ах" * 40)
    texts = [CampaignText(number=n, text=ALIKE + end, times=2, accounts=2) for n, end in enumerate(endings)]
    texts.append(CampaignText(number=9, text=ALIKE[:60] + "!", times=2, accounts=2))
    texts.append(CampaignText(number=10, text=ALIKE[:60] + "совсем другое, " * 20, times=2, accounts=2))
    for card in (
        text_choice(7, texts, 0, "split", reader(language=language)),
        campaign_card(campaign_view(texts=tuple(texts[:5])), [], reader(language=language), 7),
    ):
        html, _ = drawn(card)
        shown = [html_of(line) for line in re.findall("× <tg-spoiler>(.*)</tg-spoiler>", html)]
        assert len(set(shown)) == len(shown)
        assert max(map(len, shown)) <= 120
        assert shown[0].startswith("Журналисты опять")
        assert shown[1].startswith("…увольте их!")
        assert shown[2] == "…уходите."
        assert shown[3].startswith("…")
        assert shown[3].endswith("президента,")
        assert shown[4].startswith("…увы & ах")
        assert shown[5:] in ([], [ALIKE[:60] + "!", shown[-1]])
        assert shown[-1].startswith("Журналисты") or len(shown) == 5


@LANGUAGE
def test_what_nobody_pressed_shows_nobody(language: str) -> None:
    """A person stands only before what a person did; an empty campaign is not said to be parted again."""
    view = campaign_view(line=campaign(times=0), history=(("emptied", "", AT, ""), ("merged", "Данияр", AT, "C-9")))
    editor = reader(Role.EDITOR, language=language)
    html, _ = drawn(campaign_card(view, [], editor, 7))
    emptied, merged = html.splitlines()[-2:]
    assert (emptied.startswith("👤"), merged.startswith("👤")) == (False, True)
    assert editor.t.gettext("Merging and splitting can be undone: each by the other.") not in html


@LANGUAGE
def test_lists_of_campaigns(language: str) -> None:
    """Links that open them, names behind spoilers, pages that remember what was asked for."""
    rows = [campaign(n) for n in range(1, 11)]
    asked: dict[str, Any] = {"since": AT, "target": "Кылычбекова", "page": 1}
    card = campaign_list(rows, reader(language=language), **asked)
    html, actions = drawn(card)
    assert all(f"/campaign_{n} " in html for n in range(1, 11))
    assert "сожгу" not in open_text(html)
    assert "Кылычбекова" in html
    assert actions == ["camps", "camps"]
    assert {b.press.argument.partition(",")[2] for row in card.buttons for b in row if b.press} == {"Кылычбекова"}
    assert drawn(campaign_list([], reader(language=language), since=None, target="", page=0))[1] == []


@LANGUAGE
def test_the_never_match_list(language: str) -> None:
    """Who put what there behind spoilers, a button for each to take it off, pages, and how to add."""
    rows = [StockPhrase(id=(1 << 63) - n, text_key=n, text=NASTY, member_name=NASTY, added_at=AT) for n in range(20)]
    html, actions = drawn(phrase_list(rows, reader(language=language), 1))
    assert actions == [*["phraserm"] * 8, "phrases", "phrases"]
    assert "/phrases " in html
    assert "16. " in html
    assert "/phrases " in drawn(phrase_list([], reader(language=language), 0))[0]


@LANGUAGE
def test_a_campaign_of_pictures_has_figures_and_no_texts(language: str) -> None:
    """How many pictures, by how many, which texts came with them; nothing is offered that only texts have."""
    line = campaign(pictures=5)
    line = replace(line, campaign=replace(line.campaign, name=""))
    view = campaign_view(
        line=line, texts=(), text_count=0, contains=(), beside=("C-4",), history=(("picture_out", "Данияр", AT, ""),)
    )
    editor = reader(Role.EDITOR, language=language)
    html, actions = drawn(campaign_card(view, [], editor, 7))
    assert "<tg-spoiler></tg-spoiler>" not in html
    assert "/campaign_4" in html
    assert html.count("5 ") >= 2
    assert "Данияр" in html
    assert "picture_out" not in html
    assert actions == []
    listed, _ = drawn(campaign_list([line], editor, since=None, target="", page=0))
    assert "🖼 5 " in listed
