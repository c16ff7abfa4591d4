"""The figures as tables."""

from collections.abc import Callable, Iterable, Sequence
from statistics import mean

from benchmarks.screens.runs import Outcome
from benchmarks.text.intervals import Proportion


def markdown(outcomes: Sequence[Outcome], notes: Sequence[str]) -> str:
    """The whole report."""
    parts = ["# Reading phone screenshots", "", *(f"- {note}" for note in notes), ""]
    parts += ["## Letters: mean share of wrong characters of a screen", "", *_letters(outcomes), ""]
    parts += ["## Structure and platform", "", *_structure(outcomes), ""]
    parts += ["## Profiles", "", *_profiles(outcomes), ""]
    return "\n".join(parts)


def _letters(outcomes: Sequence[Outcome]) -> Iterable[str]:
    yield "| sent as | look | language | screens | mean CER | worst | stray letters a screen | CPU s a screen |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for (sent, dark, language), group in _groups(outcomes, lambda one: (one.sent, one.dark, one.language)):
        errors = [one.letters.errors / max(1, one.letters.of) for one in group]
        stray, seconds = mean(one.letters.stray for one in group), mean(one.seconds for one in group)
        look = "dark" if dark else "light"
        yield (
            f"| {sent} | {look} | {language} | {len(group)} | {mean(errors):.4f} | {max(errors):.3f} | {stray:.1f} "
            f"| {seconds:.2f} |"
        )


def _structure(outcomes: Sequence[Outcome]) -> Iterable[str]:
    yield "| sent as | platform | comments right | time right | avatar bound | too many | post right | platform right |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for (sent, platform), group in _groups(outcomes, lambda one: (one.sent, one.platform)):
        parts = [one.structure for one in group]
        right = Proportion(sum(part.right for part in parts), sum(part.of for part in parts))
        timed, avatars = sum(part.timed for part in parts), sum(part.avatars for part in parts)
        posts = [one.post for one in group if one.post is not None]
        named = sum(one.platform_read == one.platform for one in group)
        yield (
            f"| {sent} | {platform} | {right} ({right.hits}/{right.of}) | {timed}/{right.hits} "
            f"| {avatars}/{sum(part.avatars_of for part in parts)} | {sum(part.extra for part in parts)} "
            f"| {sum(posts)}/{len(posts)} | {named}/{len(group)} |"
        )


def _profiles(outcomes: Sequence[Outcome]) -> Iterable[str]:
    yield "| sent as | platform | taken for a profile | name | handle | counters |"
    yield "|---|---|--:|--:|--:|--:|"
    shown = [one for one in outcomes if one.profile is not None and one.kind == "profile"]
    for (sent, platform), group in _groups(shown, lambda one: (one.sent, one.platform)):
        fields = [one.profile for one in group if one.profile is not None]
        names, handles, counters, of = (sum(column) for column in zip(*fields, strict=True))
        taken = sum(one.kind_read == "profile" for one in group)
        yield (
            f"| {sent} | {platform} | {taken}/{len(group)} | {names}/{len(group)} | {handles}/{len(group)} "
            f"| {counters}/{of} |"
        )


def _groups(
    outcomes: Sequence[Outcome], key: Callable[[Outcome], tuple[object, ...]]
) -> list[tuple[tuple[object, ...], list[Outcome]]]:
    found: dict[tuple[object, ...], list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(key(one), []).append(one)
    return sorted(found.items(), key=lambda pair: str(pair[0]))
