"""A verdict is what the parts of a case say together: the strongest first, everything once."""

from datetime import UTC, datetime

import pytest

from bot.model.account import account_label
from bot.model.comment import CommentFacts
from bot.model.verdict import LEVELS, AccountFound, CopyFound, Finding, PhotoFound, ThreatFound, combine

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def account(number: int, score: float, strength: str = "possible") -> AccountFound:
    return AccountFound(
        account_id=number,
        account=f"vk:{number}",
        source="s",
        status="suspected",
        score=score,
        why="name",
        strength=strength,
    )


def photo(number: int, score: float) -> PhotoFound:
    return PhotoFound(
        photo=number,
        source="s",
        account=None,
        account_id=None,
        score=score,
        tier="match",
        mirrored=False,
        region=(0, 0, 1, 1),
    )


def copies(count: int, *scores: float) -> Finding:
    found = tuple(CopyFound(comment=n, source="s", account=None, score=s, tier="copy") for n, s in enumerate(scores))
    return Finding(copies=found, copy_count=count, copy_accounts=count, copies_since=MOMENT)


def test_nothing_is_nothing() -> None:
    """No finding, or findings without anything."""
    for findings in ([], [Finding()], [Finding(failure="image_truncated")]):
        assert combine(findings).nothing_known


@pytest.mark.parametrize(
    "finding",
    [
        Finding(accounts=(account(1, 0.1),)),
        Finding(photos=(photo(1, 0.1),)),
        copies(0, 0.5),
        Finding(threat=ThreatFound(level="curse")),
    ],
)
def test_a_possibility_is_something(finding: Finding) -> None:
    """The card may say that nothing is known only when not even that is there."""
    assert not combine([Finding(), finding]).nothing_known


def test_the_best_of_each_once() -> None:
    """An account that two parts name counts once, with its strongest reason; the strongest first."""
    verdict = combine(
        [
            Finding(accounts=(account(1, 0.4), account(2, 0.8)), photos=(photo(7, 0.5),)),
            Finding(accounts=(account(1, 0.9, "certain"),), photos=(photo(7, 0.6), photo(8, 0.55)), failure="x"),
        ]
    )
    assert [(a.account_id, a.strength) for a in verdict.accounts] == [(1, "certain"), (2, "possible")]
    assert [(p.photo, p.score) for p in verdict.photos] == [(7, 0.6), (8, 0.55)]
    assert verdict.failures == ("x",)


def test_the_most_repeated_text_counts() -> None:
    """With its own copies, accounts and date: numbers of two texts are not mixed."""
    verdict = combine([copies(2, 1.0, 0.9), copies(5, 0.8), Finding()])
    assert (verdict.copy_count, len(verdict.copies), verdict.copies_since) == (5, 1, MOMENT)


def test_the_worst_threat_counts() -> None:
    """By level first, then by severity, then by whether it is imminent."""
    ranked = [
        ThreatFound(),
        ThreatFound(level="curse", severity=4, imminent=True),
        ThreatFound(level="violent_call"),
        ThreatFound(level="review"),
        ThreatFound(level="threat", severity=2),
        ThreatFound(level="threat", severity=3),
        ThreatFound(level="threat", severity=3, imminent=True),
    ]
    for number, worst in enumerate(ranked, 1):
        assert combine(Finding(threat=each) for each in reversed(ranked[:number])).threat is worst
    assert LEVELS[0] == "none"
    assert LEVELS[-1] == "threat"


@pytest.mark.parametrize(
    ("said", "label"),
    [
        (("vk", "aibek", "5", ("Айбек",)), "vk:aibek"),
        (("vk", None, "5", ("Айбек",)), "vk:5"),
        (("vk", None, None, ("Айбек", "Бек")), "vk:Айбек"),
        (("vk", None, None, ()), "vk:?"),
    ],
)
def test_how_an_account_is_called(said: tuple[str, str | None, str | None, tuple[str, ...]], label: str) -> None:
    """By its handle, else its number, else a name."""
    assert account_label(*said) == label


@pytest.mark.parametrize(
    ("platform", "handle", "author", "called"),
    [("vk", "a", "A", "vk:a"), (None, "a", None, "other:a"), ("vk", None, "A", "A"), (None, None, None, None)],
)
def test_how_the_author_of_a_comment_is_called(
    platform: str | None, handle: str | None, author: str | None, called: str | None
) -> None:
    """By the account, else by the name that was shown; unknown is nobody."""
    facts = CommentFacts(
        id=1,
        source="s",
        text="t",
        text_key=1,
        platform=platform,
        handle=handle,
        author=author,
        author_key=None,
        post=None,
        submission_id=None,
        since=MOMENT,
    )
    assert facts.account == called
