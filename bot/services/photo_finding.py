"""What a match of the laboratory says on a card: codes and numbers, with what the archive knows of the photo."""

import math
from collections.abc import Mapping

from bot.model.account import Account
from bot.model.photo import Frame, PhotoFacts
from bot.model.photo_owner import PhotoOwner
from bot.model.submission import Case, Part, PartKind
from bot.model.verdict import PhotoFound
from detection import thresholds
from detection.image.findings import PhotoFinding

Box = tuple[int, int, int, int]


def photo_found(
    match: PhotoFinding, facts: PhotoFacts, accounts: Mapping[int, Account], owner: PhotoOwner | None
) -> PhotoFound:
    """The finding on one stored photo."""
    used_by = accounts.get(facts.account_id) if facts.account_id is not None else None
    region = box_of(match.region)
    return PhotoFound(
        photo=facts.id,
        source=facts.source,
        account=used_by.label if used_by else None,
        account_id=facts.account_id,
        score=round(match.score, 4),
        tier=match.tier,
        mirrored=match.mirrored,
        region=region,
        frame=_rounded(match.region),
        known_frame=_rounded(match.known_region),
        reasons=(*_changes(match), *_doubts(match.tier, region)),
        owner=owner.entry.name if owner is not None and owner.entry is not None else None,
    )


def shrunk_profiles(case: Case) -> frozenset[int]:
    """Places of the parts on which a profile's photo arrived too small to be sure of, because Telegram shrank it."""
    return frozenset(place for place, part in enumerate(case.parts) if part.kind is PartKind.PHOTO and _is_small(part))


def _is_small(part: Part) -> bool:
    screen = part.reading.screen if part.reading is not None else None
    avatar = screen.profile.avatar if screen is not None and screen.profile is not None else None
    return avatar is not None and min(avatar[2:]) < thresholds.PHOTO_SURE_SIDE


def box_of(frame: Frame) -> Box:
    """The upright box around these corners, in whole pixels."""
    across, down = [x for x, _ in frame], [y for _, y in frame]
    left, top = math.floor(min(across)), math.floor(min(down))
    return left, top, math.ceil(max(across)) - left, math.ceil(max(down)) - top


def _rounded(frame: Frame) -> Frame:
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in frame)


def _changes(finding: PhotoFinding) -> tuple[str, ...]:
    told = {"cropped": finding.cropped, "rotated": finding.rotated}
    return tuple(code for code, is_so in told.items() if is_so)


def _doubts(tier: str, region: Box) -> tuple[str, ...]:
    _, _, width, height = region
    return ("small",) if tier == "possible" and min(width, height) < thresholds.PHOTO_SURE_SIDE else ()
