"""What was read on screenshots, in three languages: the card's line, the page, the question; what is hidden."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.i18n import LANGUAGES
from bot.model.account import AccountStatus
from bot.model.rights import Role
from bot.model.screen import ReadComment, Reading, ReadingState, ReadProfile, ReadScreen
from bot.model.submission import Part, PartKind
from bot.model.verdict import Finding
from handlers.cards.case_card import case_card
from handlers.cards.screens import correction_question, leaves, page_of, reading_lines, screen_page
from tests.handlers.made_up import ABUSE, AT, account, account_found, copies, pair, part, reader, threat, view
from tests.handlers.pressed import drawn, open_text

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NASTY = "<b>&\"'</b>\u202e𝒳" * 400
SEEN = {"time": "2 ч", "earliest": AT - timedelta(hours=3), "latest": AT - timedelta(hours=2)}


def comment(number: int = 1, **given: Any) -> ReadComment:
    """A comment of a screenshot."""
    return ReadComment(**({"number": number, "author": f"Автор {number} <i>", "text": ABUSE} | given))


def screen(*comments: ReadComment, **given: Any) -> ReadScreen:
    """A thread on Facebook."""
    return ReadScreen(**({"kind": "thread", "platform": "facebook", "comments": comments} | given))


def shot(read: ReadScreen | None, state: ReadingState = ReadingState.DONE, number: int = 1) -> Part:
    """A part with a picture that was read."""
    reading = Reading(state=state, screen=read)
    return part("", Finding(), id=number, kind=PartKind.PHOTO, sha256="a" * 64, reading=reading)


@LANGUAGE
def test_the_card_says_what_was_read(language: str) -> None:
    """One line: where, how many comments, of how many people; and a button that shows it."""
    read = screen(*(comment(n, author=f"A{n % 4}") for n in range(1, 6)), comment(6, own=True))
    html, actions = drawn(case_card(view(shot(read)), reader(language=language)))
    (line,) = [line for line in html.splitlines() if "📱" in line]
    assert "Facebook" in line
    assert "5" in line
    assert "4" in line
    assert "screen" in actions
    assert "❓" not in html


def test_the_words_of_the_line() -> None:
    """In English."""
    read = screen(*(comment(n, author=f"A{n % 4}") for n in range(1, 6)))
    chat = screen(comment(), kind="chat", platform="whatsapp")
    profile = screen(kind="profile", platform="instagram", profile=ReadProfile(name="A & B"))
    odd = screen(kind="unknown", platform="vk")
    shown = reading_lines(
        view(*(shot(each, number=n) for n, each in enumerate((read, chat, profile, odd)))).case, reader()
    )
    assert shown == [
        "📱 Read: Facebook, 5 comments by 4 people; WhatsApp, 1 message by 1 person; "
        "Instagram, profile of <b>A &amp; B</b>; VK, but not who wrote what; if it matters, please send it as text"
    ]


@LANGUAGE
@pytest.mark.parametrize("state", [ReadingState.WAITING, ReadingState.FAILED, ReadingState.OFF])
def test_the_card_says_calmly_what_was_not_read(language: str, state: ReadingState) -> None:
    """Also why; while it is still read, nothing is called unknown."""
    html, actions = drawn(case_card(view(shot(None, state)), reader(language=language)))
    plain, _ = drawn(case_card(view(shot(ReadScreen())), reader(language=language)))
    assert len(html.splitlines()) == len(plain.splitlines()) + (state is not ReadingState.WAITING)
    nothing_known = reader(language=language).t.gettext("Nothing is known about this yet.")
    assert (nothing_known in html) is (state is not ReadingState.WAITING)
    assert "screen" not in actions


@LANGUAGE
def test_difficulty_is_said(language: str) -> None:
    """On the card and beside the comment that it is about."""
    read = screen(comment(1), comment(2, unsure=True), unsure=True, complete=False)
    html, _ = drawn(case_card(view(shot(read)), reader(language=language)))
    assert html.count("❓") == 1
    page, _ = drawn(screen_page(view(shot(read)), 0, reader(language=language)))
    first, second = (line for line in page.splitlines() if line.startswith(("1. ", "2. ")))
    assert ("❓" in first, "❓" in second) == (False, True)


@LANGUAGE
def test_a_picture_that_is_none_says_nothing(language: str) -> None:
    """A portrait's card is as it was before there were readers."""
    without = replace(shot(None), reading=None)
    assert case_card(view(shot(ReadScreen())), reader(language=language)) == case_card(
        view(without), reader(language=language)
    )


@LANGUAGE
def test_the_worst_comment_is_the_cases(language: str) -> None:
    """Its threat stands first, its words behind a spoiler, with the reasons marked."""
    worst = comment(2, finding=Finding(threat=threat()))
    html, _ = drawn(case_card(view(shot(screen(comment(1, text="салам"), worst))), reader(language=language)))
    assert html.index("⚠️") < html.index("📱")
    assert "сожгу" in html
    assert "сожгу" not in open_text(html)


@LANGUAGE
def test_the_page_says_who_what_when_and_what_is_known(language: str) -> None:
    """Numbered, replies marked, the text hidden; times as written with the moment that they stand for."""
    found = replace(copies(14, 9), threat=threat(), accounts=(account_found(),), campaign="C-7")
    read = screen(
        comment(1, finding=found, **SEEN), comment(2, level=1, handle="troll.x"), comment(3, own=True, author="")
    )
    shown = view(shot(read), accounts={3: account(AccountStatus.CONFIRMED)})
    html, actions = drawn(screen_page(shown, 0, reader(language=language)))
    rows = html.splitlines()
    assert rows[2].startswith("1. <b>Автор 1 &lt;i&gt;</b> · 2 ч (≈ ")
    assert "±" in rows[2]
    assert "30" in rows[2]
    assert "14" in rows[4]
    assert "9" in rows[4]
    assert "⚠️" in rows[4]
    assert "🚩" in rows[4]
    assert "C-7" in rows[4]
    assert rows[5].startswith("↳ 2. <b>Автор 2 &lt;i&gt; @troll.x</b>")
    assert "Автор 3" not in html
    assert "сожгу" not in open_text(html)
    assert actions == ["correct"] * 3


@LANGUAGE
def test_a_cleared_account_is_no_fake(language: str) -> None:
    """The page shows what the account is now, not what it was when it was read."""
    read = screen(comment(1, finding=Finding(accounts=(account_found(),))))
    html, _ = drawn(
        screen_page(view(shot(read), accounts={3: account(AccountStatus.CLEARED)}), 0, reader(language=language))
    )
    assert "🚩" not in html
    possible = Finding(accounts=(account_found("possible", "similar_name"),))
    html, _ = drawn(
        screen_page(
            view(shot(screen(comment(1, finding=possible))), accounts={3: account(AccountStatus.CONFIRMED)}),
            0,
            reader(language=language),
        )
    )
    assert "🚩" not in html
    assert "?" in html


@LANGUAGE
def test_a_photo_belongs_to_whose_avatar_it_is(language: str) -> None:
    """What matches within an author's avatar stands beside that author; what is only possible is not said here."""
    read = screen(comment(1, avatar=(0, 0, 10, 10)), comment(2, avatar=(0, 90, 10, 10)), comment(3))
    for tier, shown in (("match", ["1"]), ("possible", [])):
        case = replace(view(shot(read)), all_pairs=(pair(tier),))
        html, _ = drawn(screen_page(case, 0, reader(language=language)))
        blocks = re.split(r"\n(?=\d\. )", html)[1:]
        assert [block[0] for block in blocks if "🖼" in block] == shown


@LANGUAGE
def test_a_profile_is_shown_with_its_fields(language: str) -> None:
    """Name, handle, counters; and one correction."""
    profile = ReadProfile(
        name="Айбек <b>", handle="aibek", about=ABUSE, counters=(("followers", "1,2 тыс."), ("other", "7"))
    )
    read = screen(kind="profile", platform="instagram", profile=profile)
    html, actions = drawn(screen_page(view(shot(read)), 0, reader(language=language)))
    assert "<b>Айбек &lt;b&gt;</b> @aibek" in html
    assert "1,2 тыс." in html
    assert "сожгу" not in open_text(html)
    assert actions == ["correct"]


@LANGUAGE
def test_pages_go_through_all_screenshots(language: str) -> None:
    """Five comments a page; a correction leads back to where it was made; what was dropped is gone."""
    first = screen(*(comment(n) for n in range(1, 8)), comment(8, dropped=True))
    shown = view(shot(first, number=1), shot(ReadScreen(), number=2), shot(screen(comment(1)), number=3))
    assert [(leaf.part.id, leaf.place, leaf.of, len(leaf.comments)) for leaf in leaves(shown.case)] == [
        (1, 1, 2, 5),
        (1, 1, 2, 2),
        (3, 2, 2, 1),
    ]
    assert [page_of(shown.case, *where) for where in ((1, 1), (1, 7), (3, 1), (1, 8), (9, 9))] == [0, 1, 2, 0, 0]
    turned = {0: ["1"], 1: ["0", "2"], 2: ["1"], 99: ["1"]}
    for page, there in turned.items():
        card = screen_page(shown, page, reader(language=language))
        drawn(card)
        assert [
            b.press.argument for row in card.buttons for b in row if b.press and b.press.action == "screen"
        ] == there


@LANGUAGE
def test_a_case_without_readings_has_an_empty_page(language: str) -> None:
    """An old button leads somewhere."""
    html, actions = drawn(screen_page(view(shot(ReadScreen())), 0, reader(language=language)))
    assert "K-12" in html
    assert actions == []


@LANGUAGE
@pytest.mark.parametrize(
    ("roles", "number", "may"),
    [((Role.JOURNALIST,), 7, True), ((Role.JOURNALIST,), 8, False), ((Role.ADMIN,), 8, False)]
    + [((role,), 8, True) for role in (Role.EDITOR, Role.SECURITY)],
)
def test_whoever_may_not_correct_is_not_offered_it(
    language: str, roles: tuple[Role, ...], number: int, may: bool
) -> None:
    """The reporter (member 7), editors and security leads."""
    card = screen_page(view(shot(screen(comment()))), 0, reader(*roles, number=number, language=language))
    assert drawn(card)[1] == (["correct"] if may else [])


@LANGUAGE
def test_a_hostile_screenshot_fits(language: str) -> None:
    """Everything as long and hostile as a picture can make it: every comment is there, in one message."""
    found = replace(copies(10**9, 10**9), threat=threat(), accounts=(account_found(),), campaign="C-999999999")
    worst = [
        comment(n, author=NASTY, handle=NASTY, text=NASTY, finding=found, unsure=True, **(SEEN | {"time": NASTY}))
        for n in range(1, 6)
    ]
    counters = tuple(("followers", NASTY) for _ in range(9))
    profile = ReadProfile(name=NASTY, handle=NASTY, about=NASTY, counters=counters, finding=found)
    shown = view(
        shot(screen(*worst, unsure=True), number=(1 << 63) - 1),
        shot(screen(kind="profile", platform=None, profile=profile, unsure=True), number=2),
        accounts={3: replace(account(AccountStatus.CONFIRMED), handle=NASTY)},
        submission_id=(1 << 63) - 1,
        reporter_name=NASTY,
    )
    html, actions = drawn(screen_page(shown, 0, reader(language=language)))
    assert [f"{n}. " in html for n in range(1, 6)] == [True] * 5
    assert actions.count("correct") == 5
    drawn(screen_page(shown, 1, reader(language=language)))
    drawn(case_card(shown, reader(language=language)))
    drawn(correction_question("K-12", 1, NASTY, NASTY, reader(language=language)))


@LANGUAGE
def test_the_question_gives_what_was_read(language: str) -> None:
    """To be copied and put right; the words are hidden."""
    html, _ = drawn(correction_question("K-12", 3, ABUSE, "Айбек @a", reader(language=language)))
    assert "Айбек @a" in html
    assert "сожгу" in html
    assert "сожгу" not in open_text(html)
    html, _ = drawn(correction_question("K-12", 0, "", "", reader(language=language)))
    assert "@" in html
