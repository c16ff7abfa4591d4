"""Every code that can reach a member has a sentence, in each of the three languages."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest
from babel.messages.pofile import read_po
from telegram import Chat, Message, Update

from bot.analysis import FailureCode
from bot.cli.words import SENTENCES
from bot.i18n import LANGUAGES, Catalogs
from bot.model.account import AccountStatus
from bot.model.newsroom import Member, MemberStatus, Newsroom
from bot.model.rights import Role
from bot.model.staff import StaffKind
from bot.model.submission import Case, SubmissionState
from bot.model.threat import ANSWERS, QUESTIONS, SORTS, STEPS, Category, Channel, Measure, Status
from bot.model.verdict import LEVELS, Finding, TargetFound, ThreatFound
from bot.services.accounts import read_suspicion
from bot.services.staff import read_staff
from detection.accounts.matching import Strength, Why
from detection.accounts.platforms import Platform
from detection.image.opening import RefusalCode
from detection.text import decision, differences
from detection.threats.finding import Kind, Level, TargetKind
from handlers import orders, reading
from handlers.cards import accounts as account_cards
from handlers.cards import campaigns, case_card, lists, replies, threat_names, words
from handlers.cards.card import Reader
from handlers.threat_query_words import VALUES as VALUES_OF_QUERIES
from tests.handlers.codes import Sources, argument, called, fits

ROOT = Path(__file__).resolve().parents[2]
CATALOGS = Catalogs.load(strict=True)
TABLES = {name: table for name, table in vars(words).items() if name.isupper() and isinstance(table, dict)}
# What only the command line reaches is worded there, for the operator.
OPERATORS_ROOMS = ("batchfiles", "checks", "imports", "seals")
# Expressions that hand on a code which is collected where it is born.
CARRIED = {
    "refusing: refusal.code": (),
    "two_people: _ENDS[state]": ("act_allowed", "act_refused", "act_void"),
    "two_people: doing.misfit": ("act_needs_admin", "act_needs_security"),
    "accounts: status.value": (AccountStatus.CONFIRMED.value, AccountStatus.CLEARED.value, AccountStatus.GONE.value),
    "account_settling: status.value": ("suspected", "confirmed", "cleared"),
    "sheets: found.error": ("file_too_large", "file_broken"),
    "account_rows: row.error or 'not_an_object'": ("not_an_object",),
    "staff_rows: row.error or 'not_an_object'": ("not_an_object",),
    "takedown_rows: row.error or 'not_an_object'": ("not_an_object",),
    "post_rows: row.error or 'not_an_object'": ("not_an_object",),
    "ads: row.error or 'not_an_object'": ("not_an_object",),
    "post_rows: refusal.code": ("at_wrong", "date_order_missing"),
    "daily: told.code": ("cases_left", "log_broken", "backup_late", "no_backups"),
    "delivery: body['code']": (),
    "delivery: instead.code": (),
    "submissions: finding.failure": (),
    "photo_search: error.code": (*get_args(RefusalCode), *get_args(FailureCode)),
    "photo_delivery: refusal.code": (),
    "presses: refusal.code": (),
    "table_delivery: refusal.code": (),
    "audit_delivery: refusal.code": (),
    "exchange_delivery: refusal.code": (),
    "importing: refusal.code": ("exchange_withdrawn", "exchange_unknown_key", "exchange_old", "exchange_too_many"),
    "takedown_delivery: refusal.code": (),
    "report_delivery: refusal.code": (),
    "farm_delivery: refusal.code": (),
    "work_reports: error.code": (*get_args(RefusalCode), *get_args(FailureCode)),
    "pictures: error.code": (*get_args(RefusalCode), *get_args(FailureCode)),
    "submissions: refusal.code": get_args(RefusalCode),
    "submissions: failure.code": get_args(FailureCode),
    "findings: result.code": get_args(FailureCode),
}


@cache
def sources() -> Sources:
    """The rooms in which codes for members are born."""
    services = (ROOT / "bot" / "services").glob("*.py")
    reports = (ROOT / "bot" / "services" / "reports").glob("*.py")
    rooms = [*services, *reports, *(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot" / "storage").glob("*.py")]
    return Sources(sorted(rooms), CARRIED)


@cache
def refused() -> frozenset[str]:
    """Every code of a Refusal that a member can meet."""
    found = {"not_allowed"}
    for place in sources().calls("Refusal"):
        found |= sources().values(place.call.args[0], place.function)
    return frozenset(found)


def said_by(name: str) -> set[str]:
    """Every code that is given to a function of bot.services.notices."""
    function, found = sources().function("notices", name), set[str]()
    for place in sources().calls(f"notices.{name}"):
        found |= sources().values(argument(place.call, function, "code"), place.function)
    return found


@cache
def replied() -> frozenset[str]:
    """Every code of a reply."""
    found = said_by("reply") | said_by("edited_reply")
    function = sources().function("replies", "render_reply")
    for place in sources().calls("render_reply"):
        found |= sources().values(argument(place.call, function, "code"), place.function)
    return frozenset(found)


class Values(dict[str, Any]):
    """Something for every name that a sentence asks for."""

    def __missing__(self, key: str) -> str:
        return "1"


VALUES = Values(batch="accounts.csv", confirmed=1, waiting=2, role="editor,security")


def reader(language: str, *roles: Role) -> Reader:
    """A reader of one language."""
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    member = Member(
        id=1,
        newsroom_id=1,
        telegram_id=1,
        name="Айгерим",
        roles=frozenset(roles or {Role.JOURNALIST}),
        status=MemberStatus.ACTIVE,
        language=language,
        joined_at=at,
    )
    newsroom = Newsroom(id=1, name="Ак-Калкан", zone="Asia/Bishkek", language="ru", limits={})
    return Reader(member=member, newsroom=newsroom, t=CATALOGS[language])


def case(language: str) -> Case:
    """A case of the reader's own."""
    return Case(
        submission_id=1,
        newsroom_id=1,
        number=12,
        state=SubmissionState.CASE,
        settled=True,
        reporter_id=reader(language).member.id,
        reporter_name="Айгерим",
        chat_id=1,
        first_message_id=1,
        opened_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
        parts=(),
        waiting=0,
        note="",
        rulings=(),
        target=None,
    )


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return str(request.param)


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"PLATFORMS", "APPLICATIONS"}))
def test_every_code_of_a_table_is_said_in_russian_and_kyrgyz(name: str) -> None:
    """No reader of ru or ky meets the English word of a code."""
    for other in ("ru", "ky"):
        same = [code for code, text in TABLES[name].items() if CATALOGS[other].gettext(text) == text]
        assert same == []


def test_every_code_of_the_threat_log_has_a_word() -> None:
    """Whatever a record, an incident or an event can say, each reader is told in their own language."""
    names = threat_names
    assert set(names.STATUSES) == {status.value for status in Status}
    assert set(names.STATUS_BUTTONS) == {status.value for status in STEPS}
    assert set(names.CATEGORIES) == {category.value for category in Category}
    assert set(names.CHANNELS) == set(names.CHANNEL_BUTTONS) == {channel.value for channel in Channel}
    assert set(names.MEASURES) == set(names.MEASURE_BUTTONS) == {measure.value for measure in Measure}
    assert set(names.QUESTIONS) == set(names.SHORT_QUESTIONS) == set(QUESTIONS)
    assert set(names.ANSWERS) == set(ANSWERS)
    assert set(VALUES_OF_QUERIES["kind"]) == set(words.KINDS)
    assert set(VALUES_OF_QUERIES["status"]) == set(names.STATUSES)
    assert set(VALUES_OF_QUERIES["category"]) == set(names.CATEGORIES)
    assert set(VALUES_OF_QUERIES["channel"]) == set(names.CHANNELS)
    assert set(VALUES_OF_QUERIES["platform"]) == set(words.APPLICATIONS)
    assert set(VALUES_OF_QUERIES["sort"]) == set(SORTS)
    for other in ("ru", "ky"):
        t = CATALOGS[other].plain
        for table in (names.STATUSES, names.CATEGORIES, names.CHANNELS, names.MEASURES, names.QUESTIONS, names.EVENTS):
            assert [text for text in table.values() if t._messages.gettext(text) == text] == []


def test_every_refusal_has_a_sentence() -> None:
    """What a person can put right is told in words."""
    assert refused() - set(words.REFUSALS) - set(words.FAILURES) - set(replies._RENDERERS) == set()
    assert {"case_unknown", "account_ambiguous", "image_gone", "image_bomb"} <= refused()


def test_every_refusal_of_the_command_line_has_a_sentence() -> None:
    """So does what only the operator meets."""
    rooms = [ROOT / "bot" / "services" / room for room in OPERATORS_ROOMS]
    found, codes = Sources(sorted(file for room in rooms for file in room.glob("*.py")), CARRIED), set[str]()
    for place in found.calls("Refusal"):
        codes |= found.values(place.call.args[0], place.function)
    assert codes - set(SENTENCES) == set()
    assert {"zip_broken", "farm_too_long", "staff_kind_wrong"} <= codes


def test_every_reply_has_a_sentence_or_a_list(language: str) -> None:
    """The sentence for the unforeseen is for what is unforeseen only."""
    fallback = replies._sentence(reader(language), "no such code", VALUES)
    known = set(replies._RENDERERS) | set(words.REFUSALS) | set(words.FAILURES)
    unsaid = {code for code in replied() - known if replies._sentence(reader(language), code, VALUES) == fallback}
    assert unsaid == set()
    assert {"welcome", "staff_changed", "ask_fake", "ruled_no_threat", "photos_gone", "account_unknown"} <= replied()


def test_every_answer_to_a_press_has_a_sentence() -> None:
    """What flashes over the chat is a sentence of the refusals."""
    assert said_by("answer") - set(words.REFUSALS) == set()


def test_every_outcome_of_an_account_has_a_sentence(language: str) -> None:
    """Whoever lists, confirms or clears an account reads what came of it."""
    outcomes = set[str]()
    for place in sources().calls("notices.reply"):
        given = next((k.value for k in place.call.keywords if k.arg == "outcome"), None)
        outcomes |= sources().values(given, place.function)
    assert outcomes >= {"added", "same", "first_word", "cleared"}
    assert all(account_cards._outcome(outcome, reader(language)) for outcome in outcomes)


def test_every_event_of_a_campaign_has_a_sentence(language: str) -> None:
    """What editors did to a campaign is told in words, with the name of who did it and the other campaign."""
    leaving, events = sources().function("campaign_leaving", "leave"), {"merged", "merged_into", "split", "split_from"}
    by_pairs, told = set(events), reader(language)
    for place in (place for place in sources().calls("leave") if fits(place.call, leaving)):
        events |= sources().values(argument(place.call, leaving, "event"), place.function)
    assert {"rejected", "stock_phrase"} < events
    for event in events:
        said = campaigns.event_words(event, "Данияр <u>", "C-5", told)
        assert "Данияр &lt;u&gt;" in said
        assert ("C-5" in said) == (event in by_pairs)
    assert campaigns.event_words("emptied", "", "", told) != "emptied"


def test_every_failure_to_read_has_a_sentence() -> None:
    """Nothing that arrived is silently left unread."""
    failures = set[str]()
    for place in sources().calls("Finding"):
        given = next((k.value for k in place.call.keywords if k.arg == "failure"), None)
        failures |= sources().values(given, place.function)
    assert failures - {"unsupported"} - set(words.FAILURES) == set()
    assert set(reading._SAID_TO_USER) | {"other"} == set(words.UNSUPPORTED)
    assert Finding().failure is None


def test_every_code_of_the_detectors_has_a_word() -> None:
    """What detection can say, a card can say."""
    assert set(get_args(Kind)) == set(words.KINDS)
    assert set(get_args(Why)) | {"same_photo"} <= set(words.REASONS)
    assert set(get_args(Strength)) == set(words.STRENGTHS)
    assert set(get_args(Platform)) - {"other"} == set(words.PLATFORMS)
    edits = {decision.EXACT, decision.SAME_WORDS, decision.EDITED, decision.OTHER_NUMBERS, decision.PART}
    assert edits == set(words.EDITS)
    assert {"same", *differences.CODES} == set(words.DIFFERENCES)
    assert {role.value for role in Role} == set(words.ROLES)
    assert {status.value for status in AccountStatus} == set(words.STATUSES)


def test_every_reason_against_a_threat_has_a_word() -> None:
    """Whatever makes a threat doubtful is told by name."""
    rules = Sources([ROOT / "detection" / "threats" / "rules.py"], {})
    assert rules.returns(rules.function("rules", "_demotion"), 0) == set(words.DEMOTIONS)


def test_every_level_but_none_has_a_line(language: str) -> None:
    """A threat, a doubt, a call and a curse are told apart; nothing is said of nothing."""
    assert get_args(Level) == LEVELS
    said = [case_card._threat(ThreatFound(level=level), case(language), reader(language)) for level in LEVELS]
    assert [line is None for line in said] == [level == "none" for level in LEVELS]
    assert len(set(said)) == len(LEVELS)


def test_every_kind_of_target_has_a_line(language: str) -> None:
    """At whom words are aimed is told with a name where there is one, and without where there is none."""
    for kind in get_args(TargetKind):
        found = ThreatFound(level="threat", targets=(TargetFound(kind=kind, staff=None, text="Азаттык"),))
        line = case_card._aimed_at(found, case(language), reader(language))
        assert line is not None
        assert ("Азаттык" in line) == (kind in ("staff", "outlet_named"))


def test_no_text_is_hidden_from_the_catalogues() -> None:
    """A text inside an f-string is not extracted, and would stay English for ever."""
    missing = [text for text in _texts_in_code() if text not in _template()]
    assert missing == []


def test_buttons_are_named_as_they_are_called(language: str) -> None:
    """Where a sentence quotes a button, it quotes the label that this reader sees."""
    t, checked = CATALOGS[language], 0
    for context, text in _template():
        for label in re.findall("“([^”{}]+)”", text if context is None else ""):
            if ("button", label) in _template():
                assert t.plain.pgettext("button", label) in t.plain.gettext(text)
                checked += 1
    assert checked >= 2


def test_the_lines_that_the_bot_asks_for_are_understood(language: str) -> None:
    """The labels in the question about a fake are labels that the answer may use."""
    asked = replies._sentence(reader(language), "ask_fake", VALUES)
    name, farm = re.findall(r"(\w+): …", asked)
    told = read_suspicion(f"https://facebook.com/some.one.12\n{name}: Айбек Т.\n{farm}: 3\nоднотипные комментарии")
    assert (told.names, told.farm, told.reason) == (("Айбек Т.",), "3", "однотипные комментарии")


async def test_the_commands_that_the_staff_list_shows_are_understood(language: str) -> None:
    """Its examples, sent as they are, add a person and an outlet."""
    shown = lists.staff_list([], reader(language, Role.EDITOR)).text
    added: list[str] = []

    async def add(_stage: object, _member: object, text: str) -> None:
        added.append(text)

    editor, desk = reader(language, Role.EDITOR).member, SimpleNamespace(staff=SimpleNamespace(add=add))
    context = cast(Any, SimpleNamespace(stage=None, member=editor, desk=desk))
    for number, line in enumerate(re.findall(r"/staff .+", shown)):
        chat, now = Chat(1, Chat.PRIVATE), datetime(2026, 11, 21, tzinfo=UTC)
        await orders.staff(Update(number, message=Message(number, now, chat, text=line)), context)
    assert [read_staff(text)[0] for text in added] == [StaffKind.PERSON, StaffKind.OUTLET]


@cache
def _template() -> frozenset[tuple[str | None, str]]:
    """Every English text with its context."""
    with (ROOT / "bot" / "locales" / "messages.pot").open("rb") as file:
        entries = [message for message in read_po(file) if message.id]
    return frozenset(
        (entry.context, text) for entry in entries for text in ([entry.id] if isinstance(entry.id, str) else entry.id)
    )


def _texts_in_code() -> Iterator[tuple[str | None, str]]:
    """Every literal text that the handlers hand to a translator, with its context."""
    for file in sorted((ROOT / "handlers").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node) in ("gettext", "ngettext", "pgettext", "npgettext"):
                literals = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                context = literals.pop(0) if called(node) in ("pgettext", "npgettext") and literals else None
                yield from ((context, text) for text in literals)
