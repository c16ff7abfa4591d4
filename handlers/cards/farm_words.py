"""Farms in words: kinds of evidence, where a membership comes from, what a week says."""

from typing import Final

from bot.i18n import N_, Translator
from bot.model.farm import LinkLine, Membership, RhythmFacts
from handlers.cards import words
from handlers.cards.card import Reader

EVIDENCE_WORDS: Final = {
    "photo": N_("the same rare photo"),
    "text": N_("the same rare texts"),
    "minutes": N_("comments under one post within minutes"),
    "replies": N_("replies to each other"),
    "hours": N_("the same targets in the same hours"),
    "switch": N_("changed sides in the same days"),
    "rhythm": N_("the same working hours"),
}
_MOST_KINDS: Final = 4


def evidence(weights: dict[str, float], t: Translator) -> str:
    """The kinds of evidence, the weightiest first."""
    ordered = sorted(weights, key=lambda kind: -weights[kind])[:_MOST_KINDS]
    return ", ".join(words.word(t, EVIDENCE_WORDS, kind) for kind in ordered)


def strength(link: LinkLine, translator: Translator) -> str:
    """How strong a link is, in words: numbers of this kind would be taken for proofs."""
    t = translator.plain
    if link.weight >= 10:
        return t.gettext("strong")
    return t.gettext("middling") if link.weight >= 5 else t.gettext("weak")


def reason(membership: Membership, t: Translator) -> str:
    """Why an account belongs to a farm."""
    if membership.source == "links":
        kinds = dict(_weighed(part) for part in membership.reason.removeprefix("links:").split(",") if part)
        return evidence(kinds, t)
    if membership.source == "label":
        return t.plain.gettext("label of an import: {label}", label=membership.reason)
    return membership.reason


def _weighed(part: str) -> tuple[str, float]:
    kind, _, weight = part.partition("=")
    return kind, float(weight or 0)


def week_says(rhythm: RhythmFacts, reader: Reader) -> list[str]:
    """What the hours of a farm's comments say, in plain sentences."""
    t = reader.t.plain
    if rhythm.begins is None and rhythm.weekend is None:
        return [t.gettext("Too few dated comments to speak of a rhythm.")]
    said = []
    if rhythm.begins is not None and rhythm.ends is not None:
        span = f"{rhythm.begins}:00–{rhythm.ends % 24}:00"
        said.append(t.gettext("Most comments on working days: {hours}.", hours=span))
    if rhythm.lunch is not None:
        said.append(t.gettext("A dip at lunch: {hours}.", hours=f"{rhythm.lunch}:00–{rhythm.lunch + 1}:00"))
    if rhythm.weekend is not None:
        share = t.percent(rhythm.weekend)
        said.append(t.gettext("A day of the weekend has {share} of a working day's comments.", share=share))
    if rhythm.nights is not None and rhythm.nights >= 0.1:
        said.append(t.gettext("{share} of the comments fall between 22:00 and 6:00.", share=t.percent(rhythm.nights)))
    for day, factor in rhythm.overtime[:2]:
        when, many = t.date(day), t.number(round(factor, 1))
        sentence = (
            t.gettext("In the week before the vote of {day}: {factor} times the usual.", day=when, factor=many)
            if factor >= 1.3
            else t.gettext("No overtime in the week before the vote of {day}.", day=when)
        )
        said.append(sentence)
    return said


def farm_name(label: str, name: str | None) -> str:
    """F-3 “name”."""
    return f"{label} «{name}»" if name else label
