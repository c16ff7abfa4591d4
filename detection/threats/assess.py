"""Is this text a threat, against whom, and which words say so?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detection.threats.finding import Kind, Level, Span, StaffName, Target, ThreatFinding
from detection.threats.lexicon import Lexicon, standard
from detection.threats.rules import LEVELS, Weighed, weigh
from detection.threats.scene import Scene
from detection.threats.staff import staff_index
from detection.threats.view import view_of
from detection.thresholds import (
    THREAT_MAX_SEVERITY,
    THREAT_MAX_SPANS,
    THREAT_REVIEW_SEVERITY,
    THREAT_SEVERITY,
    THREAT_TARGET_WORDS,
)

_GRAVE: tuple[Level, ...] = ("review", "threat")


def assess(text: str, staff: Sequence[StaffName] = (), extra: Lexicon | None = None) -> ThreatFinding:
    """The finding about one text.

    `staff` are the people and outlets under protection (a `StaffIndex` saves preparing the list again), `extra` a
    newsroom's own words. Takes any string; the time is linear in its length.
    """
    view = view_of(text)
    scene = Scene(text, view, (standard(), extra) if extra else (standard(),))
    if not scene.acts:
        return ThreatFinding(level="none")
    scene.name_targets(staff_index(staff))
    weighed = [weigh(act, scene) for act in scene.acts]
    level = max((each.level for each in weighed), key=LEVELS.index)
    demotions = tuple(dict.fromkeys(each.demotion[0] for each in weighed if each.demotion))
    deciding = [each for each in weighed if each.level == level != "none"]
    kinds = _kinds(deciding, scene, level)
    imminent = level in _GRAVE and _is_imminent(scene)
    return ThreatFinding(
        level=level,
        kinds=kinds,
        severity=_severity(level, kinds, imminent),
        imminent=imminent,
        targets=_targets(deciding) if level in _GRAVE else (),
        spans=_spans(weighed, scene, level),
        demotions=demotions,
    )


def _kinds(deciding: Iterable[Weighed], scene: Scene, level: Level) -> tuple[Kind, ...]:
    kinds: dict[Kind, None] = {}
    for each in deciding:
        if each.hit.entry.kind:
            kinds[each.hit.entry.kind] = None
        if level in _GRAVE and scene.near("family", each.hit, THREAT_TARGET_WORDS, THREAT_TARGET_WORDS):
            kinds["family"] = None
        if each.incites or (level in _GRAVE and scene.all("spread")):
            kinds["incitement"] = None
    return tuple(sorted(kinds, key=lambda kind: -THREAT_SEVERITY[kind]))


def _is_imminent(scene: Scene) -> bool:
    return any(scene.all(role) for role in ("imminence", "gather", "security"))


def _severity(level: Level, kinds: Sequence[Kind], imminent: bool) -> int:
    if level == "none":
        return 0
    if level not in _GRAVE:
        return 1
    gravest = max((THREAT_SEVERITY[kind] for kind in kinds), default=1) + imminent
    return min(gravest, THREAT_MAX_SEVERITY if level == "threat" else THREAT_REVIEW_SEVERITY)


def _targets(deciding: Iterable[Weighed]) -> tuple[Target, ...]:
    """Every target once, by who it is."""
    found = {(each.target.kind, each.target.ref): each.target for act in deciding for each in reversed(act.targets)}
    order = ("staff", "outlet_named", "staff_kind", "second_person")
    return tuple(sorted(found.values(), key=lambda target: (order.index(target.kind), target.ref or 0)))


def _spans(weighed: Iterable[Weighed], scene: Scene, level: Level) -> tuple[Span, ...]:
    spans = set()
    for each in weighed:
        if each.before == "none":
            continue
        spans.add(scene.span(each.hit, each.hit.entry.kind or "curse"))
        if each.demotion:
            spans.add(scene.span(each.demotion[1], each.demotion[0]))
        if each.level == level and level in _GRAVE:
            spans.update(scene.span(found.hit, "target") for found in each.targets)
    if level in _GRAVE:
        for role, why in (("imminence", "imminence"), ("gather", "call"), ("spread", "call"), ("security", "security")):
            spans.update(scene.span(hit, why) for hit in scene.all(role))
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.why))[:THREAT_MAX_SPANS])
