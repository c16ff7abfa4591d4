"""The farms computed in a process of its own, which lives only as long as that takes.

Only that process loads the libraries for it: every other would start slower, and be larger, for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool
from detection.coordination.activity import Activity
from detection.coordination.suggestion import Suggested

T = TypeVar("T")


def warm_up() -> None:
    """Runs in a worker: what a computation loads at first counts as occupied."""
    import detection.coordination.suggesting  # noqa: F401, PLC0415 - loads the heavy libraries


def compute(activity: Activity, rejected: Collection[int]) -> Suggested:
    """Runs in a worker."""
    from detection.coordination.suggesting import suggest  # noqa: PLC0415 - loads the heavy libraries

    return suggest(activity, rejected=rejected)


async def suggested(activity: Activity, rejected: Collection[int], limits: WorkerLimits) -> Suggested:
    """What the accounts' activity suggests, from a process of its own. Raises AnalysisFailed."""
    return await _alone(limits, warm_up, compute, activity, rejected)


async def _alone(limits: WorkerLimits, prepared: Callable[[], object], act: Callable[..., T], *args: object) -> T:
    pool = LimitedPool(workers=1, tasks_per_worker=0, warm_up=prepared, limits=limits)
    pool.start()
    try:
        return await pool.run(act, *args)
    finally:
        await pool.stop()
