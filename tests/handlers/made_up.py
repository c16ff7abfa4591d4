"""Made-up readers, cases and accounts for cards."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.i18n import Catalogs
from bot.model.account import Account, AccountStatus
from bot.model.campaign import Campaign, CampaignLine, CampaignText, CampaignView
from bot.model.comment import CommentFacts
from bot.model.copies import CopyCount, CopyLine, CopyPage
from bot.model.newsroom import Member, MemberStatus, Newsroom
from bot.model.photo import PhotoFacts
from bot.model.photo_owner import OwnerEntry, PhotoOwner
from bot.model.photo_pair import PairRuling, PhotoPair
from bot.model.rights import Role
from bot.model.submission import Case, Origin, OriginKind, Part, PartKind, SubmissionState
from bot.model.text import Difference
from bot.model.verdict import AccountFound, CopyFound, Finding, PhotoFound, SpanFound, TargetFound, ThreatFound
from bot.services.cases import CaseView
from handlers.cards.card import Reader

CATALOGS = Catalogs.load(strict=True)
AT = datetime(2026, 11, 3, 20, 30, tzinfo=UTC)
ABUSE = "Я <b>сожгу</b> & убью вас"
NEWSROOM = Newsroom(id=1, name="Ак-Калкан", zone="Asia/Bishkek", language="ru", limits={})


def member(*roles: Role, number: int = 7, language: str = "en") -> Member:
    """An active member."""
    return Member(
        id=number,
        newsroom_id=1,
        telegram_id=700 + number,
        name="Айгуль <i>",
        roles=frozenset(roles or (Role.JOURNALIST,)),
        status=MemberStatus.ACTIVE,
        language=language,
        joined_at=AT,
    )


def reader(*roles: Role, number: int = 7, language: str = "en") -> Reader:
    """Somebody who reads a card."""
    who = member(*roles, number=number, language=language)
    return Reader(member=who, newsroom=NEWSROOM, t=CATALOGS[language])


def part(text: str = ABUSE, finding: Finding | None = None, **given: Any) -> Part:
    """A forwarded message."""
    whole: dict[str, Any] = {
        "id": 1,
        "kind": PartKind.TEXT,
        "origin": Origin(kind=OriginKind.USER, name="Кто-то", handle="somebody", telegram_id=5),
        "text": text,
        "message_id": 11,
        "sha256": None,
        "what": None,
        "finding": Finding() if finding is None else finding,
        "edited_at": None,
    }
    return Part(**(whole | given))


def view(*parts: Part, accounts: dict[int, Account] | None = None, author: str | None = None, **given: Any) -> CaseView:
    """A case K-12 of member 7."""
    whole: dict[str, Any] = {
        "submission_id": 99,
        "newsroom_id": 1,
        "number": 12,
        "state": SubmissionState.CASE,
        "settled": True,
        "reporter_id": 7,
        "reporter_name": "Айгуль <i>",
        "chat_id": 707,
        "first_message_id": 11,
        "opened_at": AT,
        "parts": parts or (part(),),
        "waiting": 0,
        "note": "",
        "rulings": (),
        "target": None,
    }
    pairs = tuple(given.pop("pairs", ()))
    return CaseView(case=Case(**(whole | given)), accounts=accounts or {}, author=author, all_pairs=pairs)


def account(status: AccountStatus = AccountStatus.SUSPECTED, number: int = 3) -> Account:
    """A listed account."""
    return Account(
        id=number,
        platform="facebook",
        handle=f"fake.{number}",
        numeric_id=None,
        names=("Фейк <b>",),
        status=status,
        farm="Ферма & Ко",
        reason=None,
        source="import",
        batch=None,
        listed_by="Данияр <u>",
        listed_at=AT,
        photos=(),
        confirmations=(),
    )


def account_found(strength: str = "certain", why: str = "same_handle", number: int = 3) -> AccountFound:
    """A finding about a listed account."""
    return AccountFound(
        account_id=number,
        account=f"facebook:fake.{number}",
        source="import",
        status="suspected",
        score=1.0,
        why=why,
        strength=strength,
    )


def photo_found(tier: str = "match", *, mirrored: bool = True) -> PhotoFound:
    """A finding about a stored photo."""
    return PhotoFound(
        photo=5,
        source="import",
        account="facebook:fake.3",
        account_id=3,
        score=0.97,
        tier=tier,
        mirrored=mirrored,
        region=(0, 0, 9, 9),
    )


def pair(tier: str = "match", *, number: int = 5, ruled: bool | None = None, **given: Any) -> PhotoPair:
    """A photo of the case beside a stored one; `ruled`: what a person said of them."""
    said = PairRuling(is_same=bool(ruled), member_id=8, member_name="Данияр <u>", at=AT)
    facts = PhotoFacts(
        id=number,
        sha256=f"{number:064x}",
        source="fakes & co.csv",
        account_id=3,
        submission_id=None,
        width=40,
        height=40,
    )
    whole: dict[str, Any] = {
        "place": 0,
        "sha256": "a" * 64,
        "is_file": False,
        "found": replace(photo_found(tier, mirrored=bool(given.pop("mirrored", True))), photo=number),
        "known": facts,
        "accounts": (account(AccountStatus.CONFIRMED),),
        "since": AT,
        "ruling": None if ruled is None else said,
    }
    return PhotoPair(**(whole | given))


def photo_owner(member_id: int = 8) -> PhotoOwner:
    """From whom a photo was stolen."""
    entry = OwnerEntry(name="Жылдыз <b>", profile="https://vk.com/real?a=1&b=2", how="поиск & глаза", note="<i>звонила")
    return PhotoOwner(sha256="5" * 64, entry=entry, member_id=member_id, member_name="Данияр <u>", at=AT)


def copies(count: int = 14, accounts: int = 9, tier: str = "copy") -> Finding:
    """A text that was seen before."""
    found = CopyFound(comment=1, source="x", account="facebook:fake.3", score=0.961, tier=tier, why=("edited",))
    return Finding(copies=(found,), copy_count=count, copy_accounts=accounts, copies_since=AT)


def copied(tier: str = "copy", number: int = 1, **given: Any) -> CopyLine:
    """A line on a page of copies."""
    whole: dict[str, Any] = {
        "id": (1 << 62) + number,
        "source": "x",
        "text": ABUSE,
        "text_key": number,
        "platform": "facebook",
        "handle": f"fake.{number}",
        "author": None,
        "author_key": f"facebook:fake.{number}",
        "post": "azattyk/1",
        "submission_id": None,
        "since": AT,
    }
    pieces = (("same", "вы все"), ("dropped", "Бек <b>"), ("added", "Айгуль & Ко"))
    return CopyLine(
        comment=CommentFacts(**(whole | {k: v for k, v in given.items() if k in whole})),
        number=number,
        tier=tier,
        is_fake=bool(given.get("is_fake")),
        difference=given.get("difference") or Difference(codes=("names", "emoji"), pieces=pieces),
    )


def page_of_copies(*rows: CopyLine, **given: Any) -> CopyPage:
    """A page of the copies of K-12."""
    count = CopyCount(times=14, accounts=9, fakes=6, since=AT, first_account="facebook:fake.3", first_post="azattyk/1")
    whole: dict[str, Any] = {
        "label": "K-12",
        "text": ABUSE,
        "count": count,
        "lines": rows,
        "page": 0,
        "pages": 3,
        "campaign": "C-7",
    }
    return CopyPage(**(whole | given))


def campaign(number: int = 7, **given: Any) -> CampaignLine:
    """A campaign in a list."""
    counts = {"times": 14, "accounts": 9, "fakes": 6, "posts": 3} | given
    found = Campaign(id=number, newsroom_id=1, number=number, name=ABUSE, first_seen=AT, last_seen=AT)
    return CampaignLine(campaign=found, **counts)


def campaign_view(**given: Any) -> CampaignView:
    """Campaign C-7 with all that is known of it."""
    whole: dict[str, Any] = {
        "line": campaign(),
        "texts": (CampaignText(number=31, text=ABUSE, times=9, accounts=7),),
        "text_count": 4,
        "authors": (("facebook:fake.3", 5), ("Фейк <b>", 2)),
        "posts": (("azattyk/1", 12),),
        "targets": ("Бек <b>",),
        "contains": ("C-3",),
        "history": (("merged", "Данияр <u>", AT, "C-9"), ("emptied", "", AT, "")),
    }
    return CampaignView(**(whole | given))


def threat(level: str = "threat") -> ThreatFound:
    """A threat against staff."""
    return ThreatFound(
        level=level,
        kinds=("arson", "death"),
        severity=4,
        imminent=True,
        targets=(TargetFound(kind="staff", staff=2, text="Бек <b>"),),
        spans=(SpanFound(start=2, end=13, why="arson"),),
        demotions=("quote",),
    )
