"""The query language of the threat log: three languages, forgiving, and nothing typed is ever an error."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.threat import Range, ThreatQuery
from handlers.threat_query import category_named, read_query, status_named
from handlers.threat_query_words import KEYS, VALUES

NOW = datetime(2026, 10, 8, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Bishkek")


def read(text: str) -> ThreatQuery:
    return read_query(text, NOW, ZONE)


def test_the_example_of_the_guide() -> None:
    """Every field of it, with its values, and the free text as one."""
    asked = read(
        'target:azattyk kind:death,arson severity:>=3 since:7d status:new platform:instagram assignee:me "free text"'
    )
    assert asked == ThreatQuery(
        targets=("azattyk",),
        kinds=("death", "arson"),
        severity=Range(least=3),
        since=NOW - timedelta(days=7),
        statuses=("new",),
        platforms=("instagram",),
        assignees=("me",),
        words=("free text",),
    )


@pytest.mark.parametrize(
    "text",
    [
        "кому:Азаттык вид:смерть,поджог тяжесть:>=3 с:7д статус:новые платформа:инстаграм ответственный:я «free text»",
        "кимге:Азаттык түрү:өлүм,өрттөө оордугу:>=3 баштап:7к абалы:жаңы тармак:инста жооптуу:мага «free text»",
        "TARGET: Азаттык KIND: death , arson SEVERITY >= 3 SINCE=7d STATUS:New PLATFORM:IG ASSIGNEE:Me “free text”",
        "targt:Азаттык kind:deth,arsn severity:3+ since:7d status:new platform:instagrm assigne:me free-text",
    ],
)
def test_three_languages_and_slips(text: str) -> None:
    """The same question however it is typed."""
    asked = read(text)
    assert asked.targets == ("Азаттык",)
    assert asked.kinds == ("death", "arson") or "deth" in text
    assert asked.severity == Range(least=3)
    assert asked.since == NOW - timedelta(days=7)
    assert (asked.statuses, asked.platforms, asked.assignees) == (("new",), ("instagram",), ("me",))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("severity:3", Range(least=3, most=3)),
        ("severity:2-4", Range(least=2, most=4)),
        ("severity:4-2", Range(least=2, most=4)),
        ("severity>2", Range(least=3)),
        ("severity:<=2", Range(most=2)),
        ("severity: < 3", Range(most=2)),
        ("тяжесть≥4", Range(least=4)),
    ],
)
def test_ranges(text: str, span: Range) -> None:
    """One number, a span, or a bound, with blanks or without."""
    assert read(text).severity == span
    assert read(text).unknown == ()


def test_what_is_not_understood_is_said_back() -> None:
    """Unknown keys, unknown values, days that there are not; all else still counts."""
    asked = read("colour:red status:purple since:99.99.2026 severity:many kind:death слова")
    assert asked.unknown == ("colour:red", "status:purple", "since:99.99.2026", "severity:many")
    assert asked.kinds == ("death",)
    assert asked.words == ("слова",)


def test_denial() -> None:
    """A minus or an exclamation mark before a key, a value or a word leaves it out."""
    asked = read("-status:resolved platform:!vk -kind:legal -шутка status:new")
    assert asked.without == (("status", "resolved"), ("platform", "vk"), ("kind", "legal"), ("words", "шутка"))
    assert asked.statuses == ("new",)


def test_numbers_and_incidents() -> None:
    """T-42 is a record, in either alphabet; an incident is named by its number."""
    assert read("T-42 т-7").numbers == (42, 7)
    assert read("incident:I-3").incidents == (3,)
    assert read("инцидент:4").incidents == (4,)


def test_all_is_any_value() -> None:
    """`status:all` asks for every status, also for what is closed."""
    assert set(read("status:all").statuses) == set(VALUES["status"])


def test_a_link_is_a_word() -> None:
    """What looks like a key but is an address is looked for as it is."""
    assert read("https://vk.com/wall-1_2").words == ("https://vk.com/wall-1_2",)


def test_words_that_name() -> None:
    """Categories and statuses by their names in three languages."""
    assert [category_named(word) for word in ("raid", "обыск", "тинтүү", "повестка", "нет такого")] == [
        "raid",
        "raid",
        "raid",
        "summons",
        None,
    ]
    assert [status_named(word) for word in ("police", "милиция", "чечилген", "")] == [
        "police",
        "police",
        "resolved",
        None,
    ]


def test_no_word_means_two_things() -> None:
    """Within one table every name leads to one code."""
    for words in (KEYS, *VALUES.values()):
        names = [name for code, each in words.items() for name in {code, *each}]
        assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]


PIECES = st.sampled_from(
    [
        "target:",
        "kind:",
        "severity",
        ">=",
        "3",
        ",",
        " ",
        '"',
        "«",
        "»",
        "-",
        "!",
        ":",
        "=",
        "T-1",
        "since:7d",
        "с:",
        "%",
        "\n",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join)))
def test_no_input_is_an_error(text: str) -> None:
    """Whatever is typed, there is an answer, its values are known ones, and it is the same the next time."""
    asked = read(text)
    assert set(asked.kinds) <= set(VALUES["kind"])
    assert set(asked.statuses) <= set(VALUES["status"])
    assert asked == read(text)


@given(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(sorted(VALUES["kind"])),
            "status": st.sampled_from(sorted(VALUES["status"])),
            "words": st.text("абвгөүң abc%_<>'", min_size=1, max_size=20).filter(lambda text: bool(text.split())),
        }
    )
)
def test_what_is_typed_is_what_is_asked(wanted: dict[str, str]) -> None:
    """Any kind and status by any of their names, and any quoted words, come out as they went in."""
    for kind in (wanted["kind"], *VALUES["kind"][wanted["kind"]]):
        asked = read(f'kind:"{kind}" status:{wanted["status"]} "{wanted["words"]}"')
        assert (asked.kinds, asked.statuses) == ((wanted["kind"],), (wanted["status"],))
        assert asked.words == (" ".join(wanted["words"].split()),)
