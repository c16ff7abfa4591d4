"""Cards of the threat log in three languages: whoever is meant reads one line first, nothing hostile gets through."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.i18n import LANGUAGES
from bot.model.alarm import Alarm, AlarmState, Watch
from bot.model.rights import Role
from bot.model.staff import Staff, StaffKind
from bot.model.threat import (
    QUESTIONS,
    Category,
    Event,
    Incident,
    IncidentView,
    SavedQuery,
    Sighting,
    Status,
    Target,
    Threat,
    ThreatLine,
    ThreatPage,
    ThreatQuery,
    ThreatStats,
)
from bot.model.verdict import SpanFound, ThreatFound
from bot.services.alarms import AlarmView
from handlers.cards.alarms import alarm_card
from handlers.cards.duty import duty_card
from handlers.cards.threat_list import incident_card, query_list, stats_card, threat_list
from handlers.cards.threats import (
    category_card,
    form_card,
    history_card,
    menu_card,
    next_question,
    question_card,
    sightings_card,
    threat_card,
)
from handlers.threat_tables import heads, row
from tests.handlers.made_up import AT, member, reader
from tests.handlers.pressed import drawn, open_text

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NASTY = "<b>&\"'</b>\u202eexe" * 60
#: The longest that each kind of text may be in the archive.
LEAD = (Role.SECURITY,)


def line(**given: Any) -> ThreatLine:
    """Record T-42, against somebody who is member 9."""
    whole: dict[str, Any] = {
        "id": (1 << 63) - 1,
        "number": 42,
        "category": Category.THREAT,
        "kinds": ("arson", "death"),
        "severity": 4,
        "imminent": True,
        "status": Status.NEW,
        "channel": "comment",
        "platform": "instagram",
        "account": "instagram:some <i>",
        "link": "https://instagram.com/p/1?a=1&b=2",
        "place": "у ворот <b>",
        "text": "Мы сожжём вас & ваш офис",
        "times": 40,
        "first_seen": AT,
        "last_seen": AT + timedelta(hours=2),
        "recorded_at": AT,
        "reporter_id": 8,
        "reporter": "Данияр <u>",
        "assignee_id": 7,
        "assignee": "Айгуль <i>",
        "incident": 3,
        "targets": (Target(staff_id=1, name="Азаттык <b>"), Target(staff_id=2, name="Бек", member_id=9)),
    }
    return ThreatLine(**(whole | given))


def record(**given: Any) -> Threat:
    """The record with everything that can be known."""
    seen = Sighting(
        submission_id=1, case=12, text="т", account="vk:x<b>", link="https://vk.com/1", posted_at=None, seen_at=AT
    )
    whole: dict[str, Any] = {
        "line": line(),
        "finding": ThreatFound(level="threat", spans=(SpanFound(start=3, end=9, why="arson"),), demotions=("quote",)),
        "submission_id": 1,
        "measures": ("legal",),
        "triage": {"moment": "yes", "impunity": "no"},
        "sightings": (seen,),
        "sighting_count": 40,
        "notes": (Event(event="note", member="Данияр <u>", at=AT, details={"text": "Заметка <b>"}),),
        "history": (
            Event(event="status", member="Данияр <u>", at=AT, details={"status": "police"}),
            Event(event="assigned", member="Д", at=AT, details={"who": ""}),
            Event(event="triage", member="Д", at=AT, details={"question": "moment", "answer": "yes"}),
            Event(event="alarm_on", member=None, at=AT, details={"who": "Нурлан"}),
            Event(event="told", member="Д", at=AT, details={"channel": "call"}),
        ),
        "alarm": ("taken", "Нурлан <b>", AT),
    }
    return Threat(**(whole | given))


@LANGUAGE
def test_a_record_shows_what_is_known(language: str) -> None:
    """Kinds, severity, status, targets, where, how often, notes, form, alarm; words behind a spoiler, spans bold."""
    html, actions = drawn(threat_card(record(), reader(*LEAD, language=language)))
    for told in (
        "T-42",
        "4/4",
        "Азаттык &lt;b&gt;",
        "some &lt;i&gt;",
        "40",
        "Заметка &lt;b&gt;",
        "/case_12",
        "I-3",
        "2",
    ):
        assert told in html
    assert "<b>сожжём</b>" in html
    assert "сожжём" not in open_text(html)
    assert {"tmenu", "tform", "tnote", "thist", "tseen", "task"} <= set(actions)
    assert "tassign" not in actions, "it is the reader's already"
    assert "tassign" in drawn(threat_card(record(line=line(assignee_id=None)), reader(*LEAD, language=language)))[1]


@LANGUAGE
def test_a_target_reads_one_line_first(language: str) -> None:
    """Not a word of it, on the card, in a list, in an alarm, in a table; by a press all of it, and back."""
    for roles in ((Role.JOURNALIST,), LEAD):
        target = reader(*roles, number=9, language=language)
        html, actions = drawn(threat_card(record(), target))
        assert "сожжём" not in html
        assert actions == ["tmore"]
        html, actions = drawn(threat_card(record(), target, full=True))
        assert "сожжём" in html
        assert actions[-1] == "trec"
        assert "сожжём" not in drawn(threat_list(page(line()), ThreatQuery(), 5, "", target))[0]
        assert "сожжём" not in drawn(alarm_card(alarm(), target))[0]
        assert not any("сожжём" in str(cell) for cell in row(line(), target))


@LANGUAGE
def test_steps_are_for_security(language: str) -> None:
    """An editor reads; a journalist reads their own; neither is offered a step."""
    shown = set(drawn(threat_card(record(), reader(Role.EDITOR, language=language)))[1])
    assert shown == {"thist", "tseen", "rec"}
    own = record(line=line(reporter_id=7))
    html, actions = drawn(threat_card(own, reader(language=language)))
    assert actions == []
    assert "/incident_3" not in html
    stranger = record(line=line(reporter_id=8))
    assert "Азаттык" not in drawn(threat_card(stranger, reader(language=language)))[0]


@LANGUAGE
def test_menus(language: str) -> None:
    """A choice for each status but the present one, four severities, the measures, people; and the way back."""
    lead = reader(*LEAD, language=language)
    people = [replace(member(Role.EDITOR, number=n), name=NASTY) for n in range(10, 40)]
    assert drawn(menu_card(record(), "status", [], lead))[1] == ["tstat"] * 6 + ["trec"]
    assert drawn(menu_card(record(), "severity", [], lead))[1] == ["tsev"] * 4 + ["trec"]
    assert drawn(menu_card(record(), "measures", [], lead))[1] == ["tmeas"] * 4 + ["trec"]
    assert drawn(menu_card(record(), "assign", people, lead))[1] == ["tassign"] * 13 + ["trec"]


@LANGUAGE
def test_the_form(language: str) -> None:
    """Twelve questions, three answers and a way past each; at the end what was said, and no number beside it."""
    lead = reader(*LEAD, language=language)
    asked = set()
    for place in range(len(QUESTIONS)):
        html, actions = drawn(form_card(record(), place, lead))
        asked.add(html)
        assert actions == ["tans", "tans", "tans", "tform", "trec"]
    assert len(asked) == 12
    html, actions = drawn(form_card(record(), 12, lead))
    assert actions == ["tform", "trec"]
    assert len(html.splitlines()) == 13


@LANGUAGE
def test_the_short_questions(language: str) -> None:
    """Who, which way, where, urgent: only what is not known yet; each can be skipped; then thanks."""
    told, bek = (
        reader(language=language),
        Staff(id=2, kind=StaffKind.PERSON, name=NASTY, position=None, aliases=(), member_id=None),
    )
    bare = line(targets=(), channel=None, platform=None, place=None, imminent=False, severity=2, reporter_id=7)
    shown = [drawn(question_card(bare, step, [bek], told))[1] for step in range(6)]
    assert shown[0] == ["twho", "task"]
    assert shown[1] == ["tchan"] * 8 + ["task"]
    assert shown[2] == ["tplat"] * 9 + ["task"]
    assert shown[4] == ["turge", "task"]
    assert shown[5] == ["trec"]
    assert next_question(bare, 3) == 4
    assert next_question(replace(bare, channel="in_person"), 2) == 3
    assert next_question(line(), 0) == 5
    assert drawn(question_card(bare, 0, [], told))[1][0] == "tchan"
    assert len(drawn(category_card(told))[1]) == 7


def page(*lines: ThreatLine, total: int = 20, number: int = 1) -> ThreatPage:
    """A page in the middle."""
    return ThreatPage(lines=lines, total=total, page=number, size=8)


@LANGUAGE
def test_lists(language: str) -> None:
    """Links, pages, files for those who may; what was not understood; nothing found."""
    lead, editor, journalist = (
        reader(role, language=language) for role in (Role.SECURITY, Role.EDITOR, Role.JOURNALIST)
    )
    asked = ThreatQuery(unknown=("colour:<b>red",))
    html, actions = drawn(threat_list(page(line()), asked, 5, "colour:<b>red", lead))
    assert "/threat_42" in html
    assert html.count("colour:&lt;b&gt;red") == 2
    assert "сожжём" not in open_text(html)
    assert actions == ["threats", "threats", "tfile", "tfile", "tfile", "tsave"]
    assert drawn(threat_list(page(line()), ThreatQuery(), 5, "", editor))[1].count("tfile") == 1
    html, actions = drawn(threat_list(page(line()), ThreatQuery(), 5, "", journalist))
    assert "tfile" not in actions
    assert "Азаттык" not in html
    empty = ThreatPage(lines=(), total=0, page=0, size=8)
    assert drawn(threat_list(empty, ThreatQuery(), 5, "x", lead))[1] == ["tsave"]
    kept = [SavedQuery(id=n, member_id=7, name=NASTY[:40], words=NASTY) for n in range(20)]
    assert drawn(query_list(kept, lead))[1] == ["threats", "tqforget"] * 8
    assert drawn(query_list([], lead))[1] == []


@LANGUAGE
def test_a_hostile_record_fits_everywhere(language: str) -> None:
    """The longest and nastiest of everything: Telegram takes each card, and no mark of direction is in any."""
    nasty = line(
        account=NASTY[:220],
        link=NASTY[:500],
        place=NASTY[:200],
        text=NASTY * 3,
        reporter=NASTY[:128],
        assignee=NASTY[:128],
        platform=NASTY[:16],
        channel=NASTY[:12],
        targets=tuple(Target(staff_id=n, name=NASTY[:200]) for n in range(30)),
    )
    events = tuple(Event(event="note", member=NASTY, at=AT, details={"text": NASTY * 20}) for _ in range(60))
    seen = tuple(replace(record().sightings[0], account=NASTY, link=NASTY) for _ in range(10))
    whole = record(line=nasty, notes=events, history=events, sightings=seen, alarm=("false", NASTY, AT))
    lead = reader(*LEAD, language=language)
    cards = [
        threat_card(whole, lead),
        history_card(whole, lead),
        sightings_card(whole, lead),
        threat_list(page(*[nasty] * 8, number=0), ThreatQuery(unknown=(NASTY,) * 9), 5, NASTY[:500], lead),
        alarm_card(alarm(lines=(nasty,) * 4, called=(NASTY,) * 20, answered_by=NASTY), lead),
        incident_card(incident(lines=(nasty,) * 8), lead),
        stats_card(stats(by_target=tuple((NASTY + str(n), n) for n in range(8))), lead),
        duty_card([Watch(member_id=n, name=NASTY, place=n) for n in range(20)], [[NASTY] * 5] * 20, 5, lead),
    ]
    for card in cards:
        html, _ = drawn(card)
        assert "\u202e" not in html
        assert "<b>&" not in html
    assert len(row(nasty, lead)) == len(heads(lead))


def alarm(state: AlarmState = AlarmState.RINGING, **given: Any) -> AlarmView:
    """An alarm that went to two people."""
    raised = Alarm(
        id=(1 << 63) - 1,
        newsroom_id=1,
        incident_id=3,
        threat_id=4,
        state=state,
        step=1,
        due_at=AT,
        raised_at=AT,
        times=40,
        threats=3,
        severity=4,
        imminent=True,
        answered_by=None,
        answered_at=AT if state is not AlarmState.RINGING else None,
    )
    whole: dict[str, Any] = {
        "alarm": raised,
        "incident": Incident(id=3, number=3, first_seen=AT, last_seen=AT, merged_into=None),
        "lines": (line(),),
        "records": 4,
        "times": 53,
        "called": ("Нурлан <b>", "Данияр"),
        "answered_by": None,
        "message_id": None,
    }
    return AlarmView(**(whole | given))


@LANGUAGE
def test_an_alarm(language: str) -> None:
    """What it is about and how much of it; three presses while it rings; then who answered."""
    lead = reader(*LEAD, language=language)
    html, actions = drawn(alarm_card(alarm(), lead))
    for told in ("🚨", "T-42", "53", "I-3", "Нурлан &lt;b&gt;"):
        assert told in html
    assert "сожжём" not in open_text(html)
    assert actions == ["atake", "aup", "afalse", "trec"]
    assert drawn(alarm_card(alarm(), reader(Role.ADMIN, language=language)))[1] == ["atake", "aup", "afalse"]
    for state in (AlarmState.TAKEN, AlarmState.FALSE):
        html, actions = drawn(alarm_card(alarm(state, answered_by="Нурлан <b>"), lead))
        assert "Нурлан &lt;b&gt;" in html
        assert actions == ["trec"]


def incident(**given: Any) -> IncidentView:
    """Incident I-3 beside two others."""
    known = Incident(id=3, number=3, first_seen=AT, last_seen=AT, merged_into=None)
    whole: dict[str, Any] = {
        "incident": known,
        "lines": (line(), line(number=43)),
        "threats": 2,
        "times": 53,
        "submissions": 20,
        "accounts": 9,
        "others": (replace(known, number=1), replace(known, number=2)),
    }
    return IncidentView(**(whole | given))


@LANGUAGE
def test_an_incident(language: str) -> None:
    """Its figures and records; merging and splitting for security leads."""
    html, actions = drawn(incident_card(incident(), reader(*LEAD, language=language)))
    assert all(told in html for told in ("I-3", "53", "20", "9", "/threat_42", "/threat_43"))
    assert actions == ["imerge", "imerge", "isplit", "isplit", "rec"]
    assert drawn(incident_card(incident(), reader(Role.EDITOR, language=language)))[1] == ["rec"]


def stats(**given: Any) -> ThreatStats:
    """Some counts."""
    whole: dict[str, Any] = {
        "since": AT,
        "total": 5,
        "times": 53,
        "by_status": {"new": 3, "police": 2},
        "by_kind": {"arson": 4},
        "by_severity": {4: 2},
        "by_platform": {"instagram": 5},
        "by_target": (("Азаттык <b>", 4),),
        "alarms": 2,
        "answered_in": 90.0,
    }
    return ThreatStats(**(whole | given))


@LANGUAGE
def test_figures_and_roster(language: str) -> None:
    """Counts in words; who is on duty, whose hours are quiet, whom an alarm goes to, and the presses."""
    lead = reader(*LEAD, language=language)
    html, _ = drawn(stats_card(stats(), lead))
    assert "Азаттык &lt;b&gt; 4" in html
    mine = Watch(member_id=7, name="Айгуль <i>", place=1, quiet_from=22 * 60, quiet_until=7 * 60)
    html, actions = drawn(duty_card([mine], [["Айгуль <i>"], ["Данияр"]], 5, lead))
    assert "22:00–07:00" in html
    assert actions == ["dutyleave"]
    assert drawn(duty_card([replace(mine, member_id=8)], [["x"]], 5, lead))[1] == ["dutytake", "dutyjoin"]
    assert drawn(duty_card([replace(mine, member_id=8), mine], [], 5, lead))[1] == ["dutytake", "dutyleave"]
