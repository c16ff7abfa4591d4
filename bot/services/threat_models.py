"""Once a night the threat model learns from what members ruled, on this machine, and is used if it does better."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.analysis import Analysis, AnalysisFailed
from bot.clock import Clock
from bot.model.threat_model import Lesson
from bot.services.knowledge import Knowledge
from bot.storage import history, newsrooms, threat_models
from bot.storage.store import Store
from bot.storage.threat_models import RuledText
from detection.threats.training import Comparison, Labelled
from detection.thresholds import THREAT_LABELS_MAX

log = logging.getLogger(__name__)

#: When the newsroom sleeps, in its own zone.
_HOUR: Final = time(3, 30)
_NOTHING: Final = Comparison(
    texts=0, threats=0, gain=0.0, low=0.0, high=0.0, found_before=0, found_after=0, false_before=0, false_after=0
)


class ThreatModels:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, analysis: Analysis, knowledge: Knowledge, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._analysis = analysis
        self._knowledge = knowledge
        self._newsroom_id = newsroom_id

    async def sweep(self) -> bool:
        """Hold the night's lesson if it is due; whether there was one. A lesson that fails is held the next night."""
        now = self._clock()
        async with self._store.read() as conn:
            newsroom = await newsrooms.get(conn, self._newsroom_id)
            last = await threat_models.last_lesson(conn, self._newsroom_id)
            if last is not None and last.tried_at >= _due(now, ZoneInfo(newsroom.zone)):
                return False
            labelled = labels(await threat_models.ruled_texts(conn, self._newsroom_id, THREAT_LABELS_MAX))
        await self._hold(labelled, now)
        return True

    async def _hold(self, labelled: Sequence[Labelled], now: datetime) -> None:
        model: bytes | None = None
        comparison = _NOTHING
        if labelled:
            try:
                taught = await self._analysis.teach(labelled)
                comparison, model = taught.comparison, taught.model
            except AnalysisFailed as failure:
                log.warning("the threat model's lesson failed: %s", failure.code)
        await self._keep(comparison, model, now)
        self._knowledge.outdate()

    async def _keep(self, comparison: Comparison, model: bytes | None, now: datetime) -> None:
        lesson = Lesson(
            texts=comparison.texts,
            threats=comparison.threats,
            gain=comparison.gain,
            low=comparison.low,
            high=comparison.high,
            is_used=model is not None,
            tried_at=now,
        )
        async with self._store.write() as conn:
            before = await threat_models.stamp(conn, self._newsroom_id)
            await threat_models.put(conn, self._newsroom_id, lesson, model)
            if model is not None or before is not None:
                event = "taught" if model is not None else "reset"
                told = {"texts": lesson.texts, "threats": lesson.threats, "gain": round(lesson.gain, 4)}
                await history.note(conn, self._newsroom_id, None, ("threat_model", 0), event, now, **told)


def _due(now: datetime, zone: ZoneInfo) -> datetime:
    """The last half past three of the newsroom's mornings."""
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), _HOUR, tzinfo=zone)
    return due if due <= local else due - timedelta(days=1)


def labels(ruled: Iterable[RuledText]) -> list[Labelled]:
    """What the rulings teach: of a case that is a threat its worst text, of another every text.

    A text that was ruled both ways is left out.
    """
    worst: dict[int, RuledText] = {}
    others = []
    for each in ruled:
        if not each.is_threat:
            others.append(each)
        elif each.submission_id not in worst or each.rank > worst[each.submission_id].rank:
            worst[each.submission_id] = each
    said: dict[str, set[bool]] = {}
    for each in (*worst.values(), *others):
        said.setdefault(each.text, set()).add(each.is_threat)
    return [Labelled(text, answers.pop()) for text, answers in said.items() if len(answers) == 1]
