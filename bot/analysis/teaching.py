"""Teaching the threat model on a newsroom's rulings, in a worker of its own that lives only as long as that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool
from detection.threats.model import standard_model
from detection.threats.training import Comparison, Labelled, compare, train


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What held-out rulings say of a model taught on the others, and the model taught on all, if it is better."""

    comparison: Comparison
    model: bytes | None


def teach(labelled: Sequence[Labelled]) -> Taught:
    """Runs in a worker. The base is always the shipped model, so that nights do not add up."""
    base = standard_model()
    comparison = compare(labelled, base)
    model = train(labelled, base).to_bytes() if comparison.is_better else None
    return Taught(comparison=comparison, model=model)


async def taught(labelled: Sequence[Labelled], limits: WorkerLimits) -> Taught:
    """The same in a process of its own. Raises AnalysisFailed."""
    pool = LimitedPool(workers=1, tasks_per_worker=0, warm_up=standard_model, limits=limits)
    pool.start()
    try:
        return await pool.run(teach, labelled)
    finally:
        await pool.stop()
