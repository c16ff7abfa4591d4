"""Which campaign a picture joins, if any: the rule, without the store.

As with texts: a picture joins the campaign of its best match, and opens one together with what matches it when there
are several authors. Two campaigns that a picture resembles stay two: an editor may look at both.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.storage.campaign_pictures import PostedPicture


@dataclass(frozen=True, kw_only=True, slots=True)
class PicturePlacement:
    """It joins a campaign, or opens one together with others (`founders`, by photo id), or stays alone."""

    joins: int | None = None
    founders: tuple[int, ...] = ()


def place_picture(
    own: PostedPicture, alike: Sequence[PostedPicture], rejected: Sequence[PostedPicture]
) -> PicturePlacement:
    """What becomes of a picture; `alike` are those that match it, best first, `rejected` those that people told apart.

    A campaign with a picture of which a person said that it is not the same is closed to it.
    """
    closed = {each.campaign_id for each in rejected}
    told_apart = {each.sha256 for each in rejected}
    others = [each for each in alike if each.photo_id != own.photo_id and each.sha256 not in told_apart]
    for each in others:
        if each.campaign_id is not None and each.campaign_id not in closed:
            return PicturePlacement(joins=each.campaign_id)
    alone = [own, *(each for each in others if each.campaign_id is None)]
    return (
        PicturePlacement(founders=tuple(each.photo_id for each in alone)) if has_several(alone) else PicturePlacement()
    )


def has_several(pictures: Collection[PostedPicture]) -> bool:
    """Whether several accounts posted these."""
    return len({each.author_key for each in pictures}) >= 2
