"""Which account is this? Certain by number or handle on its platform, else only possible."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.accounts import (
    AccountMatch,
    AccountQuery,
    KnownAccount,
    Platform,
    handle_key,
    handle_skeleton,
    match_accounts,
    name_key,
    parse_links,
)

KNOWN = (
    KnownAccount(
        ref=1, platform="instagram", handle="talai.gul_92", numeric_id="555", names=("Талайгүл Өмүралиева", "Talai")
    ),
    KnownAccount(ref=2, platform="facebook", handle="azat.bek.92", numeric_id="100064", names=("Azat Bekov",)),
    KnownAccount(ref=3, platform="vk", numeric_id="77", names=("Мирлан Жакыпов",)),
)


def found(**query: object) -> list[tuple[int, str, str]]:
    """Ref, reason and strength of each match."""
    matches = match_accounts(AccountQuery(**query), KNOWN)  # type: ignore[arg-type]
    return [(match.ref, match.why, match.strength) for match in matches]


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ({"platform": "instagram", "handle": "@Talai.Gul_92"}, (1, "same_handle", "certain")),
        ({"platform": "facebook", "handle": "AzatBek92"}, (2, "same_handle", "certain")),
        ({"platform": "instagram", "numeric_id": "555"}, (1, "same_id", "certain")),
        ({"platform": "vk", "numeric_id": "77", "handle": "renamed"}, (3, "same_id", "certain")),
        ({"links": tuple(parse_links("vk.com/id77"))}, (3, "same_id", "certain")),
        ({"links": tuple(parse_links("https://instagram.com/talai.gul_92/"))}, (1, "same_handle", "certain")),
        ({"platform": "tiktok", "handle": "talai.gul_92"}, (1, "same_handle", "possible")),
        ({"handle": "talai.gul_92"}, (1, "same_handle", "possible")),
        ({"platform": "instagram", "handle": "ta1aigul92"}, (1, "lookalike_handle", "possible")),
        ({"platform": "instagram", "handle": "tаlаi.gul_92"}, (1, "lookalike_handle", "possible")),
        ({"name": "Talaigul Omuralieva"}, (1, "same_name", "possible")),
        ({"name": "Омуралиева Талайгуль"}, (1, "same_name", "possible")),
        ({"name": "Mirlan Japykov"}, None),
        ({"name": "Mirlan Jakypov"}, (3, "same_name", "possible")),
        ({"name": "Мирлан Жакыповв"}, (3, "same_name", "possible")),
        ({"name": "Мирлан Жакупов"}, (3, "similar_name", "possible")),
        (
            {"platform": "instagram", "handle": "ta1aigul92", "name": "Талайгуль Омуралиева"},
            (1, "lookalike_handle", "near_certain"),
        ),
    ],
    ids=str,
)
def test_reasons_and_strengths(query: dict[str, object], match: tuple[int, str, str] | None) -> None:
    """The best reason per account, with its strength."""
    assert found(**query) == ([match] if match else [])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"platform": "instagram"},
        {"platform": "facebook", "numeric_id": "555"},
        {"platform": "instagram", "handle": "somebody_else"},
        {"name": "Talai"},
        {"name": "Айгерим"},
        {"name": "🔥"},
        {"handle": ""},
    ],
    ids=str,
)
def test_nothing_is_made_of_too_little(query: dict[str, object]) -> None:
    """A number of another platform, a first name, an empty field."""
    assert found(**query) == []


def test_handles_of_no_platform_are_never_certain() -> None:
    """ "other" stands for many places."""
    known = [KnownAccount(ref=1, platform="other", handle="someone_1")]
    match = match_accounts(AccountQuery(platform="other", handle="someone_1"), known)[0]
    assert match.strength == "possible"


def test_matches_come_best_first_and_once() -> None:
    """A certain match stands above a possible one."""
    query = AccountQuery(
        platform="vk", numeric_id="77", name="Talaigul Omuralieva", links=tuple(parse_links("vk.com/id77"))
    )
    assert [match.ref for match in match_accounts(query, KNOWN)] == [3, 1]


def test_results_cross_process_borders() -> None:
    """Queries, accounts and answers can be pickled."""
    query = AccountQuery(platform="vk", numeric_id="77", links=tuple(parse_links("vk.com/id77")))
    for each in (query, KNOWN, match_accounts(query, KNOWN)):
        assert pickle.loads(pickle.dumps(each)) == each  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "names",
    [
        ("Талайгүл Өмүралиева", "Talaigul Omuralieva", "Талайгуль Омуралиева", "ТАЛАЙГҮЛ  ӨМҮРАЛИЕВА 🌹"),
        ("Садыр Жапаров", "Sadyr Japarov", "Sadyr Zhaparov", "Sadyr Dzhaparov"),
        ("Александр Юсупов", "Alexandr Yusupov", "Aleksandr Iusupov"),
        ("Бахтиёр Хуснутдинов", "Baxtiyor Xusnutdinov", "Bakhtiyor Khusnutdinov"),
    ],
    ids=lambda names: names[1],
)
def test_one_name_in_every_script(names: tuple[str, ...]) -> None:
    """However it is spelled, a name has one key."""
    assert len(set(map(name_key, names))) == 1


def test_handle_keys_follow_the_platform() -> None:
    """Facebook ignores dots, the others do not."""
    assert handle_key("facebook", "A.b.C") == handle_key("facebook", "abc")
    assert handle_key("instagram", "a.b") != handle_key("instagram", "ab")
    assert handle_key("telegram", "@SomeOne") == handle_key("telegram", "someone")


@pytest.mark.parametrize(
    ("one", "other"),
    [("talai.gul_92", "ta1aigul92"), ("azattyk", "аzаttyk"), ("marnom", "mamom"), ("hello_00", "he11o.oo")],
)
def test_lookalike_handles_have_one_skeleton(one: str, other: str) -> None:
    """What the eye confuses."""
    assert handle_skeleton(one) == handle_skeleton(other)


PLATFORMS: st.SearchStrategy[Platform] = st.sampled_from(["facebook", "instagram", "vk", "telegram", "other"])
TEXT = st.text(max_size=12) | st.none()


@given(PLATFORMS, TEXT, TEXT, st.text(max_size=12))
def test_any_account_finds_itself_and_only_identity_is_certain(
    platform: Platform, handle: str | None, number: str | None, name: str
) -> None:
    """Any field values are answered; without a common number or handle nothing is certain."""
    known = [KnownAccount(ref=1, platform=platform, handle=handle, numeric_id=number, names=(name,))]
    own = match_accounts(AccountQuery(platform=platform, handle=handle, numeric_id=number, name=name), known)
    if number or (handle and platform != "other"):
        assert [match.strength for match in own] == ["certain"]
    by_name = match_accounts(AccountQuery(platform=platform, name=name), known)
    assert all(isinstance(match, AccountMatch) and match.strength == "possible" for match in by_name)
