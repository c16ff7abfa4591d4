"""The grammar: what one act amounts to, with who is near it and what takes it back.

Whether there is a threat is decided by the target, not by the violence: calls against third parties are about ten times
as common in comments as threats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from detection.threats.finding import Level
from detection.threats.lexicon import Hit
from detection.threats.scene import Found, Scene
from detection.thresholds import (
    THREAT_ADJACENT_WORDS,
    THREAT_BARE_WORDS,
    THREAT_BENIGN_WORDS,
    THREAT_MODAL_WORDS,
    THREAT_NEGATION_WORDS,
    THREAT_OBJECT_WORDS,
    THREAT_OWN_OBJECT_WORDS,
    THREAT_REPORT_WORDS,
    THREAT_TARGET_WORDS,
)

#: From harmless to grave.
LEVELS: Final[tuple[Level, ...]] = ("none", "curse", "violent_call", "review", "threat")
_SELF_CONTAINED: Final = frozenset(("threat", "veiled", "curse"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """One act with its level, after and before it was taken back."""

    hit: Hit
    level: Level
    before: Level
    targets: tuple[Found, ...] = ()
    #: Whether others are called upon to act.
    incites: bool = False
    #: What took it back: a demotion code and the words that say so, if any do.
    demotion: tuple[str, Hit] | None = None


def weigh(act: Hit, scene: Scene) -> Weighed:
    """The level of one act in its scene."""
    targets = _aimed_at(act, scene)
    raw = _raw_level(act, scene, targets)
    incites = act.entry.role == "order" or _governor(act, scene) in {"gather", "modal_call"}
    if raw == "none":
        return Weighed(hit=act, level="none", before="none")
    if raw == "threat" and not targets and act.entry.role == "will":
        targets = (scene.reader(act),)
    demotion = _demotion(act, scene)
    beside = bool(scene.targets_near(act, THREAT_ADJACENT_WORDS))
    level = _demoted(raw, demotion[0], beside) if demotion else raw
    return Weighed(hit=act, level=level, before=raw, targets=targets, incites=incites, demotion=demotion)


def _aimed_at(act: Hit, scene: Scene) -> tuple[Found, ...]:
    """The targets of an act; whoever is only spoken to is none when "him" or "them" stands at the verb."""
    targets = tuple(scene.targets_near(act, THREAT_TARGET_WORDS))
    other = scene.near("him", act, THREAT_OWN_OBJECT_WORDS, THREAT_OWN_OBJECT_WORDS)
    if other is None or scene.targets_near(act, THREAT_OWN_OBJECT_WORDS):
        return targets
    return tuple(found for found in targets if found.target.kind != "second_person")


def _raw_level(act: Hit, scene: Scene, targets: tuple[Found, ...]) -> Level:
    if act.entry.role not in _SELF_CONTAINED and scene.is_wished(act):
        return "none"
    match act.entry.role:
        case "threat":
            return "threat"
        case "veiled":
            return "threat" if scene.near("weapon", act, THREAT_TARGET_WORDS, THREAT_TARGET_WORDS) else "review"
        case "curse":
            return "curse"
        case "will":
            return _will(act, scene, targets)
        case "they" | "he" if scene.near("self", act, THREAT_OWN_OBJECT_WORDS, THREAT_OWN_OBJECT_WORDS):
            # "They will kill me" is a victim speaking.
            return "none"
        case "they":
            return _they(act, targets)
        case "he":
            crowd = scene.near("crowd", act, THREAT_TARGET_WORDS, THREAT_TARGET_WORDS)
            return _they(act, targets) if crowd else "none"
        case "order":
            return _order(act, scene, targets)
        case "event":
            return _event(act, scene, targets)
        case _:
            return _verb(act, scene, targets)


def _will(act: Hit, scene: Scene, targets: tuple[Found, ...]) -> Level:
    if targets or scene.near("insult", act, THREAT_TARGET_WORDS, THREAT_TARGET_WORDS):
        return "threat"
    if act.entry.kind == "legal":
        return "none"
    if scene.near("third", act, THREAT_OBJECT_WORDS, THREAT_OBJECT_WORDS):
        return "violent_call"
    # Without an object of its own it is meant for whoever reads it: the comment stands under somebody's post. English
    # names its objects, and a name beside the act is somebody else's.
    plain = scene.is_telling(act) and not scene.names_somebody(act)
    return "threat" if plain or scene.addresses_someone() else "review"


def _they(act: Hit, targets: tuple[Found, ...]) -> Level:
    """What others will do; that the state will arrest somebody is news, unless it is said to their face."""
    if act.entry.kind == "legal":
        return "review" if any(found.target.kind == "second_person" for found in targets) else "none"
    return "threat" if targets else "none"


def _order(act: Hit, scene: Scene, targets: tuple[Found, ...]) -> Level:
    """A command cannot be addressed to its own victim, unless a possession of theirs is to be destroyed."""
    others = any(found.target.kind != "second_person" for found in targets)
    if others or (targets and (act.entry.kind == "arson" or act.entry.language == "ky")):
        return "threat"
    third = scene.near("third", act, THREAT_OBJECT_WORDS, THREAT_OBJECT_WORDS)
    return "violent_call" if third else "none"


def _event(act: Hit, scene: Scene, targets: tuple[Found, ...]) -> Level:
    soon = scene.near("imminence", act, THREAT_TARGET_WORDS, THREAT_TARGET_WORDS) or scene.all("security")
    return "threat" if soon and targets else "none"


def _verb(act: Hit, scene: Scene, targets: tuple[Found, ...]) -> Level:
    if act.entry.kind == "legal":
        return "none"
    if _governor(act, scene) is None:
        return _ungoverned(act, scene, targets)
    return "threat" if targets else "violent_call"


def _ungoverned(act: Hit, scene: Scene, targets: tuple[Found, ...]) -> Level:
    """What "may" happen, or a bare infinitive beside its target; English verbs without "to" are nouns as often."""
    if scene.near("modal_may", act, THREAT_MODAL_WORDS, THREAT_MODAL_WORDS):
        return "review" if targets else "none"
    if act.entry.language == "en" or not scene.targets_near(act, THREAT_BARE_WORDS):
        return "none"
    return "review" if scene.near("attempt", act, THREAT_MODAL_WORDS, THREAT_MODAL_WORDS) else "threat"


def _governor(act: Hit, scene: Scene) -> str | None:
    """The role of the word that makes a bare verb a plan or a call."""
    for role in ("gather", "modal_will", "modal_call"):
        if scene.near(role, act, THREAT_MODAL_WORDS, THREAT_MODAL_WORDS):
            return role
    return None


def _demotion(act: Hit, scene: Scene) -> tuple[str, Hit] | None:
    """The strongest reason to take an act less seriously, with the words that give it."""
    own = act.entry.role in _SELF_CONTAINED
    if not own and (said := _denial(act, scene)):
        return "negation", said
    if not own and (said := _around("benign", act, scene, THREAT_BENIGN_WORDS)):
        return "benign", said
    if act.entry.role == "event" and not scene.all("security") and (said := _anywhere(scene, "past")):
        return "past", said
    if scene.is_quoted(act):
        return "quote", act
    if said := _around("reported", act, scene, THREAT_REPORT_WORDS):
        return None if _rallies(scene) else ("reported", said)
    for role in ("sympathy", "joke"):
        if said := next((hit for hit in scene.all(role) if hit.first < act.first or hit.last > act.last), None):
            return role, said
    return None


def _around(role: str, act: Hit, scene: Scene, distance: int) -> Hit | None:
    """A match of `role` near an act; a turn of phrase of several words is not taken back by a word of its own."""
    if act.last - act.first <= THREAT_BARE_WORDS:
        return scene.near(role, act, distance, distance)
    return scene.beside(role, act, distance)


def _denial(act: Hit, scene: Scene) -> Hit | None:
    """ "Not" in the same clause just before or inside the act, or "I do not say that" before it."""
    words = scene.view.words
    # The Turkic languages deny after the verb.
    after = 0 if act.entry.language in {"ru", "en", "tg"} else THREAT_NEGATION_WORDS
    denied = scene.near("negation", act, THREAT_NEGATION_WORDS, after)
    own = denied and act.first <= denied.first and words[denied.first].forms[0] in act.entry.pattern.split()
    if denied and not own and words[denied.first].clause == words[act.last - 1].clause:
        return denied
    return scene.near("disclaimer", act, THREAT_REPORT_WORDS, 0)


def _rallies(scene: Scene) -> bool:
    """A message that tells how the target is guarded or asks to be spread is no report, whatever its wording."""
    return bool(scene.all("security") or scene.all("spread"))


def _anywhere(scene: Scene, role: str) -> Hit | None:
    return next(iter(scene.all(role)), None)


def _demoted(level: Level, why: str, beside: bool) -> Level:
    """A quoted, reported, pitied or joking threat is still for a person to look at; the rest falls away.

    So is one whose harmless sense is doubtful, because its target stands right `beside` it («порежем тебя на мясо»).
    """
    if level != "threat" or why in {"negation", "past"} or (why == "benign" and not beside):
        return "none"
    return "review"
