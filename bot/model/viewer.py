"""Who is looking: for whom the archive's answers are meant, where not everybody may know of every case."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """A member, or nobody in particular (`member_id` None: a group, a digest), who is named nowhere.

    `leads` says whether the member leads security: what nobody who is named leads any more is shown to all who do.
    """

    newsroom_id: int
    member_id: int | None = None
    leads: bool = False
