"""Digests as they read: compact pages below Telegram's limit, corrections first, one line for a quiet day."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Refusal
from bot.model.digest import (
    ALL_SECTIONS,
    ChatKind,
    ChatState,
    Correction,
    Counted,
    Digest,
    DigestChat,
    DigestContent,
    Figures,
    NamedAccount,
    NamedCampaign,
    NamedCase,
    NamedSpike,
    NamedThreat,
    Place,
    Rhythm,
    Schedule,
    Work,
)
from bot.model.rights import Role
from bot.services.digests import DigestView
from handlers.cards.digest_handout import digest_handout
from handlers.cards.digest_settings import chats_card, list_card, settings_card
from handlers.cards.digests import digest_card, digest_pages
from handlers.digests import _read
from tests.handlers.made_up import reader

SINCE = datetime(2026, 10, 6, 3, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=1)
LANGUAGES = ("ru", "ky", "en")
CHAT = DigestChat(
    id=5,
    newsroom_id=1,
    place=Place(chat_id=-1005, kind=ChatKind.GROUP, title="Редакция <b>"),
    member_id=None,
    state=ChatState.ALLOWED,
    reason=None,
    added_by=1,
    added_at=SINCE,
)
SCHEDULE = Schedule(
    id=6,
    newsroom_id=1,
    chat=CHAT,
    rhythm=Rhythm(),
    language="ru",
    sections=ALL_SECTIONS,
    told_until=UNTIL,
    begun_at=SINCE,
)
QUIET = DigestContent(since=SINCE, until=UNTIL)


def full(times: int = 1) -> DigestContent:
    """A day with something in every section, names as long as they come."""
    long = "Абдымомунова-Чоңкемин <i>" * times
    return replace(
        QUIET,
        corrections=tuple(
            Correction(noun="account", label=f"facebook:aida.{n}", said="confirmed", now="cleared", told_at=SINCE)
            for n in range(times)
        ),
        now=Figures(
            cases=21, comments=1042, repeated=500, by_fakes=300, listed=3, confirmed=1, cleared=1, gone=2, threats=3
        )
        if times == 1
        else Figures(cases=9999, comments=10**6, repeated=10**5, by_fakes=10**5, sent=99, removed=50, threats=80),
        before=Figures(cases=2),
        cases=tuple(NamedCase(submission_id=n, number=n, level="threat", opened_at=SINCE) for n in range(1, 9)),
        targets=(Counted(name=long, count=21),),
        platforms=(Counted(name="facebook", count=30), Counted(name="other", count=1)),
        spikes=tuple(
            NamedSpike(
                spike_id=n,
                number=n,
                kind="target",
                name=long,
                started_at=SINCE,
                count=45,
                usual=2.0,
                known=0.5,
                repeated=0.25,
            )
            for n in range(times)
        ),
        threats=tuple(
            NamedThreat(threat_id=n, number=n, kinds=("death",), severity=4, imminent=True, status="new", times=3)
            for n in range(1, 13)
        ),
        kinds=(Counted(name="death", count=2), Counted(name="arson", count=1)),
        campaigns=tuple(
            NamedCampaign(campaign_id=n, number=n, name=long, times=14, accounts=9, fakes=5, is_new=True)
            for n in range(1, 5 * times)
        ),
        accounts=tuple(
            NamedAccount(account_id=n, label=f"vk:{'x' * 90}{n}", said="confirmed") for n in range(8 * times)
        ),
        farms=(Counted(name="F-3", count=4),),
        takedowns=(12, 20),
        work=Work(threats=4, unassigned=2, alarms=1, second_word=3, takedowns=5, rechecks=1, links=6),
        checkpoint=(1234, "ab12cd34ef56ab12"),
    )


def digest(content: DigestContent, **given: object) -> Digest:
    """A digest of 6 October."""
    whole = Digest(
        id=9,
        newsroom_id=1,
        schedule=SCHEDULE,
        days=(UNTIL.date(),),
        content=content,
        is_preview=False,
        made_at=UNTIL,
    )
    return replace(whole, **given)  # type: ignore[arg-type]


def units(text: str) -> int:
    """What Telegram counts: UTF-16 units without the markup."""
    return len(re.sub(r"<[^>]+>", "", text).encode("utf-16-le")) // 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("times", [1, 12])
def test_every_page_fits_a_message(language: str, times: int) -> None:
    """Whatever the day was, no page is longer than a message may be; pages say which they are."""
    pages = digest_pages(digest(full(times)), reader(Role.EDITOR, language=language), "kalkan_bot")
    assert all(units(page) <= 4096 for page in pages)
    assert times > 1 or len(pages) == 1
    assert all(page.count("<b>") == page.count("</b>") and page.count("<a ") == page.count("</a>") for page in pages)
    assert "ab12 cd34" in pages[-1]
    assert not any("ab12 cd34" in page for page in pages[:-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_corrections_come_before_all_else(language: str) -> None:
    """What an earlier digest got wrong is the first thing that is read, and what is so now with it."""
    who = reader(Role.EDITOR, language=language)
    (page,) = digest_pages(digest(full()), who, "kalkan_bot")
    first = page.split("\n\n")[1]
    assert first.startswith("⚠️")
    assert "aida.0" in first
    assert who.t.gettext("checked and cleared, it is not a fake") in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quiet_day_says_so_in_one_line(language: str) -> None:
    """Nothing happened: one line, no files, no pages."""
    who = reader(Role.EDITOR, language=language)
    card = digest_card(digest(QUIET), 0, who, "kalkan_bot")
    assert card.text.split("\n\n")[1:] == [who.t.gettext("A quiet time: nothing was reported.")]
    assert card.buttons == ()


def test_days_without_a_digest_are_owned_up_to() -> None:
    """After an outage the digest says of how many it takes the place, in good Russian."""
    days = tuple(UNTIL.date() - timedelta(days=n) for n in range(3))
    (page,) = digest_pages(digest(QUIET, days=days), reader(Role.EDITOR, language="ru"), "kalkan_bot")
    assert "эта сводка вместо 3 сводок" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "21 случай (до этого: 2), 1 042 комментария"),
        ("ky", "21 окуя (буга чейин: 2), 1 042 комментарий"),
        ("en", "21 cases (before: 2), 1,042 comments"),
    ],
)
def test_numbers_are_right_in_each_language(language: str, said: str) -> None:
    """Plurals and separators follow the language."""
    (page,) = digest_pages(digest(full()), reader(Role.EDITOR, language=language), "kalkan_bot")
    assert said in page.replace("\xa0", " ").replace("\u202f", " ")


def test_what_is_named_is_linked_and_threats_are_not_quoted() -> None:
    """Cases, threats, campaigns and farms lead back into the bot; of a threat stand only its kind and number."""
    (page,) = digest_pages(digest(full()), reader(Role.EDITOR), "kalkan_bot")
    for start in ("case_1", "threat_1", "campaign_1", "farm_3", "spike_0"):
        assert f'href="https://t.me/kalkan_bot?start={start}"' in page
    assert "&lt;i&gt;" in page
    assert "<i>" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_fit_and_lead_on(language: str) -> None:
    """Under a long digest: the other pages and the files; the settings have a button for all that can be set."""
    who = reader(Role.EDITOR, language=language)
    content = full(30)
    pages = digest_pages(digest(content), who, "b")
    assert len(pages) > 1
    card = digest_card(digest(content), 0, who, "b")
    assert [b.press.action for row in card.buttons for b in row if b.press] == ["dgpage", "dgfile", "dgfile"]
    settings = settings_card(DigestView(chat=CHAT, schedule=SCHEDULE, next_at=UNTIL), who)
    assert "09:00" in settings.text
    assert "Редакция &lt;b&gt;" in settings.text
    arguments = {b.press.argument for row in settings.buttons for b in row if b.press}
    assert arguments >= {"h=-", "h=+", "daily", "weekly", "d=0", "d=6", "l=ky", "s=threats", "on"}
    assert list_card([DigestView(chat=CHAT, schedule=None)], who).buttons
    assert "Редакция" in chats_card([CHAT, replace(CHAT, state=ChatState.STOPPED, reason="public")], who).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_has_no_markup(language: str) -> None:
    """What becomes PDF and XLSX is plain words."""
    made = digest_handout(digest(full()), {}, reader(Role.EDITOR, language=language), "b")
    words = [made.title, made.under, made.footer, *(line for c in made.chapters for line in (c.title, *c.lines))]
    assert not any("<a" in line or "<b>" in line or "&lt;" in line for line in words)
    assert len(made.chapters) == 7
    assert len(made.tables) == 4


def test_a_rhythm_can_be_typed() -> None:
    """A time, days in three languages, once a week, a language; anything else is refused."""
    typed = _read(SCHEDULE, ["08:30", "пн", "бш", "ky"])
    assert (typed.rhythm.at.hour, typed.rhythm.at.minute) == (8, 30)
    assert (sorted(typed.rhythm.days), typed.language) == ([0, 3], "ky")
    assert _read(SCHEDULE, ["weekly"]).rhythm.days == {0}
    assert _read(typed, ["daily"]).rhythm.days == set(range(7))
    for words in (["25:00"], ["завтра"], ["08:30", "de"]):
        with pytest.raises(Refusal, match="digest_words"):
            _read(SCHEDULE, words)
