"""Is this text a threat, against whom, and which words say so?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detection.threats.finding import Kind, Level, Span, StaffName, Target, TargetKind, ThreatFinding
from detection.threats.kinds import standard_kinds
from detection.threats.lexicon import Lexicon, standard
from detection.threats.model import LinearModel, standard_model
from detection.threats.rules import LEVELS, Weighed, weigh
from detection.threats.scene import Found, Scene
from detection.threats.staff import StaffIndex, staff_index
from detection.threats.view import is_broken, view_of
from detection.threats.wording import raised, telling_spans, worst_wording
from detection.thresholds import (
    THREAT_MAX_SEVERITY,
    THREAT_MAX_SPANS,
    THREAT_MODEL_ALERT,
    THREAT_MODEL_REVIEW,
    THREAT_REVIEW_SEVERITY,
    THREAT_SEVERITY,
    THREAT_TARGET_WORDS,
)

_GRAVE: tuple[Level, ...] = ("review", "threat")


def assess(
    text: str, staff: Sequence[StaffName] = (), extra: Lexicon | None = None, model: LinearModel | None = None
) -> ThreatFinding:
    """The finding about one text.

    `staff` are the people and outlets under protection (a `StaffIndex` saves preparing the list again), `extra` a
    newsroom's own words, `model` the one taught on its rulings instead of the shipped one. Takes any string; the time
    is linear in its length.
    """
    index, lexicons = staff_index(staff), (standard(), extra) if extra else (standard(),)
    found = _assessed(Scene(text, view_of(text), lexicons), index, model or standard_model())
    if found.level == "threat" or not is_broken(text):
        return found
    whole = Scene(text, view_of(text, mended=True), lexicons)
    mended = _assessed(whole, index, model or standard_model()) if whole.acts else found
    return max(found, mended, key=lambda each: LEVELS.index(each.level))


def _assessed(scene: Scene, index: StaffIndex, model: LinearModel) -> ThreatFinding:
    """The finding about one reading of a text."""
    if scene.acts:
        scene.name_targets(index)
    weighed = [weigh(act, scene) for act in scene.acts]
    level: Level = max((each.level for each in weighed), key=LEVELS.index, default="none")
    demotions = tuple(dict.fromkeys(each.demotion[0] for each in weighed if each.demotion))
    if level == "threat" or demotions:
        return _finding(scene, weighed, level, demotions)
    return _with_model(scene, weighed, level, index, model)


def _with_model(
    scene: Scene, weighed: Sequence[Weighed], level: Level, staff: StaffIndex, model: LinearModel
) -> ThreatFinding:
    """What the model makes of a text that the rules neither call a threat nor take back."""
    wording = worst_wording(scene.view, model)
    if wording is None or wording.probability < min(THREAT_MODEL_ALERT, THREAT_MODEL_REVIEW):
        return _finding(scene, weighed, level, ())
    if not scene.acts:
        scene.read_contexts()
        scene.name_targets(staff)
    targets = scene.targets_within(wording.first, wording.last)
    doubted = bool(targets) and _is_doubted(scene, weighed, level)
    higher = raised(level, wording, doubted=doubted, unknown=not scene.acts, aimed=bool(targets))
    if higher == level:
        return _finding(scene, weighed, level, ())
    kinds = tuple(dict.fromkeys(each.hit.entry.kind for each in weighed if each.hit.entry.kind))
    if not kinds and higher == "threat":
        kinds = (standard_kinds().kind_of(wording.words),)
    imminent = _is_imminent(scene)
    spans = {*telling_spans(scene.view, wording, model), *_context_spans(scene)}
    return ThreatFinding(
        level=higher,
        kinds=kinds,
        severity=_severity(higher, kinds, imminent),
        imminent=imminent,
        targets=_sorted_targets(targets),
        spans=_in_order(spans | {scene.span(found.hit, "target") for found in targets}),
    )


def _is_doubted(scene: Scene, weighed: Iterable[Weighed], level: Level) -> bool:
    """Whether the rules see a violent act at `review`: no hint, no arrest, nothing that only "may" happen."""
    acts = [each.hit.entry for each in weighed if each.level == level == "review"]
    if scene.all("modal_may") or scene.all("attempt"):
        return False
    return any(act.role != "veiled" and act.kind != "legal" for act in acts)


def _finding(scene: Scene, weighed: Sequence[Weighed], level: Level, demotions: tuple[str, ...]) -> ThreatFinding:
    """What the rules alone say."""
    deciding = [each for each in weighed if each.level == level != "none"]
    kinds = _kinds(deciding, scene, level)
    imminent = level in _GRAVE and _is_imminent(scene)
    return ThreatFinding(
        level=level,
        kinds=kinds,
        severity=_severity(level, kinds, imminent),
        imminent=imminent,
        targets=_sorted_targets(found for act in deciding for found in act.targets) if level in _GRAVE else (),
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


def _sorted_targets(targets: Iterable[Found]) -> tuple[Target, ...]:
    """Every target once, by who it is; the first mention counts."""
    found: dict[tuple[TargetKind, int | None], Target] = {}
    for each in targets:
        found.setdefault((each.target.kind, each.target.ref), each.target)
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
            spans.update(scene.span(found.hit, "target") for found in each.targets if found.hit is not each.hit)
    return _in_order(spans | _context_spans(scene) if level in _GRAVE else spans)


def _context_spans(scene: Scene) -> set[Span]:
    """When, a call to gather or to spread, and what is known of the target's security."""
    roles = (("imminence", "imminence"), ("gather", "call"), ("spread", "call"), ("security", "security"))
    return {scene.span(hit, why) for role, why in roles for hit in scene.all(role)}


def _in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.why))[:THREAT_MAX_SPANS])
