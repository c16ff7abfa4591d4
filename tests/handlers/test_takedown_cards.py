"""Cards of takedowns, outreach and public notes in every language; what people type; letters; hostile fields."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.i18n import LANGUAGES, Html
from bot.model.account import AccountStatus
from bot.model.outreach import LETTER_LANGUAGES, STEPS, Outreach, OutreachPage, OutreachState, OutreachView
from bot.model.public_label import LabelGround, PublicLabel
from bot.model.rights import Role
from bot.model.takedown import (
    Batch,
    BatchItem,
    Facts,
    Takedown,
    TakedownChannel,
    TakedownFigures,
    TakedownPage,
    TakedownQuery,
    TakedownStatus,
    TakedownView,
    Tally,
    Why,
)
from bot.model.threat import Event
from bot.services.takedown_words import CHANNEL_WORDS, STATUS_WORDS
from handlers import takedown_tables
from handlers.cards import outreach, public_labels, takedown_list, takedown_names, takedowns
from handlers.cards.card import Card, Reader
from handlers.cards.deeds import deed_buttons
from handlers.cards.outreach_letters import forms, letter
from handlers.takedown_query import read_takedown_query
from handlers.takedown_words import read_takedown
from tests.handlers.made_up import AT, CATALOGS, account, reader
from tests.handlers.pressed import drawn

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
ZONE = ZoneInfo("Asia/Bishkek")
NASTY = "<b>&\"'</b>\u202e=cmd|'/C calc'!A0\n@x 𝒳" * 8
NUMBER = (1 << 52) - 1


def report(status: str = "sent", **given_: Any) -> Takedown:
    """A report, with whatever strangers wrote in every field."""
    whole: dict[str, Any] = {
        "id": NUMBER,
        "number": 12,
        "kind": "account",
        "platform": "facebook",
        "target": NASTY,
        "account_id": 3,
        "account": NASTY,
        "status": TakedownStatus(status),
        "channel": "form",
        "ticket": NASTY,
        "why": tuple(Why),
        "evidence": (NASTY,) * 20,
        "note": NASTY * 20,
        "answer": NASTY * 20,
        "attempt": 2,
        "previous_id": 1,
        "batch_id": None,
        "member_id": 7,
        "reporter": NASTY,
        "recorded_at": AT,
        "sent_at": AT,
        "answered_at": AT,
        "closed_at": None,
        "recheck_at": AT + timedelta(days=7),
    }
    return Takedown(**(whole | given_))


def thread(state: str = "written", **given_: Any) -> Outreach:
    """A thread with an owner."""
    whole: dict[str, Any] = {
        "id": NUMBER,
        "number": 3,
        "sha256": "a" * 64,
        "owner": NASTY,
        "profile": NASTY,
        "how": NASTY,
        "state": OutreachState(state),
        "language": "kk",
        "consent": True,
        "reply": NASTY * 30,
        "starter_id": 7,
        "starter": NASTY,
        "writer": NASTY,
        "started_at": AT,
        "written_at": AT,
        "replied_at": AT,
        "complained_at": AT,
        "gone_at": AT,
    }
    return Outreach(**(whole | given_))


@LANGUAGE
@pytest.mark.parametrize("status", list(TakedownStatus))
def test_every_report_can_be_shown(language: str, status: TakedownStatus) -> None:
    """Whatever strangers wrote, whatever its status: within Telegram's limits, with steps that can be signed."""
    told = replace(reader(Role.SECURITY, language=language), now=AT + timedelta(days=5))
    events = tuple(
        Event(event=event, member=NASTY, at=AT, details={"text": NASTY}) for event in takedown_names.TAKEDOWN_EVENTS
    )
    for outcome in (None, "filed", "known", "reminder"):
        view = TakedownView(
            takedown=report(status), account=account(AccountStatus.CONFIRMED), previous="TD-1", history=events
        )
        html, actions = drawn(takedowns.takedown_card(view, told, outcome))
        assert "TD-12" in html
        assert "\u202e" not in html
        assert ("tdagain" in actions) == (outcome == "known" or status in ("refused", "no_answer", "partly"))
    for menu in ("channel", "why", "recheck"):
        drawn(takedowns.takedown_menu(view, menu, told))
    drawn(takedowns.takedown_history(view, told))
    removed = status is TakedownStatus.REMOVED
    assert ("tdgone" in drawn(takedowns.takedown_card(view, told))[1]) == removed


@LANGUAGE
def test_lists_and_figures(language: str) -> None:
    """Pages, tallies, batch lists; "N of M removed" with the median."""
    told = reader(Role.EDITOR, language=language)
    whole = Tally(sent=20, removed=12, partly=1, waiting=3, median_days=3.25)
    page = TakedownPage(lines=(report(),) * 8, whole=whole, total=40, page=1, size=8)
    batch = Batch(id=NUMBER, number=3, platform="vk", channel="trust_team", made_at=AT, maker=NASTY, sent_at=None)
    asked = TakedownQuery(unknown=(NASTY,))
    html, actions = drawn(takedown_list.takedown_list(page, asked, NUMBER, NASTY, (), told))
    assert "12" in html
    assert actions[:2] == ["tdlist", "tdlist"]
    html, actions = drawn(takedown_list.takedown_list(page, asked, NUMBER, "", (batch,), told))
    assert "tdbatch" in actions
    figures = TakedownFigures(whole=whole, by_platform={"vk": whole}, by_channel={"form": whole})
    drawn(takedown_list.figures_card(figures, NASTY, NUMBER, told))
    items = (
        BatchItem(
            takedown=report("draft"), account=account(), facts=Facts(photo_accounts=2, copies=9, copy_accounts=3)
        ),
    ) * 40
    html, actions = drawn(takedown_list.batch_card(replace(batch, items=items), told))
    assert actions == ["tdbfile", "tdbfile", "tdbfile", "tdbsent"]
    assert "tdbsent" not in drawn(takedown_list.batch_card(replace(batch, items=items, sent_at=AT), told))[1]


@LANGUAGE
def test_a_batch_file_names_nobody_of_ours(language: str) -> None:
    """No reporter, no lister, no reason, no farm, no note; every line stays one line."""
    told = reader(Role.EDITOR, language=language)
    ours = report(
        "draft", target="https://vk.com/id5", reporter="Айжамал", note="сырдуу жазуу", evidence=("K-12",), ticket=None
    )
    theirs = replace(account(AccountStatus.CONFIRMED), reason="жеке себеп", listed_by="Нурбек", farm="Ферма 3")
    item = BatchItem(takedown=ours, account=theirs, facts=Facts(photo_accounts=2, copies=9, copy_accounts=3))
    batch = Batch(
        id=1, number=3, platform="vk", channel="form", made_at=AT, maker="Айжамал", sent_at=None, items=(item,) * 2
    )
    text = takedown_tables.batch_text(batch, told).decode()
    row = " ".join(map(str, takedown_tables.batch_row(1, item, told)))
    for kept in ("https://vk.com/id5", "K-12"):
        assert kept in text
        assert kept in row
    for secret in ("Айжамал", "Нурбек", "сырдуу", "жеке", "Ферма"):
        assert secret not in text
        assert secret not in row
    assert len(takedown_tables.batch_row(1, item, told)) == len(takedown_tables.batch_heads(told))
    assert len(takedown_tables.ledger_row(ours, told)) == len(takedown_tables.ledger_heads(told))


@LANGUAGE
@pytest.mark.parametrize("state", list(OutreachState))
def test_every_thread_can_be_shown(language: str, state: OutreachState) -> None:
    """Before and after somebody wrote; who was first is told; a letter fits into a message in every language."""
    told = reader(Role.SECURITY, language=language)
    events = tuple(
        Event(event=event, member=NASTY, at=AT, details={"state": "gone"}) for event in takedown_names.OUTREACH_EVENTS
    )
    view = OutreachView(outreach=thread(state), accounts=(account(), account(number=4)), history=events)
    for taken in (True, False):
        html, _ = drawn(outreach.outreach_card(view, told, taken=taken))
        assert "\u202e" not in html
    fresh = OutreachView(outreach=thread("started", written_at=None, writer=None, language=None))
    assert drawn(outreach.outreach_card(fresh, told, taken=True))[1].count("oletter") == len(LETTER_LANGUAGES)
    for code in LETTER_LANGUAGES:
        _, actions = drawn(outreach.letter_card(fresh, code, [(account(), "https://facebook.com/x")] * 9, told))
        assert actions == ["owrote", "oshow"]
    drawn(outreach.candidates_card(account(), (), told))
    drawn(outreach.search_card(told))
    drawn(outreach.outreach_list(OutreachPage(lines=(thread(),) * 8, total=20, page=1, size=8), told))


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_a_letter_says_all_that_it_must(language: str) -> None:
    """Whose newsroom, which account, where to complain: once each, without a hole, and not too long."""
    told = letter(language, "Жылдыз", "Ак-Калкан", [(account(), "https://www.facebook.com/fake.3")])
    for part in ("Жылдыз", "Ак-Калкан", "https://www.facebook.com/fake.3", forms()["facebook"]):
        assert part in told
    assert "{" not in told
    assert 300 < len(told) < 1500


def test_every_platform_has_a_form() -> None:
    """Of each platform that has accounts, an address on its own site, by https."""
    from handlers.cards.words import PLATFORMS

    assert set(forms()) == set(PLATFORMS)
    assert all(address.startswith("https://") for address in forms().values())


@LANGUAGE
@pytest.mark.parametrize("wanted", LANGUAGES)
def test_a_note_speaks_of_the_account_alone(language: str, wanted: str) -> None:
    """Facts that hold, nothing else; a name only with consent; the correction takes it back."""
    told, t = reader(Role.EDITOR, language=language), CATALOGS[wanted]
    taken = PublicLabel(
        id=NUMBER,
        number=1,
        account_id=3,
        language=wanted,
        text=NASTY,
        member_id=7,
        taker=NASTY,
        taken_at=AT,
        corrected_at=None,
    )
    facts = Facts(
        stolen_photo=True, owner=None, photo_accounts=2, copies=14, copy_accounts=9, threats=3, cases=("K-1",)
    )
    ground = LabelGround(account=account(AccountStatus.CONFIRMED), confirmed_at=AT, facts=facts, taken=(taken,))
    text = public_labels.label_text(ground, t, told)
    assert "14" in text
    assert "fake.3" in text
    for secret in ("Фейк", "Ферма", "Данияр", "K-1", "import"):
        assert secret not in text
    named = public_labels.label_text(replace(ground, facts=replace(facts, owner="Жылдыз Асанова")), t, told)
    assert "Жылдыз" in named
    assert "Жылдыз" not in text
    bare = public_labels.label_text(replace(ground, facts=Facts(), confirmed_at=None), t, told)
    assert "–" not in bare
    assert drawn(public_labels.ground_card(ground, told))[1] == ["lbtake"] * 3
    cleared = replace(ground, account=account(AccountStatus.CLEARED))
    assert drawn(public_labels.ground_card(cleared, told))[1] == ["lbfix"]
    drawn(public_labels.label_card(taken, told))
    assert "fake.3" in drawn(public_labels.correction_card(taken, "facebook:fake.3", CATALOGS, told))[0]


@LANGUAGE
def test_an_account_s_card_offers_what_fits(language: str) -> None:
    """Reports and letters for what is there, a note for what is confirmed; nothing for a journalist."""
    listed = replace(account(AccountStatus.CONFIRMED), photos=("a" * 64,))
    editor, journalist = reader(Role.EDITOR, language=language), reader(language=language)

    def offered(status: AccountStatus, who: Reader) -> list[str]:
        rows = deed_buttons(replace(listed, status=status), who)
        return drawn(Card(text=Html("x"), buttons=rows))[1]

    assert offered(AccountStatus.CONFIRMED, editor) == ["tdnew", "oask", "lbshow"]
    assert offered(AccountStatus.SUSPECTED, editor) == ["tdnew", "oask"]
    assert offered(AccountStatus.CLEARED, editor) == offered(AccountStatus.CONFIRMED, journalist) == []
    assert len(takedowns.takedown_lines([report()], editor)) == len(outreach.outreach_lines([thread()], editor)) == 1
    assert takedowns.takedown_lines([report()], journalist) == outreach.outreach_lines([thread()], journalist) == []


def test_every_code_has_a_word() -> None:
    """Statuses, channels, reasons and states: in every table, and what may be typed."""
    names = takedown_names
    assert set(names.TAKEDOWN_STATUSES) == set(STATUS_WORDS) == {status.value for status in TakedownStatus}
    assert set(names.TAKEDOWN_CHANNELS) == set(names.TAKEDOWN_CHANNEL_BUTTONS) == set(CHANNEL_WORDS)
    assert set(CHANNEL_WORDS) == {channel.value for channel in TakedownChannel}
    assert set(names.WHYS) == set(names.WHY_BUTTONS) == {why.value for why in Why}
    assert set(names.OUTREACH_STATES) == {state.value for state in OutreachState}
    assert set(names.OUTREACH_BUTTONS) == {state.value for state in STEPS}
    assert set(names.LANGUAGE_NAMES) == set(LETTER_LANGUAGES)
    for language in LANGUAGES:
        t = CATALOGS[language].plain
        assert {t.gettext(text) for text in names.TAKEDOWN_STATUSES.values()} <= {
            name for found in STATUS_WORDS.values() for name in found
        }


def test_what_stands_behind_the_command() -> None:
    """A link, single words and labelled lines, in three languages; the rest is a note."""
    typed = read_takedown(
        "https://vk.com/id5 форма #A-1\nдата: 01.10.2026\nдалил: К-12, T-4\nстатус: отказ\n"
        "почему: чужое фото, спам\nпроверить: 3\nсвоими словами",
        AT,
        ZONE,
    )
    assert (typed.target, typed.channel, typed.ticket) == ("https://vk.com/id5", TakedownChannel.FORM, "A-1")
    assert (typed.status, typed.evidence) == (TakedownStatus.REFUSED, ["K-12", "T-4"])
    assert typed.why == [Why.STOLEN_PHOTO, Why.SPAM]
    assert typed.notes == ["своими словами"]
    assert typed.recheck_at == AT + timedelta(days=3)
    assert read_takedown("facebook talai.gul", AT, ZONE).target == "facebook talai.gul"
    for nothing in ("", "  \n", "форма"):
        with pytest.raises(Refusal, match="takedown_missing"):
            read_takedown(nothing, AT, ZONE)


def test_queries_in_three_languages() -> None:
    """Keys and values as the threat log takes them; several statuses at once; what is unknown is said."""
    for text in (
        "platform:facebook status:refused since:7d",
        "платформа:фб статус:отказ с:7д",
        "тармак:фейсбук абалы:четке баштап:7к",
    ):
        asked = read_takedown_query(text, AT, ZONE)
        assert (asked.platforms, asked.since) == (("facebook",), AT - timedelta(days=7))
        assert asked.statuses in (("refused",), ())
    asked = read_takedown_query('status:open by:me -channel:police TD-4 "свои слова" luna:3', AT, ZONE)
    assert asked.statuses == ("sent", "answered")
    assert (asked.reporters, asked.numbers, asked.words) == (("me",), (4,), ("свои слова",))
    assert asked.without == (("channel", "police"),)
    assert asked.unknown == ("luna:3",)


@given(st.text(max_size=300))
def test_no_words_are_an_error(text: str) -> None:
    """Whatever is typed is read, or refused by name."""
    assert isinstance(read_takedown_query(text, AT, ZONE), TakedownQuery)
    with suppress(Refusal):
        assert read_takedown(text, AT, ZONE).target
