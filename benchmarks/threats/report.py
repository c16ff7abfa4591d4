"""The figures as Markdown tables."""

from collections.abc import Iterable, Mapping

from benchmarks.text.intervals import Proportion
from benchmarks.threats.runs import Ordinary
from benchmarks.threats.scoring import FIELDS, Score

_ORDER = ("ru", "ky", "en", "uz", "tg", "kk", "ev", "all")


def levels(title: str, scores: Mapping[str, Score]) -> list[str]:
    """Precision and recall of one set, a row a language."""
    rows = [
        f"### {title}",
        "",
        "| language | explicit threats | recall at threat | recall at review or above | precision at threat |"
        " plain, no violent act: at threat | veiled: at review or above | level exactly right |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for language in (each for each in _ORDER if each in scores):
        s = scores[language]
        cells = (s.recall, s.reviewed, s.precision, s.direct, s.veiled, s.levels)
        rows.append(f"| {language} | {s.recall.of} | " + " | ".join(shown(cell.share) for cell in cells) + " |")
    return [*rows, ""]


def fields(scores: Mapping[str, Score]) -> list[str]:
    """Kind, severity, imminence and target where the level is right."""
    rows = ["| language | " + " | ".join(FIELDS) + " |", "|---" + "|--:" * len(FIELDS) + "|"]
    for language in (each for each in _ORDER if each in scores):
        tallies = scores[language].fields
        rows.append(f"| {language} | " + " | ".join(shown(tallies[name].share) for name in FIELDS) + " |")
    return [*rows, ""]


def disguised(rows: Iterable[tuple[str, Proportion, Proportion]]) -> list[str]:
    """Recall of each disguise, at threat and at review."""
    head = ["### Disguises", "", "| disguise | recall at threat | recall at review or above |", "|---|--:|--:|"]
    return [*head, *(f"| {name} | {shown(threat)} | {shown(review)} |" for name, threat, review in rows), ""]


def ordinary(found: Mapping[str, Ordinary]) -> list[str]:
    """What ordinary lines raise, by language."""
    rows = ["### Ordinary lines", "", "| language | lines | at threat | at review |", "|---|--:|--:|--:|"]
    for language, each in found.items():
        threats, reviews = Proportion(each.threats, each.lines), Proportion(each.reviews, each.lines)
        rows.append(f"| {language} | {each.lines} | {per_thousand(threats)} | {per_thousand(reviews)} |")
    return [*rows, ""]


def shown(share: Proportion) -> str:
    """A share with its interval and counts."""
    if not share.of:
        return ""
    low, high = share.wilson()
    return f"{share.value:.2f} [{low:.2f}, {high:.2f}] {share.hits}/{share.of}"


def per_thousand(share: Proportion) -> str:
    """So many of a thousand, with the interval."""
    low, high = share.wilson()
    return f"{1000 * share.value:.1f} ‰ [{1000 * low:.1f}, {1000 * high:.1f}] {share.hits}"
