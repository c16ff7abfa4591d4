"""Which comments were read as they are: author bound to text, in order, at their level, with their time."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from benchmarks.screens.letters import folded
from bot.simulator.screens import TrueComment, TrueProfile
from detection.screenshot.boxes import Box, common_area
from detection.screenshot.model import ReadComment, ReadProfile


@dataclass(frozen=True, slots=True)
class Structure:
    """Comments right in author, text, order and level; with the right time; avatars bound; comments too many."""

    right: int
    of: int
    timed: int
    avatars: int
    avatars_of: int
    extra: int


def alike(true: str, read: str, share: float = 0.08) -> bool:
    """Whether a field is the same but for a share of wrongly read letters (at least one from five letters on)."""
    one, other = ("".join(folded(text).casefold().split()) for text in (true, read))
    allowed = max(share * len(one), 1 if len(one) > 4 else 0)
    return Levenshtein.distance(one, other) <= allowed


def structure_of(true: Sequence[TrueComment], read: Sequence[ReadComment]) -> Structure:
    """Each true comment is looked for among those read after the one before."""
    right = timed = avatars = 0
    start = 0
    for comment in true:
        found = next((at for at in range(start, len(read)) if _is(comment, read[at])), None)
        if found is None:
            continue
        start = found + 1
        right += 1
        timed += alike(comment.time, read[found].time.text)
        avatars += comment.avatar is not None and _on(comment.avatar, read[found].avatar)
    pictured = sum(comment.avatar is not None for comment in true)
    return Structure(right, len(true), timed, avatars, pictured, max(0, len(read) - len(true)))


def _is(true: TrueComment, read: ReadComment) -> bool:
    return alike(true.text, read.text.text) and alike(true.author, read.author.text) and true.level == read.level


def _on(true: tuple[int, int, int, int], read: Box | None) -> bool:
    if read is None:
        return False
    common = common_area(Box(*true), read)
    return common >= 0.5 * (Box(*true).area + read.area - common)


def profile_fields(true: TrueProfile, read: ReadProfile | None) -> tuple[int, int, int, int]:
    """Name right, handle right, counters right, of how many counters."""
    counters = len(true.counters)
    if read is None:
        return 0, 0, 0, counters
    handle = not true.handle or alike(true.handle.removeprefix("@"), read.handle.text.removeprefix("@"))
    right = sum(
        alike(amount, read.counters[kind].text) for kind, amount in true.counters.items() if kind in read.counters
    )
    return int(alike(true.name, read.name.text)), int(handle), right, counters
