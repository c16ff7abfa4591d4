"""The footnotes of a report: how the posts were chosen, how long after posting they were read, whose they are."""

from __future__ import annotations

from bot.documents.charts.figures import figure
from bot.i18n import PlainTranslator
from bot.model.codebook import codebook
from bot.model.report import Agreement, Pair, Report

#: Windows side by side: "now / before".
_BETWEEN = " / "


def window_names(report: Report, t: PlainTranslator) -> tuple[str, str]:
    """What the two windows are called: "1–26 Nov 2026"."""
    return t.interval(report.now.first, report.now.last), t.interval(report.before.first, report.before.last)


def pair(value: Pair, t: PlainTranslator) -> str:
    """Both windows' figures: 120 / 80."""
    return _BETWEEN.join(figure(each, "number", t) for each in (value.now, value.before))


def notes(report: Report, t: PlainTranslator) -> tuple[str, ...]:
    """What stands under every chart of posts, and on every page: sampling rule and capture delay."""
    return _rule(report, t), _delay(report, t)


def own_notes(t: PlainTranslator) -> tuple[str, ...]:
    """What stands under charts of what Kalkan itself was sent."""
    return (
        t.pgettext(
            "chart",
            "Counted: comments that the newsroom was sent, each once, by when they were posted. Not a sample of all.",
        ),
    )


def agreement_note(found: Agreement, t: PlainTranslator) -> str:
    """How far the coders agreed, in a sentence."""
    alpha = found.alpha
    said = figure(alpha.value, "number", t)
    if alpha.low is not None and alpha.high is not None:
        said = f"{said} ({figure(alpha.low, 'number', t)} – {figure(alpha.high, 'number', t)})"
    what = t.pgettext("chart", "tone") if found.what == "tone" else t.pgettext("chart", "topic")
    return t.pgettext(
        "chart",
        "Two coders, {what}: Krippendorff's alpha {alpha}, {agreed} of {units} posts coded alike.",
        what=what,
        alpha=said,
        agreed=t.number(found.agreed),
        units=t.number(found.units),
    )


def _rule(report: Report, t: PlainTranslator) -> str:
    sampling, book = report.sampling, codebook()
    if not sampling.sampled:
        rule = t.pgettext("chart", "Sampling: every post is coded.")
    else:
        names = ", ".join(book.name("categories", code, t.language) for code in sampling.sampled)
        rule = t.pgettext(
            "chart",
            "Sampling: of {categories} the {top} posts with most interactions in each window are coded, of others all.",
            categories=names,
            top=t.number(sampling.top),
        )
    coded = t.pgettext(
        "chart",
        "Coded: {now} of {now_all} / {before} of {before_all}.",
        now=figure(sampling.coded.now, "number", t),
        now_all=figure(sampling.to_code.now, "number", t),
        before=figure(sampling.coded.before, "number", t),
        before_all=figure(sampling.to_code.before, "number", t),
    )
    return f"{rule} {coded}"


def _delay(report: Report, t: PlainTranslator) -> str:
    sampling = report.sampling
    if sampling.delay_median is None:
        return t.pgettext("chart", "Delay from posting to capture: not known.")
    said = t.pgettext(
        "chart", "Captured {days} days after posting (median of each window).", days=pair(sampling.delay_median, t)
    )
    if sampling.delay_shortest is not None and sampling.delay_longest is not None:
        ends = pair(sampling.delay_shortest, t), pair(sampling.delay_longest, t)
        said = f"{said} " + t.pgettext(
            "chart", "Shortest: {shortest}, longest: {longest}.", shortest=ends[0], longest=ends[1]
        )
    if sampling.early.now or sampling.early.before:
        early = pair(sampling.early, t)
        said = f"{said} " + t.pgettext(
            "chart", "Sooner than {days} days: {posts} posts.", days=t.number(sampling.settled), posts=early
        )
    if sampling.undated.now or sampling.undated.before:
        said = f"{said} " + t.pgettext(
            "chart", "Day of capture not known: {posts} posts.", posts=pair(sampling.undated, t)
        )
    return said
