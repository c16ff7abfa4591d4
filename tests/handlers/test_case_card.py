"""The verdict card in three languages: what stands first, what is hidden, what is never said as a finding."""

import re
from dataclasses import replace

import pytest
from telegram.constants import MessageLimit

from bot.i18n import LANGUAGES
from bot.model.account import AccountStatus
from bot.model.codec import dump, load
from bot.model.rights import Role
from bot.model.screen import Reading, ReadingState, ReadProfile, ReadScreen
from bot.model.submission import Origin, OriginKind, Part, PartKind, Ruling, SubmissionState
from bot.model.verdict import Finding
from bot.simulator.entities import parse_html
from handlers.cards.card import Card
from handlers.cards.case_card import case_card
from handlers.cards.words import PLATFORMS, REMARKS
from tests.handlers.made_up import (
    ABUSE,
    AT,
    CATALOGS,
    account,
    account_found,
    copies,
    pair,
    part,
    photo_found,
    reader,
    threat,
    view,
)

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERYTHING = replace(
    copies(), threat=threat(), accounts=(account_found(),), photos=(photo_found(),), failure="image_truncated"
)


def drawn(card: Card | None) -> tuple[str, list[str]]:
    """A card's HTML, which Telegram must understand, and the actions of its buttons."""
    assert card is not None
    shown = parse_html(card.text)
    assert len(shown.text.encode("utf-16-le")) // 2 <= MessageLimit.MAX_TEXT_LENGTH
    return str(card.text), [b.press.action for row in card.buttons for b in row if b.press]


def hidden(html: str) -> str:
    """What a reader sees only after a tap."""
    return "".join(re.findall(r"<tg-spoiler>(.*?)</tg-spoiler>", html, re.DOTALL))


def open_text(html: str) -> str:
    """What a reader sees at once."""
    return re.sub(r"<tg-spoiler>.*?</tg-spoiler>", "", html, flags=re.DOTALL)


@LANGUAGE
def test_the_most_important_line_comes_first(language: str) -> None:
    """Threat, known account, stolen photo, copies, failures, the excerpt, the note: in this order."""
    known = {3: account(AccountStatus.CONFIRMED)}
    shown = view(part(finding=EVERYTHING), accounts=known, pairs=[pair()], note="моя заметка")
    html, _ = drawn(case_card(shown, reader(language=language)))
    marks = ["<b>K-12</b>", "⚠️", "🚩", "🖼", "🔁", "<tg-spoiler>", "моя заметка"]
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places), html
    assert "fake.3" in html
    assert PLATFORMS["facebook"] in html


@LANGUAGE
def test_nothing_known_is_said_plainly(language: str) -> None:
    """A card without a finding says so in a line of its own, and never looks like a warning."""
    html, _ = drawn(case_card(view(), reader(language=language)))
    assert len(open_text(html).strip().splitlines()) >= 2
    assert not set("⚠🚩🖼🔁⏳") & set(html)


@LANGUAGE
def test_abuse_is_never_in_the_open(language: str) -> None:
    """The excerpt stands in an expandable quote behind a spoiler, escaped, its telling words marked."""
    html, _ = drawn(case_card(view(part(finding=replace(Finding(), threat=threat()))), reader(language=language)))
    assert "<blockquote expandable><tg-spoiler>" in html
    assert "сожгу" in hidden(html)
    assert "сожгу" not in open_text(html)
    assert "&lt;b&gt;сожгу" in hidden(html)
    assert "&amp;" in hidden(html)
    assert "<b>&lt;b&gt;сожгу&lt;/b</b>" in hidden(html)


@LANGUAGE
def test_names_are_escaped(language: str) -> None:
    """Names of members, accounts and farms are text, whatever is in them."""
    shown = view(
        part(finding=replace(Finding(), accounts=(account_found(),))),
        accounts={3: account()},
        rulings=(Ruling(kind="threat", value="yes", member_id=8, member_name="<u>Кто</u> & Ко", at=AT),),
        note="<b>не жирное</b>",
        target="<i>Бек</i>",
        reporter_id=9,
    )
    html, _ = drawn(case_card(shown, reader(Role.EDITOR, language=language)))
    for raw in ("<u>Кто", "<b>не", "<i>Бек", "Ферма & Ко", "Айгуль <i>"):
        assert raw not in html
    for escaped in ("&lt;u&gt;Кто&lt;/u&gt; &amp; Ко", "&lt;b&gt;не жирное", "&lt;i&gt;Бек", "Ферма &amp; Ко"):
        assert escaped in html


@LANGUAGE
def test_possible_is_a_question(language: str) -> None:
    """A possible account or photo, or a similar text, is asked about, bears no mark of a finding, and names no farm."""
    finding = replace(
        copies(0, 0, "similar"),
        accounts=(account_found("possible", "similar_name"),),
        photos=(photo_found("possible"),),
    )
    shown = view(part(finding=finding), accounts={3: account(AccountStatus.CONFIRMED)}, pairs=[pair("possible")])
    html, actions = drawn(case_card(shown, reader(language=language)))
    assert not set("🚩🖼🔁⚠") & set(html)
    assert "Ферма" not in html
    assert html.count("?") >= 2
    assert "97" not in html
    assert "copies" in actions


@LANGUAGE
def test_copies_are_counted_with_the_first_and_the_known_fakes(language: str) -> None:
    """How often, from how many, how many of them known fakes, since when, by whom first, under what; the campaign."""
    finding = replace(
        copies(),
        copy_fakes=6,
        copy_first_account="facebook:<first>",
        copy_first_post="azattyk/77&",
        campaign="C-7",
    )
    html, actions = drawn(case_card(view(part(finding=finding)), reader(language=language)))
    line = next(line for line in html.splitlines() if "🔁" in line)
    assert re.findall(r"\b(?:14|9|6)\b", line)[:3] == ["14", "9", "6"]
    assert "&lt;first&gt;" in line
    assert "<code>azattyk/77&amp;</code>" in line
    assert "/campaign_7" in html
    assert [a for a in actions if a in ("copies", "campaign")] == ["copies", "campaign"]


@LANGUAGE
def test_similar_stands_apart_and_lower(language: str) -> None:
    """What may be reworked never stands in the line of copies: it has its own, below, also where there are copies."""
    alike = copies(0, 0, "similar").copies[0]
    finding = replace(copies(), copies=(*copies().copies, alike), threat=threat("curse"))
    html, _ = drawn(case_card(view(part(finding=finding)), reader(language=language)))
    alone, _ = drawn(case_card(view(part(finding=replace(finding, copies=copies().copies))), reader(language=language)))
    added = [line for line in html.splitlines() if line not in alone.splitlines()]
    assert len(added) == 1
    assert html.index("🔁") < html.index(added[0])
    assert "14" not in added[0]


def test_findings_of_earlier_versions_are_read() -> None:
    """What was stored before campaigns and known fakes were counted is shown as it was."""
    kept = dump(copies())
    for name in ("copy_fakes", "copy_first_account", "copy_first_post"):
        del kept[name]
    html, actions = drawn(case_card(view(part(finding=load(Finding, kept))), reader()))
    assert "🔁 Seen 14 times from 9 accounts since" in html
    assert "campaign" not in actions


def test_this_year_needs_no_year() -> None:
    """The day stands with its weekday; the year is told when it is another one."""
    shown = view(part(finding=copies()))
    for now, day in ((AT, "Wed 4 Nov "), (AT.replace(year=2027), "Wed, 4 Nov 2026 ")):
        html, _ = drawn(case_card(shown, replace(reader(), now=now)))
        assert f"since {day}" in html


@LANGUAGE
@pytest.mark.parametrize("status", AccountStatus)
def test_only_confirmed_is_a_known_fake(language: str, status: AccountStatus) -> None:
    """The flag is for confirmed accounts; a suspected one says who listed it; a cleared one is cleared."""
    shown = view(part(finding=replace(Finding(), accounts=(account_found(),))), accounts={3: account(status)})
    html, _ = drawn(case_card(shown, reader(language=language)))
    assert ("🚩" in html) == (status is AccountStatus.CONFIRMED)
    assert ("✅" in html) == (status is AccountStatus.CLEARED)
    assert ("Данияр &lt;u&gt;" in html) == (status is AccountStatus.SUSPECTED)


@LANGUAGE
def test_a_target_is_not_for_every_eye(language: str) -> None:
    """At whom a threat is aimed is shown to the reporter, editors and security leads, not to another journalist."""
    shown = view(part("спойлер", replace(Finding(), threat=threat())), target="Чолпон")
    for eye, sees in (
        (reader(language=language), True),
        (reader(number=8, language=language), False),
        (reader(Role.ADMIN, number=8, language=language), False),
        (reader(Role.EDITOR, number=8, language=language), True),
        (reader(Role.SECURITY, number=8, language=language), True),
        (reader(Role.JOURNALIST, Role.SECURITY, number=8, language=language), True),
    ):
        html, _ = drawn(case_card(shown, eye))
        assert ("Бек &lt;b&gt;" in html) == sees
        assert ("Чолпон" in html) == sees


@LANGUAGE
@pytest.mark.parametrize("level", ["none", "curse", "violent_call", "review", "threat"])
def test_levels_of_threat(language: str, level: str) -> None:
    """Only a threat is worded as one, first and with its severity; what may be one asks to be read."""
    shown = view(part("текст", replace(Finding(), threat=threat(level))))
    html, _ = drawn(case_card(shown, reader(language=language)))
    assert ("⚠️" in html) == (level == "threat")
    assert ("4" in open_text(html)) == (level == "threat")


@LANGUAGE
def test_a_hidden_author_is_said_plainly(language: str) -> None:
    """The name shown is given as a name, with what to send instead; nobody is accused."""
    origin = Origin(kind=OriginKind.HIDDEN_USER, name="Тайный <b>")
    html, actions = drawn(case_card(view(part(origin=origin)), reader(language=language)))
    assert "Тайный &lt;b&gt;" in open_text(html)
    assert "author" in actions
    assert "suspect" not in actions


@LANGUAGE
def test_buttons_by_what_is_known(language: str) -> None:
    """Suspect a named author, ask for an unknown one, look at copies and photos, undo one's own only."""
    named = view(author="facebook:some.body")
    assert drawn(case_card(named, reader(language=language)))[1] == ["suspect", "threat", "threat", "targets", "undo"]
    unknown = view(part(finding=copies(), sha256="a" * 64))
    assert drawn(case_card(unknown, reader(number=8, language=language)))[1] == [
        "author",
        "threat",
        "threat",
        "targets",
        "copies",
        "photos",
    ]
    listed = view(part(finding=replace(Finding(), accounts=(account_found(),))), author="facebook:fake.3")
    assert "suspect" not in drawn(case_card(listed, reader(language=language)))[1]


@LANGUAGE
def test_labels_fit_a_phone(language: str) -> None:
    """No label is longer than 40 characters, and three in a row are short."""
    shown = view(part(finding=EVERYTHING, sha256="a" * 64), accounts={3: account()}, author="facebook:x.y")
    card = case_card(shown, reader(language=language))
    assert card is not None
    for row in card.buttons:
        assert all(len(b.label) <= 40 for b in row)
        assert len(row) < 3 or sum(len(b.label) for b in row) <= 66


@LANGUAGE
@pytest.mark.parametrize("state", SubmissionState)
def test_states(language: str, state: SubmissionState) -> None:
    """Growing words have no card; lonely words are a question; notes and withdrawn cases have no buttons."""
    number = 12 if state in (SubmissionState.CASE, SubmissionState.WITHDRAWN) else None
    shown = view(part("неповторимое", origin=Origin()), state=state, number=number)
    card = case_card(shown, reader(language=language))
    if state is SubmissionState.GROWING:
        assert card is None
        return
    html, actions = drawn(card)
    expected = {
        SubmissionState.ASKING: ["check", "note", "undo"],
        SubmissionState.NOTE: [],
        SubmissionState.WITHDRAWN: [],
    }
    assert actions == expected.get(state, actions)
    assert "неповторимое" not in open_text(html)


@LANGUAGE
def test_progress_of_an_album(language: str) -> None:
    """While pictures are read, the card counts them; nothing is said of what is not read yet."""
    read = part("", kind=PartKind.PHOTO, sha256="a" * 64)
    waiting = replace(read, id=2, message_id=12, finding=None, sha256=None)
    html, _ = drawn(case_card(view(read, waiting, waiting=3), reader(language=language)))
    line = next(line for line in html.splitlines() if "⏳" in line)
    assert re.findall(r"\d+", line) == ["2", "4"]
    assert len(html.splitlines()) == 2


@LANGUAGE
def test_a_person_overrules_the_machine_in_words(language: str) -> None:
    """The latest ruling is shown with its author."""
    rulings = (
        Ruling(kind="threat", value="yes", member_id=8, member_name="Первый", at=AT),
        Ruling(kind="threat", value="no", member_id=9, member_name="Второй", at=AT.replace(day=4)),
    )
    html, _ = drawn(case_card(view(rulings=rulings), reader(language=language)))
    assert "Второй" in html
    assert "Первый" not in html


@LANGUAGE
def test_a_card_of_a_hundred_messages_fits(language: str) -> None:
    """However much was forwarded, it is one message within Telegram's limit."""
    parts = [part(ABUSE * 200, EVERYTHING, id=n, message_id=n) for n in range(100)]
    html, _ = drawn(case_card(view(*parts, accounts={3: account()}, note="x" * 9000), reader(language=language)))
    assert "100" in html.splitlines()[0]


@LANGUAGE
def test_animation_is_said_to_be_one(language: str) -> None:
    """Whoever sends a moving picture learns, once, that its first frame alone was looked at."""
    moving = [part("", Finding(remark="image_moves"), kind=PartKind.DOCUMENT, sha256="a" * 64)] * 2
    html, _ = drawn(case_card(view(*moving), reader(language=language)))
    assert html.count(CATALOGS[language].plain.gettext(REMARKS["image_moves"])) == 1


def profile_screen(kind: PartKind, side: int) -> Part:
    """A screenshot of a profile whose photo arrived with so many pixels a side."""
    screen = ReadScreen(
        kind="profile", size=(591, 1280), profile=ReadProfile(name="Кто-то", avatar=(20, 90, side, side))
    )
    reading = Reading(state=ReadingState.DONE, screen=screen)
    return part("", kind=kind, sha256="a" * 64, reading=reading)


@LANGUAGE
def test_advice_to_send_a_file_when_the_photo_arrived_too_small(language: str) -> None:
    """Of a screenshot that Telegram shrank, and of which nothing is known; a file arrived unshrunk already."""
    advice = CATALOGS[language].plain.gettext(
        "The photo in this picture is too small to be sure. Please send the screenshot once more as a file: "
        "then it arrives unshrunk."
    )
    said = {
        (kind, side): advice in drawn(case_card(view(profile_screen(kind, side)), reader(language=language)))[0]
        for kind in (PartKind.PHOTO, PartKind.DOCUMENT)
        for side in (52, 160)
    }
    assert [shown for shown, is_said in said.items() if is_said] == [(PartKind.PHOTO, 52)]
    known = view(profile_screen(PartKind.PHOTO, 52), pairs=[pair()])
    assert advice not in drawn(case_card(known, reader(language=language)))[0]


@LANGUAGE
def test_campaign_of_a_picture_is_named_and_opens(language: str) -> None:
    """The case's card says in which campaign its picture is, and leads there."""
    shown = replace(view(part("", kind=PartKind.PHOTO, sha256="a" * 64)), picture_campaign="C-9")
    html, actions = drawn(case_card(shown, reader(language=language)))
    assert "C-9" in html
    assert "/campaign_9" in html
    assert "campaign" in actions
